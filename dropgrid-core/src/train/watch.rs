//! What a training looks at after each epoch, on the rows that it may look at.

use super::{
    Objective,
    evaluate::{evaluate, measure, measured, predict},
    loss::Criterion,
};
use crate::{
    data::{Score, Validation, batches},
    error::Failure,
    metric::{Measured, MetricOf},
    model::Network,
    recipe::Train,
};

/// What a training watches, on the rows that it watches.
pub(super) struct Watching<'a, T: Objective> {
    view: &'a Validation<'a, T>,
    /// The metric; none is the loss.
    metric: Option<&'a MetricOf<T::Kind>>,
}

impl<'a, T: Objective> Watching<'a, T> {
    /// What `recipe` says to watch.
    ///
    /// # Errors
    /// [`Failure::Build`] where it is a metric of other targets.
    pub(super) fn new(recipe: &'a Train, view: &'a Validation<'a, T>) -> Result<Self, Failure> {
        Ok(Self { view, metric: recipe.monitor.of_kind().map_err(Failure::from)? })
    }

    /// What `network` gives.
    ///
    /// # Errors
    /// Those of [`watched`] and [`evaluation_loss`].
    pub(super) fn measure<N: Network<Output = T::Output>>(
        &self,
        network: &N,
        criterion: &Criterion<'_, T>,
    ) -> Result<f64, Failure> {
        match self.metric {
            Some(metric) => watched(network, metric, self.view),
            None => evaluation_loss(network, criterion, self.view),
        }
    }
}

/// The loss of an evaluation pass of `network` on the rows that a training watches: what the criterion's fit makes
/// small, see [`Criterion::evaluation_loss`].
///
/// # Errors
/// [`Failure::Device`]; [`Failure::Scoring`] where all the rows have the weight 0.
fn evaluation_loss<T: Objective, N: Network<Output = T::Output>>(
    network: &N,
    criterion: &Criterion<'_, T>,
    view: &Validation<'_, T>,
) -> Result<f64, Failure> {
    let mut outputs = Vec::with_capacity(view.len() * batches::width::<T::Output>());
    evaluate(network, view.data().features(), view.rows(), |_, output| {
        outputs.extend(output.values());
        Ok(())
    })?;
    criterion.evaluation_loss(&outputs, view.rows())
}

/// What `metric` gives for an evaluation pass of `network` on the rows that a training watches. A network that gives no
/// finite output has no metric: NaN.
///
/// It does not take the rows that only scorers may look at:
/// ```compile_fail,E0308
/// # use dropgrid_core::{Failure, data::{Classes, Score}, metric::MetricOf, model::Network, train::{Objective, watched}};
/// fn stop_early<T: Objective, N: Network<Output = T::Output>>(
///     network: &N, metric: &MetricOf<T::Kind>, view: &Score<'_, T>,
/// ) -> Result<f64, Failure> {
///     watched(network, metric, view)
/// }
/// ```
/// With those of early stopping it compiles:
/// ```
/// # use dropgrid_core::{Failure, data::{Classes, Validation}, metric::MetricOf, model::Network, train::{Objective, watched}};
/// fn stop_early<T: Objective, N: Network<Output = T::Output>>(
///     network: &N, metric: &MetricOf<T::Kind>, view: &Validation<'_, T>,
/// ) -> Result<f64, Failure> {
///     watched(network, metric, view)
/// }
/// ```
///
/// # Errors
/// [`Failure::Scoring`] where predictions are outside what the metric can score; [`Failure::Device`].
pub fn watched<T: Objective, N: Network<Output = T::Output>>(
    network: &N,
    metric: &MetricOf<T::Kind>,
    view: &Validation<'_, T>,
) -> Result<f64, Failure> {
    match measure(network, std::slice::from_ref(metric), view.data(), view.rows()) {
        Ok(measured) => Ok(measured[0].value),
        Err(Failure::NonFiniteOutput { .. }) => Ok(f64::NAN),
        Err(failure) => Err(failure),
    }
}

/// The scores of an evaluation pass of `network` on the rows that only scorers may look at, one a metric.
///
/// It does not take the rows that a training watches, whose scores are too good:
/// ```compile_fail,E0308
/// # use dropgrid_core::{Failure, data::Validation, metric::{Measured, MetricOf}, model::Network, train::{Objective, scores}};
/// fn score<T: Objective, N: Network<Output = T::Output>>(
///     network: &N, metrics: &[MetricOf<T::Kind>], view: &Validation<'_, T>,
/// ) -> Result<Vec<Measured>, Failure> {
///     scores(network, metrics, view)
/// }
/// ```
/// With those that are scored it compiles:
/// ```
/// # use dropgrid_core::{Failure, data::Score, metric::{Measured, MetricOf}, model::Network, train::{Objective, scores}};
/// fn score<T: Objective, N: Network<Output = T::Output>>(
///     network: &N, metrics: &[MetricOf<T::Kind>], view: &Score<'_, T>,
/// ) -> Result<Vec<Measured>, Failure> {
///     scores(network, metrics, view)
/// }
/// ```
///
/// # Errors
/// [`Failure::NonFiniteOutput`]; [`Failure::NonFiniteScore`] for a number that is not finite without a reason; those of
/// [`watched`].
pub fn scores<T: Objective, N: Network<Output = T::Output>>(
    network: &N,
    metrics: &[MetricOf<T::Kind>],
    view: &Score<'_, T>,
) -> Result<Vec<Measured>, Failure> {
    scores_of(&predict::<T, N>(network, view.data().features(), view.rows())?, 0.5, metrics, view)
}

/// As [`scores`], of predictions for the rows that only scorers may look at.
pub(crate) fn scores_of<T: Objective>(
    predictions: &[f64],
    threshold: f64,
    metrics: &[MetricOf<T::Kind>],
    view: &Score<'_, T>,
) -> Result<Vec<Measured>, Failure> {
    let scores = measured(predictions, threshold, metrics, view.data(), view.rows())?;
    // A metric that is undefined on the fold is NaN and says so in a warning, as in scikit-learn; a number that is not
    // finite without a reason is a fault.
    let faulty = |score: &Measured| !score.value.is_finite() && score.warnings.is_empty();
    match scores.iter().position(faulty) {
        Some(at) => Err(Failure::NonFiniteScore { metric: metrics[at].name(), value: scores[at].value }),
        None => Ok(scores),
    }
}
