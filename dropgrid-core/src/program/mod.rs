//! A network as a list of operations on slices, the training step of networks whose layers can be lowered.
//!
//! A [`Program`] is made once a fit. A [`Run`] of it holds a copy of the parameters in one slice and every buffer of a
//! step: the batch, the outputs of the operations, and the gradients. So a step neither allocates nor locks, and the
//! optimizer is one loop over one slice.
//!
//! Knowledge of the whole network makes a step cheap. A rectifier and a dropout that follow a matrix product become
//! part of it. A gradient is computed only where a parameter before it needs it, so never for the batch. A value that
//! two operations read gets the sum of their gradients.

mod adds;
mod attention;
mod images;
mod norm;
mod normalize;
mod operation;
mod operator;
mod prepare;
mod recurrent;
mod repeat;
mod run;
mod sequences;
mod table;
mod tail;
mod transform;

use std::ops::Range;

use operation::Operation;
pub(crate) use recurrent::Direction;
pub use run::Run;
use tail::Tail;
pub use transform::Transform;

use crate::kernel::{columns::Columns, elementwise::Function, mask::Rate, noise::Noise};

/// A value of a program: the batch, or the output of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value(usize);

/// The range of a tensor among the parameters of a program.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    /// The address of the tensor's data, which identifies a tensor that is used twice.
    pub(crate) address: usize,
    pub(crate) range: Range<usize>,
    /// The rows and columns of each matrix in the range, where these are the transposes of those in the tensor.
    pub(crate) transposed: Option<[usize; 2]>,
}

/// The operations of a network on a batch, one after the other.
#[derive(Debug)]
pub struct Program {
    operations: Vec<Operation>,
    /// The axes of a sample of each value.
    shapes: Vec<Vec<usize>>,
    /// The numbers in a sample of each value.
    widths: Vec<usize>,
    /// True for images that are stored with channels last, other than their axes say: see `images`.
    channels_last: Vec<bool>,
    dropouts: u32,
    /// True where nothing drops, no noise is added, and running statistics normalise.
    is_evaluation: bool,
    /// True where the gradient of the batch is computed.
    needs_input: bool,
    /// The number of codes, where the numbers of the batch are codes.
    codes: Option<usize>,
    output: Value,
    pub(crate) parameters: Vec<Parameter>,
    /// The parameter of each tensor of the network, in the order of its fields; `None` for tensors that are not
    /// parameters.
    pub(crate) places: Vec<Option<Parameter>>,
    pub(crate) numbers: Vec<f32>,
    /// The tensors that steps change without a gradient: running statistics.
    pub(crate) states: Vec<Parameter>,
    /// The state of each tensor of the network, in the order of its fields; `None` for tensors that are not state.
    pub(crate) state_places: Vec<Option<Parameter>>,
    pub(crate) state: Vec<f32>,
}

impl Program {
    /// A program without operations that takes samples of these axes.
    pub(crate) fn new(axes: &[usize]) -> Self {
        Self {
            operations: Vec::new(),
            shapes: vec![axes.to_vec()],
            widths: vec![axes.iter().product()],
            channels_last: vec![false],
            dropouts: 0,
            is_evaluation: false,
            needs_input: false,
            codes: None,
            output: Value(0),
            parameters: Vec::new(),
            places: Vec::new(),
            numbers: Vec::new(),
            states: Vec::new(),
            state_places: Vec::new(),
            state: Vec::new(),
        }
    }

    /// Leaves out the dropouts and the noise of the operations that follow, and normalises batches by their running
    /// statistics.
    pub(crate) fn evaluation(mut self) -> Self {
        self.is_evaluation = true;
        self
    }

    /// Computes the gradient of the batch, too.
    pub(crate) fn with_input_gradient(mut self) -> Self {
        self.needs_input = true;
        self
    }

    /// The number of codes, where the numbers of the batch are codes: 0 and those below it.
    pub(crate) fn codes(&self) -> Option<usize> {
        self.codes
    }

    /// True where a pass draws random numbers.
    pub(crate) fn draws(&self) -> bool {
        self.operations.iter().any(Operation::draws)
    }

    /// The batch.
    pub(crate) const INPUT: Value = Value(0);

    /// Ends the program with its output.
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

    /// Appends an operation whose output has the axes of its input.
    fn push_like(&mut self, from: Value, operation: impl FnOnce(Value) -> Operation) -> Value {
        let to = self.push(self.shapes[from.0].clone(), operation);
        self.channels_last[to.0] = self.channels_last[from.0];
        to
    }

    /// Adds a parameter, unless there is one at the same address, and returns its range.
    pub(crate) fn parameter(&mut self, address: usize, numbers: &[f32]) -> Range<usize> {
        place(&mut self.parameters, &mut self.numbers, address, numbers)
    }

    /// Adds a tensor that steps change without a gradient, unless there is one at the same address, and returns its
    /// range.
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

    /// Adds numbers that a program of evaluation passes computes from its parameters, and returns their range.
    fn constant(&mut self, numbers: impl IntoIterator<Item = f32>) -> Range<usize> {
        let start = self.numbers.len();
        self.numbers.extend(numbers);
        let range = start..self.numbers.len();
        // As each tensor, see `place`.
        self.numbers.resize(range.end.next_multiple_of(16), 0.0);
        range
    }

    /// A function of each number.
    pub(crate) fn elementwise(&mut self, from: Value, function: Function) -> Value {
        self.push_like(from, |to| Operation::Elementwise { from, to, function })
    }

    /// Shifts and scales the columns of the samples.
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
        match Rate::new(p).filter(|_| !self.is_evaluation) {
            Some(rate) => self.push_like(from, |to| Operation::Drop { from, to, rate, layer }),
            None => from,
        }
    }

    /// Adds noise to a value, from a stream of its own among those of the dropouts. `None` changes nothing.
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
        match noise.filter(|_| !self.is_evaluation) {
            Some(noise) => self.push_like(from, |to| Operation::Noise { from, to, noise, layer }),
            None => from,
        }
    }

    /// The sum of two values.
    pub fn add(&mut self, left: Value, right: Value) -> Value {
        let right = if self.channels_last[left.0] { self.channels_last(right) } else { self.channels_first(right) };
        self.push_like(left, |to| Operation::Add { terms: [left, right], to })
    }

    /// The product of two values of the same shape, number by number.
    pub fn multiply(&mut self, left: Value, right: Value) -> Value {
        let right = if self.channels_last[left.0] { self.channels_last(right) } else { self.channels_first(right) };
        self.push_like(left, |to| Operation::Multiply { factors: [left, right], to })
    }

    /// Makes a rectifier after a matrix product part of it, and then a dropout after the rectifier.
    fn fold(&mut self) {
        let mut uses = vec![0; self.widths.len()];
        uses[self.output.0] += 1;
        for operation in &self.operations {
            operation.inputs().iter().for_each(|value| uses[value.0] += 1);
        }
        let mut folded: Vec<Operation> = Vec::new();
        for operation in self.operations.drain(..) {
            let &[from] = operation.inputs() else {
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

/// The range of the tensor at this address, which is appended to `all` where it is not known.
fn place(known: &mut Vec<Parameter>, all: &mut Vec<f32>, address: usize, numbers: &[f32]) -> Range<usize> {
    if let Some(known) = known.iter().find(|known| known.address == address && !numbers.is_empty()) {
        return known.range.clone();
    }
    let range = all.len()..all.len() + numbers.len();
    all.extend_from_slice(numbers);
    // Each tensor begins on a cache line of its own.
    all.resize(all.len().next_multiple_of(16), 0.0);
    known.push(Parameter { address, range: range.clone(), transposed: None });
    range
}

#[cfg(test)]
mod tests;
