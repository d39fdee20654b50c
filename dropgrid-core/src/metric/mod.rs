//! Metrics: scores of a trained network on rows that it has not seen.
//!
//! A metric scores one kind of truth, by type: [`Labels`](crate::data::Labels), [`Flags`](crate::data::Flags) or
//! [`Values`](crate::data::Values). It says whether higher is better and what it needs to see, gives the numbers of
//! scikit-learn 1.9, and tells what scikit-learn would warn of as a value beside the score.
//!
//! Any metric can be called by itself on slices:
//! ```
//! # use dropgrid_core::metric::{Averaging, F1, Metric, Scored};
//! let (truth, predicted) = ([0, 1, 2, 2, 1, 0, 2], [0, 2, 2, 2, 1, 0, 1]);
//! let scored = Scored::labels(&truth, &predicted, 3)?;
//! let macro_f1 = F1::averaged(Averaging::Macro).score(&scored)?;
//! assert!((macro_f1.value - 0.722_222_222_222_222_2).abs() < 1e-12); // the precision of every metric but Tweedie deviances: 1e-10
//! assert!(macro_f1.warnings.is_empty());
//! # Ok::<(), dropgrid_core::Error>(())
//! ```
//! The predictions must have what the metric needs:
//! ```
//! # use dropgrid_core::metric::{LogLoss, Metric, Scored};
//! let error = LogLoss.score(&Scored::labels(&[0, 1], &[0, 1], 2)?).unwrap_err();
//! assert_eq!(error.to_string(), "log_loss needs probabilities, but there are only predicted labels");
//! # Ok::<(), dropgrid_core::Error>(())
//! ```
//! A metric of another kind of truth does not compile:
//! ```compile_fail,E0308
//! # use dropgrid_core::metric::{Metric, R2, Scored};
//! R2.score(&Scored::labels(&[0, 1], &[0, 1], 2)?)?;
//! # Ok::<(), dropgrid_core::Error>(())
//! ```

mod accuracy;
mod at_threshold;
mod average_precision;
mod averaging;
mod balanced_accuracy;
mod brier;
mod cohen_kappa;
mod confusion_matrix;
mod contingency;
mod counts;
mod custom_metric;
mod d2_absolute_error;
mod d2_log_loss;
mod d2_pinball;
mod explained_variance;
mod f_beta;
mod gamma;
mod hamming_loss;
mod jaccard;
mod likelihood_ratio;
mod log_loss;
mod matthews;
mod max_error;
mod mean_absolute_error;
mod mean_absolute_percentage_error;
mod mean_squared_error;
mod mean_squared_log_error;
mod measured;
mod median_absolute_error;
mod operating_point;
mod outputs;
mod pinball;
mod poisson;
mod precision;
mod r2;
mod ranking;
mod ratio;
mod recall;
mod roc_auc;
mod root_mean_squared_error;
mod scale;
mod scored;
mod scoring;
mod subset_accuracy;
mod sum;
mod top_k_accuracy;
mod tweedie;

pub use accuracy::Accuracy;
pub use at_threshold::{AtThreshold, Thresholded};
pub use average_precision::AveragePrecision;
pub use averaging::Averaging;
pub use balanced_accuracy::BalancedAccuracy;
pub use brier::BrierScore;
pub use cohen_kappa::CohenKappa;
pub use confusion_matrix::{ConfusionMatrix, Normalize};
pub use counts::Counted;
pub use custom_metric::CustomMetric;
pub use d2_absolute_error::D2AbsoluteError;
pub use d2_log_loss::{D2Brier, D2LogLoss};
pub use d2_pinball::D2Pinball;
pub use explained_variance::ExplainedVariance;
pub use f_beta::{F1, FBeta};
pub use gamma::MeanGammaDeviance;
pub use hamming_loss::HammingLoss;
pub use jaccard::Jaccard;
pub use likelihood_ratio::{NegativeLikelihoodRatio, PositiveLikelihoodRatio};
pub use log_loss::LogLoss;
pub use matthews::MatthewsCorrcoef;
pub use max_error::MaxError;
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_absolute_percentage_error::MeanAbsolutePercentageError;
pub use mean_squared_error::MeanSquaredError;
pub use mean_squared_log_error::{MeanSquaredLogError, RootMeanSquaredLogError};
pub use measured::{Measured, Place, Support, Warning};
pub use median_absolute_error::MedianAbsoluteError;
pub use operating_point::{PrecisionAtRecall, RecallAtPrecision, SensitivityAtSpecificity, SpecificityAtSensitivity};
pub use outputs::{ExplainedFraction, Fraction, OutputAverage, PerOutput, VarianceWeighted};
pub use pinball::MeanPinballLoss;
pub use poisson::MeanPoissonDeviance;
pub use precision::Precision;
pub use r2::R2;
pub use recall::Recall;
pub use roc_auc::RocAuc;
pub use root_mean_squared_error::RootMeanSquaredError;
pub(crate) use scored::argmax;
pub use scored::{Outputs, Scored};
pub use scoring::{Default, MetricOf, Scoring};
pub use subset_accuracy::SubsetAccuracy;
pub use top_k_accuracy::TopKAccuracy;
pub use tweedie::{D2Tweedie, MeanTweedieDeviance};

use std::{cmp::Ordering, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    data::Truth,
    error::{Result, ScoringError},
};

/// The direction in which values are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Higher is better.
    Maximize,
    /// Lower is better.
    Minimize,
}

impl Direction {
    /// Compares two values, the better one first; NaN compares equal to everything.
    pub fn compare(self, a: f64, b: f64) -> Ordering {
        let ascending = a.partial_cmp(&b).unwrap_or(Ordering::Equal);
        match self {
            Self::Maximize => ascending.reverse(),
            Self::Minimize => ascending,
        }
    }

    /// The amount by which `to` is better than `from`; negative where it is worse.
    pub fn gain(self, from: f64, to: f64) -> f64 {
        match self {
            Self::Maximize => to - from,
            Self::Minimize => from - to,
        }
    }
}

/// The form of predictions that a metric needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// A decision: one class, or each flag on or off. Probabilities decide, too.
    Labels,
    /// A probability for each class or flag.
    Probabilities,
    /// A number for each class or flag that orders rows; probabilities do.
    Scores,
    /// Predicted numbers.
    Values,
}

impl Needs {
    /// True where predictions of kind `given` have it.
    fn met_by(self, given: Self) -> bool {
        self == given || (given == Self::Probabilities && matches!(self, Self::Labels | Self::Scores))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Labels => "predicted labels",
            Self::Probabilities => "probabilities",
            Self::Scores => "scores",
            Self::Values => "predicted values",
        }
    }
}

/// A score of predictions against the truth.
///
/// The kind of truth is a type, so that an accuracy of a regression does not compile.
pub trait Metric: fmt::Debug + Send + Sync + 'static {
    /// The kind of truth that it scores.
    type Kind: Truth;

    /// The name in results: `accuracy` in `mean_test_accuracy`. No two metrics of one search have the same.
    fn name(&self) -> String;

    /// The metric's name and every setting. A study knows the metric by this text, so that scores of other settings are
    /// not read as its own.
    ///
    /// By default this is the name and, of a metric with fields, its `{:?}`. A metric overrides it if its name shows
    /// its settings, or if its fields print differently from run to run, as pointers and hash maps do.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::{data::Values, metric::{Direction, Measured, Metric, Needs, Scored}};
    /// #[derive(Debug)]
    /// struct Within {
    ///     tolerance: f64,
    /// }
    ///
    /// impl Metric for Within {
    ///     type Kind = Values;
    ///     // ...
    /// #     fn name(&self) -> String { "within".to_owned() }
    /// #     fn direction(&self) -> Direction { Direction::Maximize }
    /// #     fn needs(&self) -> Needs { Needs::Values }
    /// #     fn measure(&self, scored: &Scored<'_, Values>) -> dropgrid_core::Result<Measured> {
    /// #         let near = |(truth, predicted): &(&f64, &f64)| (*truth - *predicted).abs() <= self.tolerance;
    /// #         let rows = scored.truth().iter().zip(scored.predicted());
    /// #         Ok((rows.filter(near).count() as f64 / scored.len() as f64).into())
    /// #     }
    /// }
    /// assert_eq!(Within { tolerance: 0.5 }.identity(), "within: Within { tolerance: 0.5 }");
    /// ```
    fn identity(&self) -> String {
        let (name, printed) = (self.name(), format!("{self:?}"));
        let has_fields = printed.contains(['{', '(', '[']);
        if has_fields { format!("{name}: {printed}") } else { name }
    }

    /// The direction in which values are better.
    fn direction(&self) -> Direction;

    /// The best value that the metric can have: 1 of an accuracy, 0 of a loss. `None` where there is no such value, and
    /// by default.
    ///
    /// [`Grid.exact()`](crate::strategy::Grid::exact) leaves out fits by it: no score may be better, but for the
    /// rounding of its last digits.
    fn best(&self) -> Option<f64> {
        None
    }

    /// The form of predictions that it needs.
    fn needs(&self) -> Needs;

    /// Checks the metric's settings, and whether it is one for `width` classes, flags or outputs.
    ///
    /// A search calls it before any training.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting), [`Error::Scoring`](crate::Error::Scoring).
    fn check(&self, width: usize) -> Result<()> {
        let _ = width;
        Ok(())
    }

    /// The reason why the metric is undefined for these rows whatever is predicted for them, as a ROC AUC is where all
    /// rows are of one class. `rows` has predictions that mean nothing.
    ///
    /// A search asks its deciding metric for the rows that each fold scores, before any training. By default there is
    /// no such reason.
    fn undefined_for(&self, rows: &Scored<'_, Self::Kind>) -> Option<Warning> {
        let _ = rows;
        None
    }

    /// The score of predictions that have what the metric [`needs`](Self::needs), after a [`check`](Self::check).
    ///
    /// This is what a metric implements and [`score`](Self::score) is what one calls.
    ///
    /// # Errors
    /// [`Error::Scoring`](crate::Error::Scoring) where a value is outside the metric's domain.
    fn measure(&self, scored: &Scored<'_, Self::Kind>) -> Result<Measured>;

    /// The score with its warnings.
    ///
    /// # Errors
    /// Those of [`check`](Self::check) and [`measure`](Self::measure); [`ScoringError::Needs`] where the predictions
    /// lack what the metric needs.
    fn score(&self, scored: &Scored<'_, Self::Kind>) -> Result<Measured> {
        self.check(scored.width())?;
        let (needs, given) = (self.needs(), scored.given());
        if !needs.met_by(given) {
            let (needs, given) = (needs.name(), given.name());
            return Err(ScoringError::Needs { metric: self.name(), needs, given }.into());
        }
        self.measure(scored)
    }
}
