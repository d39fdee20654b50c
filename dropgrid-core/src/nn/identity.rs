//! The layer that does nothing.

use dfdx::{
    nn::{Module, ModuleMut, ZeroSizedModule},
    shapes::{Dtype, Shape},
    tensor::{NoneTape, OwnedTape, Tensor},
    tensor_ops::Device,
};

use super::{InputShape, Lower, TakesInput};
use crate::program::{Program, Value};

/// Returns its input, as PyTorch's
/// [`Identity`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Identity.html). It is the alternative to a layer that a
/// search may leave out: `#[grid(BatchNorm1D<UNITS>, Identity)] Norm`.
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

impl<S: Shape, E: Dtype, D: Device<E>> Module<Tensor<S, E, D, NoneTape>> for Identity {
    type Output = Tensor<S, E, D, NoneTape>;
    type Error = D::Err;

    fn try_forward(&self, input: Tensor<S, E, D, NoneTape>) -> Result<Self::Output, D::Err> {
        Ok(input)
    }
}

impl<S: Shape, E: Dtype, D: Device<E>> ModuleMut<Tensor<S, E, D, OwnedTape<E, D>>> for Identity {
    type Output = Tensor<S, E, D, OwnedTape<E, D>>;
    type Error = D::Err;

    fn try_forward_mut(&mut self, input: Tensor<S, E, D, OwnedTape<E, D>>) -> Result<Self::Output, D::Err> {
        Ok(input)
    }
}

impl<Rest: InputShape> TakesInput<Rest> for Identity {
    type Sample = Rest::Sample;
}

impl Lower for Identity {
    fn lower(&self, _program: &mut Program, input: Value) -> Value {
        input
    }
}
