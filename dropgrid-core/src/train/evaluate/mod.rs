//! The evaluation of a network: passes with dropout off, validation, scoring, and Monte-Carlo dropout.

mod curve_scores;
mod mc;
mod mode;
mod pass;
mod scoring;
mod validation;

pub(in crate::train) use curve_scores::curve_scores;
pub use mc::McDropout;
pub(crate) use mc::{check as check_dropout, sample};
pub(crate) use mode::{McSampler, ScoringInput, ScoringMode};
pub(in crate::train) use pass::{finite, predict, restore, take_outputs};
pub(in crate::train) use scoring::measure;
pub use scoring::score;
pub(crate) use scoring::{score_rows, undefined_for};
pub(in crate::train) use validation::ValidationMonitor;
pub use validation::validation_score;
