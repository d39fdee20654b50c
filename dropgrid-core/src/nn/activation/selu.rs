//! Scaled exponential linear units.

use dfdx::{
    nn::{Module, ModuleMut, ZeroSizedModule},
    shapes::{Dtype, Shape},
    tensor::{NoneTape, OwnedTape, Tape, Tensor},
    tensor_ops::{Device, TryMul},
};

use super::{Activation, ELU, evaluate, number, passes, train};
use crate::{
    kernel::map::{Function, SELU_ALPHA, SELU_SCALE},
    nn::{InputShape, Lower, TakesInput},
    program::{Program, Value},
};

/// λ x above 0, else λ α (e^x - 1), with the λ and α of which mean 0 and variance 1 are a fixed point
/// ([Klambauer et al. 2017](https://arxiv.org/abs/1706.02515)), as PyTorch's
/// [`SELU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.SELU.html). The dropout that keeps them is
/// [`AlphaDropout`](super::super::AlphaDropout).
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

impl ZeroSizedModule for SELU {}

passes!(SELU);

impl Activation for SELU {
    fn function(&self) -> Function {
        Function::Selu
    }

    fn stock<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        &self,
        input: Tensor<S, E, D, T>,
    ) -> Result<Tensor<S, E, D, T>, D::Err> {
        ELU { alpha: SELU_ALPHA }.stock(input)?.try_mul(number::<E>(SELU_SCALE))
    }
}
