//! Normalisations in a program, and rectifiers whose slopes are parameters.

use std::ops::Range;

use super::{Operation, Program, Value};
use crate::kernel::{
    gemm::{Room, View, matmul},
    map, norm, slopes,
};

/// A normalisation or a rectifier, with the places of its parameters.
#[derive(Debug, Clone)]
pub(super) enum Norm {
    /// A dense layer whose weight has rows of a direction and of a length.
    Weight { inputs: usize, outputs: usize, direction: Range<usize>, length: Range<usize>, bias: Range<usize> },
    /// Of each stretch of as many numbers as there are in `gamma`.
    Layer { gamma: Range<usize>, beta: Range<usize>, epsilon: f32 },
    /// Of each channel over a batch; the running statistics are state.
    Batch { settings: norm::Batch, scale: Range<usize>, bias: Range<usize>, mean: Range<usize>, variance: Range<usize> },
    /// Not a normalisation, but with parameters of channels as they have: a rectifier, whose channels have `run` numbers.
    Slopes { slopes: Range<usize>, run: usize },
}

impl Program {
    /// `from` times a matrix whose rows have the directions and lengths given, plus a bias.
    pub(crate) fn weight_norm(
        &mut self,
        from: Value,
        [inputs, outputs]: [usize; 2],
        [direction, length, bias]: [Range<usize>; 3],
    ) -> Value {
        let from = self.channels_first(from);
        let mut axes = self.shapes[from.0].clone();
        if let Some(last) = axes.last_mut() {
            *last = outputs;
        }
        let norm = Norm::Weight { inputs, outputs, direction, length, bias };
        self.push(axes, |to| Operation::Norm { from, to, norm })
    }

    /// Samples, or rows of samples, of mean 0 and variance 1, times gamma, plus beta.
    pub(crate) fn layer_norm(&mut self, from: Value, gamma: Range<usize>, beta: Range<usize>, epsilon: f32) -> Value {
        let from = self.channels_first(from);
        let norm = Norm::Layer { gamma, beta, epsilon };
        self.push_like(from, |to| Operation::Norm { from, to, norm })
    }

    /// Channels of mean 0 and variance 1 over a batch, times a scale, plus a bias. The channels are the first axis.
    pub(crate) fn batch_norm(
        &mut self,
        from: Value,
        [epsilon, momentum]: [f64; 2],
        [scale, bias]: [Range<usize>; 2],
        [mean, variance]: [Range<usize>; 2],
    ) -> Value {
        // Where channels lie last, each of them is one number a pixel.
        let run = if self.channels_last[from.0] { 1 } else { self.shapes[from.0].iter().skip(1).product() };
        let settings = norm::Batch { epsilon: epsilon as f32, momentum, run };
        let norm = Norm::Batch { settings, scale, bias, mean, variance };
        self.push_like(from, |to| Operation::Norm { from, to, norm })
    }
}

impl Program {
    /// A rectifier with a slope for each channel, which are the first axis, or with a single one.
    pub(crate) fn slopes(&mut self, from: Value, slopes: Range<usize>) -> Value {
        let run = match slopes.len() {
            1 => self.widths[from.0],
            _ if self.channels_last[from.0] => 1,
            _ => self.shapes[from.0].iter().skip(1).product(),
        };
        self.push_like(from, |to| Operation::Norm { from, to, norm: Norm::Slopes { slopes, run } })
    }
}

/// What an operation may write on the way back.
pub(super) struct Back<'a> {
    /// The gradients of all parameters.
    pub(super) parameters: &'a mut [f32],
    pub(super) adds_parameters: bool,
    /// The gradient of what went in; empty where nobody asks.
    pub(super) input: &'a mut [f32],
    pub(super) adds_input: bool,
}

impl Norm {
    /// The first of the parameters, by which a layer that is used twice is known.
    pub(super) fn weight(&self) -> &Range<usize> {
        match self {
            Self::Weight { direction, .. } => direction,
            Self::Layer { gamma, .. } => gamma,
            Self::Batch { scale, .. } => scale,
            Self::Slopes { slopes, .. } => slopes,
        }
    }

    /// How many numbers it keeps from one way to the other, for `len` numbers that come out.
    pub(super) fn kept(&self, len: usize) -> usize {
        match self {
            // The weight, and its gradient.
            Self::Weight { direction, .. } => 2 * direction.len(),
            Self::Layer { gamma, .. } => 2 * len.checked_div(gamma.len()).unwrap_or(0),
            // Means and factors, and the gradients of scale and bias by this batch.
            Self::Batch { scale, .. } => 4 * scale.len(),
            Self::Slopes { .. } => 0,
        }
    }

    pub(super) fn forward(
        &self,
        [numbers, x]: [&[f32]; 2],
        state: &mut [f32],
        room: &mut Room,
        kept: &mut [f32],
        out: &mut [f32],
    ) {
        if out.is_empty() {
            return;
        }
        match self {
            Self::Weight { inputs, outputs, direction, length, bias } => {
                let weight = &mut kept[..direction.len()];
                if *inputs > 0 {
                    norm::weight(&numbers[direction.clone()], &numbers[length.clone()], weight);
                }
                let (x, w) = (View::rows(x, *inputs), View::rows(weight, *inputs));
                matmul(room, [out.len() / outputs, *inputs, *outputs], x, w.t(), out, false);
                map::add_bias(out, &numbers[bias.clone()], false);
            }
            Self::Layer { gamma, beta, epsilon } => {
                norm::layer(&x[..out.len()], &numbers[gamma.clone()], &numbers[beta.clone()], *epsilon, kept, out);
            }
            Self::Batch { settings, scale, bias, mean, variance } => {
                let x = &x[..out.len()];
                let kept = &mut kept[..2 * scale.len()];
                let [mean, variance] = two(state, mean, variance);
                norm::batch_statistics(x, *settings, kept, mean, variance);
                norm::batch(x, kept, &numbers[scale.clone()], &numbers[bias.clone()], settings.run, out);
            }
            Self::Slopes { slopes, run } => slopes::forward(&x[..out.len()], &numbers[slopes.clone()], *run, out),
        }
    }

    pub(super) fn backward(
        &self,
        [numbers, x, gradient]: [&[f32]; 3],
        room: &mut Room,
        kept: &mut [f32],
        Back { parameters, adds_parameters, input, adds_input }: Back<'_>,
    ) {
        if gradient.is_empty() {
            return;
        }
        let mut begin = |parameter: &Range<usize>| {
            if !adds_parameters {
                parameters[parameter.clone()].fill(0.0);
            }
        };
        match self {
            Self::Weight { inputs, outputs, direction, length, bias } => {
                [direction, length, bias].into_iter().for_each(&mut begin);
                let (inputs, outputs, count) = (*inputs, *outputs, gradient.len() / outputs);
                map::column_sums(gradient, &mut parameters[bias.clone()], true);
                let (weight, to_weight) = kept.split_at_mut(direction.len());
                let (g, x) = (View::rows(gradient, outputs), View::rows(x, inputs));
                matmul(room, [outputs, count, inputs], g.t(), x, to_weight, false);
                if inputs > 0 {
                    let [to_direction, to_length] = two(parameters, direction, length);
                    let (direction, length) = (&numbers[direction.clone()], &numbers[length.clone()]);
                    norm::weight_slope(direction, length, to_weight, to_direction, to_length);
                }
                if !input.is_empty() {
                    matmul(room, [count, outputs, inputs], g, View::rows(weight, inputs), input, adds_input);
                }
            }
            Self::Layer { gamma, beta, .. } => {
                [gamma, beta].into_iter().for_each(&mut begin);
                let x = &x[..gradient.len()];
                let [to_gamma, to_beta] = two(parameters, gamma, beta);
                norm::layer_parameters(x, kept, gradient, to_gamma, to_beta);
                norm::layer_slope(x, kept, gradient, &numbers[gamma.clone()], input, adds_input);
            }
            Self::Batch { settings, scale, bias, .. } => {
                [scale, bias].into_iter().for_each(&mut begin);
                let x = &x[..gradient.len()];
                let (kept, sums) = kept.split_at_mut(2 * scale.len());
                norm::batch_parameters(x, kept, gradient, settings.run, sums);
                let (along, plain) = sums.split_at(scale.len());
                map::copy(along, &mut parameters[scale.clone()], true);
                map::copy(plain, &mut parameters[bias.clone()], true);
                let scale = &numbers[scale.clone()];
                norm::batch_slope(x, kept, gradient, scale, sums, settings.run, input, adds_input);
            }
            Self::Slopes { slopes, run } => {
                begin(slopes);
                let x = &x[..gradient.len()];
                slopes::parameters(x, gradient, *run, &mut parameters[slopes.clone()]);
                slopes::input(x, &numbers[slopes.clone()], gradient, *run, input, adds_input);
            }
        }
    }
}

/// Two parts of a slice, of which neither reaches into the other.
fn two<'a>(slice: &'a mut [f32], a: &Range<usize>, b: &Range<usize>) -> [&'a mut [f32]; 2] {
    let (low, high) = if a.start < b.start { (a, b) } else { (b, a) };
    let (first, second) = slice.split_at_mut(high.start);
    let (first, second) = (&mut first[low.clone()], &mut second[..high.len()]);
    if a.start < b.start { [first, second] } else { [second, first] }
}
