//! One-dimensional convolution.

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    },
    shapes::{Axes2, Axes3, Axis, Const, ConstDim, Dtype, HasShape, Rank1},
    tensor::{Cpu, PutTape, SplitTape, Storage, Tape, Tensor},
    tensor_ops::{BroadcastTo, Device, PermuteTo, ReshapeTo, TryAdd, TryMatMul},
};
use num_traits::Float;
use rand_distr::uniform::SampleUniform;

use super::{
    passes::{ByTensorOps, sequence_passes},
    tensor_ops::{Masks, Steps},
};
use crate::{
    graph::{Edge, Graph},
    kernel::windows::Windows,
    nn::{
        Export, Lower, PerGroup,
        contract::lower::{address_and_numbers, parameter},
        layers::{images::patches, uniform::fill_uniform},
        size::Slides,
        tensor::{cpu_f32::TensorResult, numbers::numbers},
    },
    program::{Program, Value},
};

pub(in crate::nn) mod builder {
    /// The declaration of a [`Conv1D`](super::Conv1D) from `IN` to `OUT` channels, with a bias.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Conv1D<
        const IN: usize,
        const OUT: usize,
        const KERNEL: usize,
        const STRIDE: usize = 1,
        const PADDING: usize = 0,
        const DILATION: usize = 1,
        const GROUPS: usize = 1,
    >;
}

/// The shape of the weight of a [`Conv1D`]: output channels, input channels of a group, steps of the kernel.
pub type StepKernels<const IN: usize, const OUT: usize, const KERNEL: usize, const GROUPS: usize> =
    (Const<OUT>, PerGroup<IN, GROUPS>, Const<KERNEL>);

/// A one-dimensional convolution with a bias, for sequences with channels last.
///
/// y(t, o) = b(o) + sum over c, k of w(o, c, k) x(t S + k D - P, c), with S the stride, P the zero padding and D the
/// dilation. With groups, an output channel depends only on the input channels of its group.
///
/// It is PyTorch's [`Conv1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html), but with channels
/// last, as in Keras. Weights and biases are initialised uniformly in ±1/sqrt(`IN` / `GROUPS` `KERNEL`), as in PyTorch.
///
/// Shapes: (T, `IN`) to (T', `OUT`) or (rows, T, `IN`) to (rows, T', `OUT`). The compiler computes T' = (T + 2 P - D
/// (`KERNEL` - 1) - 1) / S + 1 ([`Slides`]).
///
/// # Examples
/// ```
/// # use dfdx::{nn::{BuildOnDevice, Module}, shapes::Rank2, tensor::{Cpu, SampleTensor, Tensor}};
/// # use dropgrid_core::nn::builder::Conv1D;
/// let cpu = Cpu::default();
/// let layer = <Conv1D<3, 16, 5> as BuildOnDevice<Cpu, f32>>::build_on_device(&cpu);
/// let sequence: Tensor<Rank2<24, 3>, f32, _> = cpu.sample_normal();
/// let _: Tensor<Rank2<20, 16>, f32, _> = layer.forward(sequence);
/// ```
#[derive(Debug, Clone)]
pub struct Conv1D<
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
    /// Shape (`OUT`, `IN` / `GROUPS`, `KERNEL`).
    pub weight: Tensor<StepKernels<IN, OUT, KERNEL, GROUPS>, E, D>,
    /// Shape (`OUT`).
    pub bias: Tensor<Rank1<OUT>, E, D>,
}

/// Writes an `impl` that is generic over the type parameters of a [`Conv1D`].
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

with_parameters! { [E: Dtype, D: Device<E>,] BuildOnDevice<D, E> for builder::Conv1D<I, O, K, S, P, L, G>
where
    Conv1D<I, O, K, S, P, L, G, E, D>: TensorCollection<E, D, To<E, D> = Conv1D<I, O, K, S, P, L, G, E, D>>,
{
    type Built = Conv1D<I, O, K, S, P, L, G, E, D>;
}}

with_parameters! { [E: Dtype + Float + SampleUniform, D: Device<E>,]
TensorCollection<E, D> for Conv1D<I, O, K, S, P, L, G, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = Conv1D<I, O, K, S, P, L, G, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        const { assert!(G > 0 && O.is_multiple_of(G), "the groups of a Conv1D do not divide its output channels") };
        let weight = TensorOptions::reset_with(|tensor| fill_uniform(tensor, PerGroup::<I, G>::SIZE * K));
        let bias = TensorOptions::reset_with(|tensor| fill_uniform(tensor, PerGroup::<I, G>::SIZE * K));
        visitor.visit_fields(
            (
                Self::tensor("weight", |it| &it.weight, |it| &mut it.weight, weight),
                Self::tensor("bias", |it| &it.bias, |it| &mut it.bias, bias),
            ),
            |(weight, bias)| Conv1D { weight, bias },
        )
    }
}}

with_parameters! { [] Export for Conv1D<I, O, K, S, P, L, G, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let (weight, bias) = (numbers(&self.weight), numbers(&self.bias));
        graph.with_channels_first(input, |graph, input| {
            graph.convolve(input, [O, PerGroup::<I, G>::SIZE, K, G], [S, P, L], &weight, Some(&bias))
        })
    }
}}

with_parameters! { [] Lower for Conv1D<I, O, K, S, P, L, G, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let (address, weight) = address_and_numbers(&self.weight);
        let weight = program.kernel(address, &weight, [PerGroup::<I, G>::SIZE, K]);
        let bias = parameter(program, &self.bias);
        program.convolve_steps(input, [O, K, G], [S, P, L], [weight, bias])
    }
}}

with_parameters! { [E: Dtype, D: Device<E>,] ByTensorOps<E, D> for Conv1D<I, O, K, S, P, L, G, E, D> {
    fn by_tensor_ops<T: Tape<E, D>>(
        &self,
        input: Tensor<Steps, E, D, T>,
        _masks: &mut Masks,
    ) -> TensorResult<Steps, E, D, T> {
        let (batch, steps, _) = *input.shape();
        let windows = Windows::of_steps([steps, I], K, [S, P, L]);
        let (terms, count) = (PerGroup::<I, G>::SIZE * K, windows.windows());
        let images = input.try_permute::<Steps, Axes3<0, 2, 1>>()?.try_reshape_like(&(batch, I, steps, 1))?;
        let columns = patches(images, &windows, E::default())?.try_reshape_like(&(batch, G, terms, count))?;
        let (columns, tape) = columns.split_tape();
        let weight = self.weight.clone().put_tape(tape).try_reshape_like(&(G, O / G, terms))?;
        let weight = weight.try_broadcast_like::<_, Axis<0>>(&(batch, G, O / G, terms))?;
        let out = weight.try_matmul(columns)?.try_reshape_like(&(batch, O, count))?;
        let bias = self.bias.clone().try_reshape_like(&(O,))?.try_broadcast_like::<_, Axes2<0, 2>>(&(batch, O, count))?;
        out.try_add(bias)?.try_permute::<Steps, Axes3<0, 2, 1>>()
    }
}}

sequence_passes! {
    [
        const N: usize,
        const I: usize,
        const O: usize,
        const K: usize,
        const S: usize,
        const P: usize,
        const L: usize,
        const G: usize,
    ]
    [Const<N>: Slides<K, S, P, L>,]
    Conv1D<I, O, K, S, P, L, G, E, D>, Conv1D<I, O, K, S, P, L, G, f32, Cpu>:
    (Const<N>, Const<I>) => (<Const<N> as Slides<K, S, P, L>>::Count, Const<O>)
}
