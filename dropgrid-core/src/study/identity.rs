//! What a study is of.

use std::{collections::BTreeMap, fmt, path::Path};

use super::sqlite::Reader;
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

/// The part that holds the axes.
const SPACE: &str = "space";
/// The part that holds a digest a fold.
const FOLDS: &str = "folds";

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

    /// Where a search of identity `is` is something else. Of a search that extends the study, other axes and folds that
    /// follow the known ones are no difference.
    pub fn differences(&self, is: &Self, extends: bool) -> Vec<Difference> {
        let text = |identity: &Self, part: &str| identity.part(part).unwrap_or("nothing").to_owned();
        let mut names: Vec<&String> = self.parts.keys().chain(is.parts.keys()).collect();
        names.sort();
        names.dedup();
        let differs = |part: &&String| {
            let (was, now) = (self.part(part), is.part(part));
            let is_sound = match part.as_str() {
                SPACE => true,
                FOLDS => is_prefix(was.unwrap_or_default(), now.unwrap_or_default()),
                _ => false,
            };
            was != now && !(extends && is_sound)
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

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was {}, is {}", self.part, self.was, self.is)
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
}
