//! The evaluation and training pass of layers for sequences.

use std::any::Any;

use dfdx::{
    nn::tensor_collection::TensorCollection,
    shapes::{Dtype, HasShape, Shape},
    tensor::{Cpu, OwnedTape, Tape, Tensor},
    tensor_ops::{Device, ReshapeTo},
};

use super::{
    by_program,
    tensor_ops::{Masks, Steps},
};
use crate::nn::{
    Lower,
    tensor::cpu_f32::{TapedTensor, TensorResult, cast},
};

/// A layer for sequences that is computed with tensor operations, for any device.
pub(super) trait ByTensorOps<E: Dtype, D: Device<E>> {
    /// Computes a pass on samples of two axes; a missing axis has length 1. With a tape it is a training pass,
    /// otherwise an evaluation pass.
    fn by_tensor_ops<T: Tape<E, D>>(
        &self,
        input: Tensor<Steps, E, D, T>,
        masks: &mut Masks,
    ) -> TensorResult<Steps, E, D, T>;
}

/// Computes a pass with tensor operations, for any device, on samples with these axes.
fn by_tensor_ops<S: Shape, R: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    layer: &impl ByTensorOps<E, D>,
    input: Tensor<S, E, D, T>,
    axes: &[usize],
    shape: R,
) -> TensorResult<R, E, D, T> {
    let [steps, channels] = [axes[0], axes[1..].iter().product()];
    let batch = input.shape().num_elements() / (steps * channels).max(1);
    let input = input.try_reshape_like(&(batch, steps, channels))?;
    layer.by_tensor_ops(input, &mut Masks::default())?.try_reshape_like(&shape)
}

/// Computes an evaluation pass. `Own` is the layer's type in `f32` on the CPU.
pub(super) fn evaluate<Own, L, S, R, E, D>(
    layer: &L,
    input: Tensor<S, E, D>,
    axes: &[usize],
    shape: R,
) -> Result<Tensor<R, E, D>, D::Err>
where
    Own: Lower + 'static,
    L: ByTensorOps<E, D> + 'static,
    S: Shape,
    R: Shape,
    E: Dtype,
    D: Device<E>,
{
    let own = (layer as &dyn Any).downcast_ref::<Own>();
    let x = (&input as &dyn Any).downcast_ref::<Tensor<S, f32, Cpu>>();
    let out = own.zip(x).and_then(|(own, x)| cast(by_program::evaluate(own, x, axes, shape)));
    out.unwrap_or_else(|| by_tensor_ops(layer, input, axes, shape))
}

/// Computes a training pass: [`evaluate`] with the backward pass on the tape.
pub(super) fn train<Own, L, S, R, E, D>(
    layer: &L,
    input: TapedTensor<S, E, D>,
    axes: &[usize],
    shape: R,
) -> TensorResult<R, E, D, OwnedTape<E, D>>
where
    Own: Lower + TensorCollection<f32, Cpu> + Clone + 'static,
    L: ByTensorOps<E, D> + 'static,
    S: Shape,
    R: Shape,
    E: Dtype,
    D: Device<E>,
{
    let own = (layer as &dyn Any).downcast_ref::<Own>();
    let own = own.filter(|_| (&input as &dyn Any).is::<TapedTensor<S, f32, Cpu>>());
    let Some(own) = own else { return by_tensor_ops(layer, input, axes, shape) };
    let input: Option<TapedTensor<S, f32, Cpu>> = cast(input);
    let out = input.map(|input| by_program::train(own, input, axes, shape)).and_then(cast);
    out.expect("the type was checked above")
}

/// Implements dfdx's traits of both passes by [`ByTensorOps`] and the layer's program. The input is one sample or a
/// batch of samples with the axes of `$from`; output samples have the axes of `$to`. `$own` is the layer's type in
/// `f32` on the CPU.
macro_rules! sequence_passes {
    (
        [$($generics:tt)*] [$($bounds:tt)*] $layer:ty, $own:ty: ($($from:ty),+) => ($($to:ty),+)
    ) => {
        $crate::nn::layers::sequence::passes::sequence_passes! {
            @ [$($generics)*] [$($bounds)*] $layer, $own: [] ($($from),+) => ($($to),+)
        }
        $crate::nn::layers::sequence::passes::sequence_passes! {
            @ [$($generics)*] [$($bounds)*] $layer, $own: [B] ($($from),+) => ($($to),+)
        }
    };
    (
        @ [$($generics:tt)*] [$($bounds:tt)*] $layer:ty, $own:ty: [$($batch:ident)?] ($($from:ty),+) => ($($to:ty),+)
    ) => {
        impl<$($batch: ::dfdx::shapes::Dim,)? $($generics)* E: ::dfdx::shapes::Dtype, D: ::dfdx::tensor_ops::Device<E>>
            ::dfdx::nn::Module<::dfdx::tensor::Tensor<($($batch,)? $($from,)+), E, D>> for $layer
        where
            $($bounds)*
        {
            type Output = ::dfdx::tensor::Tensor<($($batch,)? $($to,)+), E, D>;
            type Error = D::Err;

            fn try_forward(
                &self,
                input: ::dfdx::tensor::Tensor<($($batch,)? $($from,)+), E, D>,
            ) -> Result<Self::Output, D::Err> {
                let axes = [$(<$from as ::dfdx::shapes::ConstDim>::SIZE),+];
                let shape = $crate::nn::layers::sequence::passes::sequence_passes!(@shape input [$($batch)?] $($to),+);
                $crate::nn::layers::sequence::passes::evaluate::<$own, _, _, _, _, _>(self, input, &axes, shape)
            }
        }

        impl<$($batch: ::dfdx::shapes::Dim,)? $($generics)* E: ::dfdx::shapes::Dtype, D: ::dfdx::tensor_ops::Device<E>>
            ::dfdx::nn::ModuleMut<$crate::nn::tensor::cpu_f32::TapedTensor<($($batch,)? $($from,)+), E, D>> for $layer
        where
            $($bounds)*
        {
            type Output = $crate::nn::tensor::cpu_f32::TapedTensor<($($batch,)? $($to,)+), E, D>;
            type Error = D::Err;

            fn try_forward_mut(
                &mut self,
                input: $crate::nn::tensor::cpu_f32::TapedTensor<($($batch,)? $($from,)+), E, D>,
            ) -> Result<Self::Output, D::Err> {
                let axes = [$(<$from as ::dfdx::shapes::ConstDim>::SIZE),+];
                let shape = $crate::nn::layers::sequence::passes::sequence_passes!(@shape input [$($batch)?] $($to),+);
                $crate::nn::layers::sequence::passes::train::<$own, _, _, _, _, _>(self, input, &axes, shape)
            }
        }
    };
    (@shape $input:ident [] $($to:ty),+) => { ($(<$to>::default(),)+) };
    (@shape $input:ident [$batch:ident] $($to:ty),+) => {
        (::dfdx::shapes::HasShape::shape(&$input).0, $(<$to>::default(),)+)
    };
}
pub(super) use sequence_passes;
