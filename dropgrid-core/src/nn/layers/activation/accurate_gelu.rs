//! Gaussian error linear units.

use dfdx::{
    shapes::{Dtype, HasShape, Shape},
    tensor::{PutTape, SplitTape, Tape, Tensor},
    tensor_ops::{Device, TryAdd, TryMul},
};

use super::{Activation, activation, number};
use crate::{kernel::elementwise::Function, nn::tensor::cpu_f32::TensorResult};

/// The Gaussian error linear unit, x Φ(x), with Φ the distribution function of the standard normal distribution
/// ([Hendrycks and Gimpel 2016](https://arxiv.org/abs/1606.08415)). Same as PyTorch's
/// [`GELU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GELU.html).
///
/// The derivative is Φ(x) + x φ(x). The derivative of dfdx 0.13 has √2 x φ(x) instead of x φ(x).
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::AccurateGeLU;
/// let y = AccurateGeLU.forward(Cpu::default().tensor([-1.0_f32, 0.0, 1.0])).array();
/// let wanted = [-0.158_655_3, 0.0, 0.841_344_7];
/// assert!(y.iter().zip(wanted).all(|(y, wanted): (&f32, f32)| (y - wanted).abs() < 1e-6));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccurateGeLU;

activation!(AccurateGeLU);

impl Activation for AccurateGeLU {
    fn function(&self) -> Function {
        Function::Gelu
    }

    fn by_tensor_ops<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        &self,
        input: Tensor<S, E, D, T>,
    ) -> TensorResult<S, E, D, T> {
        // dfdx has no Φ. The quotient of dfdx's GELU and x computes it.
        let (bare, tape) = input.split_tape();
        let outputs = bare.clone().try_accurate_gelu()?.as_vec();
        let share = |(x, y): (E, E)| match (x.to_f64().unwrap_or_default(), y.to_f64().unwrap_or_default()) {
            (0.0, _) => 0.5,
            (x, _) if x.abs() > 40.0 => f64::from(u8::from(x > 0.0)),
            (x, y) => y / x,
        };
        let shares = bare.as_vec().into_iter().zip(outputs).map(|pair| E::from_f64(share(pair)).unwrap_or_default());
        let shares = bare.device().try_tensor_from_vec(shares.collect(), *bare.shape())?;
        let input = bare.put_tape(tape);
        // Φ is a constant on the tape. Adding -φ(x) with its tape and φ(x) without it leaves the value unchanged and
        // adds x φ(x) to the derivative.
        let density = |x: Tensor<S, E, D, T>| {
            let square = x.try_square()?.try_mul(number::<E>(-0.5))?.try_exp()?;
            square.try_mul(
                E::from_f64(0.5 * std::f64::consts::FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2)
                    .unwrap_or_default(),
            )
        };
        let taped = density(input.retaped::<T>())?;
        let (bare, tape) = taped.split_tape();
        let value = bare.clone();
        let taped = bare.put_tape(tape).try_negate()?.try_add(value)?;
        input.try_mul(shares)?.try_add(taped)
    }
}
