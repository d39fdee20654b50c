//! A strategy with its type, and without a bound on it.

use std::fmt;

use super::Strategy;
use crate::space::Space;

/// A strategy of type `T`, which serves a space of type `S` wherever it is used.
///
/// Only [`new`](Self::new) asks that `T` is a strategy. The methods of a search need no such bound, so that a value
/// that is no strategy is one error of the compiler, where it was given, and not one for each method behind it.
pub(crate) struct TypedStrategy<S: Space, T> {
    pub(crate) inner: T,
    as_dyn: fn(&T) -> &dyn Strategy<S>,
}

impl<S: Space, T: Strategy<S>> TypedStrategy<S, T> {
    pub(crate) fn new(inner: T) -> Self {
        Self { inner, as_dyn: |inner| inner }
    }
}

impl<S: Space, T> TypedStrategy<S, T> {
    pub(crate) fn get(&self) -> &dyn Strategy<S> {
        (self.as_dyn)(&self.inner)
    }
}

impl<S: Space, T> fmt::Debug for TypedStrategy<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}
