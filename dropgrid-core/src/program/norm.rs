//! Operations with parameters of channels: normalisations, and rectifiers with learned slopes.

use std::ops::Range;

use crate::kernel::{
    elementwise,
    gemm::{View, matmul},
    norm, prelu,
    scratch::GemmScratch,
};

/// A normalisation or a rectifier, with the ranges of its parameters.
#[derive(Debug, Clone)]
pub(super) enum Norm {
    /// A dense layer with weight normalisation.
    Weight { inputs: usize, outputs: usize, direction: Range<usize>, length: Range<usize>, bias: Range<usize> },
    /// Layer normalisation, of rows of as many numbers as `gamma` has.
    Layer { gamma: Range<usize>, beta: Range<usize>, epsilon: f32 },
    /// Batch normalisation, whose running statistics are state of the program.
    Batch {
        settings: norm::BatchNorm,
        scale: Range<usize>,
        bias: Range<usize>,
        mean: Range<usize>,
        variance: Range<usize>,
    },
    /// Batch normalisation of channels of `run` numbers by running statistics, in evaluation passes: the means and the
    /// factors, of which the scale is a part already, so that `scale` is 1.
    Running { statistics: Range<usize>, scale: Range<usize>, bias: Range<usize>, run: usize },
    /// A rectifier with learned slopes, for channels of `run` numbers.
    PRelu { slopes: Range<usize>, run: usize },
}

/// The gradients that an operation writes in the backward pass.
pub(super) struct Back<'a> {
    /// The gradients of all parameters.
    pub(super) parameters: &'a mut [f32],
    pub(super) adds_parameters: bool,
    /// The gradient of the input; empty where it is not needed.
    pub(super) input: &'a mut [f32],
    pub(super) adds_input: bool,
}

impl Norm {
    /// The first of the parameters, which identifies a layer that is used twice.
    pub(super) fn weight(&self) -> &Range<usize> {
        match self {
            Self::Weight { direction, .. } => direction,
            Self::Layer { gamma, .. } => gamma,
            Self::Batch { scale, .. } | Self::Running { scale, .. } => scale,
            Self::PRelu { slopes, .. } => slopes,
        }
    }

    /// The count of numbers to keep for the backward pass, given the length of the output.
    pub(super) fn kept(&self, len: usize) -> usize {
        match self {
            // The weight, and its gradient.
            Self::Weight { direction, .. } => 2 * direction.len(),
            Self::Layer { gamma, .. } => 2 * len.checked_div(gamma.len()).unwrap_or(0),
            // Means and factors, and the gradients of scale and bias by this batch.
            Self::Batch { scale, .. } => 4 * scale.len(),
            Self::Running { .. } | Self::PRelu { .. } => 0,
        }
    }

    pub(super) fn forward(
        &self,
        [numbers, x]: [&[f32]; 2],
        state: &mut [f32],
        scratch: &mut GemmScratch,
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
                    norm::weight_norm(&numbers[direction.clone()], &numbers[length.clone()], weight);
                }
                let (x, w) = (View::rows(x, *inputs), View::rows(weight, *inputs));
                matmul(scratch, [out.len() / outputs, *inputs, *outputs], x, w.t(), out, false);
                elementwise::add_bias(out, &numbers[bias.clone()], false);
            }
            Self::Layer { gamma, beta, epsilon } => {
                norm::layer_norm(&x[..out.len()], &numbers[gamma.clone()], &numbers[beta.clone()], *epsilon, kept, out);
            }
            Self::Batch { settings, scale, bias, mean, variance } => {
                let x = &x[..out.len()];
                let kept = &mut kept[..2 * scale.len()];
                let [mean, variance] = two(state, mean, variance);
                norm::batch_norm_statistics(x, *settings, kept, mean, variance);
                norm::batch_norm(x, kept, &numbers[scale.clone()], &numbers[bias.clone()], settings.run, out);
            }
            Self::Running { statistics, scale, bias, run } => {
                let [statistics, scale, bias] = [statistics, scale, bias].map(|range| &numbers[range.clone()]);
                norm::batch_norm(&x[..out.len()], statistics, scale, bias, *run, out);
            }
            Self::PRelu { slopes, run } => prelu::forward(&x[..out.len()], &numbers[slopes.clone()], *run, out),
        }
    }

    pub(super) fn backward(
        &self,
        [numbers, x, gradient]: [&[f32]; 3],
        scratch: &mut GemmScratch,
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
                elementwise::column_sums(gradient, &mut parameters[bias.clone()], true);
                let (weight, to_weight) = kept.split_at_mut(direction.len());
                let (g, x) = (View::rows(gradient, outputs), View::rows(x, inputs));
                matmul(scratch, [outputs, count, inputs], g.t(), x, to_weight, false);
                if inputs > 0 {
                    let [to_direction, to_length] = two(parameters, direction, length);
                    let (direction, length) = (&numbers[direction.clone()], &numbers[length.clone()]);
                    norm::weight_norm_backward(direction, length, to_weight, to_direction, to_length);
                }
                if !input.is_empty() {
                    matmul(scratch, [count, outputs, inputs], g, View::rows(weight, inputs), input, adds_input);
                }
            }
            Self::Layer { gamma, beta, .. } => {
                [gamma, beta].into_iter().for_each(&mut begin);
                let x = &x[..gradient.len()];
                let [to_gamma, to_beta] = two(parameters, gamma, beta);
                norm::layer_norm_backward_parameters(x, kept, gradient, to_gamma, to_beta);
                norm::layer_norm_backward_input(x, kept, gradient, &numbers[gamma.clone()], input, adds_input);
            }
            Self::Batch { settings, scale, bias, .. } => {
                [scale, bias].into_iter().for_each(&mut begin);
                let x = &x[..gradient.len()];
                let (kept, sums) = kept.split_at_mut(2 * scale.len());
                norm::batch_norm_backward_parameters(x, kept, gradient, settings.run, sums);
                let (along, plain) = sums.split_at(scale.len());
                elementwise::copy(along, &mut parameters[scale.clone()], true);
                elementwise::copy(plain, &mut parameters[bias.clone()], true);
                let scale = &numbers[scale.clone()];
                norm::batch_norm_backward_input(x, kept, gradient, scale, sums, settings.run, input, adds_input);
            }
            // An evaluation pass has no way back.
            Self::Running { .. } => {}
            Self::PRelu { slopes, run } => {
                begin(slopes);
                let x = &x[..gradient.len()];
                prelu::backward_parameters(x, gradient, *run, &mut parameters[slopes.clone()]);
                prelu::backward_input(x, &numbers[slopes.clone()], gradient, *run, input, adds_input);
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
