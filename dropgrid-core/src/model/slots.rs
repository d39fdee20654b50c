//! The state of each hyperparameter in a model's builder: missing or given.

use std::{fmt, marker::PhantomData};

/// A hyperparameter that has not been given to the builder. The type `Name` has the hyperparameter's name, so the error
/// of the compiler for an early `build` says what is missing.
pub struct NotGiven<Name>(PhantomData<fn() -> Name>);

impl<Name> NotGiven<Name> {
    /// A missing hyperparameter.
    #[allow(clippy::new_without_default, reason = "what is missing has no default")]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<Name> Clone for NotGiven<Name> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<Name> fmt::Debug for NotGiven<Name> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NotGiven")
    }
}

/// A width that has been given to the builder.
#[derive(Debug, Clone, Copy)]
pub struct Width<const N: usize>;

/// A layer type that the results show as a value of the enum `Words`.
#[doc(hidden)]
pub trait Chosen<Words> {
    /// The value.
    const VALUE: Words;
}

/// A layer type that has been given to the builder.
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
