//! Where the states of a training go.

use std::fmt;

/// Keeps the states of one training on one fold, and offers one to continue from.
pub(crate) trait CheckpointSink: fmt::Debug {
    /// The key of the training: a text that no other training on the same fold has.
    fn training(&self) -> &str;

    /// The state with the most epochs, but fewer than `below`, to continue from, and its number of epochs.
    ///
    /// The training rejects a damaged state and one of another training, fold or number of epochs, and then asks for
    /// the next one below; trained from the beginning, it has the same bits.
    fn from(&self, below: usize) -> Option<(usize, Vec<u8>)>;

    /// True where to keep the state after so many epochs.
    fn wants(&self, epochs: usize) -> bool;

    /// Keeps the state after so many epochs. The training waits for the call to return.
    fn keep(&self, epochs: usize, state: Vec<u8>);

    /// True where to keep the final states from which trainings of more epochs can continue.
    fn wants_ends(&self) -> bool;

    /// The final state kept after so many epochs.
    fn end(&self, epochs: usize) -> Option<Vec<u8>>;

    /// Keeps a final state in place of the one that [`end`](Self::end) returns. The training waits for the call to
    /// return.
    fn keep_end(&self, epochs: usize, state: Vec<u8>);
}
