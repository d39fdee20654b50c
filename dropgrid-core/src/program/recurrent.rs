//! Recurrent layers as operations of a program.

use std::{mem, ops::Range, sync::Arc};

use super::{
    Program, Value,
    norm::Back,
    operator::{Backward, Forward, Operator},
};
use crate::kernel::{
    elementwise,
    recurrent::{Cell, Recurrence, WeightGradients, Weights},
};

/// The parameters of one direction: the weight by input and that by state, then the biases of both.
pub(crate) type Direction = [Range<usize>; 4];

/// One layer in one or two directions, whose states lie side by side.
#[derive(Debug)]
struct RecurrentLayer {
    /// Each direction with its parameters.
    directions: Vec<(Recurrence, Direction)>,
    /// True where the output is the last state of each direction, and not the states of all steps.
    only_last: bool,
}

impl RecurrentLayer {
    /// The place of a direction's states in a row of output.
    fn place(&self, direction: usize, sample: usize, step: usize) -> usize {
        let (all, _) = &self.directions[direction];
        let row = if self.only_last { sample } else { sample * all.steps + step };
        (row * self.directions.len() + direction) * all.units
    }
}

fn weights<'a>(numbers: &'a [f32], direction: &Direction) -> Weights<'a> {
    let [input, state, input_bias, state_bias] = direction.clone().map(|range| &numbers[range]);
    Weights { input, state, input_bias, state_bias }
}

impl Operator for RecurrentLayer {
    fn weight(&self) -> Option<&Range<usize>> {
        self.directions.first().map(|(_, parameters)| &parameters[0])
    }

    fn kept(&self, rows: usize) -> usize {
        self.directions.iter().map(|(all, _)| all.kept(rows)).sum()
    }

    fn forward(&self, Forward { rows, numbers, x, scratch, kept, .. }: Forward<'_>, out: &mut [f32]) {
        let mut rest = kept;
        for (at, (all, parameters)) in self.directions.iter().enumerate() {
            let (kept, after) = mem::take(&mut rest).split_at_mut(all.kept(rows));
            rest = after;
            let x = &x[..rows * all.steps * all.inputs];
            all.forward(scratch, rows, x, weights(numbers, parameters), kept);
            all.states(rows, kept, self.only_last, |sample, step, h| {
                out[self.place(at, sample, step)..][..all.units].copy_from_slice(h);
            });
        }
    }

    fn backward(
        &self,
        Backward { rows, numbers, gradient, scratch, kept, .. }: Backward<'_>,
        Back { parameters, adds_parameters, input, adds_input }: Back<'_>,
    ) {
        if !adds_input {
            input.fill(0.0);
        }
        let mut rest = kept;
        for (at, (all, ranges)) in self.directions.iter().enumerate() {
            let (kept, after) = mem::take(&mut rest).split_at_mut(all.kept(rows));
            rest = after;
            if !adds_parameters {
                for range in ranges {
                    parameters[range.clone()].fill(0.0);
                }
            }
            let last = if all.backwards { 0 } else { all.steps.saturating_sub(1) };
            let add = |step: usize, to: &mut [f32]| {
                if self.only_last && step != last {
                    return;
                }
                for (sample, to) in to.chunks_exact_mut(all.units).enumerate() {
                    elementwise::copy(&gradient[self.place(at, sample, step)..][..all.units], to, true);
                }
            };
            let to_len = input.len().min(rows * all.steps * all.inputs);
            let [input_weight, state, input_bias, state_bias] = parts(parameters, ranges);
            let to = WeightGradients { input: input_weight, state, input_bias, state_bias };
            all.backward(scratch, rows, weights(numbers, ranges), add, kept, to, &mut input[..to_len]);
        }
    }
}

/// Four parts of a slice, which do not overlap.
fn parts<'a>(slice: &'a mut [f32], ranges: &Direction) -> [&'a mut [f32]; 4] {
    let found = slice.get_disjoint_mut(ranges.clone());
    found.expect("the parameters of a layer lie apart")
}

impl Program {
    /// One recurrent layer of `units` in each of its directions, the first of which reads forwards and the second
    /// backwards.
    pub(crate) fn recurrent(
        &mut self,
        from: Value,
        cell: Cell,
        units: usize,
        directions: Vec<Direction>,
        only_last: bool,
    ) -> Value {
        let from = self.channels_first(from);
        let [steps, inputs] = self.steps(from);
        let width = directions.len() * units;
        let directions = directions
            .into_iter()
            .enumerate()
            .map(|(at, parameters)| (Recurrence { cell, steps, inputs, units, backwards: at == 1 }, parameters));
        let layer = RecurrentLayer { directions: directions.collect(), only_last };
        let axes = if only_last { vec![width] } else { vec![steps, width] };
        self.push_operator(from, axes, Arc::new(layer))
    }
}
