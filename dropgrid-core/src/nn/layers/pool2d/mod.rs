//! Pooling layers, which reduce each window of an image to one number per channel.

mod avg_pool2d;
mod max_pool2d;
mod max_pool_global;

pub use avg_pool2d::AvgPool2D;
pub use max_pool_global::MaxPoolGlobal;
pub use max_pool2d::MaxPool2D;

use std::any::Any;

use dfdx::{
    shapes::{Dtype, HasShape, Shape},
    tensor::{Cpu, CpuError, OwnedTape, PutTape, SplitTape, Tape, Tensor, TensorFromVec},
    tensor_ops::{Device, ReshapeTo},
};

use super::images::{channels_first, channels_last};
use crate::{
    kernel::{
        pool::{Pool, pool, pool_backward},
        transpose::transpose,
        windows::Windows,
    },
    nn::tensor::{
        cpu_f32::{TapedTensor, TensorResult, cast},
        numbers::numbers,
    },
};

/// Images of shape (batch, channels, height, width).
type Images<E, D, T> = Tensor<(usize, usize, usize, usize), E, D, T>;

/// Rejects a padding of more than half a window, as PyTorch does: some windows would contain no pixel.
pub(super) const fn check(kernel: usize, padding: usize, dilation: usize) {
    assert!(padding * 2 <= (kernel - 1) * dilation + 1, "the padding of a pooling is at most half of its window");
}

/// Returns the output with channels first, the input with channels last and the output with channels last.
fn run(kind: Pool, windows: &Windows, input: &[f32]) -> [Vec<f32>; 3] {
    let (channels, pixels) = (windows.channels, windows.image.iter().product());
    let images = channels_last(input, channels, pixels);
    let len = windows.windows() * channels;
    let mut out = vec![0.0; images.len() / windows.image_len().max(1) * len];
    let pairs = images.chunks_exact(windows.image_len().max(1)).zip(out.chunks_exact_mut(len.max(1)));
    pairs.for_each(|(image, out)| pool(kind, windows, image, out));
    [channels_first(&out, channels, windows.windows()), images, out]
}

/// Computes an evaluation pass. `by_tensor_ops` computes it for other tensors than `f32` on the CPU.
fn evaluate<S: Shape, R: Shape, E: Dtype, D: Device<E>>(
    kind: Pool,
    windows: Windows,
    input: Tensor<S, E, D>,
    shape: R,
    by_tensor_ops: impl FnOnce(Tensor<S, E, D>) -> Result<Tensor<R, E, D>, D::Err>,
) -> Result<Tensor<R, E, D>, D::Err> {
    let own = (&input as &dyn Any).downcast_ref::<Tensor<S, f32, Cpu>>();
    let out = own.map(|own| {
        let [out, ..] = run(kind, &windows, &numbers(own));
        own.device().try_tensor_from_vec(out, shape)
    });
    match out.and_then(cast) {
        Some(out) => out,
        None => by_tensor_ops(input),
    }
}

/// Computes a training pass: [`evaluate`] with the backward pass on the tape.
fn train<S: Shape, R: Shape, E: Dtype, D: Device<E>>(
    kind: Pool,
    windows: Windows,
    input: TapedTensor<S, E, D>,
    shape: R,
    by_tensor_ops: impl FnOnce(TapedTensor<S, E, D>) -> TensorResult<R, E, D, OwnedTape<E, D>>,
) -> TensorResult<R, E, D, OwnedTape<E, D>> {
    if !(&input as &dyn Any).is::<TapedTensor<S, f32, Cpu>>() {
        return by_tensor_ops(input);
    }
    let input: Option<TapedTensor<S, f32, Cpu>> = cast(input);
    let run = |input: TapedTensor<S, f32, Cpu>| {
        let (input, mut tape) = input.split_tape();
        let [out, images, out_last] = run(kind, &windows, &numbers(&input));
        let out = input.device().try_tensor_from_vec(out, shape)?;
        let (to, from) = (out.ghost(), input.ghost());
        tape.add_backward_op(move |gradients| {
            let (channels, len) = (windows.channels, windows.windows() * windows.channels);
            let gradient = channels_last(gradients.get_or_alloc_mut(&to)?, channels, windows.windows());
            let (mut to_images, mut rest) = (vec![0.0; images.len()], vec![0.0; channels]);
            let size = windows.image_len().max(1);
            let values = images.chunks_exact(size).zip(out_last.chunks_exact(len.max(1)));
            let slopes = gradient.chunks_exact(len.max(1)).zip(to_images.chunks_exact_mut(size));
            for ((image, out), (gradient, to)) in values.zip(slopes) {
                pool_backward(kind, &windows, image, out, gradient, &mut rest, to);
            }
            let pixels = windows.image.iter().product();
            transpose([pixels, channels], &to_images, gradients.get_or_alloc_mut(&from)?, true);
            Ok(())
        });
        Ok::<_, CpuError>(out.put_tape(tape))
    };
    input.map(run).and_then(cast).expect("the type was checked above")
}

/// Reshapes images to (batch, channels, height, width).
fn as_images<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    input: Tensor<S, E, D, T>,
    [channels, height, width]: [usize; 3],
) -> Result<Images<E, D, T>, D::Err> {
    let batch = input.shape().num_elements() / (channels * height * width).max(1);
    input.try_reshape_like(&(batch, channels, height, width))
}

/// Defines a pooling layer, its passes, its operation in a program and its export.
macro_rules! pooling {
    ($(#[$meta:meta])* $layer:ident is $kind:expr, |$patches:ident| $reduce:expr, padding $padding:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct $layer<
            const KERNEL: usize,
            const STRIDE: usize = 1,
            const PADDING: usize = 0,
            const DILATION: usize = 1,
        >;

        impl<const K: usize, const S: usize, const P: usize, const L: usize> dfdx::nn::ZeroSizedModule
            for $layer<K, S, P, L>
        {
        }

        impl<const K: usize, const S: usize, const P: usize, const L: usize> $layer<K, S, P, L> {
            /// Computes the pooling with tensor operations, for any device.
            fn by_tensor_ops<
                R: ::dfdx::shapes::Shape,
                E: ::dfdx::shapes::Dtype + ::num_traits::Float,
                D: ::dfdx::tensor_ops::Device<E>,
                T: ::dfdx::tensor::Tape<E, D>,
            >(
                input: $crate::nn::layers::pool2d::Images<E, D, T>,
                shape: R,
            ) -> $crate::nn::tensor::cpu_f32::TensorResult<R, E, D, T> {
                let (_, channels, height, width) = *::dfdx::shapes::HasShape::shape(&input);
                let windows = $crate::kernel::windows::Windows::new([channels, height, width], [K; 2], [S, P, L]);
                let $patches = $crate::nn::layers::images::patches(input, &windows, $padding)?;
                ::dfdx::tensor_ops::ReshapeTo::try_reshape_like($reduce?, &shape)
            }
        }

        impl<const K: usize, const S: usize, const P: usize, const L: usize> $crate::nn::Lower for $layer<K, S, P, L> {
            fn lower(
                &self,
                program: &mut $crate::program::Program,
                input: $crate::program::Value,
            ) -> $crate::program::Value {
                program.pool(input, $kind, K, [S, P, L])
            }
        }

        impl<const K: usize, const S: usize, const P: usize, const L: usize> $crate::nn::Export for $layer<K, S, P, L> {
            fn export(&self, graph: &mut $crate::graph::Graph, input: $crate::graph::Edge) -> $crate::graph::Edge {
                graph.pool(input, $kind, K, [S, P, L])
            }
        }

        pooling!(@ $layer, $kind, []);
        pooling!(@ $layer, $kind, [B]);
    };
    (@ $layer:ident, $kind:expr, [$($axis:ident)*]) => {
        $crate::nn::layers::pool2d::passes! {
            [
                $($axis: ::dfdx::shapes::Dim,)*
                const C: usize,
                const H: usize,
                const W: usize,
                const K: usize,
                const S: usize,
                const P: usize,
                const L: usize,
                E: ::dfdx::shapes::Dtype + ::num_traits::Float,
                D: ::dfdx::tensor_ops::Device<E>,
            ]
            [
                ::dfdx::shapes::Const<H>: $crate::nn::size::Slides<K, S, P, L>,
                ::dfdx::shapes::Const<W>: $crate::nn::size::Slides<K, S, P, L>,
            ]
            $layer<K, S, P, L>:
            ($($axis,)* ::dfdx::shapes::Const<C>, ::dfdx::shapes::Const<H>, ::dfdx::shapes::Const<W>) => (
                $($axis,)*
                ::dfdx::shapes::Const<C>,
                <::dfdx::shapes::Const<H> as $crate::nn::size::Slides<K, S, P, L>>::Count,
                <::dfdx::shapes::Const<W> as $crate::nn::size::Slides<K, S, P, L>>::Count,
            ),
            |input, pass| {
                const { $crate::nn::layers::pool2d::check(K, P, L) };
                let ($($axis,)* _, _, _) = *::dfdx::shapes::HasShape::shape(&input);
                let shape = ($($axis,)* ::dfdx::shapes::Const::<C>, Default::default(), Default::default());
                let windows = $crate::kernel::windows::Windows::new([C, H, W], [K; 2], [S, P, L]);
                pass($kind, windows, input, shape, |input| {
                    Self::by_tensor_ops($crate::nn::layers::pool2d::as_images(input, [C, H, W])?, shape)
                })
            }
        }
    };
}
use pooling;

/// Implements dfdx's traits of the evaluation and the training pass. The passes differ only in calling [`evaluate`] or
/// [`train`].
macro_rules! passes {
    (
        [$($generics:tt)*] [$($bounds:tt)*] $layer:ty: $from:ty => $to:ty,
        |$input:ident, $pass:ident| $forward:block
    ) => {
        impl<$($generics)*> ::dfdx::nn::Module<::dfdx::tensor::Tensor<$from, E, D>> for $layer
        where
            $($bounds)*
        {
            type Output = ::dfdx::tensor::Tensor<$to, E, D>;
            type Error = D::Err;

            #[allow(non_snake_case, reason = "an axis and its type")]
            fn try_forward(&self, $input: ::dfdx::tensor::Tensor<$from, E, D>) -> Result<Self::Output, D::Err> {
                let $pass = $crate::nn::layers::pool2d::evaluate;
                $forward
            }
        }

        impl<$($generics)*> ::dfdx::nn::ModuleMut<$crate::nn::tensor::cpu_f32::TapedTensor<$from, E, D>> for $layer
        where
            $($bounds)*
        {
            type Output = $crate::nn::tensor::cpu_f32::TapedTensor<$to, E, D>;
            type Error = D::Err;

            #[allow(non_snake_case, reason = "an axis and its type")]
            fn try_forward_mut(
                &mut self,
                $input: $crate::nn::tensor::cpu_f32::TapedTensor<$from, E, D>,
            ) -> Result<Self::Output, D::Err> {
                let $pass = $crate::nn::layers::pool2d::train;
                $forward
            }
        }
    };
}
use passes;
