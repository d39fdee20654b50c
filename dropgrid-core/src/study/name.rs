//! The names of fits and states in a study.

use std::fmt;

use crate::{escape::escaped, record::Resource};

/// The name of a fit in a study. It has no number of a candidate, since numbers change when an axis gets more values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FitName {
    /// The candidate: a JSON object of its hyperparameters in declaration order, without `epochs`, which is part of
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
