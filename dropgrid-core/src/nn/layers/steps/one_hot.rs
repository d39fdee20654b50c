//! One-hot encoding of categories.

use std::marker::PhantomData;

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, TensorCollection},
    },
    shapes::Dtype,
    tensor_ops::Device,
};

use super::{
    codes::{UNKNOWN, check, code},
    rule::{Refusal, UnknownRule, Zeros},
};
use crate::{
    error,
    graph::{Edge, Graph},
    nn::{Cells, Step},
    program::Transform,
};

/// One-hot encoding: one number for each of `C` categories, which is 1 for the category of the row and 0 for the
/// others. Same as scikit-learn's
/// [`OneHotEncoder`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.OneHotEncoder.html) with
/// given categories.
///
/// - `OneHot<C>` is `OneHot<C, Refusal>`: an unknown category is an error.
/// - `OneHot<C, Zeros>` outputs zeros for an unknown category, as `handle_unknown='ignore'`.
/// - [`DropFirst`] omits the number of the first category. [`DropIfBinary`] does so if there are two categories.
///
/// The categories are those of the data set, so every category has its number even if it does not occur in a fold.
///
/// Cells: the codes of `C` categories. A missing cell is an error.
///
/// Shapes: one column to C.
///
/// # Examples
/// ```
/// # use dropgrid_core::nn::{Step, builder::{OneHot, Zeros}};
/// let mut row = vec![1.0];
/// OneHot::<3>::default().transform().apply(&mut row);
/// assert_eq!(row, [0.0, 1.0, 0.0]);
/// row = vec![-1.0];
/// OneHot::<3, Zeros>::default().transform().apply(&mut row);
/// assert_eq!(row, [0.0, 0.0, 0.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OneHot<const C: usize, Unknown = Refusal>(PhantomData<Unknown>);

/// A [`OneHot`] without the number of its first category, which becomes all zeros. Same as scikit-learn's
/// `OneHotEncoder(drop='first')`. With [`Zeros`], an unknown category has the same output as the first.
///
/// Write `DropFirst<OneHot<3>>`.
///
/// Cells: as for the [`OneHot`].
///
/// Shapes: one column to C - 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DropFirst<L>(PhantomData<L>);

/// A [`OneHot`] without the number of its first category if it has two categories, else the [`OneHot`] itself. Same as
/// scikit-learn's `OneHotEncoder(drop='if_binary')`.
///
/// Write `DropIfBinary<OneHot<2>>`.
///
/// Cells: as for the [`OneHot`].
///
/// Shapes: one column to 1 where C is 2, else to C.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DropIfBinary<L>(PhantomData<L>);

/// Implements the traits that all layers without parameters share.
macro_rules! without_state {
    ($([$($generics:tt)*] $layer:ty;)+) => {$(
        impl<$($generics)*, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for $layer {
            type Built = Self;
        }

        impl<$($generics)*, E: Dtype, D: Device<E>> TensorCollection<E, D> for $layer {
            type To<E2: Dtype, D2: Device<E2>> = Self;

            fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
                visitor: &mut V,
            ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
                visitor.visit_fields((), |()| Self(PhantomData))
            }
        }
    )+};
}

without_state! {
    [const C: usize, U: UnknownRule] OneHot<C, U>;
    [const C: usize, U: UnknownRule] DropFirst<OneHot<C, U>>;
    [const C: usize, U: UnknownRule] DropIfBinary<OneHot<C, U>>;
}

/// Implements [`Step`] for a rule for unknown categories.
macro_rules! step {
    ($($rule:ty),+) => {$(
        impl<const C: usize> Step for OneHot<C, $rule> {
            const COLUMNS: usize = 1;
            const WIDTH: usize = C;
            const TAKES: Cells = Cells { unknown: <$rule>::TAKEN, ..Cells::category(C) };
            const GIVES: Cells = Cells::NUMBER;

            fn fit(&mut self, cells: &[f64]) -> error::Result<()> {
                check::<C>(cells)
            }

            fn transform(&self) -> Box<dyn Transform> {
                Box::new(Indicators::<C> { first: 0, takes_unknown: <$rule>::TAKEN })
            }
        }

        impl<const C: usize> Step for DropFirst<OneHot<C, $rule>> {
            const COLUMNS: usize = 1;
            const WIDTH: usize = {
                assert!(C > 0, "there is no first category to drop");
                C - 1
            };
            const TAKES: Cells = OneHot::<C, $rule>::TAKES;
            const GIVES: Cells = Cells::NUMBER;

            fn fit(&mut self, cells: &[f64]) -> error::Result<()> {
                check::<C>(cells)
            }

            fn transform(&self) -> Box<dyn Transform> {
                Box::new(Indicators::<C> { first: 1, takes_unknown: <$rule>::TAKEN })
            }
        }

        impl<const C: usize> Step for DropIfBinary<OneHot<C, $rule>> {
            const COLUMNS: usize = 1;
            const WIDTH: usize = if C == 2 { 1 } else { C };
            const TAKES: Cells = OneHot::<C, $rule>::TAKES;
            const GIVES: Cells = Cells::NUMBER;

            fn fit(&mut self, cells: &[f64]) -> error::Result<()> {
                check::<C>(cells)
            }

            fn transform(&self) -> Box<dyn Transform> {
                Box::new(Indicators::<C> { first: usize::from(C == 2), takes_unknown: <$rule>::TAKEN })
            }
        }
    )+};
}

step!(Refusal, Zeros);

/// Outputs one number for each of the categories from `first` to `C` - 1.
#[derive(Debug)]
struct Indicators<const C: usize> {
    first: usize,
    takes_unknown: bool,
}

impl<const C: usize> Transform for Indicators<C> {
    fn apply(&self, row: &mut Vec<f64>) {
        let cell = row[0];
        let code = code::<C>(cell);
        let is_taken = code.is_some() || self.takes_unknown && cell == UNKNOWN;
        row.clear();
        row.resize(C - self.first, if is_taken { 0.0 } else { f64::NAN });
        if let Some(at) = code.and_then(|code| code.checked_sub(self.first)) {
            row[at] = 1.0;
        }
    }

    fn export(&self, graph: &mut Graph, cells: Edge) -> Edge {
        graph.one_hot(cells, self.first, C, self.takes_unknown)
    }
}
