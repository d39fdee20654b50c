//! The tensors of a network as they were at a moment.

use std::any::Any;

use dfdx::{nn::tensor_collection::TensorCollection, tensor::Cpu};

use crate::nn::{each_tensor, each_tensor_mut};

/// Every tensor of a network, in the order in which it is walked: what is trained, and what is only kept, as the running
/// statistics of a normalization.
///
/// A tensor shares its numbers with the network's until either of them changes, so taking and giving back copy nothing by
/// themselves.
pub(in crate::train) struct Snapshot {
    tensors: Vec<Box<dyn Any>>,
}

impl Snapshot {
    /// The tensors of `network` as they are.
    pub(in crate::train) fn of<N: TensorCollection<f32, Cpu>>(network: &N) -> Self {
        let mut tensors = Vec::new();
        // Reading tensors cannot fail on the CPU.
        let _ = each_tensor(network, |tensor, _| {
            tensors.push(tensor.share());
            Ok(())
        });
        Self { tensors }
    }

    /// Gives the tensors back to the network that they were taken of.
    pub(in crate::train) fn restore<N: TensorCollection<f32, Cpu>>(&self, network: &mut N) {
        let mut tensors = self.tensors.iter();
        let _ = each_tensor_mut(network, |tensor, _| {
            if let Some(taken) = tensors.next() {
                tensor.restore(&**taken);
            }
            Ok(())
        });
    }
}

#[cfg(test)]
mod tests {
    use dfdx::{
        nn::{BuildOnDevice, ModuleMut, builders::BatchNorm1D},
        shapes::Const,
        tensor::{AsArray, SampleTensor, Trace},
    };

    use super::*;

    #[test]
    fn what_is_only_kept_is_taken_and_given_too() {
        let cpu = Cpu::seed_from_u64(1);
        let mut norm = BatchNorm1D::<3>::build_on_device(&cpu);
        let before = Snapshot::of(&norm);
        let (mean, scale) = (norm.running_mean.array(), norm.scale.array());
        norm.forward_mut(cpu.sample_normal_like(&(4, Const::<3>)).leaky_trace());
        norm.scale.copy_from(&[7.0; 3]);
        let after = Snapshot::of(&norm);
        let moved = norm.running_mean.array();
        assert_ne!(moved, mean);
        before.restore(&mut norm);
        assert_eq!((norm.running_mean.array(), norm.scale.array()), (mean, scale));
        // What was taken does not follow the network.
        norm.scale.copy_from(&[9.0; 3]);
        after.restore(&mut norm);
        assert_eq!((norm.running_mean.array(), norm.scale.array()), (moved, [7.0; 3]));
    }
}
