//! The names of fits and states in a study.

use std::fmt;

use crate::{escape::escaped, record::Resource};

/// The name of a fit in a study. It does not use the candidate's number, since numbers change when an axis gets more
/// values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FitName {
    /// The candidate: a JSON object of its hyperparameters in declaration order, without `epochs`, which is part of
    /// `resource`.
    pub params: String,
    /// The fold, from 0.
    pub fold: u32,
    /// The epochs and rows of the fit's training.
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
    /// The trajectory: a text that is the same for all fits whose trainings take the same steps.
    pub trajectory: String,
    /// The fold, from 0.
    pub fold: u32,
    /// The number of trained epochs.
    pub epochs: u32,
}

impl fmt::Display for StateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on fold {} after {} epochs", escaped(&self.trajectory), self.fold, self.epochs)
    }
}
