//! Runs of evaluation passes, without buffers of the way back.

use super::{Operation, PackedMatrix, Program, Run, View};
use crate::{error::Failure, kernel::OutOfMemory};

impl Run {
    /// A run of a program of [evaluation](Program::evaluation) passes for batches of up to `rows`:
    /// [`forward`](Self::forward) then draws nothing, and the key does not matter. For batches of one row, the weights
    /// are packed once.
    ///
    /// # Errors
    /// [`Failure::Device`] where the memory cannot be allocated.
    pub(crate) fn evaluating(program: Program, rows: usize) -> Result<Self, Failure> {
        let needs = vec![false; program.widths.len()];
        let mut run = Self::allocated(program, rows, &needs, 0)?;
        if rows == 1 {
            let operations = run.program.operations.iter();
            run.packed =
                operations.map(|operation| run.packed_weight(operation).transpose()).collect::<Result<_, _>>()?;
        }
        Ok(run)
    }

    /// The weight of an operation that is the product of one row for each sample.
    fn packed_weight(&self, operation: &Operation) -> Option<Result<PackedMatrix, OutOfMemory>> {
        match operation {
            &Operation::Linear { to, inputs, outputs, ref weight, .. } if self.program.widths[to.0] == outputs => {
                let weight = View::rows(&self.parameters[weight.clone()], inputs);
                Some(PackedMatrix::of(weight.t(), [inputs, outputs]))
            }
            _ => None,
        }
    }

    /// Runs the first `rows` of the batch of an [evaluating](Self::evaluating) run through the network.
    pub(crate) fn evaluate(&mut self, rows: usize) -> &[f32] {
        self.forward(rows, [0; 8])
    }
}
