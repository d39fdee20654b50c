//! The layer that does nothing.

use dfdx::{
    nn::ZeroSizedModule,
    shapes::{Dtype, Shape},
    tensor::OwnedTape,
    tensor_ops::Device,
};

use super::same_shape::{SameShape, same_shape};
use crate::{
    graph::{Edge, Graph},
    nn::{
        Export, Lower,
        contract::input::keeps_sample_shape,
        tensor::cpu_f32::{TapedTensor, TensorResult},
    },
    program::{Program, Value},
};

/// Returns its input, as PyTorch's [`Identity`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Identity.html).
/// In a search over layer types it means no layer: `#[grid(BatchNorm1D<UNITS>, Identity)] Norm`.
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::Identity;
/// assert_eq!(Identity.forward(Cpu::default().tensor([-1.0_f32, 2.0])).array(), [-1.0, 2.0]);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Identity;

impl ZeroSizedModule for Identity {}

same_shape!(Identity);
keeps_sample_shape!(Identity;);

impl SameShape for Identity {
    fn train<S: Shape, E: Dtype, D: Device<E>>(
        &self,
        input: TapedTensor<S, E, D>,
    ) -> TensorResult<S, E, D, OwnedTape<E, D>> {
        Ok(input)
    }
}

impl Export for Identity {
    fn export(&self, _graph: &mut Graph, input: Edge) -> Edge {
        input
    }
}

impl Lower for Identity {
    fn lower(&self, _program: &mut Program, input: Value) -> Value {
        input
    }
}
