//! Multi-head self-attention.

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, ScalarOptions, TensorCollection, TensorOptions},
    },
    shapes::{Axes4, Axis, Const, Dtype, HasShape, Rank1, Rank2, Shape},
    tensor::{Cpu, Storage, Tape, Tensor},
    tensor_ops::{Device, PermuteTo, ReshapeTo, TryAdd, TryMatMul, TryMul},
};
use num_traits::Float;
use rand_distr::{Uniform, uniform::SampleUniform};

use super::{
    passes::{ByTensorOps, sequence_passes},
    tensor_ops::{Masks, Steps, dense, take_rows},
    times::Times,
};
use crate::{
    graph::{Edge, Graph},
    nn::{
        Export, Lower, Range, Settings, Tunable,
        contract::lower::parameter,
        layers::uniform::fill_uniform,
        tensor::{cpu_f32::TensorResult, numbers::numbers},
    },
    program::{Program, Value},
};

pub(in crate::nn) mod builder {
    /// The declaration of a [`MultiHeadAttention`](super::MultiHeadAttention) with `HEADS` heads over steps of `C`
    /// channels.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct MultiHeadAttention<const C: usize, const HEADS: usize, const CAUSAL: bool = false>;
}

/// Multi-head self-attention ([Vaswani et al. 2017](https://arxiv.org/abs/1706.03762), section 3.2). Same as PyTorch's
/// [`MultiheadAttention`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html) with the
/// same sequence as query, key and value.
///
/// Dense layers compute the queries Q, the keys K and the values V. Their channels are divided among the heads: each
/// head computes softmax(Q K^T / sqrt(d)) V on d channels, with d = `C` / `HEADS`. A dense layer combines the outputs
/// of the heads. In training passes, a dropout with probability `p`, by default 0, applies to the output of the
/// softmax. With `CAUSAL`, a step does not attend to later steps.
///
/// Weights are initialised as in PyTorch: `in_proj_weight` uniformly in ±sqrt(6 / (4 `C`)), `out_proj_weight` uniformly
/// in ±1 / sqrt(`C`), and biases with 0.
///
/// Shapes: (T, `C`) or (rows, T, `C`); the output has the shape of the input.
#[derive(Debug, Clone)]
pub struct MultiHeadAttention<const C: usize, const HEADS: usize, const CAUSAL: bool, E: Dtype, D: Storage<E>> {
    /// The weights of queries, keys and values. Shape (3 C, C).
    pub in_proj_weight: Tensor<(Times<C, 3>, Const<C>), E, D>,
    /// Shape (3 C).
    pub in_proj_bias: Tensor<(Times<C, 3>,), E, D>,
    /// Shape (C, C).
    pub out_proj_weight: Tensor<Rank2<C, C>, E, D>,
    /// Shape (C).
    pub out_proj_bias: Tensor<Rank1<C>, E, D>,
    /// The probability of dropping an attention weight, in [0, 1).
    pub p: f32,
}

impl<const C: usize, const H: usize, const U: bool, E: Dtype, D: Device<E>> BuildOnDevice<D, E>
    for builder::MultiHeadAttention<C, H, U>
where
    MultiHeadAttention<C, H, U, E, D>: TensorCollection<E, D, To<E, D> = MultiHeadAttention<C, H, U, E, D>>,
{
    type Built = MultiHeadAttention<C, H, U, E, D>;
}

/// Initialises the weights of queries, keys and values ([Glorot and Bengio
/// 2010](https://proceedings.mlr.press/v9/glorot10a.html)).
fn glorot<S: Shape, E: Dtype + Float + SampleUniform, D: Device<E>>(
    tensor: &mut Tensor<S, E, D>,
    channels: usize,
) -> Result<(), D::Err> {
    let bound = E::from_f64((6.0 / (4 * channels.max(1)) as f64).sqrt()).unwrap_or(E::ONE);
    tensor.try_fill_with_distr(Uniform::new(-bound, bound))
}

impl<const C: usize, const H: usize, const U: bool, E: Dtype + Float + SampleUniform, D: Device<E>>
    TensorCollection<E, D> for MultiHeadAttention<C, H, U, E, D>
{
    type To<E2: Dtype, D2: Device<E2>> = MultiHeadAttention<C, H, U, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        const { assert!(H > 0 && C.is_multiple_of(H), "the heads of a MultiHeadAttention do not divide its channels") };
        let weight = TensorOptions::reset_with(|tensor| glorot(tensor, C));
        let out = TensorOptions::reset_with(|tensor| fill_uniform(tensor, C));
        visitor.visit_fields(
            (
                Self::tensor("in_proj_weight", |it| &it.in_proj_weight, |it| &mut it.in_proj_weight, weight),
                Self::tensor(
                    "in_proj_bias",
                    |it| &it.in_proj_bias,
                    |it| &mut it.in_proj_bias,
                    TensorOptions::reset_to_zeros(),
                ),
                Self::tensor("out_proj_weight", |it| &it.out_proj_weight, |it| &mut it.out_proj_weight, out),
                Self::tensor(
                    "out_proj_bias",
                    |it| &it.out_proj_bias,
                    |it| &mut it.out_proj_bias,
                    TensorOptions::reset_to_zeros(),
                ),
                Self::scalar("p", |it| &it.p, |it| &mut it.p, ScalarOptions::from_default(0.0)),
            ),
            |(in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, p)| MultiHeadAttention {
                in_proj_weight,
                in_proj_bias,
                out_proj_weight,
                out_proj_bias,
                p,
            },
        )
    }
}

impl<const C: usize, const H: usize, const U: bool> Export for MultiHeadAttention<C, H, U, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let (weight, bias) = (numbers(&self.in_proj_weight), numbers(&self.in_proj_bias));
        let projected = graph.within("in_proj", |graph| graph.linear(input, [C, 3 * C], &weight, Some(&bias)));
        let mixed = graph.attention(projected, H, U);
        let (weight, bias) = (numbers(&self.out_proj_weight), numbers(&self.out_proj_bias));
        graph.within("out_proj", |graph| graph.linear(mixed, [C, C], &weight, Some(&bias)))
    }
}

impl<const C: usize, const H: usize, const U: bool> Lower for MultiHeadAttention<C, H, U, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let (weight, bias) = (parameter(program, &self.in_proj_weight), parameter(program, &self.in_proj_bias));
        let projected = program.linear(input, [C, 3 * C], weight, bias);
        let mixed = program.attention(projected, H, U, self.p);
        let (weight, bias) = (parameter(program, &self.out_proj_weight), parameter(program, &self.out_proj_bias));
        program.linear(mixed, [C, C], weight, bias)
    }
}

impl<const C: usize, const H: usize, const U: bool, E: Dtype, D: Device<E>> ByTensorOps<E, D>
    for MultiHeadAttention<C, H, U, E, D>
{
    fn by_tensor_ops<T: Tape<E, D>>(
        &self,
        input: Tensor<Steps, E, D, T>,
        masks: &mut Masks,
    ) -> TensorResult<Steps, E, D, T> {
        let (batch, steps, _) = *input.shape();
        let (rows, d) = (batch * steps, C / H);
        let device = input.device().clone();
        let x = input.try_reshape_like(&(rows, C))?;
        let projected = dense(x, &self.in_proj_weight, &self.in_proj_bias)?.try_reshape_like(&(rows * 3, C))?;
        let part = |projected: Tensor<(usize, usize), E, D, T>, at: usize| {
            let rows = take_rows(projected, (0..rows).map(|row| row * 3 + at).collect())?;
            rows.try_reshape_like(&(batch, steps, H, d))
        };
        let query = part(projected.retaped::<T>(), 0)?.try_permute::<Heads, Axes4<0, 2, 1, 3>>()?;
        let key = part(projected.retaped::<T>(), 1)?.try_permute::<Heads, Axes4<0, 2, 3, 1>>()?;
        let value = part(projected, 2)?.try_permute::<Heads, Axes4<0, 2, 1, 3>>()?;
        let scale = E::from_f64(1.0 / (d as f64).sqrt()).unwrap_or(E::ONE);
        let mut scores = query.try_matmul(key)?.try_mul(scale)?;
        if U {
            // The exponential of this number is 0.
            let low = E::from_f64(-1e30).unwrap_or_default();
            let of_row = |row: usize| (0..steps).map(move |at| if at > row { low } else { E::default() });
            let hidden: Vec<E> = (0..steps).flat_map(of_row).collect();
            scores = scores.try_add(device.try_tensor_from_vec(hidden.repeat(batch * H), (batch, H, steps, steps))?)?;
        }
        let weights = masks.drop(scores.try_softmax::<Axis<3>>()?, self.p)?;
        let mixed = weights.try_matmul(value)?.try_permute::<Heads, Axes4<0, 2, 1, 3>>()?;
        let mixed = mixed.try_reshape_like(&(rows, C))?;
        dense(mixed, &self.out_proj_weight, &self.out_proj_bias)?.try_reshape_like(&(batch, steps, C))
    }
}

/// Samples, heads, steps and channels of a head.
type Heads = (usize, usize, usize, usize);

sequence_passes! {
    [const N: usize, const C: usize, const H: usize, const U: bool,] []
    MultiHeadAttention<C, H, U, E, D>, MultiHeadAttention<C, H, U, f32, Cpu>:
    (Const<N>, Const<C>) => (Const<N>, Const<C>)
}

/// Searches the dropout probability `p`.
impl<const C: usize, const H: usize, const U: bool, E: Dtype, D: Storage<E>> Tunable
    for MultiHeadAttention<C, H, U, E, D>
{
    const SETTING: &'static str = "rate";
    const ALIAS: Option<&'static str> = Some("p");
    const RANGE: Range = Range::RATE;

    fn tune(&mut self, value: f64) {
        self.p = value as f32;
    }
}

impl<const C: usize, const H: usize, const U: bool, E: Dtype, D: Storage<E>> Settings
    for MultiHeadAttention<C, H, U, E, D>
{
    const SETTINGS: &'static [(&'static str, Range)] = &[("p", Range::RATE)];

    fn set(&mut self, _setting: &str, value: f64) {
        self.p = value as f32;
    }
}
