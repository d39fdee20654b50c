//! The numerics of models of scores: Gaussian processes, Parzen densities, the normal and Student's distributions,
//! Sobol points.
//!
//! It is a part of `dropgrid-core`, and a crate of its own so that it is optimised where the core is built without
//! optimisation, as for tests. It computes on slices of `f64`: a candidate is a point, an axis a [`Dimension`]. It
//! knows no search, and makes no promise to other crates.
//!
//! Every function has the same bits on every machine: logarithms, exponentials and the error function are those of
//! `libm` or of this crate, and sums have a fixed order. Loops over all scores are compiled for several instruction
//! sets, by the `multiversion!` of `dropgrid-kernel`.

#![allow(missing_docs, reason = "parts of another crate: types and functions have comments, and fields names")]

mod dimension;
pub mod gp;
pub mod normal;
mod parzen;
pub mod sobol;
pub mod student;

pub use dimension::{Dimension, Place, Singles};
pub use parzen::Parzen;
