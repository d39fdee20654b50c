//! Scaling by the largest absolute value.

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

use crate::{
    error,
    nn::{
        Cells, Step,
        layers::{present::some_present, scale::Affine},
        tensor::double,
    },
    program::Transform,
};

pub(in crate::nn) mod builder {
    /// The declaration of a step that divides each of `N` columns by its largest absolute value.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct MaxAbs<const N: usize>;
}

/// Divides each of `N` columns by its largest absolute value, so that zeros stay zeros: x / max |x|. Same as
/// scikit-learn's
/// [`MaxAbsScaler`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.MaxAbsScaler.html).
///
/// - A largest absolute value below ten times the epsilon of `f64` counts as 0. The scale is then 1.
/// - Missing cells do not count in the statistics and stay missing, so an [`Impute`](crate::nn::Impute) may follow.
/// - Before fitting, the scale is 1.
///
/// Cells: numbers.
///
/// Shapes: N columns to N.
///
/// # Errors
/// [`DataError::NoValue`](crate::DataError::NoValue) if all training cells of a column are missing.
#[derive(Debug, Clone)]
pub struct MaxAbs<const N: usize, E: Dtype, D: Storage<E>> {
    /// The largest absolute value of each column, or 1 where it is 0. Shape (N).
    pub scale: Tensor<Rank1<N>, E, D>,
    /// Marks a layer that must be the first one, see `PositionIndependent`.
    _head: PhantomPinned,
}

impl<const N: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::MaxAbs<N> {
    type Built = MaxAbs<N, E, D>;
}

impl<const N: usize, E: Dtype, D: Device<E>> TensorCollection<E, D> for MaxAbs<N, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = MaxAbs<N, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let ones = TensorOptions::detached(Tensor::try_fill_with_ones);
        let scale = Self::tensor("scale", |it| &it.scale, |it| &mut it.scale, ones);
        visitor.visit_fields(scale, |scale| MaxAbs { scale, _head: PhantomPinned })
    }
}

impl<const N: usize, E: Dtype, D: Device<E>> Step for MaxAbs<N, E, D> {
    const COLUMNS: usize = N;
    const WIDTH: usize = N;
    const TAKES: Cells = Cells::NUMBER.or_missing();
    const GIVES: Cells = Cells::NUMBER.or_missing();

    fn fit(&mut self, cells: &[f64]) -> error::Result<()> {
        let largest = |column: Vec<f64>| column.into_iter().fold(0.0_f64, |largest, cell| largest.max(cell.abs()));
        let scale = some_present(cells, N)?.into_iter().map(largest);
        let scale: Vec<f64> = scale.map(|largest| if largest < 10.0 * f64::EPSILON { 1.0 } else { largest }).collect();
        double::write_rounded(&mut self.scale, &scale);
        Ok(())
    }

    fn transform(&self) -> Box<dyn Transform> {
        Box::new(Affine { shift: vec![0.0; N], scale: double::read_rounded(&self.scale), span: 1.0, floor: 0.0 })
    }
}
