//! The origins of columns, as a layer that is saved with the network.

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
    //! The type by which the layer is declared.

    /// The origins of `N` columns.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Origins<const N: usize>;
}

/// The [origin](crate::data::Features::origins) of each column, which a network adds to its input again before steps
/// prepare the cells.
#[derive(Debug, Clone)]
pub struct Origins<const N: usize, E: Dtype, D: Storage<E>> {
    /// The origin of each column.
    pub high: Tensor<Rank1<N>, E, D>,
    /// The rounding error of `high`.
    pub low: Tensor<Rank1<N>, E, D>,
    /// Marks a layer that belongs at the head, see `PositionIndependent`.
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

/// The origins of the columns that a network takes.
#[doc(hidden)]
pub trait ColumnOrigins<E: Dtype, D: Device<E>> {
    /// The origin of each column.
    fn numbers(&self) -> Vec<f64>;

    /// Takes those of the data.
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
