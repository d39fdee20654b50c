//! Layer normalisation, batch normalisation and weight normalisation.

use super::{
    simd::multiversion,
    underflow::{flush, flush_all},
};

/// The number of partial sums, which is fixed so that a sum has the same bits for vectors of every width.
const LANES: usize = 16;

/// The square of a difference.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn square(difference: f32) -> f32 {
    let difference = flush(difference);
    difference * difference
}

/// The sum of `term` of each pair.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn sum_of(a: &[f32], b: &[f32], term: impl Fn(f32, f32) -> f32) -> f32 {
    let mut sums = [0.0; LANES];
    let (a, rest_a) = a.as_chunks::<LANES>();
    let (b, rest_b) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += term(*a, *b);
        }
    }
    let rest = rest_a.iter().zip(rest_b).map(|(a, b)| term(*a, *b)).sum::<f32>();
    let mut half = LANES / 2;
    while half > 0 {
        for at in 0..half {
            sums[at] += sums[at + half];
        }
        half /= 2;
    }
    sums[0] + rest
}

multiversion! {
    /// (x - mean) / sqrt(variance + epsilon) gamma + beta, for each row of as many numbers as `gamma` has. Writes the
    /// mean and 1 / sqrt(variance + epsilon) of each row to `kept`.
    pub fn layer_norm(x: &[f32], gamma: &[f32], beta: &[f32], epsilon: f32, kept: &mut [f32], y: &mut [f32]) {
        let (size, count) = (gamma.len(), gamma.len() as f32);
        let stretches = x.chunks_exact(size).zip(y.chunks_exact_mut(size));
        for ((x, y), kept) in stretches.zip(kept.as_chunks_mut::<2>().0) {
            let mean = flush(sum_of(x, x, |x, _| x) / count);
            let variance = sum_of(x, x, |x, _| square(x - mean)) / count;
            let factor = 1.0 / (variance + epsilon).sqrt();
            *kept = [mean, factor];
            for ((y, x), (gamma, beta)) in y.iter_mut().zip(x).zip(gamma.iter().zip(beta)) {
                *y = flush((x - mean) * factor * gamma + beta);
            }
        }
    }
}

multiversion! {
    /// Adds the derivative of [`layer_norm`] by its parameters to `gamma` and `beta`.
    pub fn layer_norm_backward_parameters(x: &[f32], kept: &[f32], gradient: &[f32], gamma: &mut [f32], beta: &mut [f32]) {
        let size = gamma.len();
        let stretches = x.chunks_exact(size).zip(gradient.chunks_exact(size));
        for ((x, g), [mean, factor]) in stretches.zip(kept.as_chunks::<2>().0) {
            for (((gamma, beta), x), g) in gamma.iter_mut().zip(beta.iter_mut()).zip(x).zip(g) {
                *gamma += g * ((x - mean) * factor);
                *beta += g;
            }
        }
        flush_all(gamma);
        flush_all(beta);
    }
}

multiversion! {
    /// The derivative of [`layer_norm`] by its input.
    pub fn layer_norm_backward_input(x: &[f32], kept: &[f32], gradient: &[f32], gamma: &[f32], to: &mut [f32], add: bool) {
        let (size, count) = (gamma.len(), gamma.len() as f32);
        let mut weighted = [0.0; 64];
        let stretches = x.chunks_exact(size).zip(gradient.chunks_exact(size)).zip(to.chunks_exact_mut(size));
        for (((x, g), to), [mean, factor]) in stretches.zip(kept.as_chunks::<2>().0) {
            // The means of g gamma, and of g gamma times the normalised numbers, 64 numbers at a time on the stack.
            let (mut plain, mut along) = (0.0, 0.0);
            for ((g, gamma), x) in g.chunks(64).zip(gamma.chunks(64)).zip(x.chunks(64)) {
                let weighted = &mut weighted[..g.len()];
                weighted.iter_mut().zip(g.iter().zip(gamma)).for_each(|(to, (g, gamma))| *to = g * gamma);
                plain += sum_of(weighted, x, |h, _| h);
                along += sum_of(weighted, x, |h, x| h * ((x - mean) * factor));
            }
            let (plain, along) = (flush(plain / count), flush(along / count));
            for ((to, x), (g, gamma)) in to.iter_mut().zip(x).zip(g.iter().zip(gamma)) {
                let back = factor * (g * gamma - plain - (x - mean) * factor * along);
                *to = flush(if add { *to } else { 0.0 } + back);
            }
        }
    }
}

/// Adds `term` of each number to the sum of its channel, and flushes the sums. A row consists of channels of `run`
/// numbers each.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn channel_sums(
    x: &[f32],
    other: &[f32],
    run: usize,
    sums: &mut [f32],
    term: impl Fn(usize, f32, f32) -> f32,
) {
    let width = sums.len() * run;
    for (x, other) in x.chunks_exact(width).zip(other.chunks_exact(width)) {
        if run == 1 {
            for (channel, (sum, (x, other))) in sums.iter_mut().zip(x.iter().zip(other)).enumerate() {
                *sum += term(channel, *x, *other);
            }
        } else {
            let channels = x.chunks_exact(run).zip(other.chunks_exact(run));
            for (channel, (sum, (x, other))) in sums.iter_mut().zip(channels).enumerate() {
                *sum += sum_of(x, other, |x, other| term(channel, x, other));
            }
        }
    }
    flush_all(sums);
}

/// The settings of a batch normalisation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BatchNorm {
    pub epsilon: f32,
    /// The weight of the batch in the running statistics.
    pub momentum: f64,
    /// The numbers of a channel in a sample.
    pub run: usize,
}

multiversion! {
    /// Computes mean and variance of each channel over a batch, and updates the running ones.
    ///
    /// Writes the means to `kept`, followed by 1 / sqrt(variance + epsilon) of each channel.
    pub fn batch_norm_statistics(
        x: &[f32], settings: BatchNorm, kept: &mut [f32], mean: &mut [f32], variance: &mut [f32],
    ) {
        let channels = mean.len();
        let numbers = x.len() as f64 / channels as f64;
        let (means, factors) = kept.split_at_mut(channels);
        means.fill(0.0);
        factors.fill(0.0);
        channel_sums(x, x, settings.run, means, |_, x, _| x);
        for mean in means.iter_mut() {
            *mean = flush(*mean / numbers as f32);
        }
        channel_sums(x, x, settings.run, factors, |channel, x, _| square(x - means[channel]));
        // The running variance is the unbiased one, which divides by n - 1.
        let (old, new) = ((1.0 - settings.momentum) as f32, settings.momentum as f32);
        // A last batch may have one row, of which n - 1 is 0.
        let unbiased = (settings.momentum * numbers / (numbers - 1.0).max(1.0)) as f32;
        let running = mean.iter_mut().zip(variance).zip(means.iter().zip(factors));
        for ((running_mean, running_variance), (mean, factor)) in running {
            let variance = *factor / numbers as f32;
            *running_mean = flush(*running_mean * old + mean * new);
            *running_variance = flush(*running_variance * old + variance * unbiased);
            *factor = 1.0 / (variance + settings.epsilon).sqrt();
        }
    }
}

multiversion! {
    /// (x - mean) / sqrt(variance + epsilon) scale + bias, channel by channel, with the statistics in `kept`.
    pub fn batch_norm(x: &[f32], kept: &[f32], scale: &[f32], bias: &[f32], run: usize, y: &mut [f32]) {
        let (means, factors) = kept.split_at(scale.len());
        let width = scale.len() * run;
        for (x, y) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)) {
            let channels = means.iter().zip(factors).zip(scale.iter().zip(bias));
            if run == 1 {
                for ((x, y), ((mean, factor), (scale, bias))) in x.iter().zip(y).zip(channels) {
                    *y = flush((x - mean) * (factor * scale) + bias);
                }
            } else {
                let runs = x.chunks_exact(run).zip(y.chunks_exact_mut(run));
                for ((x, y), ((mean, factor), (scale, bias))) in runs.zip(channels) {
                    for (x, y) in x.iter().zip(y) {
                        *y = flush((x - mean) * (factor * scale) + bias);
                    }
                }
            }
        }
    }
}

multiversion! {
    /// The derivative of [`batch_norm`] by its parameters: writes the gradients of the scale to `sums`, followed by
    /// those of the bias.
    pub fn batch_norm_backward_parameters(x: &[f32], kept: &[f32], gradient: &[f32], run: usize, sums: &mut [f32]) {
        let channels = kept.len() / 2;
        let (means, factors) = kept.split_at(channels);
        let (scale, bias) = sums.split_at_mut(channels);
        scale.fill(0.0);
        bias.fill(0.0);
        channel_sums(x, gradient, run, scale, |channel, x, g| g * ((x - means[channel]) * factors[channel]));
        channel_sums(x, gradient, run, bias, |_, _, g| g);
    }
}

multiversion! {
    /// The derivative of [`batch_norm`] by its input, with the `sums` of [`batch_norm_backward_parameters`].
    #[allow(clippy::too_many_arguments)]
    pub fn batch_norm_backward_input(
        x: &[f32], kept: &[f32], gradient: &[f32], scale: &[f32], sums: &[f32], run: usize, to: &mut [f32], add: bool,
    ) {
        let (means, factors) = kept.split_at(scale.len());
        let (along, plain) = sums.split_at(scale.len());
        let (width, numbers) = (scale.len() * run, (gradient.len() / scale.len()) as f32);
        let rows = x.chunks_exact(width).zip(gradient.chunks_exact(width)).zip(to.chunks_exact_mut(width));
        for ((x, g), to) in rows {
            for (at, ((to, x), g)) in to.iter_mut().zip(x).zip(g).enumerate() {
                let channel = if run == 1 { at } else { at / run };
                let (mean, factor) = (means[channel], factors[channel]);
                let normal = (x - mean) * factor;
                let back = scale[channel] * factor * (g - plain[channel] / numbers - normal * along[channel] / numbers);
                *to = flush(if add { *to } else { 0.0 } + back);
            }
        }
    }
}

multiversion! {
    /// The weight whose rows have the directions of the rows of `direction`, and the lengths in `length`.
    pub fn weight_norm(direction: &[f32], length: &[f32], weight: &mut [f32]) {
        let inputs = direction.len() / length.len();
        let rows = weight.chunks_exact_mut(inputs).zip(direction.chunks_exact(inputs));
        for ((weight, direction), length) in rows.zip(length) {
            let factor = length / sum_of(direction, direction, |v, _| v * v).sqrt();
            weight.iter_mut().zip(direction).for_each(|(w, v)| *w = flush(v * factor));
        }
    }
}

multiversion! {
    /// Adds the derivatives of [`weight_norm`] by its direction and length, given the gradient of the weight.
    pub fn weight_norm_backward(
        direction: &[f32], length: &[f32], gradient: &[f32], to_direction: &mut [f32], to_length: &mut [f32],
    ) {
        let inputs = direction.len() / length.len();
        let rows = direction.chunks_exact(inputs).zip(gradient.chunks_exact(inputs));
        let to = to_direction.chunks_exact_mut(inputs).zip(to_length);
        for (((v, g), length), (to_v, to_length)) in rows.zip(length).zip(to) {
            let norm = sum_of(v, v, |v, _| v * v).sqrt();
            let along = sum_of(v, g, |v, g| v * g) / norm;
            *to_length = flush(*to_length + along);
            // The component along the direction is removed: the weight does not depend on the length of the direction.
            let (factor, back) = (length / norm, along / norm);
            to_v.iter_mut().zip(v.iter().zip(g)).for_each(|(to, (v, g))| *to = flush(*to + factor * (g - v * back)));
        }
    }
}

#[cfg(test)]
mod tests;
