//! Noise other than plain dropout: dropout of whole channels, normal factors and summands, and alpha dropout.
//!
//! The generator is that of [`mask`](super::mask), with the same key, stream and counter.

use super::{
    elementwise,
    mask::{LANES, Rate, Stream, fill, words},
    scalar::{ln, point_of_circle},
    simd::multiversion,
    underflow::flush,
};

/// The random change that a training pass makes to the values of a layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Noise {
    /// Dropout of whole channels. A row repeats `channels` channels of `run` contiguous numbers `times` times.
    Channels { rate: Rate, channels: usize, run: usize, times: usize },
    /// Each value is multiplied by a normal number of mean 1 and this standard deviation.
    Product { deviation: f32 },
    /// A normal number of mean 0 and this standard deviation is added to each value.
    Sum { deviation: f32 },
    /// Alpha dropout: a value that drops becomes `dropped`; one that stays is multiplied by the scale of the rate, and
    /// `kept` is added.
    Alpha { rate: Rate, kept: f32, dropped: f32 },
}

impl Noise {
    /// Draws the mask of whole rows: the factors of the values, or for [`Sum`](Self::Sum) the summands.
    pub fn fill(&self, mask: &mut [f32], stream: &Stream) {
        match *self {
            Self::Channels { rate, channels, run, times } => {
                let width = channels * run * times;
                let rows = mask.len().checked_div(width).unwrap_or(0);
                fill(&mut mask[..rows * channels], stream, rate);
                spread(mask, [rows, times, channels, run]);
            }
            Self::Product { deviation } => normal(mask, stream, 1.0, deviation),
            Self::Sum { deviation } => normal(mask, stream, 0.0, deviation),
            Self::Alpha { rate, .. } => fill(mask, stream, rate),
        }
    }

    /// The summand of a value that was multiplied by `factor`, a number of the mask.
    pub fn shift(&self, factor: f32) -> f32 {
        match *self {
            Self::Alpha { kept, .. } if factor > 0.0 => kept,
            Self::Alpha { dropped, .. } => dropped,
            _ => 0.0,
        }
    }

    /// Applies the noise of a mask: `y` becomes the changed values of `x`.
    pub fn apply(&self, x: &[f32], mask: &[f32], y: &mut [f32]) {
        match *self {
            Self::Channels { .. } | Self::Product { .. } => elementwise::multiply(x, mask, y, false),
            Self::Sum { .. } => elementwise::sum(x, mask, y),
            Self::Alpha { kept, dropped, .. } => alpha(x, mask, [kept, dropped], y),
        }
    }

    /// The derivative of [`apply`](Self::apply) by `x`: `to` becomes the gradient before the noise, or `to +=` it where
    /// `add`.
    pub fn backward(&self, gradient: &[f32], mask: &[f32], to: &mut [f32], add: bool) {
        let len = gradient.len().min(to.len());
        match self {
            Self::Sum { .. } => elementwise::copy(&gradient[..len], &mut to[..len], add),
            _ => elementwise::multiply(gradient, mask, &mut to[..len], add),
        }
    }
}

/// Spreads the factors of the channels, which are at the front of the mask, over the values of the channels. It runs
/// from the end to the front, since no value lies before its own factor.
fn spread(mask: &mut [f32], [rows, times, channels, run]: [usize; 4]) {
    for row in (0..rows).rev() {
        for time in (0..times).rev() {
            for channel in (0..channels).rev() {
                let factor = mask[row * channels + channel];
                let at = ((row * times + time) * channels + channel) * run;
                mask[at..at + run].fill(factor);
            }
        }
    }
}

multiversion! {
    /// Multiplies by the mask and adds the shift of the values that stay or that drop.
    fn alpha(x: &[f32], mask: &[f32], shifts: [f32; 2], y: &mut [f32]) {
        let [kept, dropped] = shifts;
        for (y, (x, factor)) in y.iter_mut().zip(x.iter().zip(mask)) {
            *y = flush(x * factor + if *factor > 0.0 { kept } else { dropped });
        }
    }
}

/// Normal numbers in one call of the generator: two for each pair of words.
const NORMALS: usize = LANES * 16;

multiversion! {
    /// Draws normal numbers in pairs, from two words each ([Box and Muller
    /// 1958](https://doi.org/10.1214/aoms/1177706645)): a radius of 31 bits, which is at most 6.7 standard deviations,
    /// and an angle of 32 bits.
    fn normal(values: &mut [f32], stream: &Stream, mean: f32, deviation: f32) {
        for (group, part) in values.chunks_mut(NORMALS).enumerate() {
            let words = words(stream, group as u64);
            let mut normals = [0.0; NORMALS];
            for word in 0..8 {
                #[allow(clippy::needless_range_loop, reason = "two words and two numbers a lane")]
                for lane in 0..LANES {
                    let share = ((words[word][lane] >> 1).cast_signed() as f32 + 0.5) / 2_147_483_648.0;
                    let radius = (-2.0 * ln(share)).sqrt();
                    let [x, y] = point_of_circle(words[word + 8][lane]);
                    let at = word * LANES + lane;
                    normals[at] = mean + deviation * (radius * x);
                    normals[at + NORMALS / 2] = mean + deviation * (radius * y);
                }
            }
            part.copy_from_slice(&normals[..part.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(not(miri))]
    use statrs::distribution::{ContinuousCDF, Normal};

    use super::{
        super::simd::forced::{lengths, same_on_each},
        *,
    };
    use crate::seed::{Purpose, Seed};

    const LEN: usize = if cfg!(miri) { 500 } else { 1_000_000 };

    fn stream(seed: u64, layer: u32) -> Stream {
        Stream { key: Seed(seed).key(Purpose::Noise).words(), layer }
    }

    fn mask(noise: Noise, stream: &Stream, len: usize) -> Vec<f32> {
        let mut mask = vec![f32::NAN; len];
        noise.fill(&mut mask, stream);
        mask
    }

    // The quantiles use inline assembly, which Miri does not support; the other tests run the kernel there.
    #[cfg(not(miri))]
    #[test]
    fn normal_numbers_fill_the_bins_of_the_normal_distribution() {
        let normal = Normal::new(0.0, 1.0).expect("a distribution");
        // Forty bins of equal probability, and the tails within the outer two.
        let ends: Vec<f64> = (1..40).map(|at| normal.inverse_cdf(f64::from(at) / 40.0)).collect();
        for seed in 0..4 {
            let mut counts = [0.0_f64; 40];
            for value in mask(Noise::Sum { deviation: 1.0 }, &stream(seed, 3), LEN) {
                counts[ends.partition_point(|end| *end < f64::from(value))] += 1.0;
            }
            let expected = LEN as f64 / 40.0;
            let statistic: f64 = counts.iter().map(|count| (count - expected).powi(2) / expected).sum();
            // 39 degrees of freedom: exceeded once in a million draws of a seed.
            assert!(statistic < 99.0, "{statistic}");
        }
    }

    #[test]
    fn normal_numbers_have_the_moments_and_tails_asked_for() {
        for (noise, mean, deviation) in
            [(Noise::Product { deviation: 0.5 }, 1.0, 0.5), (Noise::Sum { deviation: 2.0 }, 0.0, 2.0)]
        {
            let values: Vec<f64> = mask(noise, &stream(7, 0), LEN)
                .into_iter()
                .map(|value| (f64::from(value) - mean) / deviation)
                .collect();
            let moment = |power: i32| values.iter().map(|value| value.powi(power)).sum::<f64>() / LEN as f64;
            // Five standard deviations of each estimate: the variances of x, x^2, x^3, x^4 are 1, 2, 15, 96.
            for (power, expected, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0_f64)] {
                let bound = 5.0 * (variance / LEN as f64).sqrt();
                assert!((moment(power) - expected).abs() < bound, "{noise:?}: {power}, {}", moment(power));
            }
            let far = values.iter().filter(|value| value.abs() > 4.0).count() as f64;
            let expected = 6.334e-5 * LEN as f64;
            assert!((far - expected).abs() < 5.0 * expected.sqrt() + 1.0, "{far} beyond 4");
            // The two numbers of a pair are not correlated.
            let pairs = values.chunks_exact(NORMALS).flat_map(|group| group[..64].iter().zip(&group[64..]));
            let products: f64 = pairs.map(|(x, y)| x * y).sum();
            assert!(products.abs() < 5.0 * (LEN as f64 / 2.0).sqrt(), "{products}");
        }
    }

    #[test]
    fn a_mask_depends_on_key_layer_and_element_only() {
        let rate = Rate::new(0.4).expect("something drops");
        for noise in [
            Noise::Sum { deviation: 1.0 },
            Noise::Product { deviation: 1.0 },
            Noise::Alpha { rate, kept: 0.1, dropped: -1.0 },
            Noise::Channels { rate, channels: 3, run: 2, times: 5 },
        ] {
            let long = mask(noise, &stream(1, 0), 900);
            assert_eq!(mask(noise, &stream(1, 0), 300), long[..300]);
            assert_ne!(mask(noise, &stream(1, 1), 900), long);
            assert_ne!(mask(noise, &stream(2, 0), 900), long);
            if matches!(noise, Noise::Channels { .. }) {
                continue;
            }
            let all = lengths().chain(lengths().map(|rest| NORMALS - 1 + rest));
            for len in all.filter(|len| !cfg!(miri) || [7, NORMALS + 3].contains(len)) {
                assert!(same_on_each(|| mask(noise, &stream(1, 0), len)) == long[..len], "{noise:?} {len}");
            }
        }
    }

    #[test]
    fn values_of_any_number_have_their_own_noise() {
        let rate = Rate::new(0.4).expect("something drops");
        let (kept, dropped) = (0.1, -1.0);
        for len in lengths() {
            let mask = mask(Noise::Alpha { rate, kept, dropped }, &stream(1, 0), len);
            let x: Vec<f32> = (0..len).map(|at| at as f32 - 7.3).collect();
            let of = |noise: Noise, each: &dyn Fn(f32, f32) -> f32| {
                let wanted: Vec<f32> = x.iter().zip(&mask).map(|(x, factor)| each(*x, *factor)).collect();
                let found = same_on_each(|| {
                    let mut y = vec![f32::NAN; len];
                    noise.apply(&x, &mask, &mut y);
                    y
                });
                assert_eq!(found, wanted, "{noise:?} {len}");
            };
            let alpha = |x: f32, factor: f32| x * factor + if factor > 0.0 { kept } else { dropped };
            of(Noise::Alpha { rate, kept, dropped }, &alpha);
            of(Noise::Product { deviation: 1.0 }, &|x, factor| x * factor);
            of(Noise::Sum { deviation: 1.0 }, &|x, summand| x + summand);
        }
    }

    #[test]
    fn a_channel_stays_or_drops_as_a_whole() {
        let rate = Rate::new(0.5).expect("something drops");
        let mut draws = vec![0.0; 7 * 3];
        fill(&mut draws, &stream(4, 1), rate);
        for [channels, run, times] in [[3, 4, 1], [3, 1, 5], [3, 2, 2], [3, 1, 1]] {
            let width = channels * run * times;
            let mask = mask(Noise::Channels { rate, channels, run, times }, &stream(4, 1), 7 * width);
            for (at, factor) in mask.iter().enumerate() {
                let (row, value) = (at / width, at % width);
                assert_eq!(*factor, draws[row * channels + value / run % channels], "{channels} {run} {times} {at}");
            }
        }
    }

    // Frozen: a change here changes every result that was ever computed with a seed.
    #[test]
    fn draws_are_frozen() {
        let draws = same_on_each(|| {
            mask(Noise::Sum { deviation: 1.0 }, &stream(42, 0), 300).into_iter().map(f32::to_bits).collect::<Vec<_>>()
        });
        assert_eq!(draws[..4], FROZEN);
    }
    const FROZEN: [u32; 4] = [3_204_888_014, 3_203_902_406, 1_064_696_953, 1_060_472_212];
}
