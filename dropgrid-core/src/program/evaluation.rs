//! Evaluation passes of a program: no noise, and no buffers of the way back.

use std::mem;

use super::{Operation, Program, Run, Value};
use crate::{error::Failure, kernel::AlignedVec};

impl Program {
    /// The operations of an evaluation pass, which are those of a training pass without their noise.
    fn evaluation(mut self) -> Self {
        // The value that takes the place of each.
        let mut places: Vec<Value> = (0..self.widths.len()).map(Value).collect();
        for mut operation in mem::take(&mut self.operations) {
            match &mut operation {
                Operation::Drop { from, to, .. } | Operation::Noise { from, to, .. } => {
                    places[to.0] = places[from.0];
                    continue;
                }
                Operation::Linear { from, tail, .. } | Operation::Conv { from, tail, .. } => {
                    tail.rate = None;
                    *from = places[from.0];
                }
                other => other.inputs_mut().iter_mut().for_each(|from| *from = places[from.0]),
            }
            self.operations.push(operation);
        }
        self.output = places[self.output.0];
        self
    }
}

impl Run {
    /// A run of evaluation passes for batches of up to `rows`: [`forward`](Self::forward) then draws nothing, and the key does
    /// not matter.
    ///
    /// # Errors
    /// [`Failure::Device`] where the memory cannot be allocated.
    pub(crate) fn evaluating(program: Program, rows: usize) -> Result<Self, Failure> {
        let mut run = Self::new(program.evaluation(), rows)?;
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
