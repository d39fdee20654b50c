//! The trainable tensors of a network, one after the other in one slice.

use dfdx::{
    nn::tensor_collection::TensorCollection,
    tensor::{Cpu, Gradients},
};

use crate::{
    error::Failure,
    kernel::AlignedVec,
    model::device,
    nn::{each_tensor, each_tensor_mut},
};

/// Copies of a network's parameters and gradients, in the order in which the network is walked.
///
/// Numbers lie as they lie in the tensors' memory, which is the same for a tensor and its gradient.
pub(in crate::train) struct ParameterVector {
    /// The numbers of each tensor.
    lens: Vec<usize>,
    pub(in crate::train) parameters: AlignedVec,
    pub(in crate::train) gradients: AlignedVec,
}

impl ParameterVector {
    /// Room for all trainable tensors of `network`, whose gradients are those that it has allocated.
    ///
    /// # Errors
    /// [`Failure::Device`] where there is not the memory.
    pub(in crate::train) fn new<N: TensorCollection<f32, Cpu>>(
        network: &N,
        gradients: &mut Gradients<f32, Cpu>,
    ) -> Result<Self, Failure> {
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
    /// [`Failure::Device`] where there is not the memory for a gradient that the network lacks.
    pub(in crate::train) fn read<N: TensorCollection<f32, Cpu>>(
        &mut self,
        network: &N,
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

    /// Writes `numbers`, which lie as the parameters do, to the network.
    pub(in crate::train) fn write<N: TensorCollection<f32, Cpu>>(&self, numbers: &[f32], network: &mut N) {
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
