//! Scaled exponential linear units.

use dfdx::{
    shapes::{Dtype, Shape},
    tensor::{Tape, Tensor},
    tensor_ops::{Device, TryMul},
};

use super::{Activation, activation, elu::ELU, number};
use crate::{
    kernel::elementwise::{Function, SELU_ALPHA, SELU_SCALE},
    nn::tensor::cpu_f32::TensorResult,
};

/// The scaled exponential linear unit: λ x if x > 0, else λ α (e^x - 1) ([Klambauer et al.
/// 2017](https://arxiv.org/abs/1706.02515)). Same as PyTorch's
/// [`SELU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.SELU.html).
///
/// The constants λ and α make mean 0 and variance 1 a fixed point. [`AlphaDropout`](crate::nn::AlphaDropout) preserves
/// both.
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::SELU;
/// let y = SELU.forward(Cpu::default().tensor([-1.0_f32, 0.0, 1.0])).array();
/// let wanted = [-1.111_330_7, 0.0, 1.050_701];
/// assert!(y.iter().zip(wanted).all(|(y, wanted): (&f32, f32)| (y - wanted).abs() < 1e-6));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SELU;

activation!(SELU);

impl Activation for SELU {
    fn function(&self) -> Function {
        Function::Selu
    }

    fn by_tensor_ops<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        &self,
        input: Tensor<S, E, D, T>,
    ) -> TensorResult<S, E, D, T> {
        ELU { alpha: SELU_ALPHA }.by_tensor_ops(input)?.try_mul(number::<E>(SELU_SCALE))
    }
}
