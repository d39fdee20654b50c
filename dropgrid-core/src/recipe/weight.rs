//! The weights of classes in a loss.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The weight of the rows of each class in the loss.
///
/// The loss of a batch is Σ w l / Σ w over its rows, w being the weight of a row's class, as in PyTorch.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClassWeight {
    /// Every class counts 1.
    #[default]
    Uniform,
    /// rows / (classes * rows of the class), of the rows that are trained on, so that every class counts the same in
    /// all: scikit-learn's `class_weight="balanced"`. Only classes that have rows are counted. With sample weights,
    /// weights are counted in place of rows.
    Balanced,
    /// A weight for each class, finite and at least 0.
    Given(Vec<f64>),
}

/// The weight of "yes" beside "no" in a binary cross-entropy: PyTorch's `pos_weight`.
///
/// It multiplies the loss of "yes", and the mean over the batch is not divided by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PosWeight {
    /// The same for each output.
    Same(f64),
    /// A number for each output.
    Given(Vec<f64>),
    /// The rows without a flag for each row with it, of the rows that are trained on; 1 where one of the two is
    /// missing. With sample weights, weights are counted in place of rows.
    Balanced,
}

impl Default for PosWeight {
    /// "Yes" counts as much as "no".
    fn default() -> Self {
        Self::Same(1.0)
    }
}

impl From<f64> for PosWeight {
    fn from(weight: f64) -> Self {
        Self::Same(weight)
    }
}

macro_rules! given {
    ($($kind:ident)+) => {$(
        impl From<Vec<f64>> for $kind {
            fn from(weights: Vec<f64>) -> Self {
                Self::Given(weights)
            }
        }

        impl<const N: usize> From<[f64; N]> for $kind {
            fn from(weights: [f64; N]) -> Self {
                Self::Given(weights.to_vec())
            }
        }
    )+};
}

given!(ClassWeight PosWeight);

impl fmt::Display for ClassWeight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uniform => f.pad("uniform"),
            Self::Balanced => f.pad("balanced"),
            Self::Given(weights) => write!(f, "{weights:?}"),
        }
    }
}

impl fmt::Display for PosWeight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same(weight) => weight.fmt(f),
            Self::Given(weights) => write!(f, "{weights:?}"),
            Self::Balanced => f.pad("balanced"),
        }
    }
}
