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
    /// Those that no gradient changes, as the statistics of a normalization.
    Untrained,
    All,
}

/// Writes tensors of a network in the layout of their memory.
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

/// Reads the tensors that [`write_tensors`] wrote; `None` where they are of a network of another shape.
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

/// The length of a tensor's memory, which is that of its gradient.
fn len<T: AnyTensor + ?Sized>(tensor: &T) -> Result<usize, CpuError> {
    Ok(tensor.gradient(&mut Gradients::leaky())?.len())
}
