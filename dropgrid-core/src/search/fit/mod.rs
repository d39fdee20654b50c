//! One fit: a training on one fold, its scores, and further attempts where it fails.

mod fold_runner;
mod outcome;
mod retry;
mod row_share;
mod shared_fit;
mod spec;
mod train_and_score;

pub(super) use fold_runner::FoldRunner;
pub(super) use outcome::{Outcome, Scores};
pub use retry::Retry;
