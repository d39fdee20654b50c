//! Scaling by the median and an interquantile range.

use std::marker::PhantomPinned;

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, ScalarOptions, TensorCollection, TensorOptions},
    },
    shapes::{Dtype, Rank1},
    tensor::{Storage, Tensor},
    tensor_ops::Device,
};

use crate::{
    error,
    nn::{
        Cells, Range, Step,
        layers::{
            percentile::{median, percentile, sorted},
            present::some_present,
            scale::Affine,
        },
        tensor::double::{self, Double},
    },
    program::Transform,
};

pub(in crate::nn) mod builder {
    /// The declaration of a step that scales `N` columns by median and interquartile range.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct RobustScale<const N: usize>;
}

/// Subtracts the median of each of `N` columns and divides by the range between two percentiles, by default the
/// quartiles: (x - median) / (p75 - p25). Outliers have little influence on both. Same as scikit-learn's
/// [`RobustScaler`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.RobustScaler.html).
///
/// - `low` and `high` are named settings, in percent: `#[set(low = 10.0, high = 90.0)]`. They are scikit-learn's
///   `quantile_range`. `low` must not be above `high`; otherwise the error is
///   [`Error::LayerSettings`](crate::Error::LayerSettings).
/// - A range below ten times the epsilon of `f64` counts as 0. The scale is then 1.
/// - Missing cells do not count in the statistics and stay missing, so an [`Impute`](crate::nn::Impute) may follow.
/// - Before fitting, the center is 0 and the scale is 1.
///
/// Cells: numbers.
///
/// Shapes: N columns to N.
///
/// # Errors
/// [`DataError::NoValue`](crate::DataError::NoValue) if all training cells of a column are missing.
#[derive(Debug, Clone)]
pub struct RobustScale<const N: usize, E: Dtype, D: Storage<E>> {
    /// The median of each column. Shape (N).
    pub center: Double<Rank1<N>, E, D>,
    /// The range of each column, or 1 where it is 0. Shape (N).
    pub scale: Tensor<Rank1<N>, E, D>,
    /// The lower percentile, in percent.
    pub low: f64,
    /// The upper percentile, in percent.
    pub high: f64,
    /// Marks a layer that must be the first one, see `PositionIndependent`.
    _head: PhantomPinned,
}

impl<const N: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::RobustScale<N> {
    type Built = RobustScale<N, E, D>;
}

impl<const N: usize, E: Dtype, D: Device<E>> TensorCollection<E, D> for RobustScale<N, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = RobustScale<N, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let ones = TensorOptions::detached(Tensor::try_fill_with_ones);
        visitor.visit_fields(
            (
                Self::module("center", |it| &it.center, |it| &mut it.center),
                Self::tensor("scale", |it| &it.scale, |it| &mut it.scale, ones),
                Self::scalar("low", |it| &it.low, |it| &mut it.low, ScalarOptions::from_default(25.0)),
                Self::scalar("high", |it| &it.high, |it| &mut it.high, ScalarOptions::from_default(75.0)),
            ),
            |(center, scale, low, high)| RobustScale { center, scale, low, high, _head: PhantomPinned },
        )
    }
}

/// The range of percentiles.
const PERCENT: Range = Range { low: 0.0, high: 100.0, closed: true, text: "[0, 100]" };

impl<const N: usize, E: Dtype, D: Device<E>> Step for RobustScale<N, E, D> {
    const COLUMNS: usize = N;
    const WIDTH: usize = N;
    const TAKES: Cells = Cells::NUMBER.or_missing();
    const GIVES: Cells = Cells::NUMBER.or_missing();
    const SETTINGS: &'static [(&'static str, Range)] = &[("low", PERCENT), ("high", PERCENT)];

    fn set(&mut self, setting: &str, value: f64) {
        match setting {
            "low" => self.low = value,
            _ => self.high = value,
        }
    }

    fn fault(&self) -> Option<(String, &'static str)> {
        let ascend = self.low <= self.high;
        (!ascend).then(|| (format!("low is {} and high is {}", self.low, self.high), "low not above high"))
    }

    fn fit(&mut self, cells: &[f64]) -> error::Result<()> {
        let columns: Vec<Vec<f64>> = some_present(cells, N)?.into_iter().map(sorted).collect();
        let center: Vec<f64> = columns.iter().map(|column| median(column)).collect();
        let range = |column: &Vec<f64>| percentile(column, self.high) - percentile(column, self.low);
        let scale: Vec<f64> =
            columns.iter().map(range).map(|range| if range < 10.0 * f64::EPSILON { 1.0 } else { range }).collect();
        self.center.write(&center);
        double::write_rounded(&mut self.scale, &scale);
        Ok(())
    }

    fn transform(&self) -> Box<dyn Transform> {
        let (shift, scale) = (self.center.read(), double::read_rounded(&self.scale));
        Box::new(Affine { shift, scale, span: 1.0, floor: 0.0 })
    }
}
