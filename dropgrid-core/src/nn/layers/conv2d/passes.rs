//! The forward and backward pass of a convolution.

use std::{any::Any, cell::RefCell, mem};

use dfdx::{
    nn::{Module, ModuleMut},
    shapes::{Axes2, Axis, Const, ConstDim, Dim, Dtype, HasShape, Shape},
    tensor::{Cpu, CpuError, PutTape, SplitTape, Tape, Tensor, TensorFromVec},
    tensor_ops::{BroadcastTo, Device, ReshapeTo, TryAdd, TryMatMul},
};

use super::{Conv2D, PerGroup, with_parameters};
use crate::{
    kernel::{conv::Conv, elementwise, scratch::ConvScratch, transpose::transpose, windows::Windows},
    nn::{
        layers::images::{channels_first, channels_last, patches},
        size::Slides,
        tensor::{
            cpu_f32::{TapedTensor, TensorResult, cast},
            numbers::numbers,
        },
    },
};

with_parameters! { [E: Dtype, D: Device<E>,] Conv2D<I, O, K, S, P, L, G, E, D> {
    /// Computes the convolution with tensor operations, for any device, as the weight times the matrix of windows.
    fn by_tensor_ops<T: Tape<E, D>>(
        &self,
        input: Tensor<(usize, usize, usize, usize), E, D, T>,
    ) -> TensorResult<(usize, usize, usize), E, D, T> {
        let (batch, _, height, width) = *input.shape();
        let windows = Windows::new([I, height, width], [K; 2], [S, P, L]);
        let (terms, count) = (PerGroup::<I, G>::SIZE * K * K, windows.windows());
        let columns = patches(input, &windows, E::default())?.try_reshape_like(&(batch, G, terms, count))?;
        let (columns, tape) = columns.split_tape();
        let weight = self.weight.clone().put_tape(tape).try_reshape_like(&(G, O / G, terms))?;
        let weight = weight.try_broadcast_like::<_, Axis<0>>(&(batch, G, O / G, terms))?;
        let out = weight.try_matmul(columns)?.try_reshape_like(&(batch, O, count))?;
        let bias = self.bias.clone().try_reshape_like(&(O,))?.try_broadcast_like::<_, Axes2<0, 2>>(&(batch, O, count))?;
        out.try_add(bias)
    }
}}

thread_local! {
    /// Scratch memory of convolutions outside of a [`Program`](crate::program::Program), which has its own.
    static SCRATCH: RefCell<ConvScratch> = RefCell::default();
}

with_parameters! { [] Conv2D<I, O, K, S, P, L, G, f32, Cpu> {
    fn conv(height: usize, width: usize) -> Conv {
        Conv { windows: Windows::new([I, height, width], [K; 2], [S, P, L]), outputs: O, groups: G }
    }

    /// Returns the weight with the input channels last.
    fn kernel(&self) -> Vec<f32> {
        let numbers = numbers(&self.weight);
        let mut kernel = vec![0.0; numbers.len()];
        transpose([PerGroup::<I, G>::SIZE, K * K], &numbers, &mut kernel, false);
        kernel
    }

    /// Computes the output, channels first, from images with channels last.
    fn run(&self, conv: &Conv, images: &[f32], kernel: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; images.len() / conv.windows.image_len().max(1) * conv.output_len()];
        SCRATCH.with_borrow_mut(|scratch| conv.forward(scratch, images, kernel, &mut out));
        if O > 0 {
            elementwise::add_bias(&mut out, &numbers(&self.bias), false);
        }
        channels_first(&out, O, conv.windows.windows())
    }

    fn evaluate<A: Shape, R: Shape>(
        &self,
        input: &Tensor<A, f32, Cpu>,
        conv: &Conv,
        shape: R,
    ) -> Result<Tensor<R, f32, Cpu>, CpuError> {
        let images = channels_last(&numbers(input), I, conv.windows.image.iter().product());
        input.device().try_tensor_from_vec(self.run(conv, &images, &self.kernel()), shape)
    }

    /// Computes a training pass: [`evaluate`](Self::evaluate) with the backward pass on the tape. The backward pass
    /// adds to existing gradients, so a layer can be used twice.
    fn train<A: Shape, R: Shape>(
        &self,
        input: TapedTensor<A, f32, Cpu>,
        conv: Conv,
        shape: R,
    ) -> Result<TapedTensor<R, f32, Cpu>, CpuError> {
        let (input, mut tape) = input.split_tape();
        let pixels = conv.windows.image.iter().product();
        let (images, kernel) = (channels_last(&numbers(&input), I, pixels), self.kernel());
        let out = input.device().try_tensor_from_vec(self.run(&conv, &images, &kernel), shape)?;
        let (to, from) = (out.ghost(), input.ghost());
        let (weight_place, bias_place) = (self.weight.ghost(), self.bias.ghost());
        tape.add_backward_op(move |gradients| {
            let taken = mem::take(&mut **gradients.get_or_alloc_mut(&to)?);
            let gradient = channels_last(&taken, O, conv.windows.windows());
            **gradients.get_or_alloc_mut(&to)? = taken;
            if O > 0 {
                elementwise::column_sums(&gradient, gradients.get_or_alloc_mut(&bias_place)?, true);
            }
            let (mut to_kernel, mut to_images) = (vec![0.0; kernel.len()], vec![0.0; images.len()]);
            SCRATCH.with_borrow_mut(|scratch| {
                conv.backward(scratch, &images, &kernel, &gradient, &mut to_kernel, &mut to_images, [false; 2]);
            });
            let inputs = PerGroup::<I, G>::SIZE;
            transpose([K * K, inputs], &to_kernel, gradients.get_or_alloc_mut(&weight_place)?, true);
            transpose([pixels, I], &to_images, gradients.get_or_alloc_mut(&from)?, true);
            Ok(())
        });
        Ok(out.put_tape(tape))
    }
}}

/// The number of windows along a side of length `N`.
type Count<const N: usize, const K: usize, const S: usize, const P: usize, const L: usize> =
    <Const<N> as Slides<K, S, P, L>>::Count;

macro_rules! takes {
    ($([$($axis:ident)*])*) => {$(
        with_parameters! { [$($axis: Dim,)* const H: usize, const W: usize, E: Dtype, D: Device<E>,]
        Module<Tensor<($($axis,)* Const<I>, Const<H>, Const<W>), E, D>> for Conv2D<I, O, K, S, P, L, G, E, D>
        where
            Const<H>: Slides<K, S, P, L>,
            Const<W>: Slides<K, S, P, L>,
        {
            type Output = Tensor<($($axis,)* Const<O>, Count<H, K, S, P, L>, Count<W, K, S, P, L>), E, D>;
            type Error = D::Err;

            #[allow(non_snake_case, reason = "an axis and its type")]
            fn try_forward(
                &self,
                input: Tensor<($($axis,)* Const<I>, Const<H>, Const<W>), E, D>,
            ) -> Result<Self::Output, D::Err> {
                let ($($axis,)* _, _, _) = *input.shape();
                let shape = ($($axis,)* Const::<O>, Default::default(), Default::default());
                let own = (self as &dyn Any).downcast_ref::<Conv2D<I, O, K, S, P, L, G, f32, Cpu>>();
                if let (Some(own), Some(input)) = (own, (&input as &dyn Any).downcast_ref()) {
                    let input: &Tensor<($($axis,)* Const<I>, Const<H>, Const<W>), f32, Cpu> = input;
                    let conv = Conv2D::<I, O, K, S, P, L, G, f32, Cpu>::conv(H, W);
                    if let Some(out) = cast(own.evaluate(input, &conv, shape)) {
                        return out;
                    }
                }
                let batch = 1 $(* $axis.size())*;
                self.by_tensor_ops(input.try_reshape_like(&(batch, I, H, W))?)?.try_reshape_like(&shape)
            }
        }}

        with_parameters! { [$($axis: Dim,)* const H: usize, const W: usize, E: Dtype, D: Device<E>,]
        ModuleMut<TapedTensor<($($axis,)* Const<I>, Const<H>, Const<W>), E, D>>
            for Conv2D<I, O, K, S, P, L, G, E, D>
        where
            Const<H>: Slides<K, S, P, L>,
            Const<W>: Slides<K, S, P, L>,
        {
            type Output = TapedTensor<($($axis,)* Const<O>, Count<H, K, S, P, L>, Count<W, K, S, P, L>), E, D>;
            type Error = D::Err;

            #[allow(non_snake_case, reason = "an axis and its type")]
            fn try_forward_mut(
                &mut self,
                input: TapedTensor<($($axis,)* Const<I>, Const<H>, Const<W>), E, D>,
            ) -> Result<Self::Output, D::Err> {
                let ($($axis,)* _, _, _) = *input.shape();
                let shape = ($($axis,)* Const::<O>, Default::default(), Default::default());
                let Some(own) = (self as &dyn Any).downcast_ref::<Conv2D<I, O, K, S, P, L, G, f32, Cpu>>() else {
                    let batch = 1 $(* $axis.size())*;
                    return self.by_tensor_ops(input.try_reshape_like(&(batch, I, H, W))?)?.try_reshape_like(&shape);
                };
                let input: Option<TapedTensor<($($axis,)* Const<I>, Const<H>, Const<W>), f32, Cpu>> = cast(input);
                let conv = Conv2D::<I, O, K, S, P, L, G, f32, Cpu>::conv(H, W);
                let out = input.map(|input| own.train(input, conv, shape)).and_then(cast);
                out.expect("a layer of `f32` on the CPU takes tensors of `f32` on the CPU")
            }
        }}
    )*};
}

takes!([][B]);
