//! Losses on slices: from outputs and truth to the loss of a batch and its gradient, in `f32` and without allocation;
//! and the loss of one row in `f64`, by which training is judged.
//!
//! A row counts in a batch by its *share*: the batch's loss is the sum of shares times the rows' losses. Shares add up
//! to 1 where each row counts the same.

mod distance;
mod logistic;
mod softmax;

pub(crate) use distance::{Distance, distance};
pub(crate) use logistic::{Logistic, logistic};
pub(crate) use softmax::{Softmax, cross_entropy};

/// Sums side by side, so that an addition does not wait for the one before it. Their number is fixed: the order of a sum
/// is part of its bits.
const LANES: usize = 16;
