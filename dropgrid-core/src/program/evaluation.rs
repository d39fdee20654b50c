//! Runs of evaluation passes, without buffers of the way back.

use super::{Program, Run};
use crate::{error::Failure, kernel::AlignedVec};

impl Run {
    /// A run of a program of [evaluation](Program::evaluation) passes for batches of up to `rows`: [`forward`](Self::forward) then draws nothing, and the key does
    /// not matter.
    ///
    /// # Errors
    /// [`Failure::Device`] where the memory cannot be allocated.
    pub(crate) fn evaluating(program: Program, rows: usize) -> Result<Self, Failure> {
        let mut run = Self::new(program, rows)?;
        run.gradients = AlignedVec::filled(0.0, 0)?;
        for gradient in &mut run.value_gradients {
            *gradient = AlignedVec::filled(0.0, 0)?;
        }
        Ok(run)
    }

    /// Runs the first `rows` of the batch of an [evaluating](Self::evaluating) run through the network.
    pub(crate) fn evaluate(&mut self, rows: usize) -> &[f32] {
        self.forward(rows, [0; 8])
    }
}
