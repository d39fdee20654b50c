//! Data sets of rows of the user's own type.

use std::{fmt, marker::PhantomData, ops::Deref};

use super::Row;
use crate::{
    data::{Dataset, Features, Target},
    error::Result,
};

/// A data set whose rows are of the type `R`: the compiler knows its width, its kinds of columns and its categories.
///
/// Everything that takes a [`Dataset`] takes it. A search takes it where its model declares
/// `#[searchable(rows = R)]`, and does not compile otherwise.
pub struct TypedDataset<R, T> {
    data: Dataset<T>,
    rows: PhantomData<fn() -> R>,
}

impl<R: Row, T: Target> TypedDataset<R, T> {
    /// Data from rows and as many targets.
    ///
    /// # Errors
    /// Those of [`Features::of`], and [`DataError::LengthMismatch`](crate::error::DataError::LengthMismatch).
    pub fn new<'a>(rows: impl IntoIterator<Item = &'a R>, targets: T) -> Result<Self>
    where
        R: 'a,
    {
        Ok(Self::of(Dataset::from_features(Features::of(rows)?, targets)?))
    }

    /// Data with a group for each sample, see [`Dataset::with_groups`].
    ///
    /// # Errors
    /// Those of [`Dataset::with_groups`].
    pub fn with_groups<G: Ord>(self, groups: impl IntoIterator<Item = G>) -> Result<Self> {
        Ok(Self::of(self.data.with_groups(groups)?))
    }

    /// Data with a weight for each sample, see [`Dataset::with_weights`].
    ///
    /// # Errors
    /// Those of [`Dataset::with_weights`].
    pub fn with_weights(self, weights: impl Into<Vec<f64>>) -> Result<Self> {
        Ok(Self::of(self.data.with_weights(weights)?))
    }

    /// The given samples, in that order, see [`Dataset::select`].
    ///
    /// # Errors
    /// Those of [`Dataset::select`].
    pub fn select(&self, rows: &[usize]) -> Result<Self> {
        Ok(Self::of(self.data.select(rows)?))
    }
}

impl<R, T> TypedDataset<R, T> {
    /// Data whose features are those of `R`.
    pub(in crate::data) fn of(data: Dataset<T>) -> Self {
        Self { data, rows: PhantomData }
    }

    /// The data without the type of its rows.
    pub fn into_untyped(self) -> Dataset<T> {
        self.data
    }
}

impl<R, T> Deref for TypedDataset<R, T> {
    type Target = Dataset<T>;

    fn deref(&self) -> &Dataset<T> {
        &self.data
    }
}

impl<R, T: Clone> Clone for TypedDataset<R, T> {
    fn clone(&self) -> Self {
        Self::of(self.data.clone())
    }
}

impl<R, T: fmt::Debug> fmt::Debug for TypedDataset<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TypedDataset").field(&self.data).finish()
    }
}
