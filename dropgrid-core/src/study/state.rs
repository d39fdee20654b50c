//! Saved states of trainings.

use super::{FitName, StateName};

/// The state of a training after one of its epochs, from which the training can continue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The trajectory: a text that is the same for all fits whose trainings take the same steps.
    pub trajectory: String,
    /// The fold, from 0.
    pub fold: u32,
    /// The number of trained epochs.
    pub epochs: u32,
    /// The state as bytes, in the format of the training.
    pub bytes: Vec<u8>,
    /// True if the state stays after its training has finished, see
    /// [`keep_final_checkpoints`](crate::search::Search::keep_final_checkpoints). Any other state is *passing*: the
    /// store removes it when the training has progressed further or has finished.
    pub lasting: bool,
}

impl State {
    /// Returns the name of the state.
    pub fn name(&self) -> StateName {
        StateName { trajectory: self.trajectory.clone(), fold: self.fold, epochs: self.epochs }
    }

    /// Returns the state without its bytes.
    pub(crate) fn info(&self) -> StateInfo {
        StateInfo { name: self.name(), bytes: self.bytes.len() as u64, lasting: self.lasting }
    }
}

/// A saved state without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StateInfo {
    /// The name of the state.
    pub name: StateName,
    /// The size of the state in bytes.
    pub bytes: u64,
    /// True if the state is not passing, see [`State::lasting`].
    pub lasting: bool,
}

/// A state to be saved, and the fits that continue from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The state to save.
    pub state: State,
    /// The fits that continue from the state. They have progressed, so their earlier crashes no longer count.
    pub fits: Vec<FitName>,
}
