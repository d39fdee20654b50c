//! Squared error.

use dfdx::{
    losses::mse_loss,
    shapes::{Rank0, Rank1},
    tensor::{Cpu, OwnedTape, Tensor, TensorFromVec},
};

use super::Objective;
use crate::{
    data::{Regression, Values, batches::Sample},
    error::Result,
    metric::Scored,
    phase::{Evaluation, Pass},
};

/// Squared error, the mean over the batch and the outputs.
impl<const M: usize> Objective for Regression<M> {
    type Output = Rank1<M>;

    fn loss(
        &self,
        output: Tensor<<Rank1<M> as Sample>::Batch, f32, Cpu, OwnedTape<f32, Cpu>>,
        rows: &[usize],
    ) -> Tensor<Rank0, f32, Cpu, OwnedTape<f32, Cpu>> {
        let wanted = rows.iter().flat_map(|&row| self.row(row)).map(|&value| value as f32).collect();
        let wanted = Cpu::default().tensor_from_vec(wanted, Rank1::<M>::batch(rows.len()));
        mse_loss(output, wanted)
    }

    fn predictions(output: &Pass<Rank1<M>, Evaluation>) -> Vec<f64> {
        output.values().into_iter().map(f64::from).collect()
    }

    fn scored<'a>(truth: &'a [f64], predictions: &'a [f64]) -> Result<Scored<'a, Values>> {
        Scored::values(truth, predictions, M)
    }
}
