//! The contract of operations that stand in files of their own.

use std::{fmt, ops::Range};

use super::norm::Back;
use crate::kernel::scratch::GemmScratch;

/// A function of each sample, with its derivative.
pub(super) trait Operator: fmt::Debug + Send + Sync {
    /// The first of its parameters, which identifies a layer that is used twice; `None` where it has none.
    fn weight(&self) -> Option<&Range<usize>>;

    /// True where a pass draws random numbers.
    fn draws(&self) -> bool {
        false
    }

    /// The count of numbers to keep for the backward pass of `rows` samples.
    fn kept(&self, rows: usize) -> usize;

    /// Writes the output of `rows` samples.
    fn forward(&self, pass: Forward<'_>, out: &mut [f32]);

    /// Writes the gradients of the parameters, and that of the input unless it is empty.
    fn backward(&self, pass: Backward<'_>, back: Back<'_>);
}

/// The operands of a forward pass.
pub(super) struct Forward<'a> {
    pub(super) rows: usize,
    /// All parameters of the program.
    pub(super) numbers: &'a [f32],
    pub(super) x: &'a [f32],
    /// The key of the pass.
    pub(super) key: [u32; 8],
    pub(super) scratch: &'a mut GemmScratch,
    pub(super) kept: &'a mut [f32],
}

/// The operands of a backward pass.
pub(super) struct Backward<'a> {
    pub(super) rows: usize,
    /// All parameters of the program.
    pub(super) numbers: &'a [f32],
    pub(super) x: &'a [f32],
    /// The gradient of the output.
    pub(super) gradient: &'a [f32],
    pub(super) scratch: &'a mut GemmScratch,
    pub(super) kept: &'a mut [f32],
}
