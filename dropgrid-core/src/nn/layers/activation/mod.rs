//! Activations that dfdx lacks or computes differently.

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

use crate::{
    kernel::elementwise::{self, Function},
    nn::tensor::cpu_f32::{self, TapedTensor, TensorResult, is_cpu_f32},
};

/// An activation, which applies a function to each number.
trait Activation {
    /// Returns the kernel's function, for `f32` tensors on the CPU.
    fn function(&self) -> Function;

    /// Computes the same function with tensor operations, for any device.
    fn by_tensor_ops<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        &self,
        input: Tensor<S, E, D, T>,
    ) -> TensorResult<S, E, D, T>;
}

fn evaluate<S: Shape, E: Dtype, D: Device<E>>(
    layer: &impl Activation,
    input: Tensor<S, E, D>,
) -> TensorResult<S, E, D, NoneTape> {
    let output = cpu_f32::evaluate(&input, |x, y| elementwise::apply(layer.function(), x, y));
    match output {
        Some(output) => output,
        None if const { is_cpu_f32::<E>() } => unreachable!("tensors of `f32` are on the CPU"),
        None => layer.by_tensor_ops(input),
    }
}

fn train<S: Shape, E: Dtype, D: Device<E>>(
    layer: &impl Activation,
    input: TapedTensor<S, E, D>,
) -> TensorResult<S, E, D, OwnedTape<E, D>> {
    let function = layer.function();
    let backward = move |x: &[f32], y: &[f32], gradient: &[f32], to: &mut [f32]| {
        elementwise::backward(function, x, y, gradient, to, true);
    };
    let output = cpu_f32::train(input, |x, y| elementwise::apply(function, x, y), backward);
    output.unwrap_or_else(|input| layer.by_tensor_ops(input))
}

/// Converts a number to the element type of a tensor.
fn number<E: Dtype>(value: f32) -> E {
    E::from_f32(value).unwrap_or_default()
}

/// Implements a layer by its [`Activation`]. The layer has no fields, or one field, which is its principal
/// hyperparameter.
macro_rules! activation {
    ($layer:ident) => {
        impl ::dfdx::nn::ZeroSizedModule for $layer {}

        activation!(@passes $layer);
    };
    ($layer:ident: $field:ident = $default:literal) => {
        $crate::nn::layers::single_setting::single_setting! {
            $layer: $field = $default in $crate::nn::Range::FINITE, stringify!($field)
        }

        activation!(@passes $layer);
    };
    (@passes $layer:ident) => {
        impl $crate::nn::layers::same_shape::SameShape for $layer {
            fn evaluate<S: ::dfdx::shapes::Shape, E: ::dfdx::shapes::Dtype, D: ::dfdx::tensor_ops::Device<E>>(
                &self,
                input: ::dfdx::tensor::Tensor<S, E, D>,
            ) -> $crate::nn::tensor::cpu_f32::TensorResult<S, E, D, ::dfdx::tensor::NoneTape> {
                $crate::nn::layers::activation::evaluate(self, input)
            }

            fn train<S: ::dfdx::shapes::Shape, E: ::dfdx::shapes::Dtype, D: ::dfdx::tensor_ops::Device<E>>(
                &self,
                input: $crate::nn::tensor::cpu_f32::TapedTensor<S, E, D>,
            ) -> $crate::nn::tensor::cpu_f32::TensorResult<S, E, D, ::dfdx::tensor::OwnedTape<E, D>> {
                $crate::nn::layers::activation::train(self, input)
            }
        }

        $crate::nn::layers::same_shape::same_shape!($layer);
        $crate::nn::contract::input::keeps_sample_shape!($layer;);

        impl $crate::nn::Lower for $layer {
            fn lower(
                &self,
                program: &mut $crate::program::Program,
                input: $crate::program::Value,
            ) -> $crate::program::Value {
                program.elementwise(input, $crate::nn::layers::activation::Activation::function(self))
            }
        }

        impl $crate::nn::Export for $layer {
            fn export(&self, graph: &mut $crate::graph::Graph, input: $crate::graph::Edge) -> $crate::graph::Edge {
                graph.elementwise(input, $crate::nn::layers::activation::Activation::function(self))
            }
        }
    };
}
use activation;
