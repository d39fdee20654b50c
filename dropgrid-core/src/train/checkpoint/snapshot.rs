//! Copies of the tensors of a network.

use std::any::Any;

use crate::nn::{Parts, each_tensor, each_tensor_mut};

/// A copy of every tensor of a network in the order of its fields. It includes the tensors that no gradient changes,
/// such as the running statistics of a normalization.
///
/// A copy shares its memory with the network's tensor until either changes, so taking and restoring a snapshot copy no
/// numbers by themselves.
pub(in crate::train) struct Snapshot {
    tensors: Vec<Box<dyn Any>>,
}

impl Snapshot {
    /// Takes a snapshot of `network`.
    pub(in crate::train) fn of(network: &dyn Parts) -> Self {
        let mut tensors = Vec::new();
        // Reading tensors cannot fail on the CPU.
        let _ = each_tensor(network, |tensor, _| {
            tensors.push(tensor.share());
            Ok(())
        });
        Self { tensors }
    }

    /// Restores the network from which the snapshot was taken.
    pub(in crate::train) fn restore(&self, network: &mut dyn Parts) {
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
        tensor::{AsArray, Cpu, SampleTensor, Trace},
    };

    use super::*;

    #[test]
    fn statistics_are_copied_and_restored_too() {
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
        // A snapshot does not follow the network.
        norm.scale.copy_from(&[9.0; 3]);
        after.restore(&mut norm);
        assert_eq!((norm.running_mean.array(), norm.scale.array()), (moved, [7.0; 3]));
    }
}
