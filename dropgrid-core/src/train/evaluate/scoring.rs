//! Scores of predictions against the truth.

use crate::{
    data::{Dataset, Score, batches::width},
    error::{Failure, Result},
    metric::{Measured, MetricOf, Warning},
    train::loss::TrainTarget,
};

/// Scores predictions for test rows, one score per metric, weighted if the data has weights. `predictions` are
/// row-major. Class 1 or a flag is predicted above the probability `threshold`.
///
/// It does not accept validation rows, on which scores would be too good:
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
/// [`Failure::Scoring`] if predictions are outside of what a metric can score; [`Failure::NonFiniteScore`] for a score
/// that is not finite and has no warning.
pub fn score<T: TrainTarget>(
    predictions: &[f64],
    threshold: f64,
    metrics: &[MetricOf<T::Kind>],
    view: &Score<'_, T>,
) -> Result<Vec<Measured>, Failure> {
    let scores = score_rows(predictions, threshold, metrics, view.data(), view.rows())?;
    // A metric that is undefined on the fold is NaN with a warning, as in scikit-learn. A number that is not finite for
    // no reason is a fault.
    let faulty = |score: &Measured| !score.value.is_finite() && score.warnings.is_empty();
    match scores.iter().position(faulty) {
        Some(at) => Err(Failure::NonFiniteScore { metric: metrics[at].name(), value: scores[at].value }),
        None => Ok(scores),
    }
}

/// Scores predictions for some rows of the data, weighted if the data has weights. A row may appear several times.
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

/// Returns why a metric is undefined for some rows of the data with any predictions; `None` if it is defined.
pub(crate) fn undefined_for<T: TrainTarget>(
    metric: &MetricOf<T::Kind>,
    data: &Dataset<T>,
    rows: &[usize],
) -> Result<Option<Warning>> {
    let (truth, weights) = (data.targets().truth(rows), data.weights_of(rows));
    let outputs = width::<T::Output>();
    // The probabilities are the same for every class.
    let predictions = vec![1.0 / outputs as f64; rows.len() * outputs];
    let scored = T::pair(&truth, &predictions)?;
    match weights.as_deref() {
        // If all weights are 0, the scoring returns the error.
        Some(weights) => Ok(scored.weighted(weights).ok().and_then(|scored| metric.undefined_for(&scored))),
        None => Ok(metric.undefined_for(&scored)),
    }
}

/// Scores predictions for `rows` of the targets, one score per metric. `weights` has one weight per row. Every score of
/// the project is computed here.
///
/// # Errors
/// Those of the metrics; [`Error::Scoring`](crate::Error::Scoring) if all weights are 0.
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
