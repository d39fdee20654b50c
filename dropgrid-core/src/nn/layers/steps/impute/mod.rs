//! Imputation of missing cells.

mod fill;
mod indicator;

use std::marker::{PhantomData, PhantomPinned};

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, ScalarOptions, TensorCollection},
    },
    shapes::{Dtype, Rank1},
    tensor::Storage,
    tensor_ops::Device,
};
pub use fill::{Constant, Fill, Mean, Median, MostFrequent, OwnCategory};
pub use indicator::WithIndicator;

use crate::{
    error::{self, DataError, Error},
    graph::{Edge, Graph},
    nn::{Cells, Range, Step, layers::present::present, tensor::double::Double},
    program::Transform,
};

pub(in crate::nn) mod builder {
    pub use super::indicator::builder::WithIndicator;

    /// The declaration of a step that imputes the missing cells of `N` columns, by default with the mean of the column.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Impute<const N: usize, Fill = super::Mean>(std::marker::PhantomData<Fill>);
}

/// Imputes the missing cells of `N` columns with a value per column: the [`Mean`], the [`Median`], the
/// [`MostFrequent`], a [`Constant`], or for categories an [`OwnCategory`]. Same as scikit-learn's
/// [`SimpleImputer`](https://scikit-learn.org/stable/modules/generated/sklearn.impute.SimpleImputer.html).
///
/// - `Impute<2>` is `Impute<2, Mean>`. [`WithIndicator`] appends indicators of missing cells.
/// - `Impute<N, Constant>` has the setting `value`: `#[set(value = -1.0)]`, `#[grid(value: 0.0, -1.0)]`. Before layers
///   for categories it must be the code of a category; otherwise the error, before any training, is
///   [`Error::LayerSettings`](crate::Error::LayerSettings).
/// - Unknown categories are not missing. They stay unknown.
/// - Before fitting, the values are 0.
///
/// Cells: numbers, also missing ones. [`MostFrequent`] and [`Constant`] take numbers or categories, [`OwnCategory`]
/// takes categories. The output has no missing cells.
///
/// Shapes: N columns to N.
///
/// # Errors
/// With [`Mean`], [`Median`] and [`MostFrequent`], [`DataError::NoValue`] if all training cells of a column are
/// missing. scikit-learn drops such a column with a warning; here the width is part of the type.
///
/// # Examples
/// ```
/// # use dfdx::{nn::DeviceBuildExt, tensor::Cpu};
/// # use dropgrid_core::nn::{Step, builder::{Impute, Median}};
/// let mut layer = Cpu::default().build_module::<Impute<2, Median>, f32>();
/// layer.fit(&[1.0, f64::NAN, 3.0, 5.0, 8.0, 7.0])?;
/// let mut row = vec![f64::NAN, f64::NAN];
/// layer.transform().apply(&mut row);
/// assert_eq!(row, [3.0, 6.0]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Impute<const N: usize, F, E: Dtype, D: Storage<E>> {
    /// The value for missing cells of each column. Shape (N).
    pub fill: Double<Rank1<N>, E, D>,
    /// The setting of [`Constant`].
    pub value: f64,
    /// Marks a layer that must be the first one, see `PositionIndependent`.
    _head: PhantomPinned,
    _rule: PhantomData<F>,
}

impl<const N: usize, F: Fill, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::Impute<N, F> {
    type Built = Impute<N, F, E, D>;
}

impl<const N: usize, F: Fill, E: Dtype, D: Device<E>> TensorCollection<E, D> for Impute<N, F, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = Impute<N, F, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let fill = Self::module("fill", |it| &it.fill, |it| &mut it.fill);
        let whole = |fill, value| Impute { fill, value, _head: PhantomPinned, _rule: PhantomData };
        if F::SETTING {
            let value = Self::scalar("value", |it| &it.value, |it| &mut it.value, ScalarOptions::from_default(0.0));
            visitor.visit_fields((fill, value), |(fill, value)| whole(fill, value))
        } else {
            visitor.visit_fields(fill, |fill| whole(fill, 0.0))
        }
    }
}

impl<const N: usize, F: Fill, E: Dtype, D: Device<E>> Step for Impute<N, F, E, D> {
    const COLUMNS: usize = N;
    const WIDTH: usize = N;
    const TAKES: Cells = F::TAKES;
    const GIVES: Cells = F::GIVES;
    const SETTINGS: &'static [(&'static str, Range)] = if F::SETTING { &[("value", Range::FINITE)] } else { &[] };

    fn set(&mut self, _setting: &str, value: f64) {
        self.value = value;
    }

    fn constant(&self) -> Option<f64> {
        F::SETTING.then_some(self.value)
    }

    fn fit(&mut self, cells: &[f64]) -> error::Result<()> {
        let fill = |(column, present)| F::of(present, self.value).ok_or(Error::Data(DataError::NoValue { column }));
        let fill: Vec<f64> = present(cells, N).enumerate().map(fill).collect::<error::Result<_>>()?;
        self.fill.write(&fill);
        Ok(())
    }

    fn transform(&self) -> Box<dyn Transform> {
        Box::new(Values(self.fill.read()))
    }
}

/// The fitted transform: the value for missing cells of each column.
#[derive(Debug)]
struct Values(Vec<f64>);

impl Transform for Values {
    fn apply(&self, row: &mut Vec<f64>) {
        for (cell, value) in row.iter_mut().zip(&self.0) {
            if cell.is_nan() {
                *cell = *value;
            }
        }
    }

    fn export(&self, graph: &mut Graph, cells: Edge) -> Edge {
        graph.fill(cells, &self.0)
    }
}
