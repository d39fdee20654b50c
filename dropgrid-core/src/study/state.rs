//! Saved states of trainings.

use super::{FitName, StateName};

/// The state of a training between two of its epochs or at its end, from which it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The training: a text that is the same for every fit whose training takes the same steps.
    pub trajectory: String,
    /// The fold, from 0.
    pub fold: u32,
    /// Epochs trained.
    pub epochs: u32,
    /// The state, as the training wrote it.
    pub bytes: Vec<u8>,
    /// True where the state stays after its training is done, see
    /// [`keep_final_checkpoints`](crate::search::Search::keep_final_checkpoints). Any other is *passing*: the store removes
    /// it when the training has got further or is done.
    pub lasting: bool,
}

impl State {
    /// The state's name.
    pub fn name(&self) -> StateName {
        StateName { trajectory: self.trajectory.clone(), fold: self.fold, epochs: self.epochs }
    }

    /// The state without its bytes.
    pub(crate) fn info(&self) -> StateInfo {
        StateInfo { name: self.name(), bytes: self.bytes.len() as u64, lasting: self.lasting }
    }
}

/// A saved state without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateInfo {
    /// The state's name.
    pub name: StateName,
    /// The number of its bytes.
    pub bytes: u64,
    /// True of a state that is not passing, see [`State::lasting`].
    pub lasting: bool,
}

/// A state on its way to the store, and the fits that go on from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The state.
    pub state: State,
    /// The fits. They have got further than before, so earlier crashes over them count no more.
    pub fits: Vec<FitName>,
}
