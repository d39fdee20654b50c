//! A saved state of a training.

use super::StateName;

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
}
