//! Layers with statistics that are fitted on the training rows.

use std::marker::PhantomData;

use crate::{data::FitRows, error::Result};

/// A layer at the head of a network with statistics of the data, which are fitted before training and then stay fixed.
///
/// dropgrid has [`Standardize`](crate::nn::Standardize) and [`MinMax`](crate::nn::MinMax). A tuple implements the trait
/// where its first layer does, and a model where its first field does. Statistics are fitted on the rows of a fold's
/// [`Fit`](crate::data::Fit) view only. Each candidate has its own on each fold; the refit has those of all rows.
///
/// Implement it for a layer of your own, on the type that is built:
/// ```
/// # use dfdx::{shapes::Rank1, tensor::{Cpu, Tensor}};
/// # use dropgrid_core::{Result, data::FitRows, nn::Preprocess};
/// /// Divides by the largest magnitude of each feature.
/// struct ByLargest<const N: usize> {
///     scale: Tensor<Rank1<N>, f32, Cpu>,
///     /// Marks a layer that belongs at the head, see `PositionIndependent`.
///     head: std::marker::PhantomPinned,
/// }
///
/// impl<const N: usize> Preprocess for ByLargest<N> {
///     fn fit_statistics(&mut self, rows: &FitRows<'_>) -> Result<()> {
///         let mut largest = [0.0_f32; N];
///         for row in rows.iter() {
///             largest.iter_mut().zip(row).for_each(|(largest, value)| *largest = largest.max(value.abs()));
///         }
///         self.scale.copy_from(&largest.map(|largest| if largest > 0.0 { 1.0 / largest } else { 1.0 }));
///         Ok(())
///     }
/// }
/// ```
pub trait Preprocess {
    /// Fits the statistics on the training rows, whose width is that of the network's input.
    ///
    /// # Errors
    /// An error about the rows, with which the fit then fails.
    fn fit_statistics(&mut self, rows: &FitRows<'_>) -> Result<()>;
}

/// A function that fits the statistics of a network `N` on rows.
#[doc(hidden)]
pub type FitStatistics<N> = fn(&mut N, &FitRows<'_>) -> Result<()>;

/// A layer that may have any position in a network, since it has no statistics of the network's input.
///
/// The trait holds for every type that is `Unpin`, an auto trait that a type loses with any part that lacks it. So a
/// layer that is fitted on the input holds a [`PhantomPinned`](std::marker::PhantomPinned): it is then found in tuples
/// and in modules of yours, at any depth.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is fitted on the data, or has a part that is, and does not stand at the head of the network",
    label = "only the first layer sees the data",
    note = "write it as the first field of the struct, or as the first layer in the tuple of the first field",
    note = "a module of your own that begins with it hands the rows on to it: implement `dropgrid::Preprocess`"
)]
pub trait PositionIndependent {}

#[diagnostic::do_not_recommend]
impl<T: Unpin> PositionIndependent for T {}

/// Finds the function that fits the statistics of the network type `N`.
///
/// An inherent method takes precedence over that of a trait, as in [`Visit`](crate::model::Visit), and exists only for
/// networks that are [`Preprocess`].
#[derive(Debug)]
#[doc(hidden)]
pub struct Statistics<N>(PhantomData<fn() -> N>);

impl<N> Statistics<N> {
    /// The query for `N`.
    #[allow(clippy::new_without_default, reason = "a query has no default")]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<N: Preprocess> Statistics<N> {
    /// [`Preprocess::fit_statistics`].
    pub fn fitting(self) -> Option<FitStatistics<N>> {
        Some(N::fit_statistics)
    }
}

/// The answer of [`Statistics`] for networks that are not [`Preprocess`].
#[doc(hidden)]
pub trait NoStatistics<N>: Sized {
    /// `None`: there is nothing to fit.
    fn fitting(self) -> Option<FitStatistics<N>> {
        None
    }
}

impl<N> NoStatistics<N> for Statistics<N> {}
