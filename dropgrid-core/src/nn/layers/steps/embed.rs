//! Embeddings of categories.

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    },
    shapes::{Const, Dtype, Rank2},
    tensor::{Cpu, PutTape, Storage, Tape, Tensor},
    tensor_ops::{Device, GatherTo, ReshapeTo, TryAdd},
};

use super::codes::{check, code};
use crate::{
    error,
    graph::{Edge, Graph},
    nn::{
        Cells, ColumnCells, ColumnLayer, LowerColumns,
        contract::lower::parameter,
        layers::normal::standard_normal,
        tensor::{cpu_f32::TensorResult, numbers::numbers},
    },
    program::{Program, Transform, Value},
};

pub(in crate::nn) mod builder {
    /// The declaration of an embedding of `C` categories in vectors of `W` numbers.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Embed<const C: usize, const W: usize>;
}

/// A table of learned vectors of `W` numbers for `C` categories ([Guo and Berkhahn
/// 2016](https://arxiv.org/abs/1604.06737)). Same as PyTorch's
/// [`Embedding`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html).
///
/// Weights are initialised from the standard normal distribution, as in PyTorch. Every category has a row of the table,
/// even if it does not occur in a fold. The gradient is dense, as in PyTorch with `sparse=False`: it is 0 for
/// categories that do not occur in a batch. Adam, momentum and weight decay also change the rows of those categories.
///
/// Cells: the codes of `C` categories. Missing cells and unknown categories are an error. An
/// [`Impute`](crate::nn::Impute) with [`OwnCategory`](crate::nn::OwnCategory) before it gives missing cells their own
/// row.
///
/// Shapes: one column to W numbers.
#[derive(Debug, Clone)]
pub struct Embed<const C: usize, const W: usize, E: Dtype, D: Storage<E>> {
    /// Shape (C, W).
    pub weight: Tensor<Rank2<C, W>, E, D>,
}

impl<const C: usize, const W: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::Embed<C, W>
where
    Embed<C, W, E, D>: TensorCollection<E, D, To<E, D> = Embed<C, W, E, D>>,
{
    type Built = Embed<C, W, E, D>;
}

impl<const C: usize, const W: usize, E: Dtype, D: Device<E>> TensorCollection<E, D> for Embed<C, W, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = Embed<C, W, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let draws =
            TensorOptions::reset_with(|tensor: &mut Tensor<_, E, D>| tensor.try_fill_with_distr(standard_normal()));
        let field = Self::tensor("weight", |it| &it.weight, |it| &mut it.weight, draws);
        visitor.visit_fields(field, |weight| Embed { weight })
    }
}

impl<const C: usize, const W: usize, E: Dtype, D: Device<E>> ColumnLayer<E, D> for Embed<C, W, E, D> {
    const COLUMNS: usize = 1;
    const WIDTH: usize = W;
    const PREPARED: usize = 1;
    const TAKES: ColumnCells = ColumnCells::Each(Cells::category(C));

    fn fit_columns(&mut self, cells: &[f64]) -> error::Result<()> {
        check::<C>(cells)
    }

    fn transforms(&self, _to: &mut Vec<Box<dyn Transform>>) {}

    /// Outputs NaN for a number that is not the code of a category.
    fn forward_prepared<T: Tape<E, D>>(
        &self,
        prepared: &[f64],
        device: &D,
        tape: T,
    ) -> TensorResult<(usize, usize), E, D, T> {
        let shape = (prepared.len(), Const::<W>);
        let codes: Vec<Option<usize>> = prepared.iter().map(|cell| code::<C>(*cell)).collect();
        let rows = codes.iter().map(|code| code.unwrap_or_default()).collect();
        let rows: Tensor<(usize,), usize, D> = device.try_tensor_from_vec(rows, (prepared.len(),))?;
        let mut out = self.weight.clone().put_tape(tape).try_gather(rows)?;
        if codes.contains(&None) {
            let nan = E::from_f64(f64::NAN).unwrap_or_default();
            let holes = codes.iter().flat_map(|code| [if code.is_some() { E::default() } else { nan }; W]).collect();
            out = out.try_add(device.try_tensor_from_vec(holes, shape)?)?;
        }
        out.try_reshape_like(&(prepared.len(), W))
    }
}

impl<const C: usize, const W: usize> LowerColumns for Embed<C, W, f32, Cpu> {
    fn lower_prepared(&self, program: &mut Program, prepared: Value) -> Value {
        let table = parameter(program, &self.weight);
        program.embed(prepared, table, W)
    }

    fn export_prepared(&self, graph: &mut Graph, prepared: Edge) -> Edge {
        graph.embed(prepared, &numbers(&self.weight), [C, W])
    }
}
