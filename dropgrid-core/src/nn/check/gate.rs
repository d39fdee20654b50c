//! Gates, which limit a mistake in a model to one compiler error.
//!
//! The checks of a model are evaluated in a constant, `Gate<{ checks; true }>`. If a check fails, the compiler reports
//! it there and the constant has no value. Types behind the gate are then unknown, and the compiler reports no further
//! errors about them.

use dfdx::{nn::BuildOnDevice, tensor::Cpu};

/// The result of the checks, as a type.
#[derive(Debug)]
#[doc(hidden)]
pub struct Gate<const OPEN: bool>;

/// A gate in front of the declared layer `L`.
#[doc(hidden)]
pub trait BeforeLayer<L> {
    /// The layer `L`.
    type Layer;
    /// The built type of `L`.
    type Built;
}

impl<L: BuildOnDevice<Cpu, f32>> BeforeLayer<L> for Gate<true> {
    type Layer = L;
    type Built = L::Built;
}

// If evaluating the gate's constant fails, both impls remain candidates, so the compiler selects neither.
impl<L: Never> BeforeLayer<L> for Gate<false> {
    type Layer = L;
    type Built = L;
}

/// A gate in front of the network `N`.
#[doc(hidden)]
pub trait BeforeNetwork<N> {
    /// The network `N`.
    type Network;
}

impl<N> BeforeNetwork<N> for Gate<true> {
    type Network = N;
}

impl<N: Never> BeforeNetwork<N> for Gate<false> {
    type Network = N;
}

/// A gate in front of `T`, a user's type.
#[doc(hidden)]
pub trait BeforeType<T> {
    /// The type `T`.
    type Type;
}

impl<T> BeforeType<T> for Gate<true> {
    type Type = T;
}

impl<T: Never> BeforeType<T> for Gate<false> {
    type Type = T;
}

/// A trait without implementations.
#[doc(hidden)]
pub trait Never {}

/// The declared layer `L`, without a gate.
#[doc(hidden)]
pub type Unchecked<L> = L;

/// The declared layer `L` behind the gate `G`.
#[doc(hidden)]
pub type Checked<G, L> = <G as BeforeLayer<L>>::Layer;

/// The built type of the declared layer `L` behind the gate `G`.
#[doc(hidden)]
pub type CheckedBuilt<G, L> = <G as BeforeLayer<L>>::Built;

/// The type `T` behind the gate `G`.
#[doc(hidden)]
pub type CheckedType<G, T> = <G as BeforeType<T>>::Type;

/// The network `N` behind the gate `G`.
#[doc(hidden)]
pub type CheckedNetwork<G, N> = <G as BeforeNetwork<N>>::Network;
