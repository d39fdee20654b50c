//! Normalisations, and rectifiers with learned slopes, as operations of a program.

use std::ops::Range;

use super::{Operation, Program, Value, norm::Norm};
use crate::kernel::norm::{self, BatchNorm};

impl Program {
    /// A dense layer whose weight has rows of these directions and lengths. A program of evaluation passes computes it
    /// once.
    pub(crate) fn weight_norm(
        &mut self,
        from: Value,
        [inputs, outputs]: [usize; 2],
        [direction, length, bias]: [Range<usize>; 3],
    ) -> Value {
        if self.is_evaluation {
            let mut weight = vec![0.0; inputs * outputs];
            if inputs > 0 {
                norm::weight_norm(&self.numbers[direction], &self.numbers[length], &mut weight);
            }
            let weight = self.constant(weight);
            return self.linear(from, [inputs, outputs], weight, bias);
        }
        let from = self.channels_first(from);
        let mut axes = self.shapes[from.0].clone();
        if let Some(last) = axes.last_mut() {
            *last = outputs;
        }
        let norm = Norm::Weight { inputs, outputs, direction, length, bias };
        self.push(axes, |to| Operation::Norm { from, to, norm })
    }

    /// Layer normalisation of samples, or of the rows of samples.
    pub(crate) fn layer_norm(&mut self, from: Value, gamma: Range<usize>, beta: Range<usize>, epsilon: f32) -> Value {
        let from = self.channels_first(from);
        let norm = Norm::Layer { gamma, beta, epsilon };
        self.push_like(from, |to| Operation::Norm { from, to, norm })
    }

    /// Batch normalisation of channels, which are along the first axis: by the statistics of the batch, or in
    /// evaluation passes by the running ones.
    pub(crate) fn batch_norm(
        &mut self,
        from: Value,
        [epsilon, momentum]: [f64; 2],
        [scale, bias]: [Range<usize>; 2],
        [mean, variance]: [Range<usize>; 2],
    ) -> Value {
        // Where channels lie last, each of them is one number a pixel.
        let run = if self.channels_last[from.0] { 1 } else { self.shapes[from.0].iter().skip(1).product() };
        let epsilon = epsilon as f32;
        if self.is_evaluation {
            let factor = |(scale, variance): (&f32, &f32)| scale / (variance + epsilon).sqrt();
            let factors = self.numbers[scale.clone()].iter().zip(&self.state[variance]).map(factor);
            let statistics: Vec<f32> = self.state[mean].iter().copied().chain(factors).collect();
            let norm = Norm::Running {
                statistics: self.constant(statistics),
                scale: self.constant(scale.map(|_| 1.0)),
                bias,
                run,
            };
            return self.push_like(from, |to| Operation::Norm { from, to, norm });
        }
        let settings = BatchNorm { epsilon, momentum, run };
        let norm = Norm::Batch { settings, scale, bias, mean, variance };
        self.push_like(from, |to| Operation::Norm { from, to, norm })
    }

    /// True where a single row leaves a batch normalisation one number a channel, and so no variance.
    pub(crate) fn loses_variance(&self) -> bool {
        let is_alone = |operation: &Operation| match operation {
            Operation::Norm { from, norm: Norm::Batch { scale, .. }, .. } => self.widths[from.0] == scale.len(),
            _ => false,
        };
        self.operations.iter().any(is_alone)
    }

    /// A rectifier with a slope for each channel, along the first axis, or with a single slope.
    pub(crate) fn prelu(&mut self, from: Value, slopes: Range<usize>) -> Value {
        let run = match slopes.len() {
            1 => self.widths[from.0],
            _ if self.channels_last[from.0] => 1,
            _ => self.shapes[from.0].iter().skip(1).product(),
        };
        self.push_like(from, |to| Operation::Norm { from, to, norm: Norm::PRelu { slopes, run } })
    }
}
