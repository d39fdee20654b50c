//! What a study is of.

use std::{collections::BTreeMap, fmt, path::Path};

use super::{
    apart::{apart, shown},
    sqlite::Reader,
    watched,
};
use crate::error::Result;

/// What a study is of: named parts, each a text that is equal where the part is.
///
/// Records of a study can be reused where all parts agree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    pub(super) parts: BTreeMap<String, String>,
}

/// A part that is not what the study remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The part.
    pub part: String,
    /// What the study remembers.
    pub was: String,
    /// What the search is.
    pub is: String,
}

/// The part that holds sizes and a digest.
const DATA: &str = "data";
/// The part that holds the axes.
const SPACE: &str = "space";
/// The part that holds the settings of the training.
const RECIPE: &str = "recipe";
/// The part that holds a digest a fold.
pub(super) const FOLDS: &str = "folds";
/// The part that holds the network, where there is one architecture; of several, each has its own.
const NETWORK: &str = "network";

/// The part of an architecture.
fn network_part(architecture: Option<&str>) -> String {
    architecture.map_or_else(|| NETWORK.to_owned(), |name| format!("{NETWORK} of {name}"))
}

/// Whether a part is that of an architecture.
pub(super) fn is_network(part: &str) -> bool {
    part.strip_prefix(NETWORK).is_some_and(|rest| rest.is_empty() || rest.starts_with(" of "))
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

    /// Whether it has the network of an architecture.
    pub(crate) fn has_network(&self, architecture: Option<&str>) -> bool {
        self.parts.contains_key(&network_part(architecture))
    }

    /// What a study is of that was `known` when this search came: architectures that only earlier searches had stay, and
    /// so does what they watched, for the next one that has them.
    pub(crate) fn following(&self, known: &Self) -> Self {
        let stays = |part: &str| is_network(part) || part == watched::PART;
        let kept = known.parts.iter().filter(|(part, _)| stays(part) && !self.parts.contains_key(*part));
        let mut parts = self.parts.clone();
        parts.extend(kept.map(|(part, text)| (part.clone(), text.clone())));
        Self { parts }
    }

    /// What a study's file says that it is of, read without a trace in it; nothing where no search has said so yet.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>> {
        Reader::read(path, |reader| Ok(Some(reader.identity()?).filter(|identity| !identity.parts.is_empty())))
    }

    /// The text of a part.
    pub fn part(&self, part: &str) -> Option<&str> {
        self.parts.get(part).map(String::as_str)
    }

    /// The parts and their texts, by name.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parts.iter().map(|(part, value)| (part.as_str(), value.as_str()))
    }

    /// Whether there is an axis of this name.
    pub(crate) fn has_axis(&self, name: &str) -> bool {
        let axes = self.part(SPACE).unwrap_or_default().split("; ");
        axes.filter_map(|axis| axis.split_once(" in ")).any(|(axis, _)| axis == name)
    }

    /// Where a search of identity `is` is something else. Of a search that extends the study, other axes and folds that
    /// follow the known ones are no difference; of any search, it is none where one of both has no such architecture or
    /// watches no rows.
    pub fn differences(&self, is: &Self, extends: bool) -> Vec<Difference> {
        let text = |identity: &Self, part: &str| identity.part(part).unwrap_or("nothing").to_owned();
        let mut names: Vec<&String> = self.parts.keys().chain(is.parts.keys()).collect();
        names.sort();
        names.dedup();
        let differs = |part: &&String| {
            let (was, now) = (self.part(part), is.part(part));
            let is_sound = match part.as_str() {
                SPACE => extends,
                FOLDS => extends && is_prefix(was.unwrap_or_default(), now.unwrap_or_default()),
                // The axes tell which architectures there are, and what nobody watches is not divided.
                part if is_network(part) || part == watched::PART => was.is_none() || now.is_none(),
                _ => false,
            };
            was != now && !is_sound
        };
        let names = names.into_iter().filter(differs);
        names.map(|part| Difference { part: part.clone(), was: text(self, part), is: text(is, part) }).collect()
    }
}

/// Whether `was` is the beginning of `now`, both lists of digests separated by spaces. The other way round the study
/// would forget of which folds its other records are.
fn is_prefix(was: &str, now: &str) -> bool {
    let (mut was, mut now) = (was.split(' '), now.split(' '));
    was.all(|fold| now.next() == Some(fold))
}

impl Difference {
    /// Whether it is one of the networks.
    pub(crate) fn is_of_network(&self) -> bool {
        is_network(&self.part)
    }

    /// The epochs that a recipe had and has, where nothing else of it differs.
    pub(crate) fn epochs(&self) -> Option<(usize, usize)> {
        let epochs = |text: String| text.strip_prefix("epochs: ")?.parse().ok();
        let (was, is) = apart(&self.was, &self.is, ", ", ": ");
        if self.part == RECIPE { Some((epochs(was)?, epochs(is)?)) } else { None }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (was, is) = match self.part.as_str() {
            SPACE => apart(&self.was, &self.is, "; ", " in "),
            RECIPE => apart(&self.was, &self.is, ", ", ": "),
            FOLDS => folds(&self.was, &self.is),
            DATA => [&self.was, &self.is].map(|text| text.replace(", ", " with digest ")).into(),
            part if is_network(part) => apart(&self.was, &self.is, "; ", ": "),
            _ => shown(&self.was, &self.is),
        };
        write!(f, "{} was {was}, is {is}", self.part)
    }
}

/// How many folds there are, and the first one that differs.
fn folds(was: &str, is: &str) -> (String, String) {
    let lists = [was, is].map(|text| text.split(' ').collect::<Vec<_>>());
    let common = lists[0].iter().zip(&lists[1]).take_while(|(was, is)| was == is).count();
    let [was, is] = lists.map(|folds| {
        let first = folds.get(common).map_or_else(String::new, |fold| format!(", number {common} with digest {fold}"));
        format!("{}{first}", folds.len())
    });
    (was, is)
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

    #[test]
    fn a_difference_says_what_differs_and_not_what_does_not() {
        let says = |part: &str, was: &str, is: &str| {
            let (was, is) = (Identity::new().with(part, was), Identity::new().with(part, is));
            was.differences(&is, false)[0].to_string()
        };
        assert_eq!(
            says("space", "act in ReLU; lr in 0.1, 0.2", "act in ReLU; lr in 0.1, 0.3"),
            "space was lr in 0.1, 0.2, is lr in 0.1, 0.3"
        );
        let recipe = "Train { optimizer: Adam, epochs: 3, eps: 1e-8 }";
        let longer = "Train { optimizer: Adam, epochs: 4, eps: 1e-8, ema: 0.9 }";
        assert_eq!(says("recipe", recipe, longer), "recipe was epochs: 3, is epochs: 4, ema: 0.9");
        let more = "Train { optimizer: Adam, epochs: 3, eps: 1e-8, ema: 0.9 }";
        assert_eq!(says("recipe", recipe, more), "recipe was without it, is ema: 0.9");
        assert_eq!(says("folds", "a b", "a c d"), "folds was 2, number 1 with digest b, is 3, number 1 with digest c");
        assert_eq!(says("folds", "a b c", "a b"), "folds was 3, number 2 with digest c, is 2");
        assert_eq!(
            says(
                "network",
                "hidden: (Linear<4, 4>, ReLU); out: Linear<4, 3>",
                "hidden: (Linear<4, 4>, Tanh); out: Linear<4, 3>"
            ),
            "network was hidden: (Linear<4, 4>, ReLU), is hidden: (Linear<4, 4>, Tanh)"
        );
    }

    #[test]
    fn a_recipe_that_differs_in_its_epochs_alone_is_told_apart() {
        let identity = |part: &str, recipe: crate::recipe::Train| Identity::new().with(part, recipe.identity());
        let recipe = |epochs| crate::recipe::Train::adam(1e-3).epochs(epochs);
        let stopping = || crate::recipe::EarlyStopping::patience(5);
        let epochs = |part, was: crate::recipe::Train, is: crate::recipe::Train| {
            identity(part, was).differences(&identity(part, is), true)[0].epochs()
        };
        let found = Some((20, 140));
        assert_eq!(epochs("recipe", recipe(20), recipe(140)), found);
        let later = |epochs| recipe(epochs).early_stopping(stopping().start_from_epoch(3));
        assert_eq!(epochs("recipe", later(20), later(140)), found);
        assert_eq!(epochs("recipe", recipe(20), later(140)), None);
        assert_eq!(epochs("recipe", recipe(20), recipe(140).batch_size(5)), None);
        assert_eq!(epochs("other", recipe(20), recipe(140)), None);
    }
}
