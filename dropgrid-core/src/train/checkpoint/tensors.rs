//! The tensors of a network in a state.

use dfdx::{
    nn::tensor_collection::TensorCollection,
    tensor::{Cpu, CpuError, Gradients},
};

use super::state::{StateReader, StateWriter};
use crate::nn::{AnyTensor, each_tensor, each_tensor_mut};

/// The tensors of a network to write or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::train) enum TensorChoice {
    /// Those that are not trained, as the statistics of a normalization.
    Untrained,
    All,
}

/// Writes tensors of a network, as they lie in memory.
pub(in crate::train) fn write_tensors<N: TensorCollection<f32, Cpu>>(
    network: &N,
    which: TensorChoice,
    to: &mut StateWriter,
) {
    // Reading tensors cannot fail on the CPU but for want of memory.
    let _ = each_tensor(network, |tensor, is_trained| {
        if which == TensorChoice::All || !is_trained {
            let mut numbers = vec![0.0; len(tensor)?];
            tensor.copy_into(&mut numbers);
            to.singles(&numbers);
        }
        Ok(())
    });
}

/// Reads what [`write_tensors`] wrote of a network of the same shape; `None` where it was another.
pub(in crate::train) fn read_tensors<N: TensorCollection<f32, Cpu>>(
    network: &mut N,
    which: TensorChoice,
    from: &mut StateReader<'_>,
) -> Option<()> {
    let mut is_whole = true;
    let walked = each_tensor_mut(network, |tensor, is_trained| {
        if which == TensorChoice::All || !is_trained {
            let mut numbers = vec![0.0; len(tensor)?];
            is_whole = is_whole && from.singles(&mut numbers).is_some();
            if is_whole {
                tensor.copy_from(&numbers);
            }
        }
        Ok(())
    });
    (walked.is_ok() && is_whole).then_some(())
}

/// The numbers of a tensor's memory, whose gradient has as many.
fn len<T: AnyTensor + ?Sized>(tensor: &T) -> Result<usize, CpuError> {
    Ok(tensor.gradient(&mut Gradients::leaky())?.len())
}
