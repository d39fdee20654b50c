//! The rows that the trainings of a study set aside for validation.
//!
//! They depend on all folds together ([`Bond::of`]), so folds that are added could change them on the known ones.

use super::{Identity, parts::WATCHED};
use crate::split::Bond;

impl Identity {
    /// The identity of a search that sets rows aside.
    pub(crate) fn watching(self, bond: Bond) -> Self {
        let text = match bond {
            Bond::Rows => "drawn row by row".to_owned(),
            Bond::Groups => "whole groups".to_owned(),
            Bond::Time { gap } => format!("the last ones, after a gap of {gap}"),
        };
        self.with(WATCHED, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(folds: &str) -> Identity {
        Identity::new().with("folds", folds)
    }

    fn says(known: &Identity, is: &Identity) -> Vec<String> {
        known.differences(is, true).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn folds_that_change_what_is_watched_are_refused() {
        let (known, more) = (of("a"), of("a b"));
        let (gap, none) = (Bond::Time { gap: 5 }, Bond::Time { gap: 0 });
        let study = known.watching(gap);
        assert!(says(&study, &more.clone().watching(gap)).is_empty());
        assert_eq!(
            says(&study, &more.clone().watching(none)),
            ["watched rows was the last ones, after a gap of 5, is the last ones, after a gap of 0"]
        );
        for bond in [Bond::Rows, Bond::Groups] {
            assert_eq!(says(&study, &more.clone().watching(bond)).len(), 1);
        }
    }

    #[test]
    fn what_watches_nothing_follows_any_study_and_any_follows_it() {
        let (plain, more) = (of("a"), of("a b"));
        for bond in [Bond::Rows, Bond::Groups, Bond::Time { gap: 3 }] {
            assert!(says(&plain, &more.clone().watching(bond)).is_empty(), "{bond:?}");
            let watched = plain.clone().watching(bond);
            assert!(says(&watched, &more).is_empty(), "{bond:?}");
            // And is not forgotten.
            let then = more.following(&watched);
            assert_eq!(then.part(WATCHED), watched.part(WATCHED));
            assert_eq!(says(&then, &more.clone().watching(Bond::Time { gap: 4 })).len(), 1, "{bond:?}");
        }
        assert_eq!(more.following(&plain), more);
    }
}
