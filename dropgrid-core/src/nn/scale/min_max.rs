//! Features between two ends.

use std::{any::Any, marker::PhantomPinned};

use dfdx::{
    nn::{
        BuildOnDevice, Module, ModuleMut,
        tensor_collection::{ModuleVisitor, ScalarOptions, TensorCollection, TensorOptions},
    },
    shapes::{Const, Dim, Dtype, HasShape, Rank1},
    tensor::{Cpu, NoneTape, OwnedTape, Storage, Tape, Tensor},
    tensor_ops::{BroadcastTo, Device, TryAdd, TryDiv, TryMul, TrySub},
};

use super::{Scale, evaluate, takes, train};
use crate::{
    data::FitRows,
    error,
    kernel::columns::Columns,
    nn::{Lower, Preprocess, Range, Settings, TakesInput, tensors::numbers},
    program::{Program, Value},
};

pub(super) mod builder {
    /// `N` features, moved and scaled so that those of the rows trained on go from 0 to 1.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct MinMax<const N: usize>;
}

/// Moves and scales each feature so that those of the rows trained on go from `low` to `high`, 0 and 1 unless set:
/// (x - min) / range (high - low) + low, as scikit-learn's
/// [`MinMaxScaler`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.MinMaxScaler.html).
///
/// The statistics are fitted on a fold's [`Fit`](crate::data::Fit) view before training, see [`Preprocess`]. They are
/// tensors of the network that training does not change: saved and loaded with it, and fitted anew by the refit on all
/// rows. A network that was only built has none yet, and its layer moves [0, 1] to the ends.
///
/// - A feature whose range is below ten times the rounding of `f64` counts as constant and becomes `low`, as in
///   scikit-learn for arrays of `f64`.
/// - What was not among the rows trained on may come out beyond the ends: nothing is clipped.
/// - `low` and `high` are settings by name: `#[set(low = -1.0)]`, `#[grid(high: 1.0, 2.0)]`. They ascend, as in
///   scikit-learn's `feature_range`; others are [`Error::LayerSettings`](crate::Error::LayerSettings).
/// - scikit-learn multiplies before it moves; here the least value is taken away first, which costs no digits.
///
/// Shapes: (N) or (rows, N) to the same; batches of images, (rows, C, H, W) with C H W = N, and of (rows, M, K) with
/// M K = N, whose numbers have each a statistic of their own.
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
    /// The least value of each feature.
    pub min: Tensor<Rank1<N>, E, D>,
    /// From the least value of each feature to its greatest; 1 for a constant one.
    pub range: Tensor<Rank1<N>, E, D>,
    /// What the least value becomes.
    pub low: f32,
    /// What the greatest value becomes.
    pub high: f32,
    /// Says that it does not leave the head, see `Anywhere`.
    _head: PhantomPinned,
}

impl<const N: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::MinMax<N> {
    type Built = MinMax<N, E, D>;
}

impl<const N: usize, E: Dtype, D: Device<E>> TensorCollection<E, D> for MinMax<N, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = MinMax<N, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let zeros = TensorOptions::detached(Tensor::try_fill_with_zeros);
        let ones = TensorOptions::detached(Tensor::try_fill_with_ones);
        visitor.visit_fields(
            (
                Self::tensor("min", |it| &it.min, |it| &mut it.min, zeros),
                Self::tensor("range", |it| &it.range, |it| &mut it.range, ones),
                Self::scalar("low", |it| &it.low, |it| &mut it.low, ScalarOptions::from_default(0.0)),
                Self::scalar("high", |it| &it.high, |it| &mut it.high, ScalarOptions::from_default(1.0)),
            ),
            |(min, range, low, high)| MinMax { min, range, low, high, _head: PhantomPinned },
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
        let mut ends = vec![(f32::INFINITY, f32::NEG_INFINITY); N];
        for row in rows.iter() {
            for ((min, max), value) in ends.iter_mut().zip(row) {
                (*min, *max) = (min.min(*value), max.max(*value));
            }
        }
        let min: Vec<f32> = ends.iter().map(|(min, _)| *min).collect();
        let range: Vec<f32> = ends.into_iter().map(range).collect();
        self.min.copy_from(&min);
        self.range.copy_from(&range);
        Ok(())
    }
}

/// From one end to the other; 1 where that is within the rounding of `f64`.
fn range((min, max): (f32, f32)) -> f32 {
    let range = f64::from(max) - f64::from(min);
    if range < 10.0 * f64::EPSILON { 1.0 } else { range as f32 }
}

impl<const N: usize, E: Dtype, D: Device<E>> Scale<N, E, D> for MinMax<N, E, D> {
    fn columns(&self) -> Option<Columns> {
        let own: &MinMax<N, f32, Cpu> = (self as &dyn Any).downcast_ref()?;
        let [shift, scale] = [&own.min, &own.range].map(numbers);
        Some(Columns { shift, low: vec![0.0; N], scale, span: own.high - own.low, floor: own.low })
    }

    fn stock<T: Tape<E, D>>(
        &self,
        input: Tensor<(usize, Const<N>), E, D, T>,
    ) -> Result<Tensor<(usize, Const<N>), E, D, T>, D::Err> {
        let shape = *input.shape();
        let number = |value: f32| E::from_f32(value).unwrap_or_default();
        let moved = input.try_sub(self.min.clone().try_broadcast_like(&shape)?)?;
        let share = moved.try_div(self.range.clone().try_broadcast_like(&shape)?)?;
        share.try_mul(number(self.high - self.low))?.try_add(number(self.low))
    }
}

takes!(MinMax: [;] [B;] [B; M K] [B; C H W]);

impl<const N: usize> Lower for MinMax<N, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        match self.columns() {
            Some(columns) => program.scale(input, columns),
            None => input,
        }
    }
}
