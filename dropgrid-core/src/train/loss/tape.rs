//! A loss on the tape, for outputs in a slice.

use dfdx::{
    tensor::{AsArray, Cpu, TensorFromVec, Trace},
    tensor_ops::Backward,
};

use super::{LossTensor, OutputTensor, TargetTensor, TrainTarget};
use crate::{data::batches::Sample, error::Failure, model::device};

/// Computes the loss of the outputs of `rows` rows. If `gradient` is `Some`, writes the gradient with respect to the
/// outputs to it.
///
/// # Errors
/// [`Failure::Device`] if memory runs out.
pub(super) fn on_slices<T: TrainTarget>(
    loss: impl FnOnce(OutputTensor<T>) -> LossTensor,
    output: &[f32],
    rows: usize,
    gradient: Option<&mut [f32]>,
) -> Result<f32, Failure> {
    let output = leaf::<T>(output, rows)?;
    let loss = loss(output.leaky_trace());
    let value = loss.array();
    if let Some(gradient) = gradient {
        loss.try_backward().map_err(device)?.get(&output).copy_into(gradient);
    }
    Ok(value)
}

/// Creates a tensor with the given outputs of a batch.
///
/// # Errors
/// [`Failure::Device`] if memory runs out.
pub(super) fn leaf<T: TrainTarget>(values: &[f32], rows: usize) -> Result<TargetTensor<T>, Failure> {
    Cpu::default().try_tensor_from_vec(values.to_vec(), T::Output::batch(rows)).map_err(device)
}
