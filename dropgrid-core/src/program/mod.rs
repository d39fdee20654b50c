//! A network as a list of operations on slices: what a training step runs where every layer is one of dropgrid's.
//!
//! A [`Program`] is made once a fit. It holds a copy of the parameters in one slice, and every buffer of a step:
//! the batch, what each operation gives, the gradients. A step then allocates nothing, takes no lock, and the optimizer
//! is one loop over one slice.
//!
//! What is known of the whole network makes a step cheap: a rectifier and a dropout that follow a matrix product become
//! part of it; a gradient is computed only where a parameter before it needs it, so never for the batch; and a value
//! that two operations read gets the sum of their gradients.

mod images;
mod norm;
mod operation;
mod run;

use std::ops::Range;

use operation::{Operation, Tail};
pub use run::Run;

use crate::kernel::{columns::Columns, map::Function, mask::Rate, noise::Noise};

/// A value of a program: the batch, or what an operation gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value(usize);

/// Where a tensor lies among a program's parameters.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    /// The address of the tensor's data, by which a tensor that is used twice is known.
    pub(crate) address: usize,
    pub(crate) range: Range<usize>,
    /// The rows and columns of matrices, one after the other, that are the transposes of the tensor's.
    pub(crate) turned: Option<[usize; 2]>,
}

/// What a network does with a batch, one operation after the other.
#[derive(Debug)]
pub struct Program {
    operations: Vec<Operation>,
    /// The axes of a sample of each value.
    shapes: Vec<Vec<usize>>,
    /// The numbers in a sample of each value.
    widths: Vec<usize>,
    /// Whether the channels of an image lie last, other than its axes say: see `images`.
    channels_last: Vec<bool>,
    dropouts: u32,
    output: Value,
    pub(crate) parameters: Vec<Parameter>,
    /// Where each tensor of the network lies among the numbers, in the order in which it is walked; nothing for one that
    /// is no parameter.
    pub(crate) places: Vec<Option<Parameter>>,
    pub(crate) numbers: Vec<f32>,
    /// Where the tensors lie that steps change and gradients do not: running statistics.
    pub(crate) states: Vec<Parameter>,
    /// As `places`, for those.
    pub(crate) state_places: Vec<Option<Parameter>>,
    pub(crate) state: Vec<f32>,
}

impl Program {
    /// A program that takes samples of these axes and does nothing with them yet.
    pub(crate) fn new(axes: &[usize]) -> Self {
        Self {
            operations: Vec::new(),
            shapes: vec![axes.to_vec()],
            widths: vec![axes.iter().product()],
            channels_last: vec![false],
            dropouts: 0,
            output: Value(0),
            parameters: Vec::new(),
            places: Vec::new(),
            numbers: Vec::new(),
            states: Vec::new(),
            state_places: Vec::new(),
            state: Vec::new(),
        }
    }

    /// The batch.
    pub(crate) const INPUT: Value = Value(0);

    /// Ends the program with the value that the network gives.
    pub(crate) fn finish(mut self, output: Value) -> Self {
        self.output = self.channels_first(output);
        self.fold();
        self
    }

    /// The axes of a sample of `value`, without that of the batch.
    pub fn shape(&self, value: Value) -> &[usize] {
        &self.shapes[value.0]
    }

    fn push(&mut self, axes: Vec<usize>, operation: impl FnOnce(Value) -> Operation) -> Value {
        let to = Value(self.widths.len());
        self.widths.push(axes.iter().product());
        self.shapes.push(axes);
        self.channels_last.push(false);
        self.operations.push(operation(to));
        to
    }

    /// An operation that gives samples of the axes that it is given.
    fn push_like(&mut self, from: Value, operation: impl FnOnce(Value) -> Operation) -> Value {
        let to = self.push(self.shapes[from.0].clone(), operation);
        self.channels_last[to.0] = self.channels_last[from.0];
        to
    }

    /// The place of a parameter; one whose data lies at the address of a known one is that one.
    pub(crate) fn parameter(&mut self, address: usize, numbers: &[f32]) -> Range<usize> {
        place(&mut self.parameters, &mut self.numbers, address, numbers)
    }

    /// The place of a tensor that steps change and gradients do not, as that of a [`parameter`](Self::parameter).
    pub(crate) fn state(&mut self, address: usize, numbers: &[f32]) -> Range<usize> {
        place(&mut self.states, &mut self.state, address, numbers)
    }

    /// `from` times a matrix of `outputs` rows of `inputs`, plus a bias of `outputs`.
    pub(crate) fn linear(
        &mut self,
        from: Value,
        [inputs, outputs]: [usize; 2],
        weight: Range<usize>,
        bias: Range<usize>,
    ) -> Value {
        let from = self.channels_first(from);
        // A sample of several rows goes through row by row.
        let mut axes = self.shapes[from.0].clone();
        if let Some(last) = axes.last_mut() {
            *last = outputs;
        }
        self.push(axes, |to| Operation::Linear { from, to, inputs, outputs, weight, bias, tail: Tail::default() })
    }

    /// A function of each number.
    pub(crate) fn map(&mut self, from: Value, function: Function) -> Value {
        self.push_like(from, |to| Operation::Map { from, to, function })
    }

    /// Moves and scales each number of a row by its column.
    pub(crate) fn scale(&mut self, from: Value, columns: Columns) -> Value {
        let from = self.channels_first(from);
        self.push_like(from, |to| Operation::Scale { from, to, columns })
    }

    /// Sets a share `p` of the numbers to 0 and scales the others by 1 / (1 - p).
    ///
    /// Each dropout of a network draws from a stream of its own, numbered from 0.
    pub fn dropout(&mut self, from: Value, p: f32) -> Value {
        let layer = self.dropouts;
        self.dropouts += 1;
        match Rate::new(p) {
            Some(rate) => self.push_like(from, |to| Operation::Drop { from, to, rate, layer }),
            None => from,
        }
    }

    /// Adds noise to a value, from a stream of its own among those of the dropouts; none changes nothing.
    pub(crate) fn noise(&mut self, from: Value, noise: Option<Noise>) -> Value {
        let layer = self.dropouts;
        self.dropouts += 1;
        // Where channels lie last, each of them is one number a pixel.
        let noise = match noise {
            Some(Noise::Channels { rate, channels, run, times: 1 }) if self.channels_last[from.0] => {
                Some(Noise::Channels { rate, channels, run: 1, times: run })
            }
            noise => noise,
        };
        match noise {
            Some(noise) => self.push_like(from, |to| Operation::Noise { from, to, noise, layer }),
            None => from,
        }
    }

    /// The sum of two values.
    pub fn add(&mut self, left: Value, right: Value) -> Value {
        let right = if self.channels_last[left.0] { self.channels_last(right) } else { self.channels_first(right) };
        self.push_like(left, |to| Operation::Add { left, right, to })
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

/// The place of a tensor among those that are known, or behind them.
fn place(known: &mut Vec<Parameter>, all: &mut Vec<f32>, address: usize, numbers: &[f32]) -> Range<usize> {
    if let Some(known) = known.iter().find(|known| known.address == address && !numbers.is_empty()) {
        return known.range.clone();
    }
    let range = all.len()..all.len() + numbers.len();
    all.extend_from_slice(numbers);
    // Each tensor begins on a cache line of its own.
    all.resize(all.len().next_multiple_of(16), 0.0);
    known.push(Parameter { address, range: range.clone(), turned: None });
    range
}

#[cfg(test)]
mod tests;
