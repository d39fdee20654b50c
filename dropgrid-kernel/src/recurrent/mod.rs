//! Recurrent layers: one direction of one layer over sequences.
//!
//! The steps of a batch lie one after the other, so that a step is one product, and the products with the inputs and
//! the gradients of the weights are one product each over all steps. What a direction reads last comes first where it
//! goes backwards, so that both directions are the same arithmetic.

mod gru;
mod lstm;

use super::{
    elementwise::{add_bias, column_sums, copy},
    gemm::{View, matmul},
    scratch::GemmScratch,
};

/// The function of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// i, f and o are sigmoids, g a hyperbolic tangent; c = f c' + i g, h = o tanh c. Gates are in this order: i, f, g,
    /// o.
    Lstm,
    /// r and z are sigmoids, n = tanh(x + r h); h = (1 - z) n + z h'. Gates are in this order: r, z, n.
    Gru,
}

impl Cell {
    /// The gates of a unit.
    pub fn gates(self) -> usize {
        match self {
            Self::Lstm => 4,
            Self::Gru => 3,
        }
    }
}

/// The sizes of one direction of a recurrent layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recurrence {
    pub cell: Cell,
    pub steps: usize,
    pub inputs: usize,
    pub units: usize,
    /// True where the last step of a sequence is read first.
    pub backwards: bool,
}

/// The weights of one direction: by input, of shape (gates units, inputs), and by state, of shape (gates units, units),
/// and a bias for each, of shape (gates units).
#[derive(Debug, Clone, Copy)]
pub struct Weights<'a> {
    pub input: &'a [f32],
    pub state: &'a [f32],
    pub input_bias: &'a [f32],
    pub state_bias: &'a [f32],
}

/// The gradients of [`Weights`], to which they are added.
#[derive(Debug)]
pub struct WeightGradients<'a> {
    pub input: &'a mut [f32],
    pub state: &'a mut [f32],
    pub input_bias: &'a mut [f32],
    pub state_bias: &'a mut [f32],
}

/// The kept numbers of a direction. Where it says "steps", a stretch for each step has a row for each sample.
struct Kept<'a> {
    /// Steps of inputs, in the order in which they are read.
    x: &'a mut [f32],
    /// Steps of gates, and then of the gradients before their functions.
    gates: &'a mut [f32],
    /// Steps of states, after that before the first step.
    h: &'a mut [f32],
    /// Of an LSTM, steps of cells, after that before the first step.
    c: &'a mut [f32],
    /// Steps: of an LSTM tanh c; of a GRU the part of n by the state, and then its gradient.
    inner: &'a mut [f32],
    /// One step of gates.
    product: &'a mut [f32],
    /// One step of the gradient of the states.
    to_h: &'a mut [f32],
    /// One step of the gradient of the cells.
    to_c: &'a mut [f32],
}

impl Recurrence {
    fn gate_width(&self) -> usize {
        self.cell.gates() * self.units
    }

    /// The lengths of the parts of [`Kept`] for a number of samples.
    fn lengths(&self, samples: usize) -> [usize; 8] {
        let (steps, state) = (self.steps * samples, samples * self.units);
        let cells = if self.cell == Cell::Lstm { (self.steps + 1) * state } else { 0 };
        let gates = samples * self.gate_width();
        [
            steps * self.inputs,
            self.steps * gates,
            (self.steps + 1) * state,
            cells,
            self.steps * state,
            gates,
            state,
            state,
        ]
    }

    /// The numbers that the backward pass needs of `samples`.
    pub fn kept(&self, samples: usize) -> usize {
        self.lengths(samples).iter().sum()
    }

    fn split<'a>(&self, samples: usize, kept: &'a mut [f32]) -> Kept<'a> {
        let mut rest = kept;
        let [x, gates, h, c, inner, product, to_h, to_c] = self.lengths(samples).map(|len| {
            let (part, after) = std::mem::take(&mut rest).split_at_mut(len);
            rest = after;
            part
        });
        Kept { x, gates, h, c, inner, product, to_h, to_c }
    }

    /// The step of a sequence that is read as number `at`.
    fn step(&self, at: usize) -> usize {
        if self.backwards { self.steps - 1 - at } else { at }
    }

    /// The states of all steps of `samples`, of which each has `inputs` numbers a step. They are then in `kept`: see
    /// [`states`](Self::states).
    pub fn forward(
        &self,
        scratch: &mut GemmScratch,
        samples: usize,
        x: &[f32],
        weights: Weights<'_>,
        kept: &mut [f32],
    ) {
        let (inputs, units, width) = (self.inputs, self.units, self.gate_width());
        let Kept { x: ordered, gates, h, c, inner, product, .. } = self.split(samples, kept);
        if samples == 0 || units == 0 || self.steps == 0 {
            return;
        }
        for at in 0..self.steps {
            let to = ordered[at * samples * inputs..][..samples * inputs].chunks_exact_mut(inputs.max(1));
            for (x, to) in x.chunks_exact((self.steps * inputs).max(1)).zip(to) {
                to.copy_from_slice(&x[self.step(at) * inputs..][..inputs]);
            }
        }
        let (rows, input) = (View::rows(ordered, inputs), View::rows(weights.input, inputs));
        matmul(scratch, [self.steps * samples, inputs, width], rows, input.t(), gates, false);
        add_bias(gates, weights.input_bias, false);
        let (state, step) = (samples * units, samples * width);
        h[..state].fill(0.0);
        for at in 0..self.steps {
            let (before, now) = h.split_at_mut((at + 1) * state);
            let (before, now) = (&before[at * state..], &mut now[..state]);
            let gates = &mut gates[at * step..][..step];
            let inner = &mut inner[at * state..][..state];
            matmul(
                scratch,
                [samples, units, width],
                View::rows(before, units),
                View::rows(weights.state, units).t(),
                product,
                false,
            );
            add_bias(product, weights.state_bias, false);
            match self.cell {
                Cell::Lstm => {
                    if at == 0 {
                        c[..state].fill(0.0);
                    }
                    let (cells, next) = c.split_at_mut((at + 1) * state);
                    let cells = &cells[at * state..];
                    lstm::forward(units, product, cells, gates, &mut next[..state], inner, now);
                }
                Cell::Gru => gru::forward(units, product, before, gates, inner, now),
            }
        }
    }

    /// Calls `each` with the sample, the step of the sequence and the state, for the last state that was read or for
    /// all.
    pub fn states(
        &self,
        samples: usize,
        kept: &mut [f32],
        only_last: bool,
        mut each: impl FnMut(usize, usize, &[f32]),
    ) {
        let (state, h) = (samples * self.units, self.split(samples, kept).h);
        if state == 0 {
            return;
        }
        let first = if only_last { self.steps.saturating_sub(1) } else { 0 };
        for at in first..self.steps {
            let states = h[(at + 1) * state..][..state].chunks_exact(self.units).enumerate();
            states.for_each(|(sample, h)| each(sample, self.step(at), h));
        }
    }

    /// Adds the gradients of the weights, and that of the inputs to `to_x` unless it is empty. `gradient` adds that of
    /// the states of a step of the sequence to a row for each sample.
    #[allow(clippy::too_many_arguments, reason = "the operands of a layer and its derivatives")]
    pub fn backward(
        &self,
        scratch: &mut GemmScratch,
        samples: usize,
        weights: Weights<'_>,
        gradient: impl Fn(usize, &mut [f32]),
        kept: &mut [f32],
        to: WeightGradients<'_>,
        to_x: &mut [f32],
    ) {
        let (inputs, units, width) = (self.inputs, self.units, self.gate_width());
        let Kept { x, gates, h, c, inner, product, to_h, to_c } = self.split(samples, kept);
        if samples == 0 || units == 0 || self.steps == 0 {
            return;
        }
        let (state, step) = (samples * units, samples * width);
        to_h.fill(0.0);
        to_c.fill(0.0);
        for at in (0..self.steps).rev() {
            gradient(self.step(at), to_h);
            let gates = &mut gates[at * step..][..step];
            let inner = &mut inner[at * state..][..state];
            match self.cell {
                Cell::Lstm => {
                    lstm::backward(units, &c[at * state..][..state], inner, to_h, gates, to_c);
                    let (g, w) = (View::rows(gates, width), View::rows(weights.state, units));
                    matmul(scratch, [samples, width, units], g, w, to_h, false);
                }
                Cell::Gru => {
                    gru::backward(units, &h[at * state..][..state], inner, to_h, gates, product);
                    let (g, w) = (View::rows(product, width), View::rows(weights.state, units));
                    // `to_h` holds the part that passes by the gates.
                    matmul(scratch, [samples, width, units], g, w, to_h, true);
                }
            }
        }
        let rows = self.steps * samples;
        let g = View::rows(gates, width);
        matmul(scratch, [width, rows, inputs], g.t(), View::rows(x, inputs), to.input, true);
        column_sums(gates, to.input_bias, true);
        if !to_x.is_empty() && inputs > 0 {
            // The inputs are no longer needed.
            matmul(scratch, [rows, width, inputs], g, View::rows(weights.input, inputs), x, false);
            for at in 0..self.steps {
                let from = x[at * samples * inputs..][..samples * inputs].chunks_exact(inputs);
                for (from, to) in from.zip(to_x.chunks_exact_mut(self.steps * inputs)) {
                    copy(from, &mut to[self.step(at) * inputs..][..inputs], true);
                }
            }
        }
        if self.cell == Cell::Gru {
            // Of the gradient by n, the part by the state differs from that by the input.
            for (gates, inner) in gates.chunks_exact_mut(width).zip(inner.chunks_exact(units)) {
                gates[2 * units..].copy_from_slice(inner);
            }
        }
        let (g, h) = (View::rows(gates, width), View::rows(h, units));
        matmul(scratch, [width, rows, units], g.t(), h, to.state, true);
        column_sums(gates, to.state_bias, true);
    }
}

#[cfg(test)]
mod tests;
