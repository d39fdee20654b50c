//! Layers that do something to a training pass at random, beside [`Dropout`](super::Dropout), and nothing to an
//! evaluation pass.

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
    tensor::{OwnedTape, Tensor},
    tensor_ops::{Device, TryAdd, TryMul},
};

use super::on_slices::Passed;
use crate::{
    kernel::{mask::Stream, noise::Noise},
    seed::{Purpose, Seed},
};

/// What a layer does to a training pass.
trait Noisy {
    /// Its noise for tensors whose last axes are these; none where it does nothing.
    fn noise(&self, axes: &[usize]) -> Option<Noise>;
}

/// A training pass on dfdx's tape. The key is drawn from the input's device, as dfdx's dropout does it.
fn train<S: Shape, E: Dtype, D: Device<E>>(
    layer: &impl Noisy,
    input: Tensor<S, E, D, OwnedTape<E, D>>,
) -> Passed<S, E, D, OwnedTape<E, D>> {
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

/// What is the same for every layer with one number, which is its principal hyperparameter: its field `$field`, called
/// `$name`, in `$range`, `$default` where nothing is said.
macro_rules! layer {
    ($layer:ident, $field:ident = $default:literal, $name:literal in $range:expr) => {
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
                let field = <Self as TensorCollection<E, D>>::scalar(
                    stringify!($field),
                    |it| &it.$field,
                    |it| &mut it.$field,
                    default,
                );
                visitor.visit_fields(field, |$field| Self { $field })
            }
        }

        impl Tunable for $layer {
            const SETTING: &'static str = $name;
            const NAMED: Option<&'static str> = Some(stringify!($field));
            const RANGE: Range = $range;

            fn tune(&mut self, value: f64) {
                self.$field = value as f32;
            }
        }

        impl Settings for $layer {
            const SETTINGS: &'static [(&'static str, Range)] = &[(stringify!($field), $range)];

            fn set(&mut self, _setting: &str, value: f64) {
                self.$field = value as f32;
            }
        }

        impl<Rest: InputShape> TakesInput<Rest> for $layer {
            type Sample = Rest::Sample;
        }

        impl Lower for $layer {
            fn lower(&self, program: &mut Program, input: Value) -> Value {
                let noise = self.noise(program.shape(input));
                program.noise(input, noise)
            }
        }
    };
}
use layer;

/// The two passes of a layer, for tensors of any shape or of those with the axes listed.
macro_rules! passes {
    ($layer:ident) => {
        passes!(@of $layer, [S], S where [S: Shape]);
    };
    ($layer:ident: $(($($axis:ident)+))+) => {
        $(passes!(@of $layer, [$($axis),+], ($($axis,)+) where [$($axis: Dim),+]);)+
    };
    (@of $layer:ident, [$($name:ident),+], $shape:ty where [$($bound:tt)+]) => {
        impl<$($bound)+, E: Dtype, D: Device<E>> Module<Tensor<$shape, E, D, NoneTape>> for $layer {
            type Output = Tensor<$shape, E, D, NoneTape>;
            type Error = D::Err;

            fn try_forward(&self, input: Tensor<$shape, E, D, NoneTape>) -> Result<Self::Output, D::Err> {
                Ok(input)
            }
        }

        impl<$($bound)+, E: Dtype, D: Device<E>> ModuleMut<Tensor<$shape, E, D, OwnedTape<E, D>>> for $layer {
            type Output = Tensor<$shape, E, D, OwnedTape<E, D>>;
            type Error = D::Err;

            fn try_forward_mut(
                &mut self,
                input: Tensor<$shape, E, D, OwnedTape<E, D>>,
            ) -> Result<Self::Output, D::Err> {
                train(self, input)
            }
        }
    };
}
use passes;
