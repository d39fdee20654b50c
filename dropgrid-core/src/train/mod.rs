//! Training one candidate: the loss, the loop, and the model that comes of it.

mod contents;
#[cfg(test)]
mod dropped;
mod ends;
mod evaluate;
mod fit;
mod fitted;
mod flat;
#[cfg(test)]
mod golden;
mod history;
mod look;
mod loss;
mod lowered;
mod mc;
mod plateau;
mod progress;
mod reach;
#[cfg(test)]
mod resumed;
mod rule;
mod single;
mod snapshot;
mod state;
mod stopper;
mod taped;
pub(crate) mod trial;
mod update;
mod watch;

pub(crate) use ends::{End, Ended};
pub(crate) use evaluate::{measured, outputs, predict};
pub(crate) use fit::{Course, Views, fit};
pub(crate) use fitted::FitModel;
pub use fitted::{Fitted, Predictions};
pub(crate) use history::Hooked;
pub(crate) use look::{Look, Sampler, Seen};
pub(crate) use loss::check as check_loss;
pub use loss::{CustomLoss, Link, LossFor, Objective, ObjectiveFor, Output, RecipeLoss, Scalar, ScoredBy, Wanted};
pub use mc::{McDropout, McPredictions};
pub(crate) use mc::{check as check_dropout, sample};
pub(crate) use progress::Checkpoints;
pub(crate) use state::is_sound;
pub(crate) use watch::scores_of;
pub use watch::{scores, watched};
