//! Functions of each number that dfdx lacks.

mod elu;
mod mish;
mod selu;
mod silu;

pub use elu::ELU;
pub use mish::Mish;
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
