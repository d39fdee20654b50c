//! Scaling of features to a range.

use std::{any::Any, marker::PhantomPinned};

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, ScalarOptions, TensorCollection, TensorOptions},
    },
    shapes::{Const, Dtype, HasShape, Rank1},
    tensor::{Cpu, Storage, Tape, Tensor},
    tensor_ops::{BroadcastTo, Device, TryAdd, TryDiv, TryMul, TrySub},
};

use super::{Affine, Scaler, takes};
use crate::{
    data::FitRows,
    error,
    graph::{Edge, Graph},
    kernel::columns::Columns,
    nn::{
        Cells, Export, Lower, Preprocess, Range, Settings, Step, TakesInput,
        layers::present::some_present,
        tensor::{cpu_f32::TensorResult, double, numbers::numbers},
    },
    program::{Program, Transform, Value},
};

pub(in crate::nn) mod builder {
    /// The declaration of a layer that scales `N` features to [0, 1] on the training rows.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct MinMax<const N: usize>;
}

/// Scales each feature by (x - min) / range (high - low) + low, so that its values in the training rows range from
/// `low` to `high`, by default from 0 to 1. Same as scikit-learn's
/// [`MinMaxScaler`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.MinMaxScaler.html).
///
/// The statistics are fitted before training, on the rows of a fold's [`Fit`](crate::data::Fit) view, see
/// [`Preprocess`]. They are tensors of the network that training does not change. They are saved and loaded with the
/// network. The refit fits them on all rows. Before fitting, `min` is 0 and `range` is 1.
///
/// - A feature whose range is below ten times the epsilon of `f64` counts as constant and becomes `low`, as in
///   scikit-learn for arrays of `f64`.
/// - Values of other rows are not clipped, so they may be below `low` or above `high`.
/// - `low` and `high` are named settings: `#[set(low = -1.0)]`, `#[grid(high: 1.0, 2.0)]`. `low` must be below `high`,
///   as in scikit-learn's `feature_range`; otherwise the error is
///   [`Error::LayerSettings`](crate::Error::LayerSettings).
/// - This layer subtracts the minimum before it scales, which loses no digits. scikit-learn scales first.
///
/// In a field with `#[columns(..)]` it is a [`Step`] for N columns of numbers, in double precision. Missing cells do
/// not count in the statistics and stay missing, so an [`Impute`](crate::nn::Impute) may follow.
///
/// Shapes: (N), (rows, N), (rows, C, H, W) with C H W = N, or (rows, M, K) with M K = N; the output has the shape of
/// the input. Each number of a sample has its own statistics.
///
/// # Examples
/// ```
/// # use dfdx::{nn::{Module, DeviceBuildExt}, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::builder::MinMax;
/// let cpu = Cpu::default();
/// let mut layer = cpu.build_module::<MinMax<2>, f32>();
/// assert_eq!(layer.forward(cpu.tensor([[3.0, 4.0]])).array(), [[3.0, 4.0]]);
/// layer.min.copy_from(&[1.0, 2.0]);
/// layer.range.copy_from(&[4.0, 8.0]);
/// (layer.low, layer.high) = (-1.0, 1.0);
/// assert_eq!(layer.forward(cpu.tensor([[3.0, 4.0]])).array(), [[0.0, -0.5]]);
/// ```
#[derive(Debug, Clone)]
pub struct MinMax<const N: usize, E: Dtype, D: Storage<E>> {
    /// The minimum of each feature. Shape (N).
    pub min: Tensor<Rank1<N>, E, D>,
    /// The rounding errors of `min` in single precision. They are 0 if the cells are in single precision.
    pub min_low: Tensor<Rank1<N>, E, D>,
    /// The maximum minus the minimum of each feature. It is 1 for a constant feature.
    pub range: Tensor<Rank1<N>, E, D>,
    /// The output for the minimum.
    pub low: f32,
    /// The output for the maximum.
    pub high: f32,
    /// Marks a layer that must be the first one, see `PositionIndependent`.
    _head: PhantomPinned,
}

impl<const N: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::MinMax<N> {
    type Built = MinMax<N, E, D>;
}

impl<const N: usize, E: Dtype, D: Device<E>> TensorCollection<E, D> for MinMax<N, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = MinMax<N, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let zeros = || TensorOptions::detached(Tensor::try_fill_with_zeros);
        let ones = TensorOptions::detached(Tensor::try_fill_with_ones);
        visitor.visit_fields(
            (
                Self::tensor("min", |it| &it.min, |it| &mut it.min, zeros()),
                Self::tensor("min_low", |it| &it.min_low, |it| &mut it.min_low, zeros()),
                Self::tensor("range", |it| &it.range, |it| &mut it.range, ones),
                Self::scalar("low", |it| &it.low, |it| &mut it.low, ScalarOptions::from_default(0.0)),
                Self::scalar("high", |it| &it.high, |it| &mut it.high, ScalarOptions::from_default(1.0)),
            ),
            |(min, min_low, range, low, high)| MinMax { min, min_low, range, low, high, _head: PhantomPinned },
        )
    }
}

impl<const N: usize, E: Dtype, D: Storage<E>, Rest> TakesInput<Rest> for MinMax<N, E, D> {
    type Sample = Rank1<N>;
}

impl<const N: usize, E: Dtype, D: Storage<E>> Settings for MinMax<N, E, D> {
    const SETTINGS: &'static [(&'static str, Range)] = &[("low", Range::FINITE), ("high", Range::FINITE)];

    fn set(&mut self, setting: &str, value: f64) {
        match setting {
            "low" => self.low = value as f32,
            _ => self.high = value as f32,
        }
    }

    fn fault(&self) -> Option<(String, &'static str)> {
        let ascend = self.low < self.high;
        (!ascend).then(|| (format!("low is {} and high is {}", self.low, self.high), "low below high"))
    }
}

impl<const N: usize> Preprocess for MinMax<N, f32, Cpu> {
    fn fit_statistics(&mut self, rows: &FitRows<'_>) -> error::Result<()> {
        let mut columns = vec![Extremes::default(); N];
        for row in rows.iter() {
            columns.iter_mut().zip(row).for_each(|(extremes, value)| extremes.add(f64::from(*value)));
        }
        self.store(&columns);
        Ok(())
    }
}

impl<const N: usize, E: Dtype, D: Device<E>> Step for MinMax<N, E, D> {
    const COLUMNS: usize = N;
    const WIDTH: usize = N;
    const TAKES: Cells = Cells::NUMBER.or_missing();
    const GIVES: Cells = Cells::NUMBER.or_missing();
    const SETTINGS: &'static [(&'static str, Range)] = <Self as Settings>::SETTINGS;

    fn set(&mut self, setting: &str, value: f64) {
        Settings::set(self, setting, value);
    }

    fn fault(&self) -> Option<(String, &'static str)> {
        Settings::fault(self)
    }

    fn fit(&mut self, cells: &[f64]) -> error::Result<()> {
        let mut columns = vec![Extremes::default(); N];
        for (extremes, column) in columns.iter_mut().zip(some_present(cells, N)?) {
            for value in column {
                extremes.add(value);
            }
        }
        self.store(&columns);
        Ok(())
    }

    fn transform(&self) -> Box<dyn Transform> {
        let (shift, scale) = (double::read(&self.min, &self.min_low), double::read_rounded(&self.range));
        let [low, high] = [self.low, self.high].map(f64::from);
        Box::new(Affine { shift, scale, span: high - low, floor: low })
    }
}

/// The minimum and the maximum of a column.
#[derive(Debug, Clone, Copy)]
struct Extremes {
    min: f64,
    max: f64,
}

impl Default for Extremes {
    fn default() -> Self {
        Self { min: f64::INFINITY, max: f64::NEG_INFINITY }
    }
}

impl Extremes {
    fn add(&mut self, value: f64) {
        (self.min, self.max) = (self.min.min(value), self.max.max(value));
    }

    /// Returns the maximum minus the minimum, or 1 if the difference may be due to rounding in `f64`.
    fn range(self) -> f64 {
        let range = self.max - self.min;
        if range < 10.0 * f64::EPSILON { 1.0 } else { range }
    }
}

impl<const N: usize, E: Dtype, D: Device<E>> MinMax<N, E, D> {
    fn store(&mut self, columns: &[Extremes]) {
        let min: Vec<f64> = columns.iter().map(|extremes| extremes.min).collect();
        let range: Vec<f64> = columns.iter().map(|extremes| extremes.range()).collect();
        double::write(&mut self.min, &mut self.min_low, &min);
        double::write_rounded(&mut self.range, &range);
    }
}

impl<const N: usize, E: Dtype, D: Device<E>> Scaler<N, E, D> for MinMax<N, E, D> {
    fn columns(&self) -> Option<Columns> {
        let own: &MinMax<N, f32, Cpu> = (self as &dyn Any).downcast_ref()?;
        let [shift, low, scale] = [&own.min, &own.min_low, &own.range].map(numbers);
        Some(Columns { shift, low, scale, span: own.high - own.low, floor: own.low })
    }

    fn by_tensor_ops<T: Tape<E, D>>(
        &self,
        input: Tensor<(usize, Const<N>), E, D, T>,
    ) -> TensorResult<(usize, Const<N>), E, D, T> {
        let shape = *input.shape();
        let number = |value: f32| E::from_f32(value).unwrap_or_default();
        let moved = input.try_sub(self.min.clone().try_broadcast_like(&shape)?)?;
        let moved = moved.try_sub(self.min_low.clone().try_broadcast_like(&shape)?)?;
        let share = moved.try_div(self.range.clone().try_broadcast_like(&shape)?)?;
        share.try_mul(number(self.high - self.low))?.try_add(number(self.low))
    }
}

takes!(MinMax: [;] [B;] [B; M K] [B; C H W]);

impl<const N: usize> Export for MinMax<N, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        match self.columns() {
            Some(columns) => graph.scale(input, &columns),
            None => input,
        }
    }
}

impl<const N: usize> Lower for MinMax<N, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        match self.columns() {
            Some(columns) => program.scale(input, columns),
            None => input,
        }
    }
}
