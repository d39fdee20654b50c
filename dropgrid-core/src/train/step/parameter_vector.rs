//! The trainable tensors of a network as one slice.

use dfdx::tensor::{Cpu, Gradients};

use crate::{
    error::Failure,
    kernel::AlignedVec,
    model::device,
    nn::{Parts, each_tensor, each_tensor_mut},
};

/// Copies of a network's parameters and their gradients, tensor after tensor in the order of the network's fields.
///
/// Each tensor has its memory layout, which its gradient shares.
pub(in crate::train) struct ParameterVector {
    /// The length of each tensor.
    lens: Vec<usize>,
    pub(in crate::train) parameters: AlignedVec,
    pub(in crate::train) gradients: AlignedVec,
}

impl ParameterVector {
    /// Allocates zeros for all trainable tensors of `network`, which allocated `gradients`.
    ///
    /// # Errors
    /// [`Failure::Device`] if memory runs out.
    pub(in crate::train) fn new(network: &dyn Parts, gradients: &mut Gradients<f32, Cpu>) -> Result<Self, Failure> {
        let mut lens = Vec::new();
        each_tensor(network, |tensor, is_trained| {
            if is_trained {
                lens.push(tensor.gradient(gradients)?.len());
            }
            Ok(())
        })
        .map_err(device)?;
        let len = lens.iter().sum();
        Ok(Self { lens, parameters: AlignedVec::filled(0.0, len)?, gradients: AlignedVec::filled(0.0, len)? })
    }

    /// Copies the network's parameters and their gradients.
    ///
    /// # Errors
    /// [`Failure::Device`] if memory for a missing gradient runs out.
    pub(in crate::train) fn read(
        &mut self,
        network: &dyn Parts,
        gradients: &mut Gradients<f32, Cpu>,
    ) -> Result<(), Failure> {
        let mut at = 0;
        each_tensor(network, |tensor, is_trained| {
            if is_trained {
                let gradient = tensor.gradient(gradients)?;
                let range = at..at + gradient.len();
                at = range.end;
                tensor.copy_into(&mut self.parameters[range.clone()]);
                self.gradients[range].copy_from_slice(gradient);
            }
            Ok(())
        })
        .map_err(device)
    }

    /// Writes `numbers`, in the layout of the parameters, to the network.
    pub(in crate::train) fn write(&self, numbers: &[f32], network: &mut dyn Parts) {
        let (mut lens, mut numbers) = (self.lens.iter(), numbers);
        // Writing to tensors cannot fail on the CPU.
        let _ = each_tensor_mut(network, |tensor, is_trained| {
            if is_trained && let Some(&len) = lens.next() {
                let (own, rest) = numbers.split_at(len);
                tensor.copy_from(own);
                numbers = rest;
            }
            Ok(())
        });
    }
}
