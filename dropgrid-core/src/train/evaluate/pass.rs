//! Evaluation passes of a network, and the numbers that are taken from them.

use crate::{
    data::{Features, batches},
    error::Failure,
    train::{
        erased_network::Evaluate,
        loss::{TargetScaler, TrainTarget},
    },
};

/// Predicts the given rows with `network`, in the form that metrics read: probabilities or values, row-major, in the
/// units that the targets had before `scaler` transformed them.
///
/// # Errors
/// [`Failure::NonFiniteOutput`], [`Failure::Device`].
pub(in crate::train) fn predict<T: TrainTarget>(
    network: &dyn Evaluate,
    features: &Features,
    rows: &[usize],
    scaler: Option<&TargetScaler>,
) -> Result<Vec<f64>, Failure> {
    let mut predictions = network.outputs(features, rows, &take_predictions::<T>)?;
    restore(scaler, &mut predictions, rows)?;
    Ok(predictions)
}

/// Appends the predictions in the outputs of some rows.
///
/// # Errors
/// [`Failure::NonFiniteOutput`].
fn take_predictions<T: TrainTarget>(rows: &[usize], output: &[f32], to: &mut Vec<f64>) -> Result<(), Failure> {
    finite(output, rows, batches::width::<T::Output>())?;
    T::append_predictions(output, to);
    Ok(())
}

/// Appends the outputs of some rows as they are.
///
/// # Errors
/// [`Failure::NonFiniteOutput`].
pub(in crate::train) fn take_outputs(rows: &[usize], output: &[f32], to: &mut Vec<f64>) -> Result<(), Failure> {
    finite(output, rows, output.len() / rows.len().max(1))?;
    to.extend(output.iter().map(|&value| f64::from(value)));
    Ok(())
}

/// Transforms predictions back to the units that targets had before `scaler` transformed them.
///
/// # Errors
/// [`Failure::NonFiniteOutput`] if the exponential of an output is not finite.
pub(in crate::train) fn restore(
    scaler: Option<&TargetScaler>,
    predictions: &mut [f64],
    rows: &[usize],
) -> Result<(), Failure> {
    let Some(scaler) = scaler else { return Ok(()) };
    scaler.invert(predictions);
    let width = predictions.len() / rows.len().max(1);
    match predictions.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => Err(Failure::NonFiniteOutput { row: rows[at / width], value: predictions[at] as f32 }),
    }
}

/// Checks that outputs with `width` numbers per row are finite.
///
/// # Errors
/// [`Failure::NonFiniteOutput`].
pub(in crate::train) fn finite(values: &[f32], rows: &[usize], width: usize) -> Result<(), Failure> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => Err(Failure::NonFiniteOutput { row: rows[at / width], value: values[at] }),
    }
}
