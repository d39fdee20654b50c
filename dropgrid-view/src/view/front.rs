//! Candidates by several objectives.

use serde::{Deserialize, Serialize};

use super::Metric;

/// The candidates by several objectives, and those that none of them beats in all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Front {
    /// The objectives.
    pub objectives: Vec<Metric>,
    /// The values of each candidate, one an objective; `None` where one is not known, or not finite.
    pub values: Vec<Vec<Option<f64>>>,
    /// The places of the candidates that none dominates, the best by the first objective first.
    pub places: Vec<usize>,
    /// The one of these that gives up the least of all objectives together.
    pub knee: Option<usize>,
}
