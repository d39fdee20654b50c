//! The convolution of images.

use std::{any::Any, cell::RefCell, mem};

use dfdx::{
    nn::{
        BuildOnDevice, Module, ModuleMut,
        tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    },
    shapes::{Axes2, Axis, Const, ConstDim, Dim, Dtype, HasShape, Rank1, Shape},
    tensor::{Cpu, CpuError, NoneTape, OwnedTape, PutTape, SplitTape, Storage, Tape, Tensor, TensorFromVec},
    tensor_ops::{BroadcastTo, Device, ReshapeTo, TryAdd, TryMatMul},
};
use num_traits::Float;
use rand_distr::{Uniform, uniform::SampleUniform};

use super::{
    images::{first, last, patches},
    lower::{Lower, found, parameter},
    on_slices::{Passed, same},
    size::Slides,
    tensors::numbers,
};
use crate::{
    kernel::{
        conv::{Conv, Room},
        map,
        turn::turn,
        windows::Windows,
    },
    program::{Program, Value},
};

pub(super) mod builder {
    /// A convolution of images of `IN` channels, with a bias for each of `OUT`: see [`Conv2D`](super::Conv2D).
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Conv2D<
        const IN: usize,
        const OUT: usize,
        const KERNEL: usize,
        const STRIDE: usize = 1,
        const PADDING: usize = 0,
        const DILATION: usize = 1,
        const GROUPS: usize = 1,
    >;
}

/// The channels of a group where `GROUPS` share `CHANNELS`: an axis of a [`Conv2D`]'s weight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PerGroup<const CHANNELS: usize, const GROUPS: usize>;

impl<const C: usize, const G: usize> ConstDim for PerGroup<C, G> {
    const SIZE: usize = {
        assert!(G > 0 && C.is_multiple_of(G), "the groups of a Conv2D do not divide its input channels");
        C / G
    };
}

impl<const C: usize, const G: usize> Dim for PerGroup<C, G> {
    fn size(&self) -> usize {
        Self::SIZE
    }

    fn from_size(size: usize) -> Option<Self> {
        (size == Self::SIZE).then_some(Self)
    }
}

/// The shape of a [`Conv2D`]'s weight: outputs, inputs of a group, height and width of the kernel.
pub type Kernels<const IN: usize, const OUT: usize, const KERNEL: usize, const GROUPS: usize> =
    (Const<OUT>, PerGroup<IN, GROUPS>, Const<KERNEL>, Const<KERNEL>);

/// A convolution of images, with a bias.
///
/// y(o, i, j) = b(o) + sum over c, k, l of w(o, c, k, l) x(c, i S + k D - P, j S + l D - P), with S the stride, P the
/// padding (of zeros) and D the dilation; in G groups, output o sees the inputs of its own group only
/// ([Dumoulin and Visin 2016](https://arxiv.org/abs/1603.07285), chapter 2). As PyTorch's `Conv2d`, also in its bias, which
/// dfdx leaves to a `Bias2D` of its own; the parameters have the order of dfdx's. Weights and biases start uniform in
/// ±1/sqrt(`IN` / `GROUPS` `KERNEL`²), as PyTorch's do.
///
/// On the CPU in `f32` the arithmetic is dropgrid's own; elsewhere it is done by the device's matrix product.
///
/// Shapes: (`IN`, H, W) or (rows, `IN`, H, W) to the same with `OUT`, H', W', where
/// H' = (H + 2 P - D (`KERNEL` - 1) - 1) / S + 1, computed by the compiler ([`Slides`]).
///
/// # Examples
/// ```
/// # use dfdx::{nn::{BuildOnDevice, Module}, shapes::Rank3, tensor::{Cpu, SampleTensor, Tensor}};
/// # use dropgrid_core::nn::builder::Conv2D;
/// let cpu = Cpu::default();
/// let layer = <Conv2D<1, 16, 3> as BuildOnDevice<Cpu, f32>>::build_on_device(&cpu);
/// let image: Tensor<Rank3<1, 8, 8>, f32, _> = cpu.sample_normal();
/// let _: Tensor<Rank3<16, 6, 6>, f32, _> = layer.forward(image);
/// ```
#[derive(Debug, Clone)]
pub struct Conv2D<
    const IN: usize,
    const OUT: usize,
    const KERNEL: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
    const GROUPS: usize,
    E: Dtype,
    D: Storage<E>,
> {
    /// Shape (`OUT`, `IN` / `GROUPS`, `KERNEL`, `KERNEL`).
    pub weight: Tensor<Kernels<IN, OUT, KERNEL, GROUPS>, E, D>,
    /// Shape (`OUT`).
    pub bias: Tensor<Rank1<OUT>, E, D>,
}

macro_rules! with_parameters {
    ([$($extra:tt)*] $($rest:tt)*) => {
        impl<
            $($extra)*
            const I: usize,
            const O: usize,
            const K: usize,
            const S: usize,
            const P: usize,
            const L: usize,
            const G: usize,
        > $($rest)*
    };
}

with_parameters! { [E: Dtype, D: Device<E>,] BuildOnDevice<D, E> for builder::Conv2D<I, O, K, S, P, L, G>
where
    Conv2D<I, O, K, S, P, L, G, E, D>: TensorCollection<E, D, To<E, D> = Conv2D<I, O, K, S, P, L, G, E, D>>,
{
    type Built = Conv2D<I, O, K, S, P, L, G, E, D>;
}}

/// Draws a tensor of a layer whose outputs are sums of `terms` from ±1 / √terms. Without terms it stays 0.
fn draw<S: Shape, E: Dtype + Float + SampleUniform, D: Device<E>>(
    tensor: &mut Tensor<S, E, D>,
    terms: usize,
) -> Result<(), D::Err> {
    if terms == 0 {
        return Ok(());
    }
    let bound = E::ONE / Float::sqrt(E::from_usize(terms).unwrap_or(E::ONE));
    tensor.try_fill_with_distr(Uniform::new(-bound, bound))
}

with_parameters! { [E: Dtype + Float + SampleUniform, D: Device<E>,]
TensorCollection<E, D> for Conv2D<I, O, K, S, P, L, G, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = Conv2D<I, O, K, S, P, L, G, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        const { assert!(G > 0 && O.is_multiple_of(G), "the groups of a Conv2D do not divide its output channels") };
        let weight = TensorOptions::reset_with(|tensor| draw(tensor, PerGroup::<I, G>::SIZE * K * K));
        let bias = TensorOptions::reset_with(|tensor| draw(tensor, PerGroup::<I, G>::SIZE * K * K));
        visitor.visit_fields(
            (
                Self::tensor("weight", |it| &it.weight, |it| &mut it.weight, weight),
                Self::tensor("bias", |it| &it.bias, |it| &mut it.bias, bias),
            ),
            |(weight, bias)| Conv2D { weight, bias },
        )
    }
}}

with_parameters! { [E: Dtype, D: Device<E>,] Conv2D<I, O, K, S, P, L, G, E, D> {
    /// By the operations of any device: windows as the columns of a matrix, times the weight.
    fn anywhere<T: Tape<E, D>>(
        &self,
        input: Tensor<(usize, usize, usize, usize), E, D, T>,
    ) -> Passed<(usize, usize, usize), E, D, T> {
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
    /// Room for convolutions outside of a [`Program`], which has its own.
    static ROOM: RefCell<Room> = RefCell::default();
}

with_parameters! { [] Conv2D<I, O, K, S, P, L, G, f32, Cpu> {
    fn conv(height: usize, width: usize) -> Conv {
        Conv { windows: Windows::new([I, height, width], [K; 2], [S, P, L]), outputs: O, groups: G }
    }

    /// The weight with its inputs last.
    fn kernel(&self) -> Vec<f32> {
        let numbers = numbers(&self.weight);
        let mut kernel = vec![0.0; numbers.len()];
        turn([PerGroup::<I, G>::SIZE, K * K], &numbers, &mut kernel, false);
        kernel
    }

    /// What comes out, channels first, for images whose channels lie last.
    fn run(&self, conv: &Conv, images: &[f32], kernel: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; images.len() / conv.windows.image_len().max(1) * conv.output_len()];
        ROOM.with_borrow_mut(|room| conv.forward(room, images, kernel, &mut out));
        if O > 0 {
            map::add_bias(&mut out, &numbers(&self.bias), false);
        }
        first(&out, O, conv.windows.windows())
    }

    fn evaluate<A: Shape, R: Shape>(
        &self,
        input: &Tensor<A, f32, Cpu>,
        conv: &Conv,
        shape: R,
    ) -> Result<Tensor<R, f32, Cpu>, CpuError> {
        let images = last(&numbers(input), I, conv.windows.image.iter().product());
        input.device().try_tensor_from_vec(self.run(conv, &images, &self.kernel()), shape)
    }

    /// As [`evaluate`](Self::evaluate), with its derivative on the tape. Gradients are added to what is there, so a
    /// layer may be used twice.
    fn train<A: Shape, R: Shape>(
        &self,
        input: Tensor<A, f32, Cpu, OwnedTape<f32, Cpu>>,
        conv: Conv,
        shape: R,
    ) -> Result<Tensor<R, f32, Cpu, OwnedTape<f32, Cpu>>, CpuError> {
        let (input, mut tape) = input.split_tape();
        let pixels = conv.windows.image.iter().product();
        let (images, kernel) = (last(&numbers(&input), I, pixels), self.kernel());
        let out = input.device().try_tensor_from_vec(self.run(&conv, &images, &kernel), shape)?;
        let (to, from) = (out.ghost(), input.ghost());
        let (weight_place, bias_place) = (self.weight.ghost(), self.bias.ghost());
        tape.add_backward_op(move |gradients| {
            let taken = mem::take(&mut **gradients.get_or_alloc_mut(&to)?);
            let gradient = last(&taken, O, conv.windows.windows());
            **gradients.get_or_alloc_mut(&to)? = taken;
            if O > 0 {
                map::column_sums(&gradient, gradients.get_or_alloc_mut(&bias_place)?, true);
            }
            let (mut to_kernel, mut to_images) = (vec![0.0; kernel.len()], vec![0.0; images.len()]);
            ROOM.with_borrow_mut(|room| {
                conv.backward(room, &images, &kernel, &gradient, &mut to_kernel, &mut to_images, [false; 2]);
            });
            let inputs = PerGroup::<I, G>::SIZE;
            turn([K * K, inputs], &to_kernel, gradients.get_or_alloc_mut(&weight_place)?, true);
            turn([pixels, I], &to_images, gradients.get_or_alloc_mut(&from)?, true);
            Ok(())
        });
        Ok(out.put_tape(tape))
    }
}}

with_parameters! { [] Lower for Conv2D<I, O, K, S, P, L, G, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let (address, weight) = found(&self.weight);
        let weight = program.kernel(address, &weight, [PerGroup::<I, G>::SIZE, K * K]);
        let bias = parameter(program, &self.bias);
        program.convolve(input, [O, K, G], [S, P, L], [weight, bias])
    }
}}

type Count<const N: usize, const K: usize, const S: usize, const P: usize, const L: usize> =
    <Const<N> as Slides<K, S, P, L>>::Count;

macro_rules! takes {
    ($([$($axis:ident)*])*) => {$(
        with_parameters! { [$($axis: Dim,)* const H: usize, const W: usize, E: Dtype, D: Device<E>,]
        Module<Tensor<($($axis,)* Const<I>, Const<H>, Const<W>), E, D, NoneTape>> for Conv2D<I, O, K, S, P, L, G, E, D>
        where
            Const<H>: Slides<K, S, P, L>,
            Const<W>: Slides<K, S, P, L>,
        {
            type Output = Tensor<($($axis,)* Const<O>, Count<H, K, S, P, L>, Count<W, K, S, P, L>), E, D, NoneTape>;
            type Error = D::Err;

            #[allow(non_snake_case, reason = "an axis and its type")]
            fn try_forward(
                &self,
                input: Tensor<($($axis,)* Const<I>, Const<H>, Const<W>), E, D, NoneTape>,
            ) -> Result<Self::Output, D::Err> {
                let ($($axis,)* _, _, _) = *input.shape();
                let shape = ($($axis,)* Const::<O>, Default::default(), Default::default());
                let own = (self as &dyn Any).downcast_ref::<Conv2D<I, O, K, S, P, L, G, f32, Cpu>>();
                if let (Some(own), Some(input)) = (own, (&input as &dyn Any).downcast_ref()) {
                    let input: &Tensor<($($axis,)* Const<I>, Const<H>, Const<W>), f32, Cpu> = input;
                    let conv = Conv2D::<I, O, K, S, P, L, G, f32, Cpu>::conv(H, W);
                    if let Some(out) = same(own.evaluate(input, &conv, shape)) {
                        return out;
                    }
                }
                let batch = 1 $(* $axis.size())*;
                self.anywhere(input.try_reshape_like(&(batch, I, H, W))?)?.try_reshape_like(&shape)
            }
        }}

        with_parameters! { [$($axis: Dim,)* const H: usize, const W: usize, E: Dtype, D: Device<E>,]
        ModuleMut<Tensor<($($axis,)* Const<I>, Const<H>, Const<W>), E, D, OwnedTape<E, D>>>
            for Conv2D<I, O, K, S, P, L, G, E, D>
        where
            Const<H>: Slides<K, S, P, L>,
            Const<W>: Slides<K, S, P, L>,
        {
            type Output = Tensor<($($axis,)* Const<O>, Count<H, K, S, P, L>, Count<W, K, S, P, L>), E, D, OwnedTape<E, D>>;
            type Error = D::Err;

            #[allow(non_snake_case, reason = "an axis and its type")]
            fn try_forward_mut(
                &mut self,
                input: Tensor<($($axis,)* Const<I>, Const<H>, Const<W>), E, D, OwnedTape<E, D>>,
            ) -> Result<Self::Output, D::Err> {
                let ($($axis,)* _, _, _) = *input.shape();
                let shape = ($($axis,)* Const::<O>, Default::default(), Default::default());
                let Some(own) = (self as &dyn Any).downcast_ref::<Conv2D<I, O, K, S, P, L, G, f32, Cpu>>() else {
                    let batch = 1 $(* $axis.size())*;
                    return self.anywhere(input.try_reshape_like(&(batch, I, H, W))?)?.try_reshape_like(&shape);
                };
                type Taped<S> = Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>;
                let input: Option<Taped<($($axis,)* Const<I>, Const<H>, Const<W>)>> = same(input);
                let conv = Conv2D::<I, O, K, S, P, L, G, f32, Cpu>::conv(H, W);
                let out = input.map(|input| own.train(input, conv, shape)).and_then(same);
                out.expect("a layer of `f32` on the CPU takes tensors of `f32` on the CPU")
            }
        }}
    )*};
}

takes!([][B]);
