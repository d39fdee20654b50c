//! The transform of targets.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Train;

/// The transform of a regression's targets, in whose units the loss is computed: scikit-learn's
/// [`TransformedTargetRegressor`](https://scikit-learn.org/stable/modules/generated/sklearn.compose.TransformedTargetRegressor.html).
///
/// A network begins with outputs near 0 and takes small steps, so targets such as prices around 500,000 are out of its
/// reach. With a transform it learns numbers near 0, and its outputs are transformed back: predictions, scores and
/// watched metrics are in the units of the data.
///
/// | transform | trained on | of scikit-learn |
/// |---|---|---|
/// | [`None`](Self::None) | y | |
/// | [`Standardize`](Self::Standardize) | (y - mean) / std | `StandardScaler` |
/// | [`MinMax`](Self::MinMax) | (y - min) / (max - min) | `MinMaxScaler` |
/// | [`Log`](Self::Log) | ln y | `func=np.log, inverse_func=np.exp` |
/// | [`Log1p`](Self::Log1p) | ln(1 + y) | `func=np.log1p, inverse_func=np.expm1` |
/// | [`LogStandardize`](Self::LogStandardize) | ln y, standardized | a pipeline of both |
/// | [`Log1pStandardize`](Self::Log1pStandardize) | ln(1 + y), standardized | a pipeline of both |
///
/// Statistics are those of the rows that a training takes its steps on, one a number to predict; each row counts once.
/// A deviation or a range of 0 counts as 1. They are computed in `f64`, and they travel with the fitted model.
///
/// # Examples
/// ```
/// # use dropgrid_core::recipe::{TargetTransform, Train};
/// let recipe = Train::adam(1e-3).target_transform(TargetTransform::Standardize);
/// assert!(recipe.check().is_ok());
/// assert_eq!(TargetTransform::Log1pStandardize.to_string(), "log1p_standardize");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TargetTransform {
    /// Targets as they are.
    #[default]
    None,
    /// Mean 0 and standard deviation 1.
    Standardize,
    /// From 0 to 1.
    MinMax,
    /// The natural logarithm, of targets above 0.
    Log,
    /// The natural logarithm of 1 more, of targets above -1.
    #[serde(rename = "log1p")]
    Log1p,
    /// The natural logarithm, of targets above 0, with mean 0 and standard deviation 1.
    LogStandardize,
    /// The natural logarithm of 1 more, of targets above -1, with mean 0 and standard deviation 1.
    #[serde(rename = "log1p_standardize")]
    Log1pStandardize,
}

impl TargetTransform {
    /// The number below or at which the transform of a target is not defined; none where it always is.
    pub(crate) const fn lowest(self) -> Option<f64> {
        match self {
            Self::Log | Self::LogStandardize => Some(0.0),
            Self::Log1p | Self::Log1pStandardize => Some(-1.0),
            Self::None | Self::Standardize | Self::MinMax => None,
        }
    }
}

impl fmt::Display for TargetTransform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Standardize => "standardize",
            Self::MinMax => "min_max",
            Self::Log => "log",
            Self::Log1p => "log1p",
            Self::LogStandardize => "log_standardize",
            Self::Log1pStandardize => "log1p_standardize",
        })
    }
}

impl Train {
    /// The transform of a regression's targets; [`TargetTransform::None`] by default.
    ///
    /// The loss, and a loss that is watched, are in transformed units. Predictions, scores and a watched metric are in
    /// those of the data, and so is the spread of [Monte-Carlo dropout](crate::train::McDropout), for which each pass
    /// is transformed back. Targets that are no numbers are refused before any training, and so is a logarithm of
    /// targets that have none.
    pub fn target_transform(self, target_transform: TargetTransform) -> Self {
        Self { target_transform, ..self }
    }
}
