//! Leaky rectified linear units.

use dfdx::{
    shapes::{Dtype, Shape},
    tensor::{Tape, Tensor},
    tensor_ops::{Device, TryAdd, TryMul},
};

use super::{Activation, activation, number};
use crate::{kernel::elementwise::Function, nn::tensor::cpu_f32::TensorResult};

/// The leaky rectified linear unit: x if x > 0, else the slope times x ([Maas et al.
/// 2013](https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf)). The derivative at 0 is the slope. Same
/// as PyTorch's [`LeakyReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html).
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::LeakyReLU;
/// let y = LeakyReLU { slope: 0.5 }.forward(Cpu::default().tensor([-1.0_f32, 0.0, 1.0])).array();
/// assert_eq!(y, [-0.5, 0.0, 1.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeakyReLU {
    /// The slope for negative inputs. The default is 0.01.
    pub slope: f32,
}

activation!(LeakyReLU: slope = 0.01);

impl Activation for LeakyReLU {
    fn function(&self) -> Function {
        Function::LeakyRelu(self.slope)
    }

    fn by_tensor_ops<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        &self,
        input: Tensor<S, E, D, T>,
    ) -> TensorResult<S, E, D, T> {
        // The output is slope x + (1 - slope) max(x, 0). The derivative of max(x, 0) at 0 is 0, so that of the sum is
        // the slope.
        let slope = number::<E>(self.slope);
        let above = input.retaped::<T>().try_relu()?.try_mul(E::ONE - slope)?;
        input.try_mul(slope)?.try_add(above)
    }
}
