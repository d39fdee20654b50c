//! Rectifiers with learned slopes (PReLU). A row consists of channels of `run` numbers each; each channel has a slope.

use super::{norm::channel_sums, simd::multiversion, underflow::flush};

multiversion! {
    /// x above 0, else the slope of its channel times x.
    ///
    /// It flushes nothing: the slope and x are numbers that were flushed, so their product is no denormal number.
    pub fn forward(x: &[f32], slopes: &[f32], run: usize, y: &mut [f32]) {
        let width = slopes.len() * run;
        for (x, y) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)) {
            if run == 1 {
                let numbers = x.iter().zip(y).zip(slopes);
                numbers.for_each(|((x, y), slope)| *y = if *x > 0.0 { *x } else { slope * x });
            } else {
                for ((x, y), slope) in x.chunks_exact(run).zip(y.chunks_exact_mut(run)).zip(slopes) {
                    x.iter().zip(y).for_each(|(x, y)| *y = if *x > 0.0 { *x } else { slope * x });
                }
            }
        }
    }
}

multiversion! {
    /// The derivative of [`forward`] by its input. At 0 it is the slope.
    pub fn backward_input(x: &[f32], slopes: &[f32], gradient: &[f32], run: usize, to: &mut [f32], add: bool) {
        let width = slopes.len() * run;
        let rows = x.chunks_exact(width).zip(gradient.chunks_exact(width)).zip(to.chunks_exact_mut(width));
        for ((x, g), to) in rows {
            for (at, ((to, x), g)) in to.iter_mut().zip(x).zip(g).enumerate() {
                let slope = slopes[if run == 1 { at } else { at / run }];
                *to = flush(if add { *to } else { 0.0 } + if *x > 0.0 { *g } else { slope * g });
            }
        }
    }
}

multiversion! {
    /// Adds the derivative of [`forward`] by the slopes to `to`.
    pub fn backward_parameters(x: &[f32], gradient: &[f32], run: usize, to: &mut [f32]) {
        channel_sums(x, gradient, run, to, |_, x, g| if x > 0.0 { 0.0 } else { x * g });
    }
}

#[cfg(test)]
mod tests {
    use super::{super::simd::forced::same_on_each, *};

    // Channels of one number, and of more numbers than there are partial sums.
    #[test]
    fn every_level_gives_the_same_bits_and_they_are_the_derivatives() {
        let numbers = |seed: usize| -> Vec<f32> {
            (0..6 * 75).map(|at| ((at * 7919 + seed * 104_729) % 1009) as f32 / 500.0 - 1.0).collect()
        };
        let (x, g, start) = (numbers(1), numbers(2), numbers(3));
        for run in [1, 25, 75] {
            let slopes = &numbers(4)[..75 / run];
            let bits = same_on_each(|| {
                let (mut y, mut to, mut to_slopes) = (start.clone(), start.clone(), start[..75 / run].to_vec());
                forward(&x, slopes, run, &mut y);
                backward_input(&x, slopes, &g, run, &mut to, true);
                backward_parameters(&x, &g, run, &mut to_slopes);
                [y, to, to_slopes].map(|numbers| numbers.into_iter().map(f32::to_bits).collect::<Vec<u32>>())
            });
            let [y, to, to_slopes] = bits.map(|bits| bits.into_iter().map(f32::from_bits).collect::<Vec<f32>>());
            let mut sums: Vec<f64> = start[..75 / run].iter().map(|start| f64::from(*start)).collect();
            for at in 0..x.len() {
                let channel = at % 75 / run;
                let slope = if x[at] > 0.0 { 1.0 } else { slopes[channel] };
                assert_eq!([y[at], to[at]], [slope * x[at], start[at] + slope * g[at]]);
                sums[channel] += if x[at] > 0.0 { 0.0 } else { f64::from(x[at] * g[at]) };
            }
            // Sums of 450 numbers of at most 1 in single precision.
            assert!(to_slopes.iter().zip(&sums).all(|(found, wanted)| (f64::from(*found) - wanted).abs() < 1e-4));
        }
    }
}
