//! The rows that the trainings of a study set aside for validation.
//!
//! They depend on all folds together ([`HoldoutBy::of`]), so folds that are added could change them on the known ones.

use super::{Identity, parts::WATCHED};
use crate::split::HoldoutBy;

impl Identity {
    /// The identity of a search that sets rows aside.
    pub(crate) fn watching(self, by: HoldoutBy) -> Self {
        let text = match by {
            HoldoutBy::Rows => "drawn row by row".to_owned(),
            HoldoutBy::Groups => "whole groups".to_owned(),
            HoldoutBy::Time { gap } => format!("the last ones, after a gap of {gap}"),
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
        let (gap, none) = (HoldoutBy::Time { gap: 5 }, HoldoutBy::Time { gap: 0 });
        let study = known.watching(gap);
        assert!(says(&study, &more.clone().watching(gap)).is_empty());
        assert_eq!(
            says(&study, &more.clone().watching(none)),
            ["validation rows was the last ones, after a gap of 5, is the last ones, after a gap of 0"]
        );
        for by in [HoldoutBy::Rows, HoldoutBy::Groups] {
            assert_eq!(says(&study, &more.clone().watching(by)).len(), 1);
        }
    }

    #[test]
    fn what_watches_nothing_follows_any_study_and_any_follows_it() {
        let (plain, more) = (of("a"), of("a b"));
        for by in [HoldoutBy::Rows, HoldoutBy::Groups, HoldoutBy::Time { gap: 3 }] {
            assert!(says(&plain, &more.clone().watching(by)).is_empty(), "{by:?}");
            let watched = plain.clone().watching(by);
            assert!(says(&watched, &more).is_empty(), "{by:?}");
            // And is not forgotten.
            let then = more.following(&watched);
            assert_eq!(then.part(WATCHED), watched.part(WATCHED));
            assert_eq!(says(&then, &more.clone().watching(HoldoutBy::Time { gap: 4 })).len(), 1, "{by:?}");
        }
        assert_eq!(more.following(&plain), more);
    }
}
