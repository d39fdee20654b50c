//! Evaluation passes of a network, batch by batch.

use dfdx::tensor::Cpu;

use crate::{
    data::{Features, batches},
    error::Failure,
    model::Network,
    phase::{Evaluation, Pass},
    train::loss::{TargetScaler, TrainTarget},
};

/// Rows in an evaluation batch: enough that the cost of a batch is that of its rows.
pub(in crate::train::evaluate) const EVALUATION_ROWS: usize = 512;

/// Runs evaluation passes of `network` on the given rows, and calls `each` with the rows and the output of each batch.
///
/// # Errors
/// [`Failure::Device`]; those of `each`.
pub(in crate::train::evaluate) fn evaluate<N: Network>(
    network: &N,
    features: &Features,
    rows: &[usize],
    mut each: impl FnMut(&[usize], Pass<N::Output, Evaluation>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let cpu = Cpu::default();
    for rows in rows.chunks(EVALUATION_ROWS) {
        let input = batches::gather::<N::Sample>(&cpu, features, rows.iter().copied());
        each(rows, network.evaluate(Pass::<N::Sample, Evaluation>::from_tensor(input))?)?;
    }
    Ok(())
}

/// The predictions of `network` for the given rows as metrics read them: probabilities or values, row-major, in the units
/// of the targets before `scaler` transformed them for the training.
///
/// # Errors
/// [`Failure::NonFiniteOutput`], [`Failure::Device`].
pub(in crate::train) fn predict<T: TrainTarget, N: Network<Output = T::Output>>(
    network: &N,
    features: &Features,
    rows: &[usize],
    scaler: Option<&TargetScaler>,
) -> Result<Vec<f64>, Failure> {
    let mut predictions = outputs(network, features, rows, T::predictions)?;
    restore(scaler, &mut predictions, rows)?;
    Ok(predictions)
}

/// Transforms predictions back to the units that targets had before `scaler` transformed them.
///
/// # Errors
/// [`Failure::NonFiniteOutput`] where the exponential of an output is not finite.
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

/// The numbers that `take` reads from the outputs of `network` for the given rows, batch after batch.
///
/// # Errors
/// [`Failure::NonFiniteOutput`], [`Failure::Device`].
pub(in crate::train) fn outputs<N: Network>(
    network: &N,
    features: &Features,
    rows: &[usize],
    take: impl Fn(&Pass<N::Output, Evaluation>) -> Vec<f64>,
) -> Result<Vec<f64>, Failure> {
    let mut taken = Vec::new();
    evaluate(network, features, rows, |rows, output| {
        finite(&output.values(), rows, batches::width::<N::Output>())?;
        taken.extend(take(&output));
        Ok(())
    })?;
    Ok(taken)
}

/// Checks that outputs, `width` a row, are finite.
///
/// # Errors
/// [`Failure::NonFiniteOutput`].
pub(in crate::train) fn finite(values: &[f32], rows: &[usize], width: usize) -> Result<(), Failure> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => Err(Failure::NonFiniteOutput { row: rows[at / width], value: values[at] }),
    }
}
