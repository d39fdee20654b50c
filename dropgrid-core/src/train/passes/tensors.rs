//! Evaluation passes of a network on tensors of dfdx.

use dfdx::tensor::Cpu;

use super::EVALUATION_ROWS;
use crate::{
    data::{Features, batches},
    error::Failure,
    model::Network,
    phase::{Evaluation, Pass},
    train::erased_network::Take,
};

/// Returns the numbers that `take` appends for the outputs of dfdx's evaluation passes for the given rows.
///
/// # Errors
/// [`Failure::Device`]; those of `take`.
pub(in crate::train) fn evaluate<N: Network>(
    network: &N,
    features: &Features,
    rows: &[usize],
    take: &Take<'_>,
) -> Result<Vec<f64>, Failure> {
    let (cpu, mut taken) = (Cpu::default(), Vec::new());
    for rows in rows.chunks(EVALUATION_ROWS) {
        let input = batches::gather::<N::Sample>(&cpu, features, rows.iter().copied());
        let output = network.evaluate(Pass::<N::Sample, Evaluation>::from_tensor(input))?;
        take(rows, &output.values(), &mut taken)?;
    }
    Ok(taken)
}
