//! One fit: a training on one fold, its scores, and retries if it fails.

mod fold_runner;
mod retry;
mod row_share;
mod shared_fit;
mod train_and_score;

pub(super) use fold_runner::FoldRunner;
pub use retry::Retry;
pub(super) use row_share::ShareCheck;

use crate::error::Failure;

/// The failure of a worker that ended without a result.
fn lost() -> Failure {
    Failure::Panicked { message: "the worker ended without a result".to_owned() }
}
