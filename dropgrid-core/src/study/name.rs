//! The names of fits and states in a study.

use std::fmt;

use crate::{
    escape::escaped,
    record::{Resource, Share},
};

/// The name of a fit in a study. It has no number of a candidate, since numbers change when an axis gets more values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FitName {
    /// The candidate: a JSON object of its hyperparameters in declaration order, without the epochs, which are those of
    /// `resource`.
    pub params: String,
    /// The fold, from 0.
    pub fold: u32,
    /// The training that the fit has.
    pub resource: Resource,
}

impl fmt::Display for FitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on fold {} ({})", escaped(&self.params), self.fold, self.resource.words())
    }
}

/// The name of a saved state of a training.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateName {
    /// The training: a text that is the same for every fit whose training takes the same steps.
    pub trajectory: String,
    /// The fold, from 0.
    pub fold: u32,
    /// Epochs trained.
    pub epochs: u32,
}

impl fmt::Display for StateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on fold {} after {} epochs", escaped(&self.trajectory), self.fold, self.epochs)
    }
}

impl Resource {
    /// The resource in words: `5 of 20 epochs on 0.5 of the rows`.
    pub(crate) fn words(&self) -> String {
        let of = match self.spread {
            Some(spread) if spread != self.epochs => format!(" of {spread}"),
            _ => String::new(),
        };
        let plural = if self.epochs == 1 && of.is_empty() { "epoch" } else { "epochs" };
        let rows = if self.rows == Share::ALL { String::new() } else { format!(" on {} of the rows", self.rows) };
        format!("{}{of} {plural}{rows}", self.epochs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_told_in_words() {
        for (text, words) in [
            ("20", "20 epochs"),
            ("1", "1 epoch"),
            ("20/20", "20 epochs"),
            ("1/20", "1 of 20 epochs"),
            ("5/20@0.5", "5 of 20 epochs on 0.5 of the rows"),
        ] {
            assert_eq!(text.parse::<Resource>().expect("a resource").words(), words);
        }
    }
}
