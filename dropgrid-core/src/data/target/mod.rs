//! Targets: the values that a network learns to predict.

mod binary;
mod classes;
mod label;
mod multi_label;
mod names;
mod regression;

pub use binary::Binary;
pub use classes::Classes;
pub use label::Label;
pub use multi_label::MultiLabel;
pub(super) use names::{Names, distinct};
pub use regression::Regression;

use std::borrow::Cow;

use crate::error::Result;

/// The truth about each sample: a class, several flags, or numbers.
///
/// The kind of truth decides by type which metrics can score a search.
pub trait Target: Clone + Send + Sync + 'static {
    /// The kind of truth: [`Labels`], [`Flags`] or [`Values`].
    type Kind: Truth;

    /// Its name in the file of a fitted model.
    const NAME: &'static str = "a target of one's own";

    /// Number of classes or flags that have names where any has, where the type says it: 0 for values.
    const NAMED: Option<usize> = None;

    /// Number of samples.
    fn samples(&self) -> usize;

    /// Number of classes, of flags or of values that a sample's truth is about.
    fn width(&self) -> usize;

    /// The class of each sample, for splitters that stratify; `None` where there are no classes.
    fn strata(&self) -> Option<&[usize]>;

    /// The names of the classes or flags, where they have names.
    fn names(&self) -> Option<&[String]> {
        None
    }

    /// These targets with their classes or flags in the order of `learned`, the names that a model was trained on.
    /// Classes without names keep their numbers.
    ///
    /// # Errors
    /// [`DataError::ClassNotLearned`](crate::error::DataError::ClassNotLearned) for a row of another class;
    /// [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer) for other flags.
    fn in_order_of(&self, learned: &[String]) -> Result<Cow<'_, Self>> {
        let _ = learned;
        Ok(Cow::Borrowed(self))
    }

    /// The truth of the given samples, in that order, row-major. Every one of `rows` is below
    /// [`samples`](Self::samples).
    fn truth(&self, rows: &[usize]) -> Vec<<Self::Kind as Truth>::Item>;

    /// The targets of the given samples, in that order. Every one of `rows` is below [`samples`](Self::samples).
    fn select(&self, rows: &[usize]) -> Self;
}

/// A kind of truth, as a type.
pub trait Truth: Send + Sync + 'static {
    /// The item that the truth of one sample is made of: one item for [`Labels`], several for [`Flags`] and [`Values`].
    type Item: Copy + PartialEq + std::fmt::Debug + Send + Sync;

    /// Its name in messages.
    const NAME: &'static str;

    /// The items as classes, where they are classes.
    fn labels(items: &[Self::Item]) -> Option<&[usize]> {
        let _ = items;
        None
    }

    /// The items as numbers, where they are numbers.
    fn numbers(items: &[Self::Item]) -> Option<&[f64]> {
        let _ = items;
        None
    }
}

/// The truth is one class of several, numbered from 0: [`Classes`] and [`Binary`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {}

/// The truth is several flags, each on or off by itself: [`MultiLabel`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flags {}

/// The truth is one or several numbers: [`Regression`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {}

impl Truth for Labels {
    type Item = usize;
    const NAME: &'static str = "class labels";

    fn labels(items: &[usize]) -> Option<&[usize]> {
        Some(items)
    }
}

impl Truth for Flags {
    type Item = bool;
    const NAME: &'static str = "flags";
}

impl Truth for Values {
    type Item = f64;
    const NAME: &'static str = "values";

    fn numbers(items: &[f64]) -> Option<&[f64]> {
        Some(items)
    }
}

/// The rows of a row-major buffer of `width` a row, in the order of `rows`.
fn gather<T: Copy>(values: &[T], width: usize, rows: &[usize]) -> Vec<T> {
    let mut gathered = Vec::with_capacity(rows.len() * width);
    for &row in rows {
        gathered.extend_from_slice(&values[row * width..][..width]);
    }
    gathered
}
