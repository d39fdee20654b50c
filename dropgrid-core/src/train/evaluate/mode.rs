//! How a trained network is scored.

use std::any::Any;

use super::{mc::Moments, pass::predict};
use crate::{
    data::Features,
    error::{Failure, Result},
    model::Network,
    recipe::Train,
    train::loss::TrainTarget,
};

/// How a trained network is scored: all that tells candidates apart which no training sees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ScoringMode {
    /// Passes with dropout on, whose mean is scored; none where dropout is off.
    pub(crate) passes: usize,
    /// The probability above which class 1 or a flag is predicted.
    pub(crate) threshold: f64,
}

/// What metrics see of a network, for some rows.
#[derive(Debug, Clone)]
pub(crate) struct ScoringInput {
    /// Row-major.
    pub(crate) predictions: Vec<f64>,
    /// The mean standard deviation over passes with dropout on, where there are any.
    pub(crate) spread: Option<f64>,
}

/// Samples a network, for the rows and with so many passes as it is asked.
pub(crate) type McSampler<'a> = dyn Fn(&dyn Any, &[usize], usize) -> Result<Moments> + 'a;

impl ScoringMode {
    /// What `recipe` says of it.
    pub(crate) fn of(recipe: &Train) -> Self {
        Self { passes: recipe.mc_samples, threshold: recipe.threshold }
    }
}

impl ScoringInput {
    /// What `network` gives for the given rows: in an evaluation pass where there are no `passes`, else by `sampler`.
    ///
    /// # Errors
    /// Those of [`predict`] and [`sample`](super::mc::sample).
    pub(crate) fn of<T: TrainTarget, N: Network<Output = T::Output>>(
        network: &N,
        features: &Features,
        rows: &[usize],
        passes: usize,
        sampler: &McSampler<'_>,
    ) -> Result<Self, Failure> {
        if passes == 0 {
            return Ok(Self { predictions: predict::<T, N>(network, features, rows)?, spread: None });
        }
        Ok(sampler(network, rows, passes)?.into())
    }
}

impl From<Moments> for ScoringInput {
    fn from(moments: Moments) -> Self {
        let spread = moments.std.iter().sum::<f64>() / moments.std.len() as f64;
        Self { predictions: moments.mean, spread: Some(spread) }
    }
}
