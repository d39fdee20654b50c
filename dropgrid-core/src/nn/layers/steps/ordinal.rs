//! Ordinal encoding of categories.

use std::marker::PhantomData;

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, ScalarOptions, TensorCollection},
    },
    shapes::Dtype,
    tensor_ops::Device,
};

use super::{
    codes::{UNKNOWN, check, code},
    impute::Constant,
    rule::{Refusal, UnknownRule},
};
use crate::{
    error,
    graph::{Edge, Graph},
    nn::{Cells, Range, Step},
    program::Transform,
};

pub(in crate::nn) mod builder {
    /// The declaration of an ordinal encoding of `C` categories.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Ordinal<const C: usize, Unknown = super::Refusal>(std::marker::PhantomData<Unknown>);
}

/// Ordinal encoding: the code of one of `C` categories as a number from 0 to C - 1, for categories that have an order.
/// Same as scikit-learn's
/// [`OrdinalEncoder`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.OrdinalEncoder.html) with
/// given categories.
///
/// - `Ordinal<C>` is `Ordinal<C, Refusal>`: an unknown category is an error.
/// - `Ordinal<C, Constant>` outputs the setting `value`, by default -1, for an unknown category, as
///   `handle_unknown='use_encoded_value', unknown_value=-1`: `#[set(value = -2.0)]`, `#[grid(value: -1.0, -2.0)]`.
/// - A missing cell stays missing, so an [`Impute`](crate::nn::Impute) may follow.
///
/// Cells: the codes of `C` categories.
///
/// Shapes: one column to one.
#[derive(Debug, Clone)]
pub struct Ordinal<const C: usize, Unknown = Refusal> {
    /// The output for an unknown category with [`Constant`].
    pub value: f64,
    _rule: PhantomData<Unknown>,
}

/// The default output for an unknown category.
const VALUE: f64 = -1.0;

impl<const C: usize, U: UnknownRule, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::Ordinal<C, U> {
    type Built = Ordinal<C, U>;
}

impl<const C: usize, U: UnknownRule, E: Dtype, D: Device<E>> TensorCollection<E, D> for Ordinal<C, U> {
    type To<E2: Dtype, D2: Device<E2>> = Self;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let whole = |value| Self { value, _rule: PhantomData };
        if U::TAKEN {
            let options = ScalarOptions::from_default(VALUE);
            let value = <Self as TensorCollection<E, D>>::scalar("value", |it| &it.value, |it| &mut it.value, options);
            visitor.visit_fields(value, whole)
        } else {
            visitor.visit_fields((), |()| whole(VALUE))
        }
    }
}

/// Implements [`Step`] for a rule for unknown categories.
macro_rules! step {
    ($($rule:ty),+) => {$(
        impl<const C: usize> Step for Ordinal<C, $rule> {
            const COLUMNS: usize = 1;
            const WIDTH: usize = 1;
            const TAKES: Cells = Cells { unknown: <$rule>::TAKEN, ..Cells::category(C).or_missing() };
            const GIVES: Cells = Cells::NUMBER.or_missing();
            const SETTINGS: &'static [(&'static str, Range)] =
                if <$rule>::TAKEN { &[("value", Range::FINITE)] } else { &[] };

            fn set(&mut self, _setting: &str, value: f64) {
                self.value = value;
            }

            fn fit(&mut self, cells: &[f64]) -> error::Result<()> {
                check::<C>(cells)
            }

            fn transform(&self) -> Box<dyn Transform> {
                Box::new(Codes::<C> { unknown: if <$rule>::TAKEN { self.value } else { f64::NAN } })
            }
        }
    )+};
}

step!(Refusal, Constant);

/// The transform of `C` categories to their codes, with the output for an unknown category.
#[derive(Debug)]
struct Codes<const C: usize> {
    unknown: f64,
}

impl<const C: usize> Transform for Codes<C> {
    fn apply(&self, row: &mut Vec<f64>) {
        for cell in row {
            if code::<C>(*cell).is_none() {
                *cell = if *cell == UNKNOWN { self.unknown } else { f64::NAN };
            }
        }
    }

    fn export(&self, graph: &mut Graph, cells: Edge) -> Edge {
        graph.codes(cells, C, self.unknown)
    }
}
