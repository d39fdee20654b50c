//! The values that missing cells get.

use std::fmt;

use crate::nn::{
    Cells,
    layers::percentile::{median, sorted},
};

/// The value that [`Impute`](super::Impute) gives to the missing cells of a column.
///
/// Implement it for a rule of your own:
/// ```
/// # use dropgrid_core::nn::{Cells, Fill};
/// /// The smallest value.
/// #[derive(Debug, Clone)]
/// struct Smallest;
///
/// impl Fill for Smallest {
///     const TAKES: Cells = Cells::NUMBER.or_missing();
///     const GIVES: Cells = Cells::NUMBER;
///
///     fn of(present: Vec<f64>, _value: f64) -> Option<f64> {
///         present.into_iter().reduce(f64::min)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value for missing cells",
    note = "write `Mean`, `Median`, `MostFrequent`, `Constant` or `OwnCategory<C>`, or implement `dropgrid::nn::Fill`"
)]
pub trait Fill: fmt::Debug + Clone + Send + Sync + 'static {
    /// The cells of the column.
    const TAKES: Cells;
    /// The cells of the column once the missing ones are filled.
    const GIVES: Cells;
    /// True where it uses the setting `value` of the layer.
    const SETTING: bool = false;

    /// The value, given the cells of a column that are not missing and the setting; `None` where they do not say.
    fn of(present: Vec<f64>, value: f64) -> Option<f64>;
}

/// The mean of the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mean;

impl Fill for Mean {
    const TAKES: Cells = Cells::NUMBER.or_missing();
    const GIVES: Cells = Cells::NUMBER;

    fn of(present: Vec<f64>, _value: f64) -> Option<f64> {
        // The mean of the distances from a cell loses no digits far from zero.
        let first = *present.first()?;
        Some(first + present.iter().map(|cell| cell - first).sum::<f64>() / present.len() as f64)
    }
}

/// The median of the column: the mean of the two cells in the middle where their number is even.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Median;

impl Fill for Median {
    const TAKES: Cells = Cells::NUMBER.or_missing();
    const GIVES: Cells = Cells::NUMBER;

    fn of(present: Vec<f64>, _value: f64) -> Option<f64> {
        let sorted = sorted(present);
        (!sorted.is_empty()).then(|| median(&sorted))
    }
}

/// The most frequent value of the column, of numbers or of categories; the smallest of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MostFrequent;

impl Fill for MostFrequent {
    const TAKES: Cells = Cells::ANY.or_missing().or_unknown();
    const GIVES: Cells = Cells::ANY.or_unknown();

    fn of(present: Vec<f64>, _value: f64) -> Option<f64> {
        let sorted = sorted(present);
        let runs = sorted.chunk_by(|a, b| a == b);
        // The last of the longest in descending order is the smallest.
        runs.rev().max_by_key(|run| run.len()).map(|run| run[0])
    }
}

/// The setting `value`, 0 by default: of [`Impute`](super::Impute) for missing cells, of
/// [`Ordinal`](crate::nn::Ordinal) for unknown categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Constant;

impl Fill for Constant {
    const TAKES: Cells = Cells::ANY.or_missing().or_unknown();
    const GIVES: Cells = Cells::ANY.or_unknown();
    const SETTING: bool = true;

    fn of(_present: Vec<f64>, value: f64) -> Option<f64> {
        Some(value)
    }
}

/// A category of its own, number `C`, beside the categories 0 to `C` - 1 of the column: what follows takes `C` + 1
/// categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnCategory<const C: usize>;

impl<const C: usize> Fill for OwnCategory<C> {
    const TAKES: Cells = Cells::category(C).or_missing().or_unknown();
    const GIVES: Cells = Cells::category(C + 1).or_unknown();

    fn of(_present: Vec<f64>, _value: f64) -> Option<f64> {
        Some(C as f64)
    }
}
