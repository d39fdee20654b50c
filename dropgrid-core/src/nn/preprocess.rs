//! Layers whose statistics are fitted on the rows that a fit trains on.

use std::marker::PhantomData;

use crate::{data::FitRows, error::Result};

/// A layer at the head of a network with statistics of the data: they are fitted before training, and stay as they are.
///
/// dropgrid's own are [`Standardize`](super::Standardize) and [`MinMax`](super::MinMax). A tuple whose first layer is
/// one is one too, and so is a model whose first field is one. What is fitted sees the rows of a fold's
/// [`Fit`](crate::data::Fit) view and nothing else; each candidate on each fold has statistics of its own, and the
/// refit those of all rows.
///
/// Implement it for a layer of your own, on the type that is built:
/// ```
/// # use dfdx::{shapes::Rank1, tensor::{Cpu, Tensor}};
/// # use dropgrid_core::{Result, data::FitRows, nn::Preprocess};
/// /// Divides by the largest magnitude of each feature.
/// struct MaxAbs<const N: usize> {
///     scale: Tensor<Rank1<N>, f32, Cpu>,
///     /// Says that it stands at the head, see `Anywhere`.
///     head: std::marker::PhantomPinned,
/// }
///
/// impl<const N: usize> Preprocess for MaxAbs<N> {
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
    /// Fits the statistics on the rows that the network will be trained on, whose width is that of its input.
    ///
    /// # Errors
    /// Whatever is wrong with the rows: the fit then fails with it.
    fn fit_statistics(&mut self, rows: &FitRows<'_>) -> Result<()>;
}

/// How the statistics of a network `N` are fitted.
pub type Fitting<N> = fn(&mut N, &FitRows<'_>) -> Result<()>;

/// A layer that may stand anywhere in a network, since none of its statistics are those of the network's input.
///
/// Rust has no trait for what a type does not contain, but one that is lost with each part that lacks it: `Unpin`. So a
/// layer that is fitted on the input holds a [`PhantomPinned`](std::marker::PhantomPinned), which says that it cannot be
/// moved from the head, however deep in tuples and in modules of others it stands.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is fitted on the data, or has a part that is, and does not stand at the head of the network",
    label = "only the first layer sees the data",
    note = "write it as the first field of the struct, or as the first layer in the tuple of the first field",
    note = "a module of your own that begins with it hands the rows on to it: implement `dropgrid::Preprocess`"
)]
pub trait Anywhere {}

#[diagnostic::do_not_recommend]
impl<T: Unpin> Anywhere for T {}

/// Asks how the statistics of the network type `N` are fitted.
///
/// As with [`Visit`](crate::model::Visit), a method of the type itself goes before one of a trait, and exists for
/// networks that are [`Preprocess`] only.
#[derive(Debug)]
pub struct Statistics<N>(PhantomData<fn() -> N>);

impl<N> Statistics<N> {
    /// A question about `N`.
    #[allow(clippy::new_without_default, reason = "a question has no default")]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<N: Preprocess> Statistics<N> {
    /// [`Preprocess::fit_statistics`].
    pub fn fitting(self) -> Option<Fitting<N>> {
        Some(N::fit_statistics)
    }
}

/// What [`Statistics`] says of networks that are not [`Preprocess`].
pub trait NoStatistics<N>: Sized {
    /// Nothing to fit.
    fn fitting(self) -> Option<Fitting<N>> {
        None
    }
}

impl<N> NoStatistics<N> for Statistics<N> {}

macro_rules! tuple {
    ($($later:ident)*) => {
        impl<First: Preprocess, $($later: Anywhere),*> Preprocess for (First, $($later,)*) {
            fn fit_statistics(&mut self, rows: &FitRows<'_>) -> Result<()> {
                self.0.fit_statistics(rows)
            }
        }
    };
}

tuple!();
tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
