//! The predictions that are scored, and their settings.

use super::{mc::Moments, pass::predict};
use crate::{
    data::Features,
    error::{Failure, Result},
    nn::Parts,
    recipe::Train,
    train::{
        erased_network::ErasedNetwork,
        loss::{TargetScaler, TrainTarget},
    },
};

/// The settings with which a trained network is scored. No training step depends on them, so candidates that differ
/// only in them share a training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ScoringMode {
    /// The number of passes with dropout on whose mean is scored. With 0, one pass with dropout off is scored.
    pub(crate) passes: usize,
    /// The probability above which class 1 or a flag is predicted.
    pub(crate) threshold: f64,
}

/// The predictions of a network for some rows, as metrics read them.
#[derive(Debug, Clone)]
pub(crate) struct ScoringInput {
    /// Probabilities or values, row-major.
    pub(crate) predictions: Vec<f64>,
    /// The standard deviation over passes with dropout on, averaged over rows and outputs; `None` without these passes.
    pub(crate) spread: Option<f64>,
}

/// Runs passes with dropout on. The arguments are the network, the rows, the number of passes, and the transform of the
/// targets.
pub(crate) type McSampler<'a> = dyn Fn(&dyn Parts, &[usize], usize, Option<&TargetScaler>) -> Result<Moments> + 'a;

impl ScoringMode {
    /// Returns the settings of `recipe`.
    pub(crate) fn of(recipe: &Train) -> Self {
        Self { passes: recipe.mc_samples, threshold: recipe.threshold }
    }
}

impl ScoringInput {
    /// Predicts the given rows with `network`: with `sampler` if there are `passes`, else with an evaluation pass.
    /// `scaler` is the transform of the targets that the network was trained on.
    ///
    /// # Errors
    /// Those of [`predict`] and [`sample`](super::sample).
    pub(crate) fn of<T: TrainTarget>(
        network: &dyn ErasedNetwork<T::Output>,
        features: &Features,
        rows: &[usize],
        passes: usize,
        (sampler, scaler): (&McSampler<'_>, Option<&TargetScaler>),
    ) -> Result<Self, Failure> {
        if passes == 0 {
            return Ok(Self { predictions: predict::<T>(network, features, rows, scaler)?, spread: None });
        }
        Ok(sampler(network, rows, passes, scaler)?.into())
    }
}

impl From<Moments> for ScoringInput {
    fn from(moments: Moments) -> Self {
        let spread = moments.std.iter().sum::<f64>() / moments.std.len() as f64;
        Self { predictions: moments.mean, spread: Some(spread) }
    }
}
