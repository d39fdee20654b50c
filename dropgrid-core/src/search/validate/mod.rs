//! Cross-validation other than a search: nested, out-of-fold predictions, curves, and the permutation test.

mod cross_val_predict;
mod curves;
mod nested;
mod permutation_test;
mod pictured;
mod runner;
mod score_curve;
mod train_sizes;

pub use cross_val_predict::OutOfFoldPredictions;
pub use nested::{NestedCrossValidation, OuterFold};
pub use permutation_test::PermutationTest;
pub use score_curve::ScoreCurve;
pub use train_sizes::TrainSizes;
