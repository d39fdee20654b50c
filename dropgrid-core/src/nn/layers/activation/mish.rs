//! The activation Mish.

use dfdx::{
    shapes::{Dtype, Shape},
    tensor::{Tape, Tensor},
    tensor_ops::{Device, TryAdd, TryMul},
};

use super::{Activation, activation};
use crate::{kernel::elementwise::Function, nn::tensor::cpu_f32::TensorResult};

/// The activation x tanh(ln(1 + e^x)) ([Misra 2019](https://arxiv.org/abs/1908.08681)). Same as PyTorch's
/// [`Mish`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Mish.html).
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::Mish;
/// let y = Mish.forward(Cpu::default().tensor([-1.0_f32, 0.0, 1.0])).array();
/// let wanted = [-0.303_401_5, 0.0, 0.865_098_4];
/// assert!(y.iter().zip(wanted).all(|(y, wanted): (&f32, f32)| (y - wanted).abs() < 1e-6));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mish;

activation!(Mish);

impl Activation for Mish {
    fn function(&self) -> Function {
        Function::Mish
    }

    fn by_tensor_ops<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        &self,
        input: Tensor<S, E, D, T>,
    ) -> TensorResult<S, E, D, T> {
        // ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), which does not overflow.
        let small = input.retaped::<T>().try_abs()?.try_negate()?.try_exp()?.try_add(E::ONE)?.try_ln()?;
        let share = input.retaped::<T>().try_relu()?.try_add(small)?.try_tanh()?;
        input.try_mul(share)
    }
}
