//! The tensors of a network in a state.

use dfdx::tensor::Gradients;

use super::state::StateCodec;
use crate::nn::{Parts, each_tensor_mut};

/// The tensors of a network that are written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::train) enum TensorChoice {
    /// Tensors that no gradient changes, such as the statistics of a normalization.
    Untrained,
    All,
}

/// Writes or reads tensors of a network, each in its memory layout. Returns `None` if the stored tensors belong to a
/// network of another shape.
pub(in crate::train) fn code_tensors(
    network: &mut dyn Parts,
    which: TensorChoice,
    codec: &mut StateCodec<'_>,
) -> Option<()> {
    let mut is_whole = true;
    let walked = each_tensor_mut(network, |tensor, is_trained| {
        if is_whole && (which == TensorChoice::All || !is_trained) {
            // A tensor's memory has the same length as its gradient.
            let mut numbers = vec![0.0; tensor.gradient(&mut Gradients::leaky())?.len()];
            tensor.copy_into(&mut numbers);
            is_whole = codec.singles(&mut numbers).is_some();
            if is_whole && codec.is_reader() {
                tensor.copy_from(&numbers);
            }
        }
        Ok(())
    });
    (walked.is_ok() && is_whole).then_some(())
}
