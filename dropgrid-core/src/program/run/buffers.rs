//! Access to the buffers of a program.

use super::{Program, Run};

impl Run {
    /// The numbers in a row of output.
    pub(crate) fn width(&self) -> usize {
        self.program.widths[self.program.output.0]
    }

    /// The buffer of the batch, which is written before a step.
    pub(crate) fn batch(&mut self) -> &mut [f32] {
        &mut self.values[0]
    }

    /// The program, whose parameters are now in [`numbers`](Self::numbers).
    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    /// The current parameters.
    pub(crate) fn numbers(&self) -> &[f32] {
        &self.parameters
    }

    /// The parameters and their gradients.
    pub(crate) fn parameters(&mut self) -> (&mut [f32], &mut [f32]) {
        (&mut self.parameters, &mut self.gradients)
    }

    /// The numbers that steps change without a gradient.
    pub(crate) fn state(&mut self) -> &mut [f32] {
        &mut self.program.state
    }

    /// The output of the last [`forward`](Self::forward), and the buffer of its gradient.
    pub(crate) fn output(&mut self, rows: usize) -> (&[f32], &mut [f32]) {
        let output = self.program.output.0;
        let len = rows * self.width();
        let gradient = &mut self.value_gradients[output];
        let gradient = if gradient.is_empty() { &mut [][..] } else { &mut gradient[..len] };
        (&self.values[output][..len], gradient)
    }

    /// The gradient of a value after a step.
    #[cfg(test)]
    pub(crate) fn gradient_of(&self, value: crate::program::Value) -> &[f32] {
        &self.value_gradients[value.0]
    }

    /// Every buffer but that of the batch.
    #[cfg(test)]
    pub(crate) fn buffers(&self) -> impl Iterator<Item = &[f32]> {
        let all = self.values[1..].iter().chain(&self.value_gradients).chain(&self.kept);
        all.chain([&self.parameters, &self.gradients]).map(|buffer| &**buffer).chain([&*self.program.state])
    }

    /// The gradient of the batch after a step, where it was asked for: see [`Program::with_input_gradient`].
    pub(crate) fn input_gradient(&self, rows: usize) -> &[f32] {
        &self.value_gradients[0][..rows * self.program.widths[0]]
    }
}
