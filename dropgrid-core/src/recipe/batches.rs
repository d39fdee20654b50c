//! Epochs and batches.

use super::Train;

impl Train {
    /// Passes over the training rows.
    pub fn epochs(self, epochs: usize) -> Self {
        Self { epochs, ..self }
    }

    /// Rows a batch. The last batch of an epoch has what is left.
    pub fn batch_size(self, batch_size: usize) -> Self {
        Self { batch_size, ..self }
    }
}
