//! Attention as an operation of a program.

use std::{ops::Range, sync::Arc};

use super::{
    Operation, Program, Value,
    norm::Back,
    operator::{Backward, Forward, Operator},
};
use crate::kernel::{
    attention::Attention,
    mask::{Rate, Stream},
};

/// The attention of steps to each other, whose samples are the queries, keys and values of each step.
#[derive(Debug)]
struct SelfAttention {
    attention: Attention,
    /// The stream of the dropout.
    layer: u32,
}

impl Operator for SelfAttention {
    fn weight(&self) -> Option<&Range<usize>> {
        None
    }

    fn draws(&self) -> bool {
        self.attention.rate.is_some()
    }

    fn kept(&self, rows: usize) -> usize {
        self.attention.kept(rows)
    }

    fn forward(&self, Forward { rows, x, key, scratch, kept, .. }: Forward<'_>, out: &mut [f32]) {
        let x = &x[..rows * 3 * self.attention.steps * self.attention.width];
        self.attention.forward(scratch, x, &Stream { key, layer: self.layer }, kept, out);
    }

    fn backward(
        &self,
        Backward { x, gradient, scratch, kept, .. }: Backward<'_>,
        Back { input, adds_input, .. }: Back<'_>,
    ) {
        self.attention.backward(scratch, [x, gradient], kept, input, adds_input);
    }
}

impl Program {
    /// The attention of the steps of a sequence to each other, given rows of the queries, keys and values of a step,
    /// with a share `p` of the weights dropped. Where `is_causal`, no step sees a later one.
    pub(crate) fn attention(&mut self, from: Value, heads: usize, is_causal: bool, p: f32) -> Value {
        let from = self.channels_first(from);
        let layer = self.dropouts;
        self.dropouts += 1;
        let [steps, width] = self.steps(from);
        let rate = Rate::new(p).filter(|_| !self.is_evaluation);
        let attention = Attention { steps, width: width / 3, heads, causal: is_causal, rate };
        self.push_operator(from, vec![steps, width / 3], Arc::new(SelfAttention { attention, layer }))
    }

    /// The steps of a sequence and the numbers of a step. A row is a sequence of one step.
    pub(super) fn steps(&self, value: Value) -> [usize; 2] {
        let axes = &self.shapes[value.0];
        let width = axes.last().copied().unwrap_or(1);
        [axes.iter().rev().skip(1).product(), width]
    }

    pub(super) fn push_operator(&mut self, from: Value, axes: Vec<usize>, operator: Arc<dyn Operator>) -> Value {
        self.push(axes, |to| Operation::Operator { from, to, operator })
    }
}
