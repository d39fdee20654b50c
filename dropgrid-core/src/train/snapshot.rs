//! The tensors of a network as they were at a moment.

use std::any::Any;

use dfdx::{
    nn::tensor_collection::{
        RecursiveWalker, TensorCollection, TensorOptions, TensorVisitor, ViewTensorMut, ViewTensorRef,
    },
    shapes::Shape,
    tensor::{Cpu, CpuError, Tensor},
};

/// Every tensor of a network, in the order in which it is walked: what is trained, and what is only kept, as the running
/// statistics of a normalization.
///
/// A tensor shares its numbers with the network's until either of them changes, so taking and giving back copy nothing by
/// themselves.
pub(super) struct Snapshot {
    tensors: Vec<Box<dyn Any>>,
}

impl Snapshot {
    /// The tensors of `network` as they are.
    pub(super) fn of<N: TensorCollection<f32, Cpu>>(network: &N) -> Self {
        let mut take = Take(Vec::new());
        // Reading tensors cannot fail on the CPU, and builds nothing.
        let _ = N::iter_tensors(&mut RecursiveWalker { m: network, f: &mut take });
        Self { tensors: take.0 }
    }

    /// Gives the tensors back to the network that they were taken of.
    pub(super) fn restore<N: TensorCollection<f32, Cpu>>(&self, network: &mut N) {
        let mut give = Give(self.tensors.iter());
        let _ = N::iter_tensors(&mut RecursiveWalker { m: network, f: &mut give });
    }
}

struct Take(Vec<Box<dyn Any>>);

impl TensorVisitor<f32, Cpu> for Take {
    type Viewer = ViewTensorRef;
    type Err = CpuError;
    type E2 = f32;
    type D2 = Cpu;

    fn visit<S: Shape>(
        &mut self,
        _options: TensorOptions<S, f32, Cpu>,
        tensor: &Tensor<S, f32, Cpu>,
    ) -> Result<Option<Tensor<S, f32, Cpu>>, CpuError> {
        self.0.push(Box::new(tensor.clone()));
        Ok(None)
    }
}

struct Give<'a>(std::slice::Iter<'a, Box<dyn Any>>);

impl TensorVisitor<f32, Cpu> for Give<'_> {
    type Viewer = ViewTensorMut;
    type Err = CpuError;
    type E2 = f32;
    type D2 = Cpu;

    fn visit<S: Shape>(
        &mut self,
        _options: TensorOptions<S, f32, Cpu>,
        tensor: &mut Tensor<S, f32, Cpu>,
    ) -> Result<Option<Tensor<S, f32, Cpu>>, CpuError> {
        if let Some(taken) = self.0.next().and_then(|taken| taken.downcast_ref::<Tensor<S, f32, Cpu>>()) {
            tensor.clone_from(taken);
        }
        Ok(None)
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
