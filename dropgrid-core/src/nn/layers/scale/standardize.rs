//! Scaling of features to mean 0 and standard deviation 1.

use std::{any::Any, marker::PhantomPinned};

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    },
    shapes::{Const, Dtype, HasShape, Rank1},
    tensor::{Cpu, Storage, Tape, Tensor},
    tensor_ops::{BroadcastTo, Device, TryDiv, TrySub},
};

use super::{Affine, Scaler, takes};
use crate::{
    data::{FitRows, Moments},
    error,
    graph::{Edge, Graph},
    kernel::columns::Columns,
    nn::{
        Cells, Export, Lower, Preprocess, Step, TakesInput,
        layers::present::some_present,
        tensor::{cpu_f32::TensorResult, double, numbers::numbers},
    },
    program::{Program, Transform, Value},
};

pub(in crate::nn) mod builder {
    /// The declaration of a layer that scales `N` features to mean 0 and standard deviation 1 on the training rows.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Standardize<const N: usize>;
}

/// Standardizes each feature to mean 0 and standard deviation 1 on the training rows: (x - mean) / scale. Same as
/// scikit-learn's
/// [`StandardScaler`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.StandardScaler.html).
///
/// The statistics are fitted before training, on the rows of a fold's [`Fit`](crate::data::Fit) view, see
/// [`Preprocess`]. They are tensors of the network that training does not change. They are saved and loaded with the
/// network. The refit fits them on all rows. Before fitting, the layer returns its input.
///
/// - The scale is the square root of the variance with divisor n. The deviations from the mean are summed in `f64`, so
///   a large mean loses no digits. A feature counts as constant, with scale 1, if its variance is within scikit-learn's
///   bound for rounding errors.
/// - Each row counts once, regardless of its weight, as in scikit-learn if `fit` gets no weights.
/// - The mean is stored as a pair of `f32` and the scale as one `f32`; scikit-learn stores `f64`. The mean of a column
///   far from zero is stored relative to the column's [origin](crate::data::Features::origins). The results agree to
///   1e-6.
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
    /// The mean of each feature. Shape (N).
    pub mean: Tensor<Rank1<N>, E, D>,
    /// The rounding errors of `mean` in single precision.
    pub mean_low: Tensor<Rank1<N>, E, D>,
    /// The standard deviation of each feature. It is 1 for a constant feature.
    pub scale: Tensor<Rank1<N>, E, D>,
    /// Marks a layer that must be the first one, see `PositionIndependent`.
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
        let moments = Moments::of(rows.iter());
        let mean = &moments.mean;
        let scale: Vec<f32> = moments.scale(rows.origins()).map(|scale| scale as f32).collect();
        let high: Vec<f32> = mean.iter().map(|mean| *mean as f32).collect();
        let low: Vec<f32> = mean.iter().zip(&high).map(|(mean, high)| (mean - f64::from(*high)) as f32).collect();
        self.mean.copy_from(&high);
        self.mean_low.copy_from(&low);
        self.scale.copy_from(&scale);
        Ok(())
    }
}

impl<const N: usize, E: Dtype, D: Device<E>> Step for Standardize<N, E, D> {
    const COLUMNS: usize = N;
    const WIDTH: usize = N;
    const TAKES: Cells = Cells::NUMBER.or_missing();
    const GIVES: Cells = Cells::NUMBER.or_missing();

    fn fit(&mut self, cells: &[f64]) -> error::Result<()> {
        let [mut mean, mut scale] = [Vec::new(), Vec::new()];
        for column in some_present(cells, N)? {
            let moments = Moments::of(column.chunks_exact(1));
            scale.extend(moments.scale(None));
            mean.extend(moments.mean);
        }
        double::write(&mut self.mean, &mut self.mean_low, &mean);
        double::write_rounded(&mut self.scale, &scale);
        Ok(())
    }

    fn transform(&self) -> Box<dyn Transform> {
        let (shift, scale) = (double::read(&self.mean, &self.mean_low), double::read_rounded(&self.scale));
        Box::new(Affine { shift, scale, span: 1.0, floor: 0.0 })
    }
}

impl<const N: usize, E: Dtype, D: Device<E>> Scaler<N, E, D> for Standardize<N, E, D> {
    fn columns(&self) -> Option<Columns> {
        let own: &Standardize<N, f32, Cpu> = (self as &dyn Any).downcast_ref()?;
        let [shift, low, scale] = [&own.mean, &own.mean_low, &own.scale].map(numbers);
        Some(Columns { shift, low, scale, span: 1.0, floor: 0.0 })
    }

    fn by_tensor_ops<T: Tape<E, D>>(
        &self,
        input: Tensor<(usize, Const<N>), E, D, T>,
    ) -> TensorResult<(usize, Const<N>), E, D, T> {
        let shape = *input.shape();
        let moved = input.try_sub(self.mean.clone().try_broadcast_like(&shape)?)?;
        let moved = moved.try_sub(self.mean_low.clone().try_broadcast_like(&shape)?)?;
        moved.try_div(self.scale.clone().try_broadcast_like(&shape)?)
    }
}

takes!(Standardize: [;] [B;] [B; M K] [B; C H W]);

impl<const N: usize> Export for Standardize<N, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        match self.columns() {
            Some(columns) => graph.scale(input, &columns),
            None => input,
        }
    }
}

impl<const N: usize> Lower for Standardize<N, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        match self.columns() {
            Some(columns) => program.scale(input, columns),
            None => input,
        }
    }
}
