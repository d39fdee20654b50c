//! Exponential linear units.

use dfdx::{
    shapes::{Dtype, Shape},
    tensor::{Tape, Tensor},
    tensor_ops::{Device, TryAdd, TryMul, TrySub},
};

use super::{Activation, activation, number};
use crate::{kernel::elementwise::Function, nn::tensor::cpu_f32::TensorResult};

/// The exponential linear unit: x if x > 0, else α (e^x - 1) ([Clevert et al. 2016](https://arxiv.org/abs/1511.07289)).
/// Same as PyTorch's [`ELU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ELU.html).
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::ELU;
/// let y = ELU::default().forward(Cpu::default().tensor([-1.0_f32, 0.0, 1.0])).array();
/// let wanted = [-0.632_120_6, 0.0, 1.0];
/// assert!(y.iter().zip(wanted).all(|(y, wanted): (&f32, f32)| (y - wanted).abs() < 1e-6));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ELU {
    /// α; the output tends to -α as x tends to minus infinity. The default is 1.
    pub alpha: f32,
}

activation!(ELU: alpha = 1.0);

impl Activation for ELU {
    fn function(&self) -> Function {
        Function::Elu(self.alpha)
    }

    fn by_tensor_ops<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        &self,
        input: Tensor<S, E, D, T>,
    ) -> TensorResult<S, E, D, T> {
        let below = input.retaped::<T>().try_negate()?.try_relu()?.try_negate()?;
        let below = below.try_exp()?.try_sub(E::ONE)?.try_mul(number::<E>(self.alpha))?;
        input.try_relu()?.try_add(below)
    }
}
