//! Runs of evaluation passes, without buffers of the way back.

use super::{Program, Run};
use crate::error::Failure;

impl Run {
    /// A run of a program of [evaluation](Program::evaluation) passes for batches of up to `rows`: [`forward`](Self::forward)
    /// then draws nothing, and the key does not matter.
    ///
    /// # Errors
    /// [`Failure::Device`] where the memory cannot be allocated.
    pub(crate) fn evaluating(program: Program, rows: usize) -> Result<Self, Failure> {
        let needs = vec![false; program.widths.len()];
        Self::allocated(program, rows, &needs, 0)
    }

    /// Runs the first `rows` of the batch of an [evaluating](Self::evaluating) run through the network.
    pub(crate) fn evaluate(&mut self, rows: usize) -> &[f32] {
        self.forward(rows, [0; 8])
    }
}
