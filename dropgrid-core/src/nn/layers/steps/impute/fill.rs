//! The rules that determine the values for missing cells.

use std::fmt;

use crate::nn::{
    Cells,
    layers::percentile::{median, sorted},
};

/// A rule for the value that [`Impute`](super::Impute) writes to the missing cells of a column.
///
/// Implement it for your own rule:
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
    /// The cells of the column before imputation.
    const TAKES: Cells;
    /// The cells of the column after imputation.
    const GIVES: Cells;
    /// True if the rule uses the layer's setting `value`.
    const SETTING: bool = false;

    /// Computes the value from the present cells of a column and the setting. Returns `None` if there is no cell to
    /// compute it from.
    fn of(present: Vec<f64>, value: f64) -> Option<f64>;
}

/// The mean of the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mean;

impl Fill for Mean {
    const TAKES: Cells = Cells::NUMBER.or_missing();
    const GIVES: Cells = Cells::NUMBER;

    fn of(present: Vec<f64>, _value: f64) -> Option<f64> {
        // Averaging the differences from one cell loses no digits for columns far from zero.
        let first = *present.first()?;
        Some(first + present.iter().map(|cell| cell - first).sum::<f64>() / present.len() as f64)
    }
}

/// The median of the column. With an even number of cells it is the mean of the two middle cells.
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

/// The most frequent value of a column of numbers or categories. Of several, it is the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MostFrequent;

impl Fill for MostFrequent {
    const TAKES: Cells = Cells::ANY.or_missing().or_unknown();
    const GIVES: Cells = Cells::ANY.or_unknown();

    fn of(present: Vec<f64>, _value: f64) -> Option<f64> {
        let sorted = sorted(present);
        let runs = sorted.chunk_by(|a, b| a == b);
        // `max_by_key` returns the last of equal runs. In descending order that is the smallest value.
        runs.rev().max_by_key(|run| run.len()).map(|run| run[0])
    }
}

/// The setting `value`, by default 0. [`Impute`](super::Impute) uses it for missing cells and
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

/// An additional category for missing cells, with the code `C`. The column has the categories 0 to `C` - 1. The next
/// layer takes one category more than the column has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnCategory<const C: usize>;

impl<const C: usize> Fill for OwnCategory<C> {
    const TAKES: Cells = Cells::category(C).or_missing().or_unknown();
    const GIVES: Cells = Cells::category(C + 1).or_unknown();

    fn of(_present: Vec<f64>, _value: f64) -> Option<f64> {
        Some(C as f64)
    }
}
