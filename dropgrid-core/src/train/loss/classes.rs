//! Softmax cross-entropy.

use dfdx::{
    losses::cross_entropy_with_logits_loss,
    shapes::{Rank0, Rank1},
    tensor::{Cpu, OwnedTape, Tensor, TensorFromVec},
};

use super::Objective;
use crate::{
    data::{Classes, Labels, batches::Sample},
    error::{Failure, Result},
    kernel::loss::cross_entropy,
    metric::Scored,
    phase::{Evaluation, Pass},
};

/// Softmax cross-entropy, the mean over the batch.
impl<const N: usize> Objective for Classes<N> {
    type Output = Rank1<N>;

    fn loss(
        &self,
        output: Tensor<<Rank1<N> as Sample>::Batch, f32, Cpu, OwnedTape<f32, Cpu>>,
        rows: &[usize],
    ) -> Tensor<Rank0, f32, Cpu, OwnedTape<f32, Cpu>> {
        let mut wanted = vec![0.0; rows.len() * N];
        for (position, &row) in rows.iter().enumerate() {
            wanted[position * N + self.labels()[row]] = 1.0;
        }
        let wanted = Cpu::default().tensor_from_vec(wanted, Rank1::<N>::batch(rows.len()));
        cross_entropy_with_logits_loss(output, wanted)
    }

    fn gradient(&self, output: &[f32], rows: &[usize], gradient: &mut [f32]) -> Result<f32, Failure> {
        gradient.copy_from_slice(output);
        Ok(cross_entropy(gradient, N, rows.iter().map(|&row| self.labels()[row])))
    }

    fn predictions(output: &Pass<Rank1<N>, Evaluation>) -> Vec<f64> {
        output.probabilities()
    }

    fn scored<'a>(truth: &'a [usize], predictions: &'a [f64]) -> Result<Scored<'a, Labels>> {
        Scored::classes(truth, predictions, N)
    }
}
