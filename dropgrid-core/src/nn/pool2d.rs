//! What poolings have in common: a layer without parameters that makes windows of images to numbers.

use std::any::Any;

use dfdx::{
    shapes::{Dtype, HasShape, Shape},
    tensor::{Cpu, CpuError, OwnedTape, PutTape, SplitTape, Tape, Tensor, TensorFromVec},
    tensor_ops::{Device, ReshapeTo},
};

use super::{
    images::{first, last},
    on_slices::{Passed, same},
    tensors::numbers,
};
use crate::kernel::{
    pool::{Pool, pool, pool_slope},
    turn::turn,
    windows::Windows,
};

/// Images as (batch, channels, height, width).
pub(super) type Images<E, D, T> = Tensor<(usize, usize, usize, usize), E, D, T>;

/// Steps of a pooling that PyTorch takes too: a padding of more than half a window would leave windows without a pixel.
pub(super) const fn check(kernel: usize, padding: usize, dilation: usize) {
    assert!(padding * 2 <= (kernel - 1) * dilation + 1, "the padding of a pooling is at most half of its window");
}

/// What comes out, channels first, and the images and it with their channels last.
fn run(kind: Pool, windows: &Windows, input: &[f32]) -> [Vec<f32>; 3] {
    let (channels, pixels) = (windows.channels, windows.image.iter().product());
    let images = last(input, channels, pixels);
    let len = windows.windows() * channels;
    let mut out = vec![0.0; images.len() / windows.image_len().max(1) * len];
    let pairs = images.chunks_exact(windows.image_len().max(1)).zip(out.chunks_exact_mut(len.max(1)));
    pairs.for_each(|(image, out)| pool(kind, windows, image, out));
    [first(&out, channels, windows.windows()), images, out]
}

/// A pooling without a tape; `anywhere` does it for tensors that are not of `f32` on the CPU.
pub(super) fn evaluate<S: Shape, R: Shape, E: Dtype, D: Device<E>>(
    kind: Pool,
    windows: &Windows,
    input: Tensor<S, E, D>,
    shape: R,
    anywhere: impl FnOnce(Tensor<S, E, D>) -> Result<Tensor<R, E, D>, D::Err>,
) -> Result<Tensor<R, E, D>, D::Err> {
    let own = (&input as &dyn Any).downcast_ref::<Tensor<S, f32, Cpu>>();
    let out = own.map(|own| {
        let [out, ..] = run(kind, windows, &numbers(own));
        own.device().try_tensor_from_vec(out, shape)
    });
    match out.and_then(same) {
        Some(out) => out,
        None => anywhere(input),
    }
}

/// As [`evaluate`], with the derivative on the tape.
pub(super) fn train<S: Shape, R: Shape, E: Dtype, D: Device<E>>(
    kind: Pool,
    windows: Windows,
    input: Tensor<S, E, D, OwnedTape<E, D>>,
    shape: R,
    anywhere: impl FnOnce(Tensor<S, E, D, OwnedTape<E, D>>) -> Passed<R, E, D, OwnedTape<E, D>>,
) -> Passed<R, E, D, OwnedTape<E, D>> {
    type Taped<S> = Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>;
    if !(&input as &dyn Any).is::<Taped<S>>() {
        return anywhere(input);
    }
    let input: Option<Taped<S>> = same(input);
    let run = |input: Taped<S>| {
        let (input, mut tape) = input.split_tape();
        let [out, images, out_last] = run(kind, &windows, &numbers(&input));
        let out = input.device().try_tensor_from_vec(out, shape)?;
        let (to, from) = (out.ghost(), input.ghost());
        tape.add_backward_op(move |gradients| {
            let (channels, len) = (windows.channels, windows.windows() * windows.channels);
            let gradient = last(gradients.get_or_alloc_mut(&to)?, channels, windows.windows());
            let (mut to_images, mut rest) = (vec![0.0; images.len()], vec![0.0; channels]);
            let size = windows.image_len().max(1);
            let values = images.chunks_exact(size).zip(out_last.chunks_exact(len.max(1)));
            let slopes = gradient.chunks_exact(len.max(1)).zip(to_images.chunks_exact_mut(size));
            for ((image, out), (gradient, to)) in values.zip(slopes) {
                pool_slope(kind, &windows, image, out, gradient, &mut rest, to);
            }
            let pixels = windows.image.iter().product();
            turn([pixels, channels], &to_images, gradients.get_or_alloc_mut(&from)?, true);
            Ok(())
        });
        Ok::<_, CpuError>(out.put_tape(tape))
    };
    input.map(run).and_then(same).expect("the type was asked above")
}

/// A tensor of images in the shape (batch, channels, height, width).
pub(super) fn as_images<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    input: Tensor<S, E, D, T>,
    [channels, height, width]: [usize; 3],
) -> Result<Images<E, D, T>, D::Err> {
    let batch = input.shape().num_elements() / (channels * height * width).max(1);
    input.try_reshape_like(&(batch, channels, height, width))
}

/// The layer, its impls, and how a training step runs it.
macro_rules! pooling {
    ($(#[$meta:meta])* $layer:ident is $kind:expr, |$patches:ident| $reduce:expr, beside $beside:expr) => {
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
            /// By the operations of any device.
            fn anywhere<R: Shape, E: Dtype + Float, D: Device<E>, T: Tape<E, D>>(
                input: Images<E, D, T>,
                shape: R,
            ) -> Result<Tensor<R, E, D, T>, D::Err> {
                let (_, channels, height, width) = *input.shape();
                let windows = Windows::new([channels, height, width], [K; 2], [S, P, L]);
                let $patches = patches(input, &windows, $beside)?;
                $reduce?.try_reshape_like(&shape)
            }
        }

        impl<const K: usize, const S: usize, const P: usize, const L: usize> Lower for $layer<K, S, P, L> {
            fn lower(&self, program: &mut Program, input: Value) -> Value {
                program.pool(input, $kind, K, [S, P, L])
            }
        }

        pooling!(@ $layer, $kind, []);
        pooling!(@ $layer, $kind, [B]);
    };
    (@ $layer:ident, $kind:expr, [$($axis:ident)*]) => {
        impl<
            $($axis: Dim,)*
            const C: usize,
            const H: usize,
            const W: usize,
            const K: usize,
            const S: usize,
            const P: usize,
            const L: usize,
            E: Dtype + Float,
            D: Device<E>,
        > Module<Tensor<($($axis,)* Const<C>, Const<H>, Const<W>), E, D, NoneTape>> for $layer<K, S, P, L>
        where
            Const<H>: Slides<K, S, P, L>,
            Const<W>: Slides<K, S, P, L>,
        {
            type Output = Tensor<
                (
                    $($axis,)*
                    Const<C>,
                    <Const<H> as Slides<K, S, P, L>>::Count,
                    <Const<W> as Slides<K, S, P, L>>::Count,
                ),
                E,
                D,
                NoneTape,
            >;
            type Error = D::Err;

            #[allow(non_snake_case, reason = "an axis and its type")]
            fn try_forward(
                &self,
                input: Tensor<($($axis,)* Const<C>, Const<H>, Const<W>), E, D, NoneTape>,
            ) -> Result<Self::Output, D::Err> {
                const { check(K, P, L) };
                let ($($axis,)* _, _, _) = *input.shape();
                let shape = ($($axis,)* Const::<C>, Default::default(), Default::default());
                let windows = Windows::new([C, H, W], [K; 2], [S, P, L]);
                evaluate($kind, &windows, input, shape, |input| Self::anywhere(as_images(input, [C, H, W])?, shape))
            }
        }

        impl<
            $($axis: Dim,)*
            const C: usize,
            const H: usize,
            const W: usize,
            const K: usize,
            const S: usize,
            const P: usize,
            const L: usize,
            E: Dtype + Float,
            D: Device<E>,
        > ModuleMut<Tensor<($($axis,)* Const<C>, Const<H>, Const<W>), E, D, OwnedTape<E, D>>> for $layer<K, S, P, L>
        where
            Const<H>: Slides<K, S, P, L>,
            Const<W>: Slides<K, S, P, L>,
        {
            type Output = Tensor<
                (
                    $($axis,)*
                    Const<C>,
                    <Const<H> as Slides<K, S, P, L>>::Count,
                    <Const<W> as Slides<K, S, P, L>>::Count,
                ),
                E,
                D,
                OwnedTape<E, D>,
            >;
            type Error = D::Err;

            #[allow(non_snake_case, reason = "an axis and its type")]
            fn try_forward_mut(
                &mut self,
                input: Tensor<($($axis,)* Const<C>, Const<H>, Const<W>), E, D, OwnedTape<E, D>>,
            ) -> Result<Self::Output, D::Err> {
                const { check(K, P, L) };
                let ($($axis,)* _, _, _) = *input.shape();
                let shape = ($($axis,)* Const::<C>, Default::default(), Default::default());
                let windows = Windows::new([C, H, W], [K; 2], [S, P, L]);
                train($kind, windows, input, shape, |input| Self::anywhere(as_images(input, [C, H, W])?, shape))
            }
        }
    };
}
pub(super) use pooling;
