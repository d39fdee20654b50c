//! Out-of-fold predictions as pictures need them.

use serde::{Deserialize, Serialize};

/// The out-of-fold predictions of one candidate, as far as pictures need them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Predictions {
    /// The number of rows predicted.
    pub rows: usize,
    /// The counts of true and predicted classes.
    pub confusion: Option<Confusion>,
    /// The receiver operating characteristics: of two classes that of the second one, of more that of each class that has
    /// rows against all others.
    pub roc: Vec<Roc>,
    /// The calibration of the predicted probabilities.
    pub calibration: Vec<CalibrationBin>,
    /// Predicted numbers and the true ones.
    pub residuals: Option<Residuals>,
}

/// The counts of true and predicted classes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// The names of the classes.
    pub classes: Vec<String>,
    /// The rows of each true class by the class that was predicted.
    pub counts: Vec<Vec<u64>>,
}

/// The receiver operating characteristic of a class against all others.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Roc {
    /// The name of the class.
    pub class: String,
    /// The rates of false and of true positives, from (0, 0) to (1, 1).
    pub points: Vec<(f64, f64)>,
    /// The area under the curve.
    pub area: f64,
    /// The number of bins of the probability that the points are bounds of; `None` where each probability is a
    /// threshold.
    pub bins: Option<usize>,
}

/// Rows whose predicted probabilities lie together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// The mean predicted probability.
    pub predicted: f64,
    /// The share of rows for which it was right.
    pub observed: f64,
    /// The number of rows.
    pub rows: usize,
}

/// Predicted numbers and the true ones.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Residuals {
    /// The name of the target.
    pub target: String,
    /// Pairs of a true and a predicted number: all of them, or a sample that is spread evenly over the rows.
    pub points: Vec<(f64, f64)>,
}
