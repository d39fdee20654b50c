//! Quantile transformation of columns.

use std::{
    fmt,
    marker::{PhantomData, PhantomPinned},
};

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    },
    shapes::{Dtype, Rank1, Rank2},
    tensor::{Storage, Tensor},
    tensor_ops::Device,
};

use crate::{
    error,
    graph::{Edge, Graph, normal_quantile},
    nn::{
        Cells, Step,
        layers::{
            percentile::{percentile, sorted},
            present::some_present,
        },
        tensor::double::{self, Double},
    },
    program::Transform,
};

pub(in crate::nn) mod builder {
    /// The declaration of a step that maps `N` columns to a distribution by up to `Q` quantiles.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct QuantileTransform<const N: usize, Output = super::Uniform, const Q: usize = 1000>(
        std::marker::PhantomData<Output>,
    );
}

/// Maps each of `N` columns to the uniform distribution on [0, 1] or to the standard [`Normal`] distribution, by the
/// quantiles of the training rows. Same as scikit-learn's
/// [`QuantileTransformer`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.QuantileTransformer.html).
///
/// - `QuantileTransform<2>` is `QuantileTransform<2, Uniform, 1000>`. The number of quantiles is at most 1,000 and at
///   most the number of rows.
/// - The fraction of rows below a cell is interpolated linearly between quantiles. Where several quantiles are equal to
///   the cell, it is the mean of the fractions of the first and the last of them. Cells outside of the training range
///   become 0 or 1.
/// - [`Normal`] clips the fraction to 1e-7 from both ends, so outputs are between -5.2 and 5.2.
/// - All rows are used. scikit-learn takes a random sample of 10,000 rows by default; this step behaves as
///   `subsample=None`.
/// - Missing cells do not count in the quantiles and stay missing, so an [`Impute`](crate::nn::Impute) may follow.
/// - Before fitting, the layer returns its input.
///
/// Cells: numbers.
///
/// Shapes: N columns to N.
///
/// # Errors
/// [`DataError::NoValue`](crate::DataError::NoValue) if all training cells of a column are missing.
#[derive(Debug, Clone)]
pub struct QuantileTransform<const N: usize, O, const Q: usize, E: Dtype, D: Storage<E>> {
    /// The quantiles of each column in ascending order. Shape (N, Q). Entries from `count` on are 0.
    pub quantiles: Double<Rank2<N, Q>, E, D>,
    /// The number of quantiles. It is 0 before fitting. Shape (1).
    pub count: Tensor<Rank1<1>, E, D>,
    /// Marks a layer that must be the first one, see `PositionIndependent`.
    _head: PhantomPinned,
    _output: PhantomData<O>,
}

/// An output distribution of a [`QuantileTransform`].
pub trait OutputDistribution: fmt::Debug + Clone + Send + Sync + 'static {
    /// The distance from the smallest or the largest quantile within which a cell counts as equal to it.
    #[doc(hidden)]
    const NEAR: f64;

    /// Returns the quantile of the distribution for a fraction from 0 to 1.
    #[doc(hidden)]
    fn quantile(fraction: f64) -> f64;

    /// Appends the operators of [`quantile`](Self::quantile).
    #[doc(hidden)]
    fn export_quantile(graph: &mut Graph, fraction: Edge) -> Edge;
}

/// The uniform distribution on [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Uniform;

impl OutputDistribution for Uniform {
    const NEAR: f64 = 0.0;

    fn quantile(fraction: f64) -> f64 {
        fraction
    }

    fn export_quantile(_graph: &mut Graph, fraction: Edge) -> Edge {
        fraction
    }
}

/// The standard normal distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Normal;

impl OutputDistribution for Normal {
    const NEAR: f64 = 1e-7;

    fn quantile(fraction: f64) -> f64 {
        let end = Self::NEAR - f64::EPSILON;
        normal_quantile(fraction.clamp(end, 1.0 - end))
    }

    fn export_quantile(graph: &mut Graph, fraction: Edge) -> Edge {
        let end = Self::NEAR - f64::EPSILON;
        let fraction = graph.clamp(fraction, [end, 1.0 - end]);
        graph.normal_quantile(fraction)
    }
}

impl<const N: usize, O: OutputDistribution, const Q: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E>
    for builder::QuantileTransform<N, O, Q>
{
    type Built = QuantileTransform<N, O, Q, E, D>;
}

impl<const N: usize, O: OutputDistribution, const Q: usize, E: Dtype, D: Device<E>> TensorCollection<E, D>
    for QuantileTransform<N, O, Q, E, D>
{
    type To<E2: Dtype, D2: Device<E2>> = QuantileTransform<N, O, Q, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let zeros = TensorOptions::detached(Tensor::try_fill_with_zeros);
        visitor.visit_fields(
            (
                Self::module("quantiles", |it| &it.quantiles, |it| &mut it.quantiles),
                Self::tensor("count", |it| &it.count, |it| &mut it.count, zeros),
            ),
            |(quantiles, count)| QuantileTransform { quantiles, count, _head: PhantomPinned, _output: PhantomData },
        )
    }
}

impl<const N: usize, O: OutputDistribution, const Q: usize, E: Dtype, D: Device<E>> Step
    for QuantileTransform<N, O, Q, E, D>
{
    const COLUMNS: usize = N;
    const WIDTH: usize = {
        assert!(Q > 0, "a quantile transform has at least one quantile");
        N
    };
    const TAKES: Cells = Cells::NUMBER.or_missing();
    const GIVES: Cells = Cells::NUMBER.or_missing();

    fn fit(&mut self, cells: &[f64]) -> error::Result<()> {
        // Missing cells count in the number of quantiles, as in scikit-learn.
        let references = references(Q.min(cells.len() / N.max(1)));
        let mut quantiles = vec![0.0; N * Q];
        for (column, quantiles) in some_present(cells, N)?.into_iter().zip(quantiles.chunks_exact_mut(Q)) {
            let column = sorted(column);
            quantiles
                .iter_mut()
                .zip(&references)
                .for_each(|(to, fraction)| *to = percentile(&column, fraction * 100.0));
        }
        self.quantiles.write(&quantiles);
        double::write_rounded(&mut self.count, &[references.len() as f64]);
        Ok(())
    }

    fn transform(&self) -> Box<dyn Transform> {
        #[allow(clippy::cast_sign_loss, reason = "a file could hold a negative number, which becomes 0")]
        let count = (double::read_rounded(&self.count)[0] as usize).min(Q);
        let columns = self.quantiles.read().chunks_exact(Q.max(1)).map(|column| column[..count].to_vec()).collect();
        Box::new(Shares::<O> { columns, references: references(count), output: PhantomData })
    }
}

/// Returns `count` evenly spaced fractions from 0 to 1, as NumPy's `linspace(0, 1, count)`.
fn references(count: usize) -> Vec<f64> {
    let step = 1.0 / (count.max(2) - 1) as f64;
    let last = count.saturating_sub(1);
    (0..count).map(|at| if at == last && at > 0 { 1.0 } else { at as f64 * step }).collect()
}

/// The fitted transform: the fraction of training rows below a cell, mapped to a quantile of the output distribution.
#[derive(Debug)]
struct Shares<O> {
    /// The quantiles of each column. They are empty before fitting.
    columns: Vec<Vec<f64>>,
    /// The fraction that belongs to each quantile.
    references: Vec<f64>,
    output: PhantomData<O>,
}

impl<O: OutputDistribution> Transform for Shares<O> {
    fn apply(&self, row: &mut Vec<f64>) {
        for (cell, quantiles) in row.iter_mut().zip(&self.columns) {
            if let (false, [low, .., high] | [low @ high]) = (cell.is_nan(), &**quantiles) {
                *cell = O::quantile(fraction::<O>(*cell, quantiles, &self.references, [*low, *high]));
            }
        }
    }

    fn export(&self, graph: &mut Graph, cells: Edge) -> Edge {
        let each = self.columns.iter().enumerate().map(|(at, quantiles)| {
            let column = graph.select(cells, &[at]);
            if quantiles.is_empty() {
                return column;
            }
            let fraction = graph.share(column, quantiles, &self.references, O::NEAR);
            O::export_quantile(graph, fraction)
        });
        let columns: Vec<Edge> = each.collect();
        graph.concat(&columns)
    }
}

/// Returns the fraction of training rows below a cell. `low` and `high` are the smallest and the largest quantile.
fn fraction<O: OutputDistribution>(cell: f64, quantiles: &[f64], references: &[f64], [low, high]: [f64; 2]) -> f64 {
    let is_near = O::NEAR > 0.0;
    if cell == low || is_near && cell - O::NEAR < low {
        return 0.0;
    }
    if is_near && cell + O::NEAR > high || cell == high {
        return 1.0;
    }
    let after = quantiles.partition_point(|quantile| *quantile <= cell);
    let from = quantiles.partition_point(|quantile| *quantile < cell);
    if from < after {
        return f64::midpoint(references[after - 1], references[from]);
    }
    if after == 0 || after == quantiles.len() {
        return references[after.saturating_sub(1)];
    }
    let [x0, x1] = [quantiles[after - 1], quantiles[after]];
    let [y0, y1] = [references[after - 1], references[after]];
    let slope = (y1 - y0) / (x1 - x0);
    f64::midpoint(slope * (cell - x0) + y0, y1 - slope * (x1 - cell))
}
