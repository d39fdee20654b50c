//! Which rows the trainings of a study set aside to be watched.
//!
//! That hangs on all folds together ([`Bond::of`]), so folds that are added could change it on the known ones.

use super::{
    Identity,
    identity::{FOLDS, RECIPE, SPACE},
};
use crate::split::Bond;

/// The part, there where a candidate watches rows.
pub(super) const PART: &str = "watched rows";
/// What it was where it is not there and could be: files from before there was one.
pub(super) const UNTOLD: &str = "not told, by an older release";
/// In 1, groups were taken until they had enough rows.
const GROUPS: &str = "whole groups, taken by rule 2";
/// How the arithmetic told that before there was the part.
const GROUPS_BEFORE: &str = ", watched groups 2";
/// One of these is in the texts of any search that watches.
const WORDS: [&str; 4] = ["early_stopping", "patience", "min_delta", "plateau"];

impl Identity {
    /// The identity of a search that watches rows.
    pub(crate) fn watching(self, bond: Bond) -> Self {
        let text = match bond {
            Bond::Rows => "drawn row by row".to_owned(),
            Bond::Groups => GROUPS.to_owned(),
            Bond::Time { gap } => format!("the last ones, after a gap of {gap}"),
        };
        self.with(PART, text)
    }

    /// What a study is of that was `known` when this search came: what was watched is told also where this search
    /// watches nothing, for the next one that does.
    pub(crate) fn following(&self, known: &Self) -> Self {
        match told(known).part(PART) {
            Some(watched) if self.part(PART).is_none() => self.clone().with(PART, watched),
            _ => self.clone(),
        }
    }
}

/// A study's identity with the part, where its arithmetic tells it.
pub(super) fn told(known: &Identity) -> Identity {
    let arithmetic = known.part("arithmetic").unwrap_or_default();
    if !arithmetic.contains(GROUPS_BEFORE) {
        return known.clone();
    }
    known.clone().with("arithmetic", arithmetic.replace(GROUPS_BEFORE, "")).with(PART, GROUPS)
}

/// Whether nothing of a study was, or is to be, watched otherwise, where only one of both tells what it watches.
pub(super) fn is_sound(known: &Identity, is: &Identity) -> bool {
    match (known.part(PART), is.part(PART)) {
        (Some(was), Some(now)) => was == now,
        // A study that watched all the same is older. The folds tell what it watched; of groups, not by which rule.
        (None, Some(now)) => !could_watch(known) || (known.part(FOLDS) == is.part(FOLDS) && now != GROUPS),
        (_, None) => true,
    }
}

/// Whether a candidate of a study could watch rows, by its texts.
fn could_watch(known: &Identity) -> bool {
    let texts = ["model", SPACE, RECIPE].into_iter().filter_map(|part| known.part(part));
    texts.map(str::to_lowercase).any(|text| WORDS.iter().any(|word| text.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{EarlyStopping, Schedule, Train};

    fn of(recipe: &Train, folds: &str) -> Identity {
        Identity::new().with("arithmetic", "1").with("folds", folds).with("recipe", recipe.identity())
    }

    fn says(known: &Identity, is: &Identity) -> Vec<String> {
        known.differences(is, true).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn folds_that_change_what_is_watched_are_refused() {
        let recipe = Train::adam(0.1).early_stopping(EarlyStopping::patience(2));
        let (known, more) = (of(&recipe, "a"), of(&recipe, "a b"));
        let (gap, none) = (Bond::Time { gap: 5 }, Bond::Time { gap: 0 });
        let study = known.clone().watching(gap);
        assert!(says(&study, &more.clone().watching(gap)).is_empty());
        assert_eq!(
            says(&study, &more.clone().watching(none)),
            ["watched rows was the last ones, after a gap of 5, is the last ones, after a gap of 0"]
        );
        for bond in [Bond::Rows, Bond::Groups] {
            assert_eq!(says(&study, &more.clone().watching(bond)).len(), 1);
        }
        // Of an older file it is known only where the folds are the same.
        assert!(known.differences(&known.clone().watching(gap), false).is_empty());
        assert_eq!(says(&known, &known.clone().watching(Bond::Groups)).len(), 1, "by the rule of then");
        assert_eq!(
            says(&known, &more.watching(gap)),
            ["watched rows was not told, by an older release, is the last ones, after a gap of 5"]
        );
    }

    #[test]
    fn what_watches_nothing_follows_any_study_and_any_follows_it() {
        let recipe = Train::adam(0.1);
        let (plain, more) = (of(&recipe, "a"), of(&recipe, "a b"));
        for bond in [Bond::Rows, Bond::Groups, Bond::Time { gap: 3 }] {
            assert!(says(&plain, &more.clone().watching(bond)).is_empty(), "{bond:?}");
            let watched = plain.clone().watching(bond);
            assert!(says(&watched, &more).is_empty(), "{bond:?}");
            // And is not forgotten.
            let then = more.following(&watched);
            assert_eq!(then.part(PART), watched.part(PART));
            assert_eq!(says(&then, &more.clone().watching(Bond::Time { gap: 4 })).len(), 1, "{bond:?}");
        }
        assert_eq!(more.following(&plain), more);
    }

    #[test]
    fn any_recipe_that_watches_is_known_by_its_text() {
        let recipe = || Train::adam(0.1);
        assert!(!could_watch(&of(&recipe().schedule(Schedule::cosine()), "a")));
        for recipe in
            [recipe().early_stopping(EarlyStopping::patience(2)), recipe().schedule(Schedule::reduce_on_plateau())]
        {
            assert!(recipe.watches() && could_watch(&of(&recipe, "a")), "{}", recipe.identity());
        }
        let axis = Identity::new().with("space", "schedule in constant, reduce_on_plateau");
        assert!(could_watch(&axis));
    }

    #[test]
    fn watched_groups_were_told_by_the_arithmetic() {
        let recipe = Train::adam(0.1).early_stopping(EarlyStopping::patience(2));
        let old = of(&recipe, "a").with("arithmetic", "1, watched groups 2, loss 2");
        let now = of(&recipe, "a").with("arithmetic", "1, loss 2").watching(Bond::Groups);
        assert!(old.differences(&now, false).is_empty());
        assert_eq!(now.following(&old), now);
    }
}
