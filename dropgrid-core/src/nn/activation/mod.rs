//! Activations that dfdx lacks, or computes wrongly.

mod accurate_gelu;
mod elu;
mod leaky_relu;
mod mish;
mod relu;
mod selu;
mod silu;

pub use accurate_gelu::AccurateGeLU;
pub use elu::ELU;
pub use leaky_relu::LeakyReLU;
pub use mish::Mish;
pub use relu::ReLU;
pub use selu::SELU;
pub use silu::SiLU;

use dfdx::{
    shapes::{Dtype, Shape},
    tensor::{NoneTape, OwnedTape, Tape, Tensor},
    tensor_ops::Device,
};

use super::on_slices::{self, Passed};
use crate::kernel::map::{self, Function};

/// A function of each number.
trait Activation {
    /// The function, where numbers are `f32` on the CPU.
    fn function(&self) -> Function;

    /// The same by dfdx's operations, on any device.
    fn stock<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        &self,
        input: Tensor<S, E, D, T>,
    ) -> Result<Tensor<S, E, D, T>, D::Err>;
}

fn evaluate<S: Shape, E: Dtype, D: Device<E>>(
    layer: &impl Activation,
    input: Tensor<S, E, D, NoneTape>,
) -> Passed<S, E, D, NoneTape> {
    let done = on_slices::evaluate(&input, |x, y| map::apply(layer.function(), x, y));
    done.unwrap_or_else(|| layer.stock(input))
}

fn train<S: Shape, E: Dtype, D: Device<E>>(
    layer: &impl Activation,
    input: Tensor<S, E, D, OwnedTape<E, D>>,
) -> Passed<S, E, D, OwnedTape<E, D>> {
    let function = layer.function();
    let backward = move |x: &[f32], y: &[f32], gradient: &[f32], to: &mut [f32]| {
        map::slope(function, x, y, gradient, to, true);
    };
    on_slices::train(input, |x, y| map::apply(function, x, y), backward).unwrap_or_else(|input| layer.stock(input))
}

/// A number in the type of a tensor's numbers.
fn number<E: Dtype>(value: f32) -> E {
    E::from_f32(value).unwrap_or_default()
}

/// What is the same for every function with one number, which is its principal hyperparameter: its field `$field`, `$default`
/// where nothing is said.
macro_rules! setting {
    ($layer:ident, $field:ident = $default:literal, $name:literal) => {
        impl Default for $layer {
            fn default() -> Self {
                Self { $field: $default }
            }
        }

        impl<E: Dtype, D: Device<E>> BuildOnDevice<D, E> for $layer {
            type Built = Self;
        }

        impl<E: Dtype, D: Device<E>> TensorCollection<E, D> for $layer {
            type To<E2: Dtype, D2: Device<E2>> = Self;

            fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
                visitor: &mut V,
            ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
                let default = ScalarOptions::from_default($default);
                let field =
                    <Self as TensorCollection<E, D>>::scalar($name, |it| &it.$field, |it| &mut it.$field, default);
                visitor.visit_fields(field, |$field| Self { $field })
            }
        }

        impl Tunable for $layer {
            const SETTING: &'static str = $name;
            const NAMED: Option<&'static str> = Some($name);

            fn tune(&mut self, value: f64) {
                self.$field = value as f32;
            }
        }

        impl Settings for $layer {
            const SETTINGS: &'static [(&'static str, Range)] = &[($name, Range::FINITE)];

            fn set(&mut self, _setting: &str, value: f64) {
                self.$field = value as f32;
            }
        }
    };
}
use setting;

/// What is the same for every function.
macro_rules! passes {
    ($layer:ident) => {
        impl<S: Shape, E: Dtype, D: Device<E>> Module<Tensor<S, E, D, NoneTape>> for $layer {
            type Output = Tensor<S, E, D, NoneTape>;
            type Error = D::Err;

            fn try_forward(&self, input: Tensor<S, E, D, NoneTape>) -> Result<Self::Output, D::Err> {
                evaluate(self, input)
            }
        }

        impl<S: Shape, E: Dtype, D: Device<E>> ModuleMut<Tensor<S, E, D, OwnedTape<E, D>>> for $layer {
            type Output = Tensor<S, E, D, OwnedTape<E, D>>;
            type Error = D::Err;

            fn try_forward_mut(&mut self, input: Tensor<S, E, D, OwnedTape<E, D>>) -> Result<Self::Output, D::Err> {
                train(self, input)
            }
        }

        impl<Rest: InputShape> TakesInput<Rest> for $layer {
            type Sample = Rest::Sample;
        }

        impl Lower for $layer {
            fn lower(&self, program: &mut Program, input: Value) -> Value {
                program.map(input, self.function())
            }
        }
    };
}
use passes;
