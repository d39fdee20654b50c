//! Exponential linear units.

use dfdx::{
    nn::{
        BuildOnDevice, Module, ModuleMut,
        tensor_collection::{ModuleVisitor, ScalarOptions, TensorCollection},
    },
    shapes::{Dtype, Shape},
    tensor::{NoneTape, OwnedTape, Tape, Tensor},
    tensor_ops::{Device, TryAdd, TryMul, TrySub},
};

use super::{Activation, evaluate, passes, train};
use crate::{
    kernel::map::Function,
    nn::{InputShape, Lower, Range, Settings, TakesInput, Tunable},
    program::{Program, Value},
};

/// x above 0, else α (e^x - 1) ([Clevert et al. 2016](https://arxiv.org/abs/1511.07289)), as PyTorch's
/// [`ELU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ELU.html).
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
    /// What minus infinity becomes, with the other sign.
    pub alpha: f32,
}

impl Default for ELU {
    /// Minus infinity becomes -1.
    fn default() -> Self {
        Self { alpha: 1.0 }
    }
}

impl<E: Dtype, D: Device<E>> BuildOnDevice<D, E> for ELU {
    type Built = Self;
}

impl<E: Dtype, D: Device<E>> TensorCollection<E, D> for ELU {
    type To<E2: Dtype, D2: Device<E2>> = Self;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let one = ScalarOptions::from_default(1.0);
        let field = <Self as TensorCollection<E, D>>::scalar("alpha", |it| &it.alpha, |it| &mut it.alpha, one);
        visitor.visit_fields(field, |alpha| Self { alpha })
    }
}

impl Tunable for ELU {
    const SETTING: &'static str = "alpha";
    const NAMED: Option<&'static str> = Some("alpha");

    fn tune(&mut self, value: f64) {
        self.alpha = value as f32;
    }
}

impl Settings for ELU {
    const SETTINGS: &'static [(&'static str, Range)] = &[("alpha", Range::FINITE)];

    fn set(&mut self, _setting: &str, value: f64) {
        self.alpha = value as f32;
    }
}

passes!(ELU);

impl Activation for ELU {
    fn function(&self) -> Function {
        Function::Elu(self.alpha)
    }

    fn stock<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        &self,
        input: Tensor<S, E, D, T>,
    ) -> Result<Tensor<S, E, D, T>, D::Err> {
        let number = |value: f32| E::from_f32(value).unwrap_or_default();
        let below = input.retaped::<T>().try_negate()?.try_relu()?.try_negate()?;
        let below = below.try_exp()?.try_sub(E::ONE)?.try_mul(number(self.alpha))?;
        input.try_relu()?.try_add(below)
    }
}
