//! scikit-learn's arithmetic: the random numbers and sums that decide which rows its splitters take.

mod mt19937;
pub(super) mod numpy_sum;
mod shuffle;

pub(crate) use numpy_sum::pairwise;
pub use shuffle::SklearnShuffle;
pub(super) use shuffle::{Source, Stream, shuffle_methods};
