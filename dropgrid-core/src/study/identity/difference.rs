//! The differences between two identities.

use std::{collections::BTreeMap, fmt};

use super::{
    DATA, FOLDS, RECIPE, SPACE, WATCHED, is_network,
    text_diff::{apart, shown},
};

/// A part of an identity that differs between a study and a search.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The name of the part.
    pub part: String,
    /// The text in the study.
    pub was: String,
    /// The text in the search.
    pub is: String,
}

/// The largest number of differences of one kind that an error lists. The others are only counted.
const LISTED: usize = 3;

impl Difference {
    /// Returns true if the part is the network of an architecture.
    pub(crate) fn is_of_network(&self) -> bool {
        is_network(&self.part)
    }

    /// Returns the first differences as text, and the number of the remaining ones. `of` names the kind of the
    /// differing things.
    pub(crate) fn first_of(differences: &[&Self], of: &str) -> Vec<String> {
        let mut words: Vec<String> = differences.iter().take(LISTED).map(ToString::to_string).collect();
        if let Some(more @ 1..) = differences.len().checked_sub(LISTED) {
            words.push(format!("{more} other {of} differ, too"));
        }
        words
    }
}

/// Returns the parts that differ, see [`Identity::differences`](super::Identity::differences).
pub(super) fn differences(
    was: &BTreeMap<String, String>,
    is: &BTreeMap<String, String>,
    extends: bool,
) -> Vec<Difference> {
    let mut names: Vec<&String> = was.keys().chain(is.keys()).collect();
    names.sort();
    names.dedup();
    let differs = |part: &&String| {
        let (was, is) = (was.get(*part), is.get(*part));
        let is_sound = match part.as_str() {
            SPACE => extends,
            FOLDS => extends && is_prefix(was.map_or("", String::as_str), is.map_or("", String::as_str)),
            // Differences in architectures already show in the axes.
            part if is_network(part) || part == WATCHED => was.is_none() || is.is_none(),
            _ => false,
        };
        was != is && !is_sound
    };
    let text = |parts: &BTreeMap<String, String>, part| parts.get(part).map_or("nothing", String::as_str).to_owned();
    let names = names.into_iter().filter(differs);
    names.map(|part| Difference { part: part.clone(), was: text(was, part), is: text(is, part) }).collect()
}

/// Returns true if the list `was` is a prefix of `is`. Both are lists of digests separated by spaces. A shorter list in
/// the search is refused, since the study would lose the folds of its other records.
fn is_prefix(was: &str, is: &str) -> bool {
    let (mut was, mut is) = (was.split(' '), is.split(' '));
    was.all(|fold| is.next() == Some(fold))
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

/// Returns the number of folds of both lists, and the first fold that differs.
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
    use super::super::Identity;

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
        let recipe = "Train { optimizer: Adam, lr: 0.3, eps: 1e-8 }";
        let other = "Train { optimizer: Adam, lr: 0.4, eps: 1e-8, ema: 0.9 }";
        assert_eq!(says("recipe", recipe, other), "recipe was lr: 0.3, is lr: 0.4, ema: 0.9");
        let more = "Train { optimizer: Adam, lr: 0.3, eps: 1e-8, ema: 0.9 }";
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
}
