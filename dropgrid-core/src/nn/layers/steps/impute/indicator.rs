//! Indicator columns for missing cells.

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, TensorCollection},
    },
    shapes::Dtype,
    tensor_ops::Device,
};

use super::{Impute, fill::Fill};
use crate::{
    error,
    graph::{Edge, Element, Graph},
    nn::{Cells, Range, Step},
    program::Transform,
};

pub(in crate::nn) mod builder {
    /// The declaration of an `Impute` that appends indicators of missing cells.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct WithIndicator<L>(std::marker::PhantomData<L>);
}

/// An [`Impute`] of `N` columns of numbers that appends one indicator for each column: 1 if the cell was missing, else
/// 0.
///
/// It is scikit-learn's `SimpleImputer(add_indicator=True)`, except that every column has an indicator, because the
/// width is part of the type. scikit-learn omits the indicators of columns without missing cells in the training rows.
///
/// Write `WithIndicator<Impute<2, Median>>`. It has the settings of the [`Impute`].
///
/// Cells: numbers, also missing ones. The output has no missing cells.
///
/// Shapes: N columns to 2 N: first the columns, then the indicators.
///
/// # Errors
/// Fails with the errors of [`Impute`].
#[derive(Debug, Clone)]
pub struct WithIndicator<L> {
    /// The imputation.
    pub impute: L,
}

impl<L: BuildOnDevice<D, E>, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::WithIndicator<L>
where
    WithIndicator<L::Built>: TensorCollection<E, D, To<E, D> = WithIndicator<L::Built>>,
{
    type Built = WithIndicator<L::Built>;
}

impl<L: TensorCollection<E, D>, E: Dtype, D: Device<E>> TensorCollection<E, D> for WithIndicator<L> {
    type To<E2: Dtype, D2: Device<E2>> = WithIndicator<L::To<E2, D2>>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let impute = Self::module("impute", |it| &it.impute, |it| &mut it.impute);
        visitor.visit_fields(impute, |impute| WithIndicator { impute })
    }
}

impl<const N: usize, F: Fill, E: Dtype, D: Device<E>> Step for WithIndicator<Impute<N, F, E, D>> {
    const COLUMNS: usize = N;
    const WIDTH: usize = 2 * N;
    const TAKES: Cells = F::TAKES.then(F::GIVES, Cells::NUMBER);
    const GIVES: Cells = Cells::NUMBER;
    const SETTINGS: &'static [(&'static str, Range)] = <Impute<N, F, E, D> as Step>::SETTINGS;

    fn set(&mut self, setting: &str, value: f64) {
        self.impute.set(setting, value);
    }

    fn fit(&mut self, cells: &[f64]) -> error::Result<()> {
        self.impute.fit(cells)
    }

    fn transform(&self) -> Box<dyn Transform> {
        Box::new(Indicators(self.impute.transform(), N))
    }
}

/// Appends an indicator for each of the first columns, whose number is the second field, then imputes the columns.
#[derive(Debug)]
struct Indicators(Box<dyn Transform>, usize);

impl Transform for Indicators {
    fn apply(&self, row: &mut Vec<f64>) {
        for at in 0..self.1 {
            row.push(f64::from(row[at].is_nan()));
        }
        // The transform changes only the columns that it was fitted on, which come first.
        self.0.apply(row);
    }

    fn export(&self, graph: &mut Graph, cells: Edge) -> Edge {
        let missing = graph.is_missing(cells);
        let indicators = graph.cast(missing, Element::Double);
        let filled = self.0.export(graph, cells);
        graph.concat(&[filled, indicators])
    }
}
