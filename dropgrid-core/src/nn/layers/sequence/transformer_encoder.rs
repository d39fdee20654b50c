//! The encoder block of a transformer.

use dfdx::{
    nn::{
        BuildOnDevice,
        modules::LayerNorm1D,
        tensor_collection::{ModuleVisitor, ScalarOptions, TensorCollection},
    },
    shapes::{Const, Dtype, HasShape},
    tensor::{Cpu, Storage, Tape, Tensor},
    tensor_ops::{Device, ReshapeTo, TryAdd},
};
use num_traits::Float;
use rand_distr::uniform::SampleUniform;

use super::{
    multi_head_attention::MultiHeadAttention,
    passes::{ByTensorOps, sequence_passes},
    tensor_ops::{Masks, Rows, Steps, dense, normalised},
};
use crate::{
    graph::{Edge, Graph},
    kernel::elementwise::Function,
    nn::{Export, Lower, Range, Settings, Tunable, layers::linear::Linear, tensor::cpu_f32::TensorResult},
    program::{Program, Value},
};

pub(in crate::nn) mod builder {
    /// The declaration of a [`TransformerEncoder`](super::TransformerEncoder) over steps of `C` channels.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct TransformerEncoder<
        const C: usize,
        const HEADS: usize,
        const HIDDEN: usize,
        const NORM_FIRST: bool = false,
        const CAUSAL: bool = false,
    >;
}

/// An encoder block of a transformer ([Vaswani et al. 2017](https://arxiv.org/abs/1706.03762), section 3.1). Same as
/// PyTorch's
/// [`TransformerEncoderLayer`](https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html),
/// with the same names of the parameters.
///
/// A is self-attention with `HEADS` heads. F is a dense layer of `HIDDEN` rectified linear units followed by a dense
/// layer of `C` outputs. The block computes y = norm1(x + drop(A(x))) and outputs norm2(y + drop(F(y))). With
/// `NORM_FIRST` it computes y = x + drop(A(norm1(x))) and outputs y + drop(F(norm2(y))), which makes deep stacks easier
/// to train ([Xiong et al. 2020](https://arxiv.org/abs/2002.04745)). `Repeated<TransformerEncoder<..>, N>` is a stack
/// of N blocks.
///
/// All four dropouts have the rate `p`, by default 0.1: that of the attention weights, that of the hidden units and
/// those of both branches.
///
/// Shapes: (T, `C`) or (rows, T, `C`); the output has the shape of the input.
#[derive(Debug, Clone)]
pub struct TransformerEncoder<
    const C: usize,
    const HEADS: usize,
    const HIDDEN: usize,
    const NORM_FIRST: bool,
    const CAUSAL: bool,
    E: Dtype,
    D: Storage<E>,
> {
    /// The self-attention. [`p`](Self::p) sets its rate.
    pub self_attn: MultiHeadAttention<C, HEADS, CAUSAL, E, D>,
    /// The first dense layer of the feed-forward branch.
    pub linear1: Linear<C, HIDDEN, E, D>,
    /// The second dense layer of the feed-forward branch.
    pub linear2: Linear<HIDDEN, C, E, D>,
    /// The normalisation of the attention branch.
    pub norm1: LayerNorm1D<C, E, D>,
    /// The normalisation of the feed-forward branch.
    pub norm2: LayerNorm1D<C, E, D>,
    /// The rate of the dropouts, in [0, 1).
    pub p: f32,
}

/// Writes an `impl` that is generic over the type parameters of a [`TransformerEncoder`].
macro_rules! with_parameters {
    ([$($extra:tt)*] $($rest:tt)*) => {
        impl<$($extra)* const C: usize, const H: usize, const F: usize, const N: bool, const U: bool> $($rest)*
    };
}

with_parameters! { [E: Dtype, D: Device<E>,] BuildOnDevice<D, E> for builder::TransformerEncoder<C, H, F, N, U>
where
    TransformerEncoder<C, H, F, N, U, E, D>: TensorCollection<E, D, To<E, D> = TransformerEncoder<C, H, F, N, U, E, D>>,
{
    type Built = TransformerEncoder<C, H, F, N, U, E, D>;
}}

/// The default rate of the dropouts.
const DEFAULT_RATE: f32 = 0.1;

with_parameters! { [E: Dtype + Float + SampleUniform, D: Device<E>,]
TensorCollection<E, D> for TransformerEncoder<C, H, F, N, U, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = TransformerEncoder<C, H, F, N, U, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        visitor.visit_fields(
            (
                Self::module("self_attn", |it| &it.self_attn, |it| &mut it.self_attn),
                Self::module("linear1", |it| &it.linear1, |it| &mut it.linear1),
                Self::module("linear2", |it| &it.linear2, |it| &mut it.linear2),
                Self::module("norm1", |it| &it.norm1, |it| &mut it.norm1),
                Self::module("norm2", |it| &it.norm2, |it| &mut it.norm2),
                Self::scalar("p", |it| &it.p, |it| &mut it.p, ScalarOptions::from_default(DEFAULT_RATE)),
            ),
            |(self_attn, linear1, linear2, norm1, norm2, p)| TransformerEncoder {
                self_attn: MultiHeadAttention { p, ..self_attn },
                linear1,
                linear2,
                norm1,
                norm2,
                p,
            },
        )
    }
}}

with_parameters! { [] Export for TransformerEncoder<C, H, F, N, U, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let norm = |graph: &mut Graph, name: &str, norm: &LayerNorm1D<C, f32, Cpu>, edge: Edge| {
            graph.within(name, |graph| norm.export(graph, edge))
        };
        let branch = if N { norm(graph, "norm1", &self.norm1, input) } else { input };
        let branch = graph.within("self_attn", |graph| self.self_attn.export(graph, branch));
        let sum = graph.add(branch, input);
        let middle = if N { sum } else { norm(graph, "norm1", &self.norm1, sum) };
        let branch = if N { norm(graph, "norm2", &self.norm2, middle) } else { middle };
        let branch = graph.within("linear1", |graph| self.linear1.export(graph, branch));
        let branch = graph.elementwise(branch, Function::Relu);
        let branch = graph.within("linear2", |graph| self.linear2.export(graph, branch));
        let sum = graph.add(branch, middle);
        if N { sum } else { norm(graph, "norm2", &self.norm2, sum) }
    }
}}

with_parameters! { [] Lower for TransformerEncoder<C, H, F, N, U, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let branch = if N { self.norm1.lower(program, input) } else { input };
        let branch = self.self_attn.lower(program, branch);
        let branch = program.dropout(branch, self.p);
        let sum = program.add(branch, input);
        let middle = if N { sum } else { self.norm1.lower(program, sum) };
        let branch = if N { self.norm2.lower(program, middle) } else { middle };
        let branch = self.linear1.lower(program, branch);
        let branch = program.elementwise(branch, Function::Relu);
        let branch = program.dropout(branch, self.p);
        let branch = self.linear2.lower(program, branch);
        let branch = program.dropout(branch, self.p);
        let sum = program.add(branch, middle);
        if N { sum } else { self.norm2.lower(program, sum) }
    }
}}

with_parameters! { [E: Dtype, D: Device<E>,] ByTensorOps<E, D> for TransformerEncoder<C, H, F, N, U, E, D> {
    fn by_tensor_ops<T: Tape<E, D>>(
        &self,
        input: Tensor<Steps, E, D, T>,
        masks: &mut Masks,
    ) -> TensorResult<Steps, E, D, T> {
        let steps = *input.shape();
        let rows = (steps.0 * steps.1, C);
        let norm = |x: Tensor<Rows, E, D, T>, norm: &LayerNorm1D<C, E, D>| {
            normalised(x, [&norm.gamma, &norm.beta], norm.epsilon)
        };
        let input = input.try_reshape_like(&rows)?;
        let mut branch = input.retaped::<T>();
        if N {
            branch = norm(branch, &self.norm1)?;
        }
        let branch = self.self_attn.by_tensor_ops(branch.try_reshape_like(&steps)?, masks)?;
        let branch = masks.drop(branch.try_reshape_like(&rows)?, self.p)?;
        let mut middle = branch.try_add(input)?;
        if !N {
            middle = norm(middle, &self.norm1)?;
        }
        let mut branch = middle.retaped::<T>();
        if N {
            branch = norm(branch, &self.norm2)?;
        }
        let branch = dense(branch, &self.linear1.weight, &self.linear1.bias)?.try_relu()?;
        let branch = masks.drop(branch, self.p)?;
        let branch = masks.drop(dense(branch, &self.linear2.weight, &self.linear2.bias)?, self.p)?;
        let mut out = branch.try_add(middle)?;
        if !N {
            out = norm(out, &self.norm2)?;
        }
        out.try_reshape_like(&steps)
    }
}}

sequence_passes! {
    [const M: usize, const C: usize, const H: usize, const F: usize, const N: bool, const U: bool,] []
    TransformerEncoder<C, H, F, N, U, E, D>, TransformerEncoder<C, H, F, N, U, f32, Cpu>:
    (Const<M>, Const<C>) => (Const<M>, Const<C>)
}

with_parameters! { [E: Dtype, D: Storage<E>,]  Tunable for TransformerEncoder<C, H, F, N, U, E, D> {
    const SETTING: &'static str = "rate";
    const ALIAS: Option<&'static str> = Some("p");
    const RANGE: Range = Range::RATE;

    fn tune(&mut self, value: f64) {
        self.p = value as f32;
        self.self_attn.p = self.p;
    }
}}

with_parameters! { [E: Dtype, D: Storage<E>,] Settings for TransformerEncoder<C, H, F, N, U, E, D> {
    const SETTINGS: &'static [(&'static str, Range)] = &[("p", Range::RATE)];

    fn set(&mut self, _setting: &str, value: f64) {
        self.tune(value);
    }
}}
