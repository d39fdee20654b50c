//! The end of trainings: early stopping, plateaus of the learning rate, and candidates that share a training.

mod condition;
mod early_stopping;
mod plateau;
mod shared;

pub(crate) use condition::StopCondition;
pub(in crate::train) use plateau::PlateauState;
pub(crate) use shared::FinishedCandidate;
pub(in crate::train) use shared::{Finished, Running};
