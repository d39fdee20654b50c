//! Losses: what a training step makes small, one file a target.

mod binary;
mod classes;
mod multi_label;
mod regression;

use dfdx::{
    shapes::Rank0,
    tensor::{AsArray, Cpu, OwnedTape, Tensor, TensorFromVec, Trace},
    tensor_ops::Backward,
};

use crate::{
    data::{Target, Truth, batches::Sample},
    error::{Failure, Result},
    metric::{Measured, MetricOf, Scored},
    model::device,
    phase::{Evaluation, Pass},
};

/// A target that a network can be trained on: it says how wide the network's output is, and what the loss is.
///
/// Every sample counts the same in the loss; sample weights weigh scores only.
#[diagnostic::on_unimplemented(
    message = "a network cannot be trained on `{Self}`",
    note = "targets are `Classes<N>`, `MultiLabel<N>` and `Regression<N>` for a network with N outputs, `Binary` for one"
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

    /// What metrics see of an evaluation pass, row-major: probabilities or values.
    fn predictions(output: &Pass<Self::Output, Evaluation>) -> Vec<f64>;

    /// Truth and predictions side by side.
    ///
    /// # Errors
    /// [`Error::Scoring`](crate::Error::Scoring) where they do not go together.
    fn scored<'a>(truth: &'a [<Self::Kind as Truth>::Item], predictions: &'a [f64]) -> Result<Scored<'a, Self::Kind>>;

    /// The scores of predictions for `rows` of the data, one a metric, weighted where there are `weights`, one a row.
    ///
    /// # Errors
    /// Those of the metrics; [`Error::Scoring`](crate::Error::Scoring) where all weights are 0.
    fn scores(
        &self,
        metrics: &[MetricOf<Self::Kind>],
        rows: &[usize],
        weights: Option<&[f64]>,
        predictions: &[f64],
    ) -> Result<Vec<Measured>> {
        let truth = self.truth(rows);
        let mut scored = Self::scored(&truth, predictions)?;
        if let Some(weights) = weights {
            scored = scored.weighted(weights)?;
        }
        metrics.iter().map(|metric| metric.score(&scored)).collect()
    }
}
