//! What a network gives in evaluation, for any rows.

use dfdx::tensor::Cpu;

use crate::{
    data::{Features, batches},
    error::Failure,
    model::Network,
    phase::{Evaluation, Pass},
    train::loss::TrainTarget,
};

/// Rows of an evaluation batch: large enough that a batch costs nothing beside its rows.
pub(in crate::train::evaluate) const EVALUATION_ROWS: usize = 512;

/// Evaluation passes of `network` on the given rows, one batch after the other.
///
/// # Errors
/// [`Failure::Device`], and those of `each`.
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

/// What metrics see of `network` for the given rows, row-major, in evaluation batches.
///
/// # Errors
/// [`Failure::NonFiniteOutput`], [`Failure::Device`].
pub(in crate::train) fn predict<T: TrainTarget, N: Network<Output = T::Output>>(
    network: &N,
    features: &Features,
    rows: &[usize],
) -> Result<Vec<f64>, Failure> {
    outputs(network, features, rows, T::predictions)
}

/// What `take` makes of what `network` gives for the given rows, in evaluation batches.
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

/// Refuses outputs, `width` a row, of which one is not finite.
///
/// # Errors
/// [`Failure::NonFiniteOutput`].
pub(in crate::train::evaluate) fn finite(values: &[f32], rows: &[usize], width: usize) -> Result<(), Failure> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => Err(Failure::NonFiniteOutput { row: rows[at / width], value: values[at] }),
    }
}
