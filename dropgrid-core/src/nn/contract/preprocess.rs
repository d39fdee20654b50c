//! Layers with statistics that are fitted on the training rows.

use std::marker::PhantomData;

use crate::{data::FitRows, error::Result};

/// A layer at the head of a network with statistics of the data, which are fitted before training and then stay fixed.
///
/// [`Standardize`](crate::nn::Standardize) and [`MinMax`](crate::nn::MinMax) implement it. A tuple does if its first
/// layer does, and a model if its first field does. The statistics are fitted only on a fold's
/// [`Fit`](crate::data::Fit) rows, separately for each candidate and fold. The refit uses all rows.
///
/// Implement it for your own layer, on the type that dfdx builds:
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
    /// Fits the statistics on the training rows. The rows are as wide as the network's input.
    ///
    /// # Errors
    /// An error about the rows. The fit of the candidate then fails with it.
    fn fit_statistics(&mut self, rows: &FitRows<'_>) -> Result<()>;
}

/// A function that fits the statistics of a network `N`.
#[doc(hidden)]
pub type FitStatistics<N> = fn(&mut N, &FitRows<'_>) -> Result<()>;

/// A layer that may have any position in a network, since it has no statistics of the network's input.
///
/// Every type that is `Unpin` implements it. `Unpin` is an auto trait: a type lacks it if any of its parts does. A
/// layer that is fitted on the input holds a [`PhantomPinned`](std::marker::PhantomPinned), which the compiler finds at
/// any depth, also in tuples and in your own modules.
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
/// As in [`Visit`](crate::model::Visit), an inherent method takes precedence over a trait's method. The inherent method
/// exists only for networks that implement [`Preprocess`].
#[derive(Debug)]
#[doc(hidden)]
pub struct Statistics<N>(PhantomData<fn() -> N>);

impl<N> Statistics<N> {
    /// Creates the query for `N`.
    #[allow(clippy::new_without_default, reason = "a query has no default")]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<N: Preprocess> Statistics<N> {
    /// Returns [`Preprocess::fit_statistics`].
    pub fn fitting(self) -> Option<FitStatistics<N>> {
        Some(N::fit_statistics)
    }
}

/// The result of [`Statistics`] for networks that do not implement [`Preprocess`].
#[doc(hidden)]
pub trait NoStatistics<N>: Sized {
    /// Returns `None`: there is nothing to fit.
    fn fitting(self) -> Option<FitStatistics<N>> {
        None
    }
}

impl<N> NoStatistics<N> for Statistics<N> {}
