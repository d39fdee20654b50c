//! The scores of a curve.

use super::{pass::predict, scoring::score_rows};
use crate::{
    data::Dataset,
    error::Failure,
    metric::MetricOf,
    train::{
        course::Views,
        erased_network::Evaluate,
        loss::{TargetScaler, TrainTarget},
    },
};

/// Scores an evaluation pass of `network` by the metrics of the curve, with a decision threshold of one half, on the
/// training rows, and on the validation rows if there are any. `scaler` is the transform of the targets. A score that
/// cannot be computed is NaN, since a curve must not change the outcome of a training.
///
/// # Errors
/// [`Failure::Device`].
pub(in crate::train) fn curve_scores<T: TrainTarget>(
    network: &dyn Evaluate,
    views: &Views<'_, T>,
    scaler: Option<&TargetScaler>,
) -> Result<[Vec<f64>; 2], Failure> {
    let Views { fit, validation, curve_metrics } = views;
    let train = scores(network, curve_metrics, (fit.data(), fit.rows()), scaler)?;
    let validation = validation
        .as_ref()
        .map(|view| scores(network, curve_metrics, (view.data(), view.rows()), scaler))
        .transpose()?;
    Ok([train, validation.unwrap_or_default()])
}

fn scores<T: TrainTarget>(
    network: &dyn Evaluate,
    metrics: &[MetricOf<T::Kind>],
    (data, rows): (&Dataset<T>, &[usize]),
    scaler: Option<&TargetScaler>,
) -> Result<Vec<f64>, Failure> {
    if metrics.is_empty() {
        return Ok(Vec::new());
    }
    let predictions = match predict::<T>(network, data.features(), rows, scaler) {
        Err(Failure::NonFiniteOutput { .. }) => return Ok(vec![f64::NAN; metrics.len()]),
        predictions => predictions?,
    };
    let score = |metric| score_rows(&predictions, 0.5, std::slice::from_ref(metric), data, rows);
    Ok(metrics.iter().map(|metric| score(metric).map_or(f64::NAN, |scores| scores[0].value)).collect())
}
