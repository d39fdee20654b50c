//! Losses: what a training step makes small.

use dfdx::{
    losses::cross_entropy_with_logits_loss,
    shapes::{Rank0, Rank1},
    tensor::{AsArray, Cpu, OwnedTape, Tensor, TensorFromVec, Trace},
    tensor_ops::Backward,
};

use crate::{
    data::{Classes, Labels, Target, batches::Sample},
    error::{Failure, Result},
    kernel::loss::cross_entropy,
    metric::{MetricOf, Scored},
    model::device,
    phase::{Evaluation, Pass},
};

/// A target that a network can be trained on: it says how wide the network's output is, and what the loss is.
#[diagnostic::on_unimplemented(
    message = "a network cannot be trained on `{Self}`",
    note = "targets are `Classes<N>` for a network with N outputs"
)]
pub trait Objective: Target {
    /// The shape of the network's output for one sample.
    type Output: Sample;

    /// The mean loss of a batch whose rows are `rows` of the data.
    fn loss(
        &self,
        output: Tensor<<Self::Output as Sample>::Batch, f32, Cpu, OwnedTape<f32, Cpu>>,
        rows: &[usize],
    ) -> Tensor<Rank0, f32, Cpu, OwnedTape<f32, Cpu>>;

    /// As [`loss`](Self::loss), on slices: from the network's output for `rows`, row-major, to the loss, and its
    /// derivative by the output in `gradient`. A loss that has no arithmetic of its own for it goes by the tape.
    ///
    /// # Errors
    /// [`Failure::Device`] where the device cannot allocate.
    fn gradient(&self, output: &[f32], rows: &[usize], gradient: &mut [f32]) -> Result<f32, Failure> {
        let shape = <Self::Output as Sample>::batch(rows.len());
        let output = Cpu::default().try_tensor_from_vec(output.to_vec(), shape).map_err(device)?;
        let loss = self.loss(output.leaky_trace(), rows);
        let value = loss.array();
        loss.try_backward().map_err(device)?.get(&output).copy_into(gradient);
        Ok(value)
    }

    /// What metrics see of an evaluation pass, row-major: probabilities here.
    fn predictions(output: &Pass<Self::Output, Evaluation>) -> Vec<f64>;

    /// The scores of predictions for `rows` of the data, one a metric.
    ///
    /// # Errors
    /// Those of the metrics.
    fn scores(&self, metrics: &[MetricOf<Self::Kind>], rows: &[usize], predictions: &[f64]) -> Result<Vec<f64>>;
}

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

    fn scores(&self, metrics: &[MetricOf<Labels>], rows: &[usize], predictions: &[f64]) -> Result<Vec<f64>> {
        let truth: Vec<usize> = rows.iter().map(|&row| self.labels()[row]).collect();
        let scored = Scored::classes(&truth, predictions, N)?;
        metrics.iter().map(|metric| metric.score(&scored)).collect()
    }
}
