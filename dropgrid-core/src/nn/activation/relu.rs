//! Rectified linear units.

use dfdx::{
    nn::{Module, ModuleMut, ZeroSizedModule},
    shapes::{Dtype, Shape},
    tensor::{NoneTape, OwnedTape, Tape, Tensor},
    tensor_ops::Device,
};

use super::{Activation, evaluate, passes, train};
use crate::{
    kernel::map::Function,
    nn::{InputShape, Lower, TakesInput},
    program::{Program, Value},
};

/// max(x, 0), as PyTorch's [`ReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html). The derivative at 0 is
/// 0, and NaN stays NaN, which dfdx makes 0.
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::ReLU;
/// assert_eq!(ReLU.forward(Cpu::default().tensor([-1.0_f32, 0.0, 1.0])).array(), [0.0, 0.0, 1.0]);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReLU;

impl ZeroSizedModule for ReLU {}

passes!(ReLU);

impl Activation for ReLU {
    fn function(&self) -> Function {
        Function::Relu
    }

    fn stock<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        &self,
        input: Tensor<S, E, D, T>,
    ) -> Result<Tensor<S, E, D, T>, D::Err> {
        input.try_relu()
    }
}
