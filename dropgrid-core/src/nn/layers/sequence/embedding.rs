//! Embeddings of sequences of codes.

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    },
    shapes::{Const, Dtype, HasShape, Rank2},
    tensor::{Cpu, PutTape, SplitTape, Storage, Tape, Tensor},
    tensor_ops::{Device, ReshapeTo, TryAdd},
};

use super::{
    passes::{ByTensorOps, sequence_passes},
    tensor_ops::{Masks, Steps, take_rows},
};
use crate::{
    graph::{Edge, Graph},
    nn::{
        Export, Lower, TakesCodes,
        contract::lower::parameter,
        layers::normal::standard_normal,
        tensor::{cpu_f32::TensorResult, numbers::numbers},
    },
    program::{Program, Value},
};

pub(in crate::nn) mod builder {
    /// The declaration of an embedding of `V` codes in vectors of `W` numbers.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Embedding<const V: usize, const W: usize>;
}

/// A table of learned vectors of `W` numbers for the codes 0 to `V` - 1. Each step of a sequence of codes becomes the
/// vector of its code. Same as PyTorch's
/// [`Embedding`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html). For columns of categories use
/// `Embed`.
///
/// Weights are initialised from the standard normal distribution, as in PyTorch. The gradient is dense: it is 0 for
/// codes that do not occur in a batch. A number that is not a code becomes a vector of NaN. If the embedding is the
/// first layer ([`TakesCodes`]), searches and predictions return
/// [`DataError::CodeOutOfRange`](crate::error::DataError::CodeOutOfRange) for such a number. The struct declares the
/// length of the sequences: `#[searchable(input = 24)]`.
///
/// Shapes: (T) to (T, `W`), or (rows, T) to (rows, T, `W`).
#[derive(Debug, Clone)]
pub struct Embedding<const V: usize, const W: usize, E: Dtype, D: Storage<E>> {
    /// Shape (V, W).
    pub weight: Tensor<Rank2<V, W>, E, D>,
}

impl<const V: usize, const W: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::Embedding<V, W>
where
    Embedding<V, W, E, D>: TensorCollection<E, D, To<E, D> = Embedding<V, W, E, D>>,
{
    type Built = Embedding<V, W, E, D>;
}

impl<const V: usize, const W: usize, E: Dtype, D: Device<E>> TensorCollection<E, D> for Embedding<V, W, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = Embedding<V, W, E2, D2>;

    fn iter_tensors<M: ModuleVisitor<Self, E, D>>(visitor: &mut M) -> Result<Option<Self::To<M::E2, M::D2>>, M::Err> {
        let draws =
            TensorOptions::reset_with(|tensor: &mut Tensor<_, E, D>| tensor.try_fill_with_distr(standard_normal()));
        let field = Self::tensor("weight", |it| &it.weight, |it| &mut it.weight, draws);
        visitor.visit_fields(field, |weight| Embedding { weight })
    }
}

impl<const V: usize, const W: usize> Export for Embedding<V, W, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let steps = graph.shape(input)[0];
        let rows = graph.embed(input, &numbers(&self.weight), [V, W]);
        graph.reshape(rows, &[steps, W])
    }
}

impl<const V: usize, const W: usize, E: Dtype, D: Storage<E>> TakesCodes for Embedding<V, W, E, D> {
    const CODES: usize = V;
}

impl<const V: usize, const W: usize> Lower for Embedding<V, W, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let table = parameter(program, &self.weight);
        program.embed_steps(input, table, W)
    }
}

impl<const V: usize, const W: usize, E: Dtype, D: Device<E>> ByTensorOps<E, D> for Embedding<V, W, E, D> {
    fn by_tensor_ops<T: Tape<E, D>>(
        &self,
        input: Tensor<Steps, E, D, T>,
        _masks: &mut Masks,
    ) -> TensorResult<Steps, E, D, T> {
        let (batch, steps, _) = *input.shape();
        let (input, tape) = input.split_tape();
        let code = |number: E| number.to_usize().filter(|code| *code < V && E::from_usize(*code) == Some(number));
        let codes: Vec<Option<usize>> = input.as_vec().into_iter().map(code).collect();
        let table = self.weight.clone().put_tape(tape).try_reshape_like(&(V, W))?;
        let rows = take_rows(table, codes.iter().map(|code| code.unwrap_or_default()).collect())?;
        let nan = E::from_f64(f64::NAN).unwrap_or_default();
        let holes = codes.iter().flat_map(|code| [if code.is_some() { E::default() } else { nan }; W]).collect();
        let rows = rows.try_add(input.device().try_tensor_from_vec(holes, (batch * steps, W))?)?;
        rows.try_reshape_like(&(batch, steps, W))
    }
}

sequence_passes! {
    [const N: usize, const V: usize, const W: usize,] [] Embedding<V, W, E, D>, Embedding<V, W, f32, Cpu>:
    (Const<N>) => (Const<N>, Const<W>)
}
