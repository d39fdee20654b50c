//! The quantity that a training watches on its validation rows after each epoch.

use super::{
    pass::{evaluate, predict},
    scoring::score_rows,
};
use crate::{
    data::{Validation, batches},
    error::Failure,
    metric::MetricOf,
    model::Network,
    recipe::Train,
    train::loss::{Criterion, TargetScaler, TrainTarget},
};

/// Measures the monitored quantity on the validation rows.
pub(in crate::train) struct ValidationMonitor<'a, T: TrainTarget> {
    view: &'a Validation<'a, T>,
    /// The metric to watch; none for the loss.
    metric: Option<&'a MetricOf<T::Kind>>,
}

impl<'a, T: TrainTarget> ValidationMonitor<'a, T> {
    /// A monitor of the quantity that `recipe` watches.
    ///
    /// # Errors
    /// [`Failure::Build`] where that is a metric of other targets.
    pub(in crate::train) fn new(recipe: &'a Train, view: &'a Validation<'a, T>) -> Result<Self, Failure> {
        Ok(Self { view, metric: recipe.monitor.of_kind().map_err(Failure::from)? })
    }

    /// The quantity's value for `network` as it is.
    ///
    /// # Errors
    /// Those of [`validation_score`] and [`validation_loss`].
    pub(in crate::train) fn measure<N: Network<Output = T::Output>>(
        &self,
        network: &N,
        criterion: &Criterion<'_, T>,
    ) -> Result<f64, Failure> {
        match self.metric {
            Some(metric) => score_of(network, metric, self.view, criterion.scaler()),
            None => validation_loss(network, criterion, self.view),
        }
    }
}

/// The loss of an evaluation pass of `network` on the validation rows, see [`Criterion::evaluation_loss`].
///
/// # Errors
/// [`Failure::Device`]; [`Failure::Scoring`] where all the rows have the weight 0.
fn validation_loss<T: TrainTarget, N: Network<Output = T::Output>>(
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

/// The score that `metric` gives an evaluation pass of `network` on the validation rows, with decisions at a
/// probability of one half. It is NaN where an output of the network is not finite. The outputs are taken as they are,
/// without a transform of targets.
///
/// It does not take the rows that only scorers may look at:
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
/// [`Failure::Scoring`] where predictions are outside what the metric can score; [`Failure::Device`].
pub fn validation_score<T: TrainTarget, N: Network<Output = T::Output>>(
    network: &N,
    metric: &MetricOf<T::Kind>,
    view: &Validation<'_, T>,
) -> Result<f64, Failure> {
    score_of(network, metric, view, None)
}

/// The same of a network that was trained on targets transformed by `scaler`, in the units of the data.
fn score_of<T: TrainTarget, N: Network<Output = T::Output>>(
    network: &N,
    metric: &MetricOf<T::Kind>,
    view: &Validation<'_, T>,
    scaler: Option<&TargetScaler>,
) -> Result<f64, Failure> {
    let predictions = match predict::<T, N>(network, view.data().features(), view.rows(), scaler) {
        Err(Failure::NonFiniteOutput { .. }) => return Ok(f64::NAN),
        predictions => predictions?,
    };
    Ok(score_rows(&predictions, 0.5, std::slice::from_ref(metric), view.data(), view.rows())?[0].value)
}
