//! Parameters as values of a program, the same for each sample.

use std::{ops::Range, sync::Arc};

use super::{
    Program, Value,
    norm::Back,
    operator::{Backward, Forward, Operator},
};
use crate::kernel::elementwise;

/// The copies of a parameter for the samples of a batch.
#[derive(Debug)]
struct Repeat {
    parameter: Range<usize>,
}

impl Operator for Repeat {
    fn weight(&self) -> Option<&Range<usize>> {
        Some(&self.parameter)
    }

    fn kept(&self, _rows: usize) -> usize {
        0
    }

    fn forward(&self, Forward { numbers, .. }: Forward<'_>, out: &mut [f32]) {
        let numbers = &numbers[self.parameter.clone()];
        out.chunks_exact_mut(numbers.len().max(1)).for_each(|row| row.copy_from_slice(numbers));
    }

    fn backward(&self, Backward { gradient, .. }: Backward<'_>, back: Back<'_>) {
        let Back { parameters, adds_parameters, input, adds_input } = back;
        if !self.parameter.is_empty() {
            elementwise::column_sums(gradient, &mut parameters[self.parameter.clone()], adds_parameters);
        }
        // The batch is read by name only.
        if !adds_input {
            input.fill(0.0);
        }
    }
}

impl Program {
    /// A parameter with these axes as a value that is the same for each sample. Its gradient is the sum over the
    /// samples.
    pub(crate) fn repeat(&mut self, parameter: Range<usize>, axes: Vec<usize>) -> Value {
        self.push_operator(Self::INPUT, axes, Arc::new(Repeat { parameter }))
    }
}
