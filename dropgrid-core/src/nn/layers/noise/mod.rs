//! Layers other than [`Dropout`](super::Dropout) that add random noise in training passes. In an evaluation pass they
//! return their input.

mod alpha_dropout;
mod dropout_2d;
mod gaussian_dropout;
mod gaussian_noise;
#[cfg(test)]
mod keras;
mod spatial_dropout_1d;

pub use alpha_dropout::AlphaDropout;
pub use dropout_2d::Dropout2D;
pub use gaussian_dropout::GaussianDropout;
pub use gaussian_noise::GaussianNoise;
pub use spatial_dropout_1d::SpatialDropout1D;

use dfdx::{
    shapes::{Dtype, HasShape, Shape},
    tensor::OwnedTape,
    tensor_ops::{Device, TryAdd, TryMul},
};

use crate::{
    kernel::{mask::Stream, noise::Noise},
    nn::tensor::cpu_f32::{TapedTensor, TensorResult},
    seed::{Purpose, Seed},
};

/// A layer that adds random noise in training passes.
trait NoiseLayer {
    /// Returns the noise for tensors with these last axes, or `None` if the layer changes nothing.
    fn noise(&self, axes: &[usize]) -> Option<Noise>;
}

/// Computes a training pass on dfdx's tape. The key comes from the random generator of the input's device, as in dfdx's
/// dropout.
fn train<S: Shape, E: Dtype, D: Device<E>>(
    layer: &impl NoiseLayer,
    input: TapedTensor<S, E, D>,
) -> TensorResult<S, E, D, OwnedTape<E, D>> {
    let shape = *input.shape();
    let Some(noise) = layer.noise(shape.concrete().as_ref()) else { return Ok(input) };
    let key = Seed(input.device().random_u64()).key(Purpose::Noise);
    let mut mask = vec![0.0; shape.num_elements()];
    noise.fill(&mut mask, &Stream { key: key.words(), layer: 0 });
    let device = input.device().clone();
    let tensor = |values: &mut dyn Iterator<Item = f32>| {
        let values = values.map(|value| E::from_f32(value).unwrap_or_default()).collect();
        device.try_tensor_from_vec(values, shape)
    };
    let factors = tensor(&mut mask.iter().copied())?;
    match noise {
        Noise::Sum { .. } => input.try_add(factors),
        Noise::Alpha { .. } => {
            input.try_mul(factors)?.try_add(tensor(&mut mask.iter().map(|factor| noise.shift(*factor)))?)
        }
        Noise::Channels { .. } | Noise::Product { .. } => input.try_mul(factors),
    }
}

/// Implements a layer by its [`NoiseLayer`]. The field `$field` is the principal hyperparameter `$name` in `$range`,
/// with default `$default`. The layer takes tensors of any shape, or only those with the listed axes.
macro_rules! noise_layer {
    ($layer:ident: $field:ident = $default:literal in $range:expr, $name:literal $(, $($axes:tt)+)?) => {
        $crate::nn::layers::single_setting::single_setting!($layer: $field = $default in $range, $name);

        impl $crate::nn::layers::same_shape::SameShape for $layer {
            fn train<S: ::dfdx::shapes::Shape, E: ::dfdx::shapes::Dtype, D: ::dfdx::tensor_ops::Device<E>>(
                &self,
                input: $crate::nn::tensor::cpu_f32::TapedTensor<S, E, D>,
            ) -> $crate::nn::tensor::cpu_f32::TensorResult<S, E, D, ::dfdx::tensor::OwnedTape<E, D>> {
                $crate::nn::layers::noise::train(self, input)
            }
        }

        $crate::nn::layers::same_shape::same_shape!($layer $(: $($axes)+)?);
        $crate::nn::contract::input::keeps_sample_shape!($layer;);

        impl $crate::nn::Lower for $layer {
            fn lower(
                &self,
                program: &mut $crate::program::Program,
                input: $crate::program::Value,
            ) -> $crate::program::Value {
                let noise = $crate::nn::layers::noise::NoiseLayer::noise(self, program.shape(input));
                program.noise(input, noise)
            }
        }

        impl $crate::nn::Export for $layer {
            fn export(&self, _graph: &mut $crate::graph::Graph, input: $crate::graph::Edge) -> $crate::graph::Edge {
                input
            }
        }
    };
}
use noise_layer;
