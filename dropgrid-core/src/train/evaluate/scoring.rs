//! Scores of predictions against the truth.

use crate::{
    data::{Dataset, Score, batches::width},
    error::{Failure, Result},
    metric::{Measured, MetricOf, Warning},
    train::loss::TrainTarget,
};

/// Scores predictions for the rows that only scorers may look at, one score a metric, weighted where the data has
/// weights. `predictions` are row-major; above the probability `threshold` class 1 or a flag is predicted.
///
/// It does not take validation rows, on which scores would be too good:
/// ```compile_fail,E0308
/// # use dropgrid_core::{Failure, data::Validation, metric::{Measured, MetricOf}, train::{TrainTarget, score}};
/// fn too_good<T: TrainTarget>(
///     predictions: &[f64], metrics: &[MetricOf<T::Kind>], view: &Validation<'_, T>,
/// ) -> Result<Vec<Measured>, Failure> {
///     score(predictions, 0.5, metrics, view)
/// }
/// ```
/// With the scored rows it compiles:
/// ```
/// # use dropgrid_core::{Failure, data::Score, metric::{Measured, MetricOf}, train::{TrainTarget, score}};
/// fn test_scores<T: TrainTarget>(
///     predictions: &[f64], metrics: &[MetricOf<T::Kind>], view: &Score<'_, T>,
/// ) -> Result<Vec<Measured>, Failure> {
///     score(predictions, 0.5, metrics, view)
/// }
/// ```
///
/// # Errors
/// [`Failure::Scoring`] where predictions are outside what a metric can score; [`Failure::NonFiniteScore`] for a score
/// that is not finite and has no warning.
pub fn score<T: TrainTarget>(
    predictions: &[f64],
    threshold: f64,
    metrics: &[MetricOf<T::Kind>],
    view: &Score<'_, T>,
) -> Result<Vec<Measured>, Failure> {
    let scores = score_rows(predictions, threshold, metrics, view.data(), view.rows())?;
    // A metric that is undefined on the fold is NaN and says so in a warning, as in scikit-learn; a number that is not
    // finite without a reason is a fault.
    let faulty = |score: &Measured| !score.value.is_finite() && score.warnings.is_empty();
    match scores.iter().position(faulty) {
        Some(at) => Err(Failure::NonFiniteScore { metric: metrics[at].name(), value: scores[at].value }),
        None => Ok(scores),
    }
}

/// Scores predictions for some rows of the data, weighted where the data has weights. A row may be there several times.
pub(crate) fn score_rows<T: TrainTarget>(
    predictions: &[f64],
    threshold: f64,
    metrics: &[MetricOf<T::Kind>],
    data: &Dataset<T>,
    rows: &[usize],
) -> Result<Vec<Measured>, Failure> {
    let weights = data.weights_of(rows);
    Ok(measure(predictions, threshold, metrics, (data.targets(), rows), weights.as_deref())?)
}

/// The reason why a metric is undefined for some rows of the data whatever is predicted for them, where there is one.
pub(crate) fn undefined_for<T: TrainTarget>(
    metric: &MetricOf<T::Kind>,
    data: &Dataset<T>,
    rows: &[usize],
) -> Result<Option<Warning>> {
    let (truth, weights) = (data.targets().truth(rows), data.weights_of(rows));
    let outputs = width::<T::Output>();
    // Probabilities that are the same for every class.
    let predictions = vec![1.0 / outputs as f64; rows.len() * outputs];
    let scored = T::pair(&truth, &predictions)?;
    match weights.as_deref() {
        // Where all weights are 0, the scoring says so.
        Some(weights) => Ok(scored.weighted(weights).ok().and_then(|scored| metric.undefined_for(&scored))),
        None => Ok(metric.undefined_for(&scored)),
    }
}

/// Scores predictions for `rows` of the targets, one score a metric; `weights` holds one weight a row. Every score of
/// the project is computed here.
///
/// # Errors
/// Those of the metrics; [`Error::Scoring`](crate::Error::Scoring) where all weights are 0.
pub(in crate::train) fn measure<T: TrainTarget>(
    predictions: &[f64],
    threshold: f64,
    metrics: &[MetricOf<T::Kind>],
    (targets, rows): (&T, &[usize]),
    weights: Option<&[f64]>,
) -> Result<Vec<Measured>> {
    let truth = targets.truth(rows);
    let mut scored = T::pair(&truth, predictions)?.above(threshold);
    if let Some(weights) = weights {
        scored = scored.weighted(weights)?;
    }
    metrics.iter().map(|metric| metric.score(&scored)).collect()
}
