//! The identity of a study.

mod difference;
mod parts;
mod text_diff;
mod watched;

pub use difference::Difference;

use std::collections::BTreeMap;

use parts::{CLASSES, WATCHED, is_network, network_part};

/// The identity of a study: all that its scores depend on, as named parts, each a text that is equal where the part is.
///
/// Records of a study can be reused where all parts agree. The epochs are no part: they are those of each fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    pub(super) parts: BTreeMap<String, String>,
}

impl Identity {
    /// An identity of no parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// The identity with one more part.
    pub fn with(mut self, part: &str, value: impl Into<String>) -> Self {
        self.parts.insert(part.to_owned(), value.into());
        self
    }

    /// The identity with the layers of one architecture's network.
    pub(crate) fn with_network(self, architecture: Option<&str>, layers: &[String]) -> Self {
        self.with(&network_part(architecture), layers.join("; "))
    }

    /// The identity with the names of the classes or flags.
    pub(crate) fn with_classes(self, names: &[String]) -> Self {
        self.with(CLASSES, serde_json::json!(names).to_string())
    }

    /// The names of the classes or flags; none where they have numbers only.
    pub(crate) fn classes(&self) -> Vec<String> {
        self.part(CLASSES).and_then(|names| serde_json::from_str(names).ok()).unwrap_or_default()
    }

    /// True where the identity has the network of an architecture.
    pub(crate) fn has_network(&self, architecture: Option<&str>) -> bool {
        self.parts.contains_key(&network_part(architecture))
    }

    /// The identity of a study that was `known` when this search came. Parts that only earlier searches had stay for later
    /// ones: the networks of their architectures, and the rows that they set aside for validation.
    pub(crate) fn following(&self, known: &Self) -> Self {
        let stays = |part: &str| is_network(part) || part == WATCHED;
        let kept = known.parts.iter().filter(|(part, _)| stays(part) && !self.parts.contains_key(*part));
        let mut parts = self.parts.clone();
        parts.extend(kept.map(|(part, text)| (part.clone(), text.clone())));
        Self { parts }
    }

    /// The text of a part.
    pub fn part(&self, part: &str) -> Option<&str> {
        self.parts.get(part).map(String::as_str)
    }

    /// The parts and their texts, by name.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parts.iter().map(|(part, value)| (part.as_str(), value.as_str()))
    }

    /// The parts in which a search of identity `is` differs. A search that extends the study may have other axes, and folds
    /// that follow the known ones. No search differs by an architecture that only one of both has, or by validation rows
    /// where only one of both sets some aside.
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
}
