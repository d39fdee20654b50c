//! The identity of a study.

mod difference;
mod text_diff;

pub use difference::Difference;

use std::collections::BTreeMap;

use crate::split::HoldoutBy;

/// The part with the sizes and the digest of the data.
const DATA: &str = "data";
/// The part with the axes.
const SPACE: &str = "space";
/// The part with the settings of the training.
const RECIPE: &str = "recipe";
/// The part with a digest per fold.
const FOLDS: &str = "folds";
/// The part with the names of the classes or flags as JSON, if they have names.
const CLASSES: &str = "classes";
/// The part that says how trainings set rows aside for validation, if any does.
const WATCHED: &str = "validation rows";
/// The part with the network, if there is one architecture. With several, each has its own part.
const NETWORK: &str = "network";

/// Returns the name of an architecture's part.
fn network_part(architecture: Option<&str>) -> String {
    architecture.map_or_else(|| NETWORK.to_owned(), |name| format!("{NETWORK} of {name}"))
}

/// Returns true for the name of an architecture's part.
fn is_network(part: &str) -> bool {
    part.strip_prefix(NETWORK).is_some_and(|rest| rest.is_empty() || rest.starts_with(" of "))
}

/// The identity of a study: everything that its scores depend on, as named parts. Each part is a text that is equal if
/// the part is the same.
///
/// Records of a study can be reused if all parts agree. The number of epochs is not a part, since it belongs to each
/// fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    pub(super) parts: BTreeMap<String, String>,
}

impl Identity {
    /// Makes an identity without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part to the identity.
    pub fn with(mut self, part: &str, value: impl Into<String>) -> Self {
        self.parts.insert(part.to_owned(), value.into());
        self
    }

    /// Adds a part to the identity if `value` is `Some`.
    pub(crate) fn with_some(self, part: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(part, value),
            None => self,
        }
    }

    /// Adds the layers of one architecture's network to the identity.
    pub(crate) fn with_network(self, architecture: Option<&str>, layers: &[String]) -> Self {
        self.with(&network_part(architecture), layers.join("; "))
    }

    /// Adds the names of the classes or flags to the identity.
    pub(crate) fn with_classes(self, names: &[String]) -> Self {
        self.with(CLASSES, serde_json::json!(names).to_string())
    }

    /// Adds how the search sets validation rows aside. Validation rows depend on all folds together, so added folds
    /// could change them on the known folds.
    pub(crate) fn watching(self, by: HoldoutBy) -> Self {
        let text = match by {
            HoldoutBy::Rows => "drawn row by row".to_owned(),
            HoldoutBy::Groups => "whole groups".to_owned(),
            HoldoutBy::Time { gap } => format!("the last ones, after a gap of {gap}"),
        };
        self.with(WATCHED, text)
    }

    /// Returns the names of the classes or flags. Empty if they have only numbers.
    pub(crate) fn classes(&self) -> Vec<String> {
        self.part(CLASSES).and_then(|names| serde_json::from_str(names).ok()).unwrap_or_default()
    }

    /// Returns true if the identity has the network of an architecture.
    pub(crate) fn has_network(&self, architecture: Option<&str>) -> bool {
        self.parts.contains_key(&network_part(architecture))
    }

    /// Returns the identity to store in a study that had the identity `known` before this search. Parts that only
    /// earlier searches had are kept for later ones: the networks of their architectures, and how they set rows aside
    /// for validation.
    pub(crate) fn following(&self, known: &Self) -> Self {
        let stays = |part: &str| is_network(part) || part == WATCHED;
        let kept = known.parts.iter().filter(|(part, _)| stays(part) && !self.parts.contains_key(*part));
        let mut parts = self.parts.clone();
        parts.extend(kept.map(|(part, text)| (part.clone(), text.clone())));
        Self { parts }
    }

    /// Returns the text of a part; `None` if there is no such part.
    pub fn part(&self, part: &str) -> Option<&str> {
        self.parts.get(part).map(String::as_str)
    }

    /// Iterates over the parts and their texts, by name.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parts.iter().map(|(part, value)| (part.as_str(), value.as_str()))
    }

    /// Returns the parts in which a search with the identity `is` differs. A search that extends the study may have
    /// other axes, and may add folds after the known ones. An architecture that only one side has is no difference. Nor
    /// are validation rows if only one side sets some aside.
    pub fn differences(&self, is: &Self, extends: bool) -> Vec<Difference> {
        difference::differences(&self.parts, &is.parts, extends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_is_sound_where_known_folds_stay() {
        let study = Identity::new().with("space", "a").with("folds", "f0 f1").with("seed", "1");
        let differs = |is: &Identity, extends| study.differences(is, extends).len();
        assert_eq!(differs(&study.clone(), false), 0);
        let larger = study.clone().with("space", "b").with("folds", "f0 f1 f2");
        assert_eq!((differs(&larger, false), differs(&larger, true)), (2, 0));
        assert_eq!(differs(&study.clone().with("folds", "f1 f0"), true), 1);
        assert_eq!(differs(&study.clone().with("folds", "f0"), true), 1);
        let other = study.differences(&study.clone().with("seed", "2"), true);
        assert_eq!(other[0].to_string(), "seed was 1, is 2");
        assert_eq!(differs(&study.clone().with("more", "x"), true), 1);
    }

    #[test]
    fn an_architecture_that_only_one_search_has_is_no_difference_and_stays() {
        let one =
            |width: u32| Identity::new().with_network(Some(&format!("width = {width}")), &[format!("a: {width}")]);
        let (four, eight) = (one(4), one(8));
        assert!(four.differences(&eight, false).is_empty() && four.has_network(Some("width = 4")));
        let both = eight.following(&four);
        assert!(both.has_network(Some("width = 4")) && both.has_network(Some("width = 8")) && !both.has_network(None));
        let other = Identity::new().with_network(Some("width = 4"), &["a: 5".to_owned()]);
        assert_eq!(both.differences(&other, true)[0].to_string(), "network of width = 4 was a: 4, is a: 5");
        assert_eq!(other.following(&both).part("network of width = 4"), Some("a: 5"));
    }

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
            // The part is also kept by the next search.
            let then = more.following(&watched);
            assert_eq!(then.part(WATCHED), watched.part(WATCHED));
            assert_eq!(says(&then, &more.clone().watching(HoldoutBy::Time { gap: 4 })).len(), 1, "{by:?}");
        }
        assert_eq!(more.following(&plain), more);
    }
}
