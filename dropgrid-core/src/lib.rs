//! The engine of dropgrid.
//!
//! Depend on `dropgrid`, whose documentation is the place to start; this crate is its inside. Modules stand in floors,
//! and a floor uses only what is below it:
//!
//! | floor | modules |
//! |---|---|
//! | 0 | [`escape`], [`error`], [`limit`], [`mod@file`], [`seed`], `kernel`, [`data`] |
//! | 1 | [`space`], [`split`], [`metric`] |
//! | 2 | [`phase`], [`graph`], [`program`], [`nn`], [`recipe`], [`record`], [`hook`], [`model`] |
//! | 3 | [`train`], [`strategy`], [`study`] |
//! | 4 | `engine` |
//! | 5 | [`report`] |
//! | 6 | [`search`], [`cluster`], [`testing`] |

// Where a feature is off, nothing calls what only its code would.
#![cfg_attr(not(all(feature = "study", feature = "signals")), allow(dead_code, unused_imports))]

#[cfg(all(feature = "study", feature = "signals"))]
pub mod cluster;
pub mod data;
#[cfg(feature = "search")]
mod engine;
pub mod error;
pub mod file;
pub mod graph;
pub mod hook;
// The floor of the kernels is a crate of its own.
use dropgrid_kernel as kernel;
// So are pictures, and the escapes of texts that they and terminals need.
pub use dropgrid_view::{self as view, escape};
pub mod limit;
pub mod metric;
pub mod model;
pub mod nn;
pub mod phase;
pub mod program;
pub mod recipe;
pub mod record;
#[cfg(feature = "search")]
pub mod report;
#[cfg(feature = "search")]
pub mod search;
pub mod seed;
pub mod space;
pub mod split;
#[cfg(feature = "search")]
pub mod strategy;
#[cfg(feature = "search")]
pub mod study;
#[cfg(feature = "search")]
pub mod testing;
pub mod train;

pub use error::{DataError, Error, Failure, Result, ScoringError, SplitError};
