//! Features of mean 0 and standard deviation 1.

use std::{any::Any, marker::PhantomPinned};

use dfdx::{
    nn::{
        BuildOnDevice, Module, ModuleMut,
        tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    },
    shapes::{Const, Dim, Dtype, HasShape, Rank1},
    tensor::{Cpu, NoneTape, OwnedTape, Storage, Tape, Tensor},
    tensor_ops::{BroadcastTo, Device, TryDiv, TrySub},
};

use super::{Scale, evaluate, takes, train};
use crate::{
    data::FitRows,
    error,
    kernel::columns::Columns,
    nn::{Lower, Preprocess, TakesInput, tensors::numbers},
    program::{Program, Value},
};

pub(super) mod builder {
    /// `N` features, moved and scaled to mean 0 and standard deviation 1 on the rows trained on.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Standardize<const N: usize>;
}

/// Moves and scales each feature to mean 0 and standard deviation 1 on the rows trained on: (x - mean) / scale, as
/// scikit-learn's [`StandardScaler`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.StandardScaler.html).
///
/// The statistics are fitted on a fold's [`Fit`](crate::data::Fit) view before training, see [`Preprocess`]. They are
/// tensors of the network that training does not change: saved and loaded with it, and fitted anew by the refit on all
/// rows. A network that was only built has none yet, and its layer changes nothing.
///
/// - The scale is the square root of the variance divided by the number of rows, summed in `f64` about the mean, so
///   that an offset costs no digits. A feature whose variance is within what rounding makes of a constant one has
///   scale 1, by scikit-learn's bound.
/// - Rows count once each, whatever their weights, as in scikit-learn unless `fit` is given weights.
/// - scikit-learn keeps statistics in `f64`; here the mean is a pair of `f32`, and the scale one. What comes out agrees
///   to 1e-6.
///
/// Shapes: (N) or (rows, N) to the same; batches of images, (rows, C, H, W) with C H W = N, and of (rows, M, K) with
/// M K = N, whose numbers have each a statistic of their own.
///
/// # Examples
/// ```
/// # use dfdx::{nn::{Module, DeviceBuildExt}, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::builder::Standardize;
/// let cpu = Cpu::default();
/// let mut layer = cpu.build_module::<Standardize<2>, f32>();
/// assert_eq!(layer.forward(cpu.tensor([[3.0, 4.0]])).array(), [[3.0, 4.0]]);
/// layer.mean.copy_from(&[1.0, 2.0]);
/// layer.scale.copy_from(&[2.0, 0.5]);
/// assert_eq!(layer.forward(cpu.tensor([[3.0, 4.0]])).array(), [[1.0, 4.0]]);
/// ```
#[derive(Debug, Clone)]
pub struct Standardize<const N: usize, E: Dtype, D: Storage<E>> {
    /// The mean of each feature.
    pub mean: Tensor<Rank1<N>, E, D>,
    /// What rounding the mean to single precision has left of it.
    pub mean_low: Tensor<Rank1<N>, E, D>,
    /// What each feature is divided by: its standard deviation, or 1 for a constant one.
    pub scale: Tensor<Rank1<N>, E, D>,
    /// Says that it does not leave the head, see `Anywhere`.
    _head: PhantomPinned,
}

impl<const N: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::Standardize<N> {
    type Built = Standardize<N, E, D>;
}

impl<const N: usize, E: Dtype, D: Device<E>> TensorCollection<E, D> for Standardize<N, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = Standardize<N, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let zeros = || TensorOptions::detached(Tensor::try_fill_with_zeros);
        let ones = TensorOptions::detached(Tensor::try_fill_with_ones);
        visitor.visit_fields(
            (
                Self::tensor("mean", |it| &it.mean, |it| &mut it.mean, zeros()),
                Self::tensor("mean_low", |it| &it.mean_low, |it| &mut it.mean_low, zeros()),
                Self::tensor("scale", |it| &it.scale, |it| &mut it.scale, ones),
            ),
            |(mean, mean_low, scale)| Standardize { mean, mean_low, scale, _head: PhantomPinned },
        )
    }
}

impl<const N: usize, E: Dtype, D: Storage<E>, Rest> TakesInput<Rest> for Standardize<N, E, D> {
    type Sample = Rank1<N>;
}

impl<const N: usize> Preprocess for Standardize<N, f32, Cpu> {
    fn fit_statistics(&mut self, rows: &FitRows<'_>) -> error::Result<()> {
        let Moments { mean, variance } = Moments::of(rows);
        let scale: Vec<f32> = mean.iter().zip(&variance).map(|moments| scale(moments, rows.len())).collect();
        let high: Vec<f32> = mean.iter().map(|mean| *mean as f32).collect();
        let low: Vec<f32> = mean.iter().zip(&high).map(|(mean, high)| (mean - f64::from(*high)) as f32).collect();
        self.mean.copy_from(&high);
        self.mean_low.copy_from(&low);
        self.scale.copy_from(&scale);
        Ok(())
    }
}

/// Mean and variance of each column, the latter divided by the number of rows.
struct Moments {
    mean: Vec<f64>,
    variance: Vec<f64>,
}

impl Moments {
    /// In two passes: the variance about the mean, less what the rounding of the mean adds to it
    /// ([Chan, Golub and LeVeque 1983](https://doi.org/10.1080/00031305.1983.10483115), equation 1.7).
    fn of(rows: &FitRows<'_>) -> Self {
        let count = rows.len() as f64;
        let mut mean = vec![0.0; rows.width()];
        for row in rows.iter() {
            mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(*value));
        }
        let mean: Vec<f64> = mean.into_iter().map(|sum| sum / count).collect();
        let mut sums = vec![[0.0; 2]; mean.len()];
        for row in rows.iter() {
            for ((sum, square), (value, mean)) in sums.iter_mut().map(|[a, b]| (a, b)).zip(row.iter().zip(&mean)) {
                let distance = f64::from(*value) - mean;
                *sum += distance;
                *square += distance * distance;
            }
        }
        let variance = sums.iter().map(|[sum, square]| (square - sum * sum / count) / count).collect();
        Self { mean, variance }
    }
}

/// The standard deviation; 1 where the variance is no more than what rounding makes of a constant column of so many rows.
fn scale((mean, variance): (&f64, &f64), rows: usize) -> f32 {
    let rows = rows as f64;
    let rounding = rows * f64::EPSILON * variance + (rows * mean * f64::EPSILON).powi(2);
    if *variance <= rounding { 1.0 } else { variance.sqrt() as f32 }
}

impl<const N: usize, E: Dtype, D: Device<E>> Scale<N, E, D> for Standardize<N, E, D> {
    fn columns(&self) -> Option<Columns> {
        let own: &Standardize<N, f32, Cpu> = (self as &dyn Any).downcast_ref()?;
        let [shift, low, scale] = [&own.mean, &own.mean_low, &own.scale].map(numbers);
        Some(Columns { shift, low, scale, span: 1.0, floor: 0.0 })
    }

    fn stock<T: Tape<E, D>>(
        &self,
        input: Tensor<(usize, Const<N>), E, D, T>,
    ) -> Result<Tensor<(usize, Const<N>), E, D, T>, D::Err> {
        let shape = *input.shape();
        let moved = input.try_sub(self.mean.clone().try_broadcast_like(&shape)?)?;
        let moved = moved.try_sub(self.mean_low.clone().try_broadcast_like(&shape)?)?;
        moved.try_div(self.scale.clone().try_broadcast_like(&shape)?)
    }
}

takes!(Standardize: [;] [B;] [B; M K] [B; C H W]);

impl<const N: usize> Lower for Standardize<N, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        match self.columns() {
            Some(columns) => program.scale(input, columns),
            None => input,
        }
    }
}
