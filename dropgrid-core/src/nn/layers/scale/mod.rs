//! Scalers at the head of a network, which shift and scale each feature by statistics of the training rows.

mod affine;
mod min_max;
mod standardize;

pub(super) use affine::Affine;
pub use min_max::MinMax;
pub use standardize::Standardize;

/// The declarations of the layers.
pub(in crate::nn) mod builder {
    pub use super::{min_max::builder::MinMax, standardize::builder::Standardize};
}

use dfdx::{
    shapes::{Const, Dtype, HasShape, Shape},
    tensor::{NoneTape, OwnedTape, Tape, Tensor},
    tensor_ops::{Device, ReshapeTo},
};

use crate::{
    kernel::columns::Columns,
    nn::tensor::cpu_f32::{self, TapedTensor, TensorResult},
};

/// A layer that shifts and scales each of `N` features.
trait Scaler<const N: usize, E: Dtype, D: Device<E>> {
    /// Returns the operands of the kernel, for `f32` tensors on the CPU.
    fn columns(&self) -> Option<Columns>;

    /// Computes the same with tensor operations, for any device.
    fn by_tensor_ops<T: Tape<E, D>>(
        &self,
        input: Tensor<(usize, Const<N>), E, D, T>,
    ) -> TensorResult<(usize, Const<N>), E, D, T>;
}

/// Computes an evaluation pass on samples of `N` features.
fn evaluate<const N: usize, S: Shape, E: Dtype, D: Device<E>>(
    layer: &impl Scaler<N, E, D>,
    input: Tensor<S, E, D>,
) -> TensorResult<S, E, D, NoneTape> {
    let output = layer.columns().and_then(|columns| cpu_f32::evaluate(&input, |x, y| columns.apply(x, y)));
    output.unwrap_or_else(|| by_tensor_ops(layer, input))
}

/// Computes a training pass on samples of `N` features.
fn train<const N: usize, S: Shape, E: Dtype, D: Device<E>>(
    layer: &impl Scaler<N, E, D>,
    input: TapedTensor<S, E, D>,
) -> TensorResult<S, E, D, OwnedTape<E, D>> {
    let Some(columns) = layer.columns() else { return by_tensor_ops(layer, input) };
    let back = columns.clone();
    let backward = move |_: &[f32], _: &[f32], gradient: &[f32], to: &mut [f32]| back.backward(gradient, to, true);
    cpu_f32::train(input, |x, y| columns.apply(x, y), backward).unwrap_or_else(|input| by_tensor_ops(layer, input))
}

fn by_tensor_ops<const N: usize, S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    layer: &impl Scaler<N, E, D>,
    input: Tensor<S, E, D, T>,
) -> TensorResult<S, E, D, T> {
    let shape = *input.shape();
    let rows = shape.num_elements() / N.max(1);
    layer.by_tensor_ops(input.try_reshape_like(&(rows, Const::<N>))?)?.try_reshape_like(&shape)
}

/// Implements the passes of a [`Scaler`] for tensors with an optional batch axis and the given axes of a sample.
/// Without given axes, a sample has the shape (N).
macro_rules! takes {
    ($layer:ident: $([$($batch:ident)?; $($axis:ident)*])*) => {$(
        impl<$($batch: ::dfdx::shapes::Dim,)? $(const $axis: usize,)* const N: usize, E: ::dfdx::shapes::Dtype, D: ::dfdx::tensor_ops::Device<E>>
            ::dfdx::nn::Module<::dfdx::tensor::Tensor<takes!(@shape [$($batch)?] $($axis)*), E, D>> for $layer<N, E, D>
        {
            type Output = ::dfdx::tensor::Tensor<takes!(@shape [$($batch)?] $($axis)*), E, D>;
            type Error = D::Err;

            fn try_forward(
                &self,
                input: ::dfdx::tensor::Tensor<takes!(@shape [$($batch)?] $($axis)*), E, D>,
            ) -> Result<Self::Output, D::Err> {
                takes!(@check $layer $($axis)*);
                $crate::nn::layers::scale::evaluate(self, input)
            }
        }

        impl<$($batch: ::dfdx::shapes::Dim,)? $(const $axis: usize,)* const N: usize, E: ::dfdx::shapes::Dtype, D: ::dfdx::tensor_ops::Device<E>>
            ::dfdx::nn::ModuleMut<$crate::nn::tensor::cpu_f32::TapedTensor<takes!(@shape [$($batch)?] $($axis)*), E, D>> for $layer<N, E, D>
        {
            type Output = $crate::nn::tensor::cpu_f32::TapedTensor<takes!(@shape [$($batch)?] $($axis)*), E, D>;
            type Error = D::Err;

            fn try_forward_mut(
                &mut self,
                input: $crate::nn::tensor::cpu_f32::TapedTensor<takes!(@shape [$($batch)?] $($axis)*), E, D>,
            ) -> Result<Self::Output, D::Err> {
                takes!(@check $layer $($axis)*);
                $crate::nn::layers::scale::train(self, input)
            }
        }
    )*};
    (@shape [$($batch:ident)?]) => { ($($batch,)? ::dfdx::shapes::Const<N>,) };
    (@shape [$($batch:ident)?] $($axis:ident)+) => { ($($batch,)? $(::dfdx::shapes::Const<$axis>,)+) };
    (@check $layer:ident) => {};
    (@check $layer:ident $($axis:ident)+) => {
        const {
            assert!(
                N == 1 $(* $axis)+,
                concat!("`", stringify!($layer), "<N>` has a statistic for each of the N numbers in a sample")
            );
        }
    };
}
use takes;
