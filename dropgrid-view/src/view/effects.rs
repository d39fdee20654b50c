//! The effects of hyperparameters.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The part that each hyperparameter has in the scores, by a method.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The method in a sentence.
    pub method: String,
    /// Each hyperparameter, and each group of them that acts together.
    pub effects: Vec<Effect>,
}

/// The part of a hyperparameter, or of several together, in the scores.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// The hyperparameters.
    pub names: Vec<String>,
    /// Their share, in [0, 1].
    pub share: f64,
}

/// The difference that one value makes against another, everything else being equal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The hyperparameter.
    pub name: String,
    /// The value that is subtracted.
    pub from: Value,
    /// The value that it is subtracted from.
    pub to: Value,
    /// The pairs of candidates that differ in nothing else.
    pub pairs: usize,
    /// The mean difference of the deciding metric.
    pub mean: f64,
    /// The interval of the difference at 95 %.
    pub interval: (f64, f64),
}
