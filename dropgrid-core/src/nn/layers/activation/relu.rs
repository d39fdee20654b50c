//! Rectified linear units.

use dfdx::{
    shapes::{Dtype, Shape},
    tensor::{Tape, Tensor},
    tensor_ops::Device,
};

use super::{Activation, activation};
use crate::{kernel::elementwise::Function, nn::tensor::cpu_f32::TensorResult};

/// The rectified linear unit, max(x, 0). The derivative at 0 is 0. NaN stays NaN; dfdx turns it into 0. Same as
/// PyTorch's [`ReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html).
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::ReLU;
/// assert_eq!(ReLU.forward(Cpu::default().tensor([-1.0_f32, 0.0, 1.0])).array(), [0.0, 0.0, 1.0]);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReLU;

activation!(ReLU);

impl Activation for ReLU {
    fn function(&self) -> Function {
        Function::Relu
    }

    fn by_tensor_ops<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        &self,
        input: Tensor<S, E, D, T>,
    ) -> TensorResult<S, E, D, T> {
        input.try_relu()
    }
}
