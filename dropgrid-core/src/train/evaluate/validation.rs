//! The quantity that a training monitors on its validation rows after each epoch.

use super::{pass::predict, scoring::score_rows};
use crate::{
    data::{Features, Validation},
    error::Failure,
    metric::MetricOf,
    model::Network,
    recipe::Train,
    train::{
        erased_network::{Evaluate, Take},
        loss::{Criterion, TargetScaler, TrainTarget},
        passes::evaluate,
    },
};

/// Measures the monitored quantity on the validation rows.
pub(in crate::train) struct ValidationMonitor<'a, T: TrainTarget> {
    view: &'a Validation<'a, T>,
    /// The metric to monitor; `None` for the loss.
    metric: Option<&'a MetricOf<T::Kind>>,
}

impl<'a, T: TrainTarget> ValidationMonitor<'a, T> {
    /// Makes a monitor of the quantity that `recipe` monitors.
    ///
    /// # Errors
    /// [`Failure::Build`] if that is a metric of other targets.
    pub(in crate::train) fn new(recipe: &'a Train, view: &'a Validation<'a, T>) -> Result<Self, Failure> {
        Ok(Self { view, metric: recipe.monitor.of_kind().map_err(Failure::from)? })
    }

    /// Measures the quantity for the current `network`.
    ///
    /// # Errors
    /// Those of [`validation_score`] and [`validation_loss`].
    pub(in crate::train) fn measure(
        &self,
        network: &dyn Evaluate,
        criterion: &Criterion<'_, T>,
    ) -> Result<f64, Failure> {
        match self.metric {
            Some(metric) => score_of(network, metric, self.view, criterion.scaler()),
            None => validation_loss(network, criterion, self.view),
        }
    }
}

/// Returns the loss of an evaluation pass of `network` on the validation rows, see [`Criterion::evaluation_loss`].
///
/// # Errors
/// [`Failure::Device`]; [`Failure::Scoring`] if all the rows have the weight 0.
fn validation_loss<T: TrainTarget>(
    network: &dyn Evaluate,
    criterion: &Criterion<'_, T>,
    view: &Validation<'_, T>,
) -> Result<f64, Failure> {
    // An output that is not finite makes the loss not finite.
    let take = |_: &[usize], output: &[f32], to: &mut Vec<f64>| {
        to.extend(output.iter().map(|&value| f64::from(value)));
        Ok(())
    };
    let outputs = network.outputs(view.data().features(), view.rows(), &take)?;
    let outputs: Vec<f32> = outputs.into_iter().map(|value| value as f32).collect();
    criterion.evaluation_loss(&outputs, view.rows())
}

/// Returns the score by `metric` of an evaluation pass of `network` on the validation rows, with a decision threshold
/// of one half. It is NaN if an output of the network is not finite. The outputs are used without a transform of
/// targets.
///
/// It does not accept test rows:
/// ```compile_fail,E0308
/// # use dropgrid_core::{Failure, data::Score, metric::MetricOf, model::Network, train::{TrainTarget, validation_score}};
/// fn stop_early<T: TrainTarget, N: Network<Output = T::Output>>(
///     network: &N, metric: &MetricOf<T::Kind>, view: &Score<'_, T>,
/// ) -> Result<f64, Failure> {
///     validation_score(network, metric, view)
/// }
/// ```
/// With validation rows it compiles:
/// ```
/// # use dropgrid_core::{Failure, data::Validation, metric::MetricOf, model::Network, train::{TrainTarget, validation_score}};
/// fn stop_early<T: TrainTarget, N: Network<Output = T::Output>>(
///     network: &N, metric: &MetricOf<T::Kind>, view: &Validation<'_, T>,
/// ) -> Result<f64, Failure> {
///     validation_score(network, metric, view)
/// }
/// ```
///
/// # Errors
/// [`Failure::Scoring`] if predictions are outside what the metric can score; [`Failure::Device`].
pub fn validation_score<T: TrainTarget, N: Network<Output = T::Output>>(
    network: &N,
    metric: &MetricOf<T::Kind>,
    view: &Validation<'_, T>,
) -> Result<f64, Failure> {
    score_of(&DfdxPasses(network), metric, view, None)
}

/// A network with dfdx's evaluation passes.
struct DfdxPasses<'a, N>(&'a N);

impl<N: Network> Evaluate for DfdxPasses<'_, N> {
    fn outputs(&self, features: &Features, rows: &[usize], take: &Take<'_>) -> Result<Vec<f64>, Failure> {
        evaluate(self.0, features, rows, take)
    }
}

/// Returns the score of a network that was trained on targets transformed by `scaler`, in the units of the data.
fn score_of<T: TrainTarget>(
    network: &dyn Evaluate,
    metric: &MetricOf<T::Kind>,
    view: &Validation<'_, T>,
    scaler: Option<&TargetScaler>,
) -> Result<f64, Failure> {
    let predictions = match predict::<T>(network, view.data().features(), view.rows(), scaler) {
        Err(Failure::NonFiniteOutput { .. }) => return Ok(f64::NAN),
        predictions => predictions?,
    };
    Ok(score_rows(&predictions, 0.5, std::slice::from_ref(metric), view.data(), view.rows())?[0].value)
}
