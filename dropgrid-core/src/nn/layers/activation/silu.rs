//! Sigmoid linear units.

use dfdx::{
    shapes::{Dtype, Shape},
    tensor::{Tape, Tensor},
    tensor_ops::{Device, TryMul},
};

use super::{Activation, activation};
use crate::{kernel::elementwise::Function, nn::tensor::cpu_f32::TensorResult};

/// The sigmoid linear unit, x sigmoid(x), also called swish ([Elfwing et al. 2018](https://arxiv.org/abs/1702.03118)).
/// Same as PyTorch's [`SiLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.SiLU.html).
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::SiLU;
/// let y = SiLU.forward(Cpu::default().tensor([-1.0_f32, 0.0, 1.0])).array();
/// let wanted = [-0.268_941_4, 0.0, 0.731_058_6];
/// assert!(y.iter().zip(wanted).all(|(y, wanted): (&f32, f32)| (y - wanted).abs() < 1e-6));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SiLU;

activation!(SiLU);

impl Activation for SiLU {
    fn function(&self) -> Function {
        Function::Silu
    }

    fn by_tensor_ops<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        &self,
        input: Tensor<S, E, D, T>,
    ) -> TensorResult<S, E, D, T> {
        let share = input.retaped::<T>().try_sigmoid()?;
        input.try_mul(share)
    }
}
