//! Layers at the head of a network that move and scale each feature by statistics of the rows trained on.

mod min_max;
mod standardize;

pub use min_max::MinMax;
pub use standardize::Standardize;

/// How the layers are declared.
pub(super) mod builder {
    pub use super::{min_max::builder::MinMax, standardize::builder::Standardize};
}

use dfdx::{
    shapes::{Const, Dtype, HasShape, Shape},
    tensor::{NoneTape, OwnedTape, Tape, Tensor},
    tensor_ops::{Device, ReshapeTo},
};

use super::on_slices::{self, Passed};
use crate::kernel::columns::Columns;

/// What is done with each of `N` features.
trait Scale<const N: usize, E: Dtype, D: Device<E>> {
    /// The numbers, where they are `f32` on the CPU.
    fn columns(&self) -> Option<Columns>;

    /// The same by dfdx's operations, on any device.
    fn stock<T: Tape<E, D>>(&self, input: Tensor<(usize, Const<N>), E, D, T>) -> Passed<(usize, Const<N>), E, D, T>;
}

/// An evaluation pass over samples of `N` features.
fn evaluate<const N: usize, S: Shape, E: Dtype, D: Device<E>>(
    layer: &impl Scale<N, E, D>,
    input: Tensor<S, E, D, NoneTape>,
) -> Passed<S, E, D, NoneTape> {
    let done = layer.columns().and_then(|columns| on_slices::evaluate(&input, |x, y| columns.apply(x, y)));
    done.unwrap_or_else(|| stock(layer, input))
}

/// A training pass over samples of `N` features.
fn train<const N: usize, S: Shape, E: Dtype, D: Device<E>>(
    layer: &impl Scale<N, E, D>,
    input: Tensor<S, E, D, OwnedTape<E, D>>,
) -> Passed<S, E, D, OwnedTape<E, D>> {
    let Some(columns) = layer.columns() else { return stock(layer, input) };
    let back = columns.clone();
    let backward = move |_: &[f32], _: &[f32], gradient: &[f32], to: &mut [f32]| back.slope(gradient, to, true);
    on_slices::train(input, |x, y| columns.apply(x, y), backward).unwrap_or_else(|input| stock(layer, input))
}

fn stock<const N: usize, S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    layer: &impl Scale<N, E, D>,
    input: Tensor<S, E, D, T>,
) -> Result<Tensor<S, E, D, T>, D::Err> {
    let shape = *input.shape();
    let rows = shape.num_elements() / N.max(1);
    layer.stock(input.try_reshape_like(&(rows, Const::<N>))?)?.try_reshape_like(&shape)
}

/// Samples of one axis, one by one or in batches, and batches of samples of two and three axes.
macro_rules! takes {
    ($layer:ident: $([$($batch:ident)?; $($axis:ident)*])*) => {$(
        impl<$($batch: Dim,)? $(const $axis: usize,)* const N: usize, E: Dtype, D: Device<E>>
            Module<Tensor<takes!(@shape [$($batch)?] $($axis)*), E, D, NoneTape>> for $layer<N, E, D>
        {
            type Output = Tensor<takes!(@shape [$($batch)?] $($axis)*), E, D, NoneTape>;
            type Error = D::Err;

            fn try_forward(
                &self,
                input: Tensor<takes!(@shape [$($batch)?] $($axis)*), E, D, NoneTape>,
            ) -> Result<Self::Output, D::Err> {
                takes!(@check $layer $($axis)*);
                evaluate(self, input)
            }
        }

        impl<$($batch: Dim,)? $(const $axis: usize,)* const N: usize, E: Dtype, D: Device<E>>
            ModuleMut<Tensor<takes!(@shape [$($batch)?] $($axis)*), E, D, OwnedTape<E, D>>> for $layer<N, E, D>
        {
            type Output = Tensor<takes!(@shape [$($batch)?] $($axis)*), E, D, OwnedTape<E, D>>;
            type Error = D::Err;

            fn try_forward_mut(
                &mut self,
                input: Tensor<takes!(@shape [$($batch)?] $($axis)*), E, D, OwnedTape<E, D>>,
            ) -> Result<Self::Output, D::Err> {
                takes!(@check $layer $($axis)*);
                train(self, input)
            }
        }
    )*};
    (@shape [$($batch:ident)?]) => { ($($batch,)? Const<N>,) };
    (@shape [$($batch:ident)?] $($axis:ident)+) => { ($($batch,)? $(Const<$axis>,)+) };
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
