//! Evaluation passes, batch by batch: by a program, or by dfdx.

mod evaluator;
mod tensors;

pub(super) use evaluator::Evaluator;
pub(super) use tensors::evaluate;

/// The number of rows in an evaluation batch. It is large enough that the cost per batch does not matter.
pub(super) const EVALUATION_ROWS: usize = 512;
