//! The training step: forward pass, loss, backward pass, and one update of the parameters.

mod batch_of_one;
mod optimizer_state;
mod parameter_vector;
mod program_step;
mod reach;
mod schedule_free;
mod tape_step;
mod train_step;
mod update;

pub(crate) use batch_of_one::loses_variance;
#[cfg(test)]
pub(super) use parameter_vector::ParameterVector;
pub(crate) use program_step::ProgramBackend;
pub(crate) use tape_step::TapeBackend;
pub(crate) use train_step::{TrainStep, TrainingBackend};
