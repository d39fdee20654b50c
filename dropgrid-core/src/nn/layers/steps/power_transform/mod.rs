//! Power transformation of columns.

mod minimum;
mod yeo_johnson;

use std::marker::PhantomPinned;

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    },
    shapes::{Dtype, Rank1},
    tensor::{Storage, Tensor},
    tensor_ops::Device,
};

use self::yeo_johnson::{best_power, yeo_johnson};
use crate::{
    data::Moments,
    error,
    graph::{Edge, Graph},
    nn::{
        Cells, Step,
        layers::present::some_present,
        tensor::double::{self, Double},
    },
    program::Transform,
};

pub(in crate::nn) mod builder {
    /// The declaration of a step that transforms `N` columns by powers and standardizes them.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct PowerTransform<const N: usize>;
}

/// Transforms each of `N` columns by the power for which it is most like a normal distribution, then standardizes it to
/// mean 0 and standard deviation 1 ([Yeo and Johnson 2000](https://doi.org/10.1093/biomet/87.4.954)). Same as
/// scikit-learn's
/// [`PowerTransformer`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.PowerTransformer.html).
///
/// For a power λ, a number x becomes
///
/// | | λ is not 0, or 2 where x < 0 | λ is |
/// |---|---|---|
/// | x from 0 | ((x + 1)^λ - 1) / λ | ln(x + 1) |
/// | x below 0 | -((1 - x)^(2 - λ) - 1) / (2 - λ) | -ln(1 - x) |
///
/// - λ maximises the likelihood, by Brent's method within SciPy's bounds, which avoid overflow.
/// - A column that is constant up to rounding, as in [`Standardize`](crate::nn::Standardize), has λ = 1 and the scale
///   1. scikit-learn recognises such a column only if no cell is missing.
/// - Missing cells do not count in the statistics and stay missing, so an [`Impute`](crate::nn::Impute) may follow.
/// - Before fitting, the layer returns its input.
///
/// Cells: numbers.
///
/// Shapes: N columns to N.
///
/// # Errors
/// [`DataError::NoValue`](crate::DataError::NoValue) if all training cells of a column are missing.
#[derive(Debug, Clone)]
pub struct PowerTransform<const N: usize, E: Dtype, D: Storage<E>> {
    /// The power of each column, rounded. Shape (N).
    pub lambda: Tensor<Rank1<N>, E, D>,
    /// The rounding errors of `lambda`.
    pub lambda_error: Double<Rank1<N>, E, D>,
    /// The exponent of the power of 2 by which the results of each column are divided, so that single precision can
    /// represent their statistics.
    pub exponent: Tensor<Rank1<N>, E, D>,
    /// The mean of each column after the power. Shape (N).
    pub mean: Double<Rank1<N>, E, D>,
    /// The standard deviation of each column after the power. It is 1 for a constant column. Shape (N).
    pub scale: Tensor<Rank1<N>, E, D>,
    /// Marks a layer that must be the first one, see `PositionIndependent`.
    _head: PhantomPinned,
}

impl<const N: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::PowerTransform<N> {
    type Built = PowerTransform<N, E, D>;
}

impl<const N: usize, E: Dtype, D: Device<E>> TensorCollection<E, D> for PowerTransform<N, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = PowerTransform<N, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let zeros = TensorOptions::detached(Tensor::try_fill_with_zeros);
        let ones = || TensorOptions::detached(Tensor::try_fill_with_ones);
        visitor.visit_fields(
            (
                Self::tensor("lambda", |it| &it.lambda, |it| &mut it.lambda, ones()),
                Self::module("lambda_error", |it| &it.lambda_error, |it| &mut it.lambda_error),
                Self::tensor("exponent", |it| &it.exponent, |it| &mut it.exponent, zeros),
                Self::module("mean", |it| &it.mean, |it| &mut it.mean),
                Self::tensor("scale", |it| &it.scale, |it| &mut it.scale, ones()),
            ),
            |(lambda, lambda_error, exponent, mean, scale)| PowerTransform {
                lambda,
                lambda_error,
                exponent,
                mean,
                scale,
                _head: PhantomPinned,
            },
        )
    }
}

impl<const N: usize, E: Dtype, D: Device<E>> Step for PowerTransform<N, E, D> {
    const COLUMNS: usize = N;
    const WIDTH: usize = N;
    const TAKES: Cells = Cells::NUMBER.or_missing();
    const GIVES: Cells = Cells::NUMBER.or_missing();

    fn fit(&mut self, cells: &[f64]) -> error::Result<()> {
        let columns = some_present(cells, N)?;
        let is_constant =
            |column: &[f64]| Moments::of(column.chunks_exact(1)).scale(None).next().is_none_or(|scale| scale == 1.0);
        let lambdas: Vec<f64> =
            columns.iter().map(|column| if is_constant(column) { 1.0 } else { best_power(column) }).collect();
        self.set_powers(&lambdas);
        // The statistics are computed with the powers as stored, after rounding.
        let lambdas = self.powers();
        let [mut exponents, mut means, mut scales] = [Vec::new(), Vec::new(), Vec::new()];
        for (column, lambda) in columns.iter().zip(lambdas) {
            let results: Vec<f64> = column.iter().map(|x| yeo_johnson(*x, lambda)).collect();
            let moments = Moments::of(results.chunks_exact(1));
            let scale: f64 = moments.scale(None).sum();
            let exponent = libm::log2(scale).floor();
            exponents.push(exponent);
            means.push(moments.mean[0] / libm::exp2(exponent));
            scales.push(scale / libm::exp2(exponent));
        }
        double::write_rounded(&mut self.exponent, &exponents);
        self.mean.write(&means);
        double::write_rounded(&mut self.scale, &scales);
        Ok(())
    }

    fn transform(&self) -> Box<dyn Transform> {
        let exponents = double::read_rounded(&self.exponent).into_iter();
        let scales = exponents.map(libm::exp2).zip(double::read_rounded(&self.scale));
        let statistics = self.mean.read().into_iter().zip(scales);
        let lambdas = self.powers().into_iter().zip(statistics);
        let columns = lambdas.map(|(lambda, (mean, (unit, scale)))| Column { lambda, unit, mean, scale });
        Box::new(Powers(columns.collect()))
    }
}

impl<const N: usize, E: Dtype, D: Device<E>> PowerTransform<N, E, D> {
    fn powers(&self) -> Vec<f64> {
        let errors = self.lambda_error.read();
        double::read_rounded(&self.lambda).into_iter().zip(errors).map(|(lambda, error)| lambda + error).collect()
    }

    fn set_powers(&mut self, lambdas: &[f64]) {
        double::write_rounded(&mut self.lambda, lambdas);
        let rounded = double::read_rounded(&self.lambda);
        self.lambda_error
            .write(&lambdas.iter().zip(rounded).map(|(lambda, rounded)| lambda - rounded).collect::<Vec<_>>());
    }
}

/// The power of a column, and the statistics of its results in multiples of `unit`.
#[derive(Debug)]
struct Column {
    lambda: f64,
    unit: f64,
    mean: f64,
    scale: f64,
}

#[derive(Debug)]
struct Powers(Vec<Column>);

impl Transform for Powers {
    fn apply(&self, row: &mut Vec<f64>) {
        for (cell, column) in row.iter_mut().zip(&self.0) {
            *cell = (yeo_johnson(*cell, column.lambda) / column.unit - column.mean) / column.scale;
        }
    }

    fn export(&self, graph: &mut Graph, cells: Edge) -> Edge {
        let each = self.0.iter().enumerate().map(|(at, Column { lambda, unit, mean, scale })| {
            let column = graph.select(cells, &[at]);
            let power = graph.yeo_johnson(column, *lambda);
            let in_units = graph.affine(power, [&[0.0], &[*unit]], [1.0, 0.0]);
            graph.affine(in_units, [&[*mean], &[*scale]], [1.0, 0.0])
        });
        let columns: Vec<Edge> = each.collect();
        graph.concat(&columns)
    }
}
