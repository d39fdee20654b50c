//! Evaluation passes, batch by batch: by a program, or by dfdx.

mod evaluator;
mod tensors;

pub(super) use evaluator::Evaluator;
pub(super) use tensors::evaluate;

/// Rows in an evaluation batch: enough that the cost of a batch is that of its rows.
pub(super) const EVALUATION_ROWS: usize = 512;
