//! Scaled dot-product attention of the steps of a sequence to each other, head by head.
//!
//! A sample is a matrix with a row for each step: the queries of all heads, then their keys, then their values. A head
//! takes a stretch of columns of each.

#![allow(clippy::many_single_char_names, reason = "the letters of the paper")]

use super::{
    gemm::{View, matmul},
    mask::{self, Rate, Stream},
    norm::sum_of,
    scalar::exp,
    scratch::GemmScratch,
    simd::multiversion,
    underflow::{flush, flush_all},
};

/// The sizes of an attention.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attention {
    /// The steps of a sequence.
    pub steps: usize,
    /// The numbers of all heads in a step.
    pub width: usize,
    /// Divides `width`.
    pub heads: usize,
    /// True where a step attends to itself and to those before it only.
    pub causal: bool,
    /// The dropout of the weights; `None` where nothing drops.
    pub rate: Option<Rate>,
}

impl Attention {
    fn head_width(&self) -> usize {
        self.width / self.heads
    }

    /// The weights of one head of one sample.
    fn square(&self) -> usize {
        self.steps * self.steps
    }

    /// The numbers that the backward pass needs of `samples`: the weights, their masks, and scratch memory.
    pub fn kept(&self, samples: usize) -> usize {
        let weights = samples * self.heads * self.square();
        let masks = if self.rate.is_some() { weights } else { 0 };
        weights + masks + 2 * self.square() + self.steps * self.head_width()
    }

    /// Splits the kept numbers of `samples` into weights, masks, two scratch matrices of weights, and one of a head.
    fn parts<'a>(&self, samples: usize, kept: &'a mut [f32]) -> [&'a mut [f32]; 5] {
        let weights = samples * self.heads * self.square();
        let (weights_part, rest) = kept.split_at_mut(weights);
        let (masks, rest) = rest.split_at_mut(if self.rate.is_some() { weights } else { 0 });
        let (first, rest) = rest.split_at_mut(self.square());
        let (second, rest) = rest.split_at_mut(self.square());
        [weights_part, masks, first, second, &mut rest[..self.steps * self.head_width()]]
    }

    /// softmax(Q K^T / sqrt(d)) V for each head, with d the columns of a head. `x` has the queries, keys and values.
    pub fn forward(&self, scratch: &mut GemmScratch, x: &[f32], stream: &Stream, kept: &mut [f32], out: &mut [f32]) {
        let (len, d, row) = (self.steps * self.width, self.head_width(), 3 * self.width);
        if out.is_empty() {
            return;
        }
        let samples = out.len() / len;
        let [weights, masks, dropped, _, of_head] = self.parts(samples, kept);
        if let Some(rate) = self.rate {
            mask::fill(masks, stream, rate);
        }
        for (sample, (x, out)) in x.chunks_exact(3 * len).zip(out.chunks_exact_mut(len)).enumerate() {
            for head in 0..self.heads {
                let at = (sample * self.heads + head) * self.square();
                let weights = &mut weights[at..][..self.square()];
                let [q, k, v] = [0, 1, 2].map(|part| View::rows(&x[part * self.width + head * d..], row));
                matmul(scratch, [self.steps, d, self.steps], q, k.t(), weights, false);
                softmax(weights, self.steps, 1.0 / (d as f32).sqrt(), self.causal);
                let mut used: &[f32] = weights;
                if self.rate.is_some() {
                    weighted(weights, &masks[at..], dropped);
                    used = dropped;
                }
                matmul(scratch, [self.steps, self.steps, d], View::rows(used, self.steps), v, of_head, false);
                place(of_head, d, out, [head * d, self.width], false);
            }
        }
    }

    /// The derivative of [`forward`](Self::forward) by `x`, given its output's gradient; it is added to `to` where
    /// `add`.
    pub fn backward(
        &self,
        scratch: &mut GemmScratch,
        [x, gradient]: [&[f32]; 2],
        kept: &mut [f32],
        to: &mut [f32],
        add: bool,
    ) {
        let (len, d, row) = (self.steps * self.width, self.head_width(), 3 * self.width);
        if gradient.is_empty() || to.is_empty() {
            return;
        }
        let [weights, masks, used, slopes, of_head] = self.parts(gradient.len() / len, kept);
        let samples = x.chunks_exact(3 * len).zip(gradient.chunks_exact(len)).zip(to.chunks_exact_mut(3 * len));
        for (sample, ((x, gradient), to)) in samples.enumerate() {
            for head in 0..self.heads {
                let first = (sample * self.heads + head) * self.square();
                let weights = &weights[first..][..self.square()];
                let masks = masks.get(first..).filter(|_| self.rate.is_some());
                let [q, k, v] = [0, 1, 2].map(|part| View::rows(&x[part * self.width + head * d..], row));
                let g = View::rows(&gradient[head * d..], self.width);
                let at = |part: usize| [part * self.width + head * d, row];
                match masks {
                    Some(masks) => weighted(weights, masks, used),
                    None => used.copy_from_slice(weights),
                }
                let square = [self.steps, self.steps, d];
                matmul(scratch, square, View::rows(used, self.steps).t(), g, of_head, false);
                place(of_head, d, to, at(2), add);
                matmul(scratch, [self.steps, d, self.steps], g, v.t(), slopes, false);
                if let Some(masks) = masks {
                    used.copy_from_slice(slopes);
                    weighted(used, masks, slopes);
                }
                softmax_backward(weights, self.steps, 1.0 / (d as f32).sqrt(), slopes);
                matmul(scratch, square, View::rows(slopes, self.steps), k, of_head, false);
                place(of_head, d, to, at(0), add);
                matmul(scratch, square, View::rows(slopes, self.steps).t(), q, of_head, false);
                place(of_head, d, to, at(1), add);
            }
        }
    }
}

multiversion! {
    /// The softmax of each row of `scores` times `scale`, in place. Where `causal`, row i has numbers in its first i +
    /// 1 columns only, and 0 in the others.
    fn softmax(scores: &mut [f32], width: usize, scale: f32, causal: bool) {
        for (at, row) in scores.chunks_exact_mut(width).enumerate() {
            let (row, hidden) = row.split_at_mut(if causal { at + 1 } else { width });
            hidden.fill(0.0);
            // NaN is larger than every number, and stays.
            let high = row.iter().fold(f32::NEG_INFINITY, |high, x| if *x > high || x.is_nan() { *x } else { high });
            for x in row.iter_mut() {
                *x = exp(flush(*x - high) * scale);
            }
            let share = 1.0 / sum_of(row, row, |x, _| x);
            for x in row.iter_mut() {
                *x = flush(*x * share);
            }
        }
    }
}

multiversion! {
    /// Turns the gradient of the weights into that of the scores, in place: w (g - sum of w g) times the scale.
    fn softmax_backward(weights: &[f32], width: usize, scale: f32, gradient: &mut [f32]) {
        for (w, g) in weights.chunks_exact(width).zip(gradient.chunks_exact_mut(width)) {
            flush_all(g);
            let mean = flush(sum_of(w, g, |w, g| w * g));
            for (g, w) in g.iter_mut().zip(w) {
                *g = flush(flush(w * flush(*g - mean)) * scale);
            }
        }
    }
}

multiversion! {
    /// `to = weights * masks`, number by number.
    fn weighted(weights: &[f32], masks: &[f32], to: &mut [f32]) {
        for ((to, weight), mask) in to.iter_mut().zip(weights).zip(masks) {
            *to = flush(*weight) * mask;
        }
    }
}

multiversion! {
    /// Writes rows of `width` numbers to the columns from `first` on of rows of `row` numbers, or adds them.
    fn place(from: &[f32], width: usize, to: &mut [f32], columns: [usize; 2], add: bool) {
        let [first, row] = columns;
        for (from, to) in from.chunks_exact(width).zip(to.chunks_exact_mut(row)) {
            let to = &mut to[first..][..width];
            to.iter_mut().zip(from).for_each(|(to, from)| *to = flush(if add { *to + from } else { *from }));
        }
    }
}

#[cfg(test)]
mod tests;
