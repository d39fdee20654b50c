//! Two-dimensional convolution.

mod passes;

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    },
    shapes::{Const, ConstDim, Dim, Dtype, Rank1},
    tensor::{Cpu, Storage, Tensor},
    tensor_ops::Device,
};
use num_traits::Float;
use rand_distr::uniform::SampleUniform;

use super::uniform::fill_uniform;
use crate::{
    graph::{Edge, Graph},
    nn::{
        Export, Lower,
        contract::lower::{address_and_numbers, parameter},
        tensor::numbers::numbers,
    },
    program::{Program, Value},
};

pub(in crate::nn) mod builder {
    /// The declaration of a [`Conv2D`](super::Conv2D) from `IN` to `OUT` channels, with a bias.
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

/// The number of input channels of a group, if `CHANNELS` channels form `GROUPS` groups: an axis of the weight of a
/// [`Conv2D`].
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

/// The shape of the weight of a [`Conv2D`]: output channels, input channels of a group, height and width of the kernel.
pub type Kernels<const IN: usize, const OUT: usize, const KERNEL: usize, const GROUPS: usize> =
    (Const<OUT>, PerGroup<IN, GROUPS>, Const<KERNEL>, Const<KERNEL>);

/// A two-dimensional convolution with a bias.
///
/// y(o, i, j) = b(o) + sum over c, k, l of w(o, c, k, l) x(c, i S + k D - P, j S + l D - P), with S the stride, P the
/// zero padding and D the dilation. With groups, an output channel depends only on the input channels of its group
/// ([Dumoulin and Visin 2016](https://arxiv.org/abs/1603.07285), chapter 2).
///
/// It is PyTorch's `Conv2d` with bias. In dfdx the bias is a separate layer, `Bias2D`. The type parameters have dfdx's
/// order. Weights and biases are initialised uniformly in ±1/sqrt(`IN` / `GROUPS` `KERNEL`²), as in PyTorch.
///
/// On the CPU in `f32` the layer uses dropgrid's kernels, elsewhere the matrix product of the device.
///
/// Shapes: (`IN`, H, W) to (`OUT`, H', W') or (rows, `IN`, H, W) to (rows, `OUT`, H', W'), where H' = (H + 2 P - D
/// (`KERNEL` - 1) - 1) / S + 1. The compiler computes them ([`Slides`](crate::nn::size::Slides)).
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

/// Writes an `impl` that is generic over the type parameters of a [`Conv2D`].
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
use with_parameters;

with_parameters! { [E: Dtype, D: Device<E>,] BuildOnDevice<D, E> for builder::Conv2D<I, O, K, S, P, L, G>
where
    Conv2D<I, O, K, S, P, L, G, E, D>: TensorCollection<E, D, To<E, D> = Conv2D<I, O, K, S, P, L, G, E, D>>,
{
    type Built = Conv2D<I, O, K, S, P, L, G, E, D>;
}}

with_parameters! { [E: Dtype + Float + SampleUniform, D: Device<E>,]
TensorCollection<E, D> for Conv2D<I, O, K, S, P, L, G, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = Conv2D<I, O, K, S, P, L, G, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        const { assert!(G > 0 && O.is_multiple_of(G), "the groups of a Conv2D do not divide its output channels") };
        let weight = TensorOptions::reset_with(|tensor| fill_uniform(tensor, PerGroup::<I, G>::SIZE * K * K));
        let bias = TensorOptions::reset_with(|tensor| fill_uniform(tensor, PerGroup::<I, G>::SIZE * K * K));
        visitor.visit_fields(
            (
                Self::tensor("weight", |it| &it.weight, |it| &mut it.weight, weight),
                Self::tensor("bias", |it| &it.bias, |it| &mut it.bias, bias),
            ),
            |(weight, bias)| Conv2D { weight, bias },
        )
    }
}}

with_parameters! { [] Export for Conv2D<I, O, K, S, P, L, G, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let (weight, bias) = (numbers(&self.weight), numbers(&self.bias));
        graph.convolve(input, [O, PerGroup::<I, G>::SIZE, K, G], [S, P, L], &weight, Some(&bias))
    }
}}

with_parameters! { [] Lower for Conv2D<I, O, K, S, P, L, G, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let (address, weight) = address_and_numbers(&self.weight);
        let weight = program.kernel(address, &weight, [PerGroup::<I, G>::SIZE, K * K]);
        let bias = parameter(program, &self.bias);
        program.convolve(input, [O, K, G], [S, P, L], [weight, bias])
    }
}}
