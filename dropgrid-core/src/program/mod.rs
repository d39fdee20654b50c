//! A network as a list of operations on slices: what a training step runs where every layer is one of dropgrid's.
//!
//! A [`Program`] is made once a fit. It holds a copy of the parameters in one slice, and every buffer of a step:
//! the batch, what each operation gives, the gradients. A step then allocates nothing, takes no lock, and the optimizer
//! is one loop over one slice.
//!
//! What is known of the whole network makes a step cheap: a rectifier and a dropout that follow a matrix product become
//! part of it; a gradient is computed only where a parameter before it needs it, so never for the batch; and a value
//! that two operations read gets the sum of their gradients.

mod operation;
mod run;

use std::ops::Range;

use operation::Operation;
pub use run::Run;

use crate::kernel::{map::Function, mask::Rate};

/// A value of a program: the batch, or what an operation gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value(usize);

/// Where a tensor lies among a program's parameters.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    /// The address of the tensor's data, by which a tensor that is used twice is known.
    pub(crate) address: usize,
    pub(crate) range: Range<usize>,
}

/// What a network does with a batch, one operation after the other.
#[derive(Debug)]
pub struct Program {
    operations: Vec<Operation>,
    /// The numbers in a row of each value.
    widths: Vec<usize>,
    dropouts: u32,
    output: Value,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) numbers: Vec<f32>,
}

impl Program {
    /// A program that takes rows of `width` and does nothing with them yet.
    pub(crate) fn new(width: usize) -> Self {
        Self {
            operations: Vec::new(),
            widths: vec![width],
            dropouts: 0,
            output: Value(0),
            parameters: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// The batch.
    pub(crate) fn input(&self) -> Value {
        Value(0)
    }

    /// Ends the program with the value that the network gives.
    pub(crate) fn finish(mut self, output: Value) -> Self {
        self.output = output;
        self.fold();
        self
    }

    fn push(&mut self, width: usize, operation: impl FnOnce(Value) -> Operation) -> Value {
        let to = Value(self.widths.len());
        self.widths.push(width);
        self.operations.push(operation(to));
        to
    }

    /// The place of a parameter; one whose data lies at the address of a known one is that one.
    pub(crate) fn parameter(&mut self, address: usize, numbers: &[f32]) -> Range<usize> {
        let known = self.parameters.iter().find(|known| known.address == address && !numbers.is_empty());
        if let Some(known) = known {
            return known.range.clone();
        }
        let start = self.numbers.len();
        let range = start..start + numbers.len();
        self.numbers.extend_from_slice(numbers);
        // Each parameter begins on a cache line of its own.
        self.numbers.resize(self.numbers.len().next_multiple_of(16), 0.0);
        self.parameters.push(Parameter { address, range: range.clone() });
        range
    }

    /// `from` times a matrix of `outputs` rows of `inputs`, plus a bias of `outputs`.
    pub(crate) fn linear(
        &mut self,
        from: Value,
        [inputs, outputs]: [usize; 2],
        weight: Range<usize>,
        bias: Range<usize>,
    ) -> Value {
        // A sample of several rows goes through row by row.
        let width = self.widths[from.0] / inputs * outputs;
        self.push(width, |to| Operation::Linear {
            from,
            to,
            inputs,
            outputs,
            weight,
            bias,
            rectify: false,
            rate: None,
            layer: 0,
        })
    }

    /// A function of each number.
    pub(crate) fn map(&mut self, from: Value, function: Function) -> Value {
        self.push(self.widths[from.0], |to| Operation::Map { from, to, function })
    }

    /// Sets a share `p` of the numbers to 0 and scales the others by 1 / (1 - p).
    ///
    /// Each dropout of a network draws from a stream of its own, numbered from 0.
    pub fn dropout(&mut self, from: Value, p: f32) -> Value {
        let layer = self.dropouts;
        self.dropouts += 1;
        match Rate::new(p) {
            Some(rate) => self.push(self.widths[from.0], |to| Operation::Drop { from, to, rate, layer }),
            None => from,
        }
    }

    /// The sum of two values.
    pub fn add(&mut self, left: Value, right: Value) -> Value {
        self.push(self.widths[left.0], |to| Operation::Add { left, right, to })
    }

    /// Makes a rectifier after a matrix product part of it, and then a dropout after the rectifier.
    fn fold(&mut self) {
        let mut uses = vec![0; self.widths.len()];
        uses[self.output.0] += 1;
        for operation in &self.operations {
            operation.inputs().into_iter().flatten().for_each(|value| uses[value.0] += 1);
        }
        let mut folded: Vec<Operation> = Vec::new();
        for operation in self.operations.drain(..) {
            let [Some(from), None] = operation.inputs() else {
                folded.push(operation);
                continue;
            };
            let before = folded.iter_mut().find(|before| before.to() == from).filter(|_| uses[from.0] == 1);
            let taken = before.is_some_and(|before| before.take(&operation));
            if !taken {
                folded.push(operation);
            }
        }
        self.operations = folded;
    }
}
