//! Gates, by which one mistake is one error.
//!
//! The checks of a model stand in a constant, `Gate<{ checks; true }>`. Where the compiler finds a fault in them, it
//! tells it there, and the constant is an error. So is every type behind the gate, and of such a type the compiler
//! tells nothing more.

use dfdx::{nn::BuildOnDevice, tensor::Cpu};

/// The outcome of checks, as a type.
#[derive(Debug)]
#[doc(hidden)]
pub struct Gate<const OPEN: bool>;

/// A gate before the declared layer `L`.
#[doc(hidden)]
pub trait BeforeLayer<L> {
    /// `L` itself.
    type Layer;
    /// The type that it is built as.
    type Built;
}

impl<L: BuildOnDevice<Cpu, f32>> BeforeLayer<L> for Gate<true> {
    type Layer = L;
    type Built = L::Built;
}

// A gate whose constant is an error may be either, so the compiler decides for neither.
impl<L: Never> BeforeLayer<L> for Gate<false> {
    type Layer = L;
    type Built = L;
}

/// A gate before the network `N`.
#[doc(hidden)]
pub trait BeforeNetwork<N> {
    /// `N` itself.
    type Network;
}

impl<N> BeforeNetwork<N> for Gate<true> {
    type Network = N;
}

impl<N: Never> BeforeNetwork<N> for Gate<false> {
    type Network = N;
}

/// A gate before `T`, a type of the user's own.
#[doc(hidden)]
pub trait BeforeType<T> {
    /// `T` itself.
    type Type;
}

impl<T> BeforeType<T> for Gate<true> {
    type Type = T;
}

impl<T: Never> BeforeType<T> for Gate<false> {
    type Type = T;
}

/// A trait that no type has.
#[doc(hidden)]
pub trait Never {}

/// The declared layer `L`, behind no gate.
#[doc(hidden)]
pub type Unchecked<L> = L;

/// The declared layer `L` behind the gate `G`.
#[doc(hidden)]
pub type Checked<G, L> = <G as BeforeLayer<L>>::Layer;

/// The type that the declared layer `L` behind the gate `G` is built as.
#[doc(hidden)]
pub type CheckedBuilt<G, L> = <G as BeforeLayer<L>>::Built;

/// The type `T` behind the gate `G`.
#[doc(hidden)]
pub type CheckedType<G, T> = <G as BeforeType<T>>::Type;

/// The network `N` behind the gate `G`.
#[doc(hidden)]
pub type CheckedNetwork<G, N> = <G as BeforeNetwork<N>>::Network;
