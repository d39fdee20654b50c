//! What a model's builder holds in the place of each hyperparameter.

use std::{fmt, marker::PhantomData};

/// What a builder has where a hyperparameter is not given yet: the type `Name` is called like it, and so says to
/// whoever calls `build` too early what is missing.
pub struct Missing<Name>(PhantomData<fn() -> Name>);

impl<Name> Missing<Name> {
    /// Nothing.
    #[allow(clippy::new_without_default, reason = "what is missing has no default")]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<Name> Clone for Missing<Name> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<Name> fmt::Debug for Missing<Name> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Missing")
    }
}

/// What a builder has where a width is given.
#[derive(Debug, Clone, Copy)]
pub struct Width<const N: usize>;

/// A layer type that stands in the results as a value of the enum `Words`.
pub trait Chosen<Words> {
    /// The value.
    const VALUE: Words;
}

/// What a builder has where a type is given.
pub struct Choice<L>(PhantomData<fn() -> L>);

impl<L> Choice<L> {
    /// The type `L`.
    #[allow(clippy::new_without_default, reason = "a choice has no default")]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<L> Clone for Choice<L> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<L> fmt::Debug for Choice<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::any::type_name::<L>())
    }
}
