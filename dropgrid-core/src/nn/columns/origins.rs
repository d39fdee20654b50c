//! The origins of columns, stored as a layer so that they are saved with the network.

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

use crate::{data::FitRows, nn::tensor::double};

pub mod builder {
    //! The declaration of the layer.

    /// The origins of `N` columns.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Origins<const N: usize>;
}

/// The [origin](crate::data::Features::origins) of each column. A network adds them to its input before the steps
/// prepare the cells.
#[derive(Debug, Clone)]
pub struct Origins<const N: usize, E: Dtype, D: Storage<E>> {
    /// The origins, rounded. Shape (`N`).
    pub high: Tensor<Rank1<N>, E, D>,
    /// The rounding errors of `high`. Shape (`N`).
    pub low: Tensor<Rank1<N>, E, D>,
    /// Marks a layer that must be the first one, see `PositionIndependent`.
    _head: PhantomPinned,
}

impl<const N: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::Origins<N> {
    type Built = Origins<N, E, D>;
}

impl<const N: usize, E: Dtype, D: Device<E>> TensorCollection<E, D> for Origins<N, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = Origins<N, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let zeros = || TensorOptions::detached(Tensor::try_fill_with_zeros);
        visitor.visit_fields(
            (
                Self::tensor("high", |it| &it.high, |it| &mut it.high, zeros()),
                Self::tensor("low", |it| &it.low, |it| &mut it.low, zeros()),
            ),
            |(high, low)| Origins { high, low, _head: PhantomPinned },
        )
    }
}

/// The origins of a network's input columns.
#[doc(hidden)]
pub trait ColumnOrigins<E: Dtype, D: Device<E>> {
    /// Returns the origin of each column.
    fn numbers(&self) -> Vec<f64>;

    /// Copies the origins of the data, or 0 where the data has none.
    fn set(&mut self, rows: &FitRows<'_>);
}

impl<const N: usize, E: Dtype, D: Device<E>> ColumnOrigins<E, D> for Origins<N, E, D> {
    fn numbers(&self) -> Vec<f64> {
        double::read(&self.high, &self.low)
    }

    fn set(&mut self, rows: &FitRows<'_>) {
        let origins = rows.origins().map_or_else(|| vec![0.0; N], <[f64]>::to_vec);
        double::write(&mut self.high, &mut self.low, &origins);
    }
}
