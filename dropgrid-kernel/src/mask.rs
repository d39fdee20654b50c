//! Dropout masks from a counter-based generator.
//!
//! The generator is ChaCha8, as for every other draw of dropgrid, with eight blocks side by side in the lanes of
//! vectors. Its key is the `dropgrid_core::seed::Key` of the draw, its stream number the number of the layer, its
//! counter that of the element. So a mask can be drawn again, in parts and in any order, and is the same on every
//! processor.
//!
//! A draw has 16 bits, so a rate is a multiple of 2^-16 and at most 1 - 2^-16. Values that stay are scaled by the
//! rounded rate, so that the mean of a mask is 1.

#![allow(clippy::many_single_char_names, clippy::needless_range_loop, reason = "the generator in its paper's letters")]

use super::simd::multiversion;

/// Blocks of the generator that are computed side by side.
pub(super) const LANES: usize = 8;
/// Draws in one call of the generator: 8 blocks of 16 words, two draws a word.
const DRAWS: usize = LANES * 16 * 2;

/// Identifies a mask: the words of its key, and the number of the layer among those that draw.
#[derive(Debug, Clone, Copy)]
pub struct Stream {
    pub key: [u32; 8],
    pub layer: u32,
}

/// The number of different values of a draw.
const STEPS: u32 = 1 << 16;

/// The rate of a dropout, and the factor of the values that stay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// A value is dropped where its draw is below this number.
    threshold: u32,
    pub scale: f32,
}

impl Rate {
    /// The rate nearest to `p` in [0, 1); `None` where it is 0.
    pub fn new(p: f32) -> Option<Self> {
        #[allow(clippy::cast_sign_loss, reason = "a rate is not negative, and the cast saturates")]
        let threshold = ((f64::from(p) * f64::from(STEPS)).round() as u32).min(STEPS - 1);
        let scale = f64::from(STEPS) / f64::from(STEPS - threshold);
        (threshold > 0).then_some(Self { threshold, scale: scale as f32 })
    }

    /// The rate as a number, exactly, since it has 16 bits.
    pub fn share(self) -> f32 {
        self.threshold as f32 / STEPS as f32
    }

    /// The same rate, with another factor for the values that stay.
    pub fn scaled(self, scale: f32) -> Self {
        Self { scale, ..self }
    }
}

pub(super) type Words = [[u32; LANES]; 16];

/// A quarter round of ChaCha ([Bernstein 2008](https://cr.yp.to/chacha/chacha-20080128.pdf)), on each lane.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn quarter(s: &mut Words, a: usize, b: usize, c: usize, d: usize) {
    for (x, y, z, turn) in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)] {
        for lane in 0..LANES {
            s[x][lane] = s[x][lane].wrapping_add(s[y][lane]);
            s[z][lane] = (s[z][lane] ^ s[x][lane]).rotate_left(turn);
        }
    }
}

/// The words of blocks `8 group` to `8 group + 7`, one block a lane.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn words(stream: &Stream, group: u64) -> Words {
    let mut start = [[0; LANES]; 16];
    for (word, value) in [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574].into_iter().chain(stream.key).enumerate()
    {
        start[word] = [value; LANES];
    }
    for lane in 0..LANES {
        let block = group * LANES as u64 + lane as u64;
        start[12][lane] = block as u32;
        start[13][lane] = (block >> 32) as u32;
    }
    start[14] = [stream.layer; LANES];
    let mut s = start;
    for _ in 0..4 {
        quarter(&mut s, 0, 4, 8, 12);
        quarter(&mut s, 1, 5, 9, 13);
        quarter(&mut s, 2, 6, 10, 14);
        quarter(&mut s, 3, 7, 11, 15);
        quarter(&mut s, 0, 5, 10, 15);
        quarter(&mut s, 1, 6, 11, 12);
        quarter(&mut s, 2, 7, 8, 13);
        quarter(&mut s, 3, 4, 9, 14);
    }
    for word in 0..16 {
        for lane in 0..LANES {
            s[word][lane] = s[word][lane].wrapping_add(start[word][lane]);
        }
    }
    s
}

/// The factors of [`DRAWS`] values: the scale of the rate where a value stays, else 0.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn factors(stream: &Stream, group: u64, rate: Rate) -> [f32; DRAWS] {
    let words = words(stream, group);
    let mut factors = [0.0; DRAWS];
    for word in 0..16 {
        for lane in 0..LANES {
            let bits = words[word][lane];
            let at = word * LANES + lane;
            factors[at] = if bits & 0xffff >= rate.threshold { rate.scale } else { 0.0 };
            factors[at + DRAWS / 2] = if bits >> 16 >= rate.threshold { rate.scale } else { 0.0 };
        }
    }
    factors
}

multiversion! {
    /// Writes the mask of `stream`: the scale of the rate where a value stays, 0 where it is dropped.
    pub fn fill(mask: &mut [f32], stream: &Stream, rate: Rate) {
        for (group, part) in mask.chunks_mut(DRAWS).enumerate() {
            let factors = factors(stream, group as u64, rate);
            part.copy_from_slice(&factors[..part.len()]);
        }
    }
}

multiversion! {
    /// Multiplies values by the mask of `stream`.
    pub fn drop(values: &mut [f32], stream: &Stream, rate: Rate) {
        for (group, part) in values.chunks_mut(DRAWS).enumerate() {
            let factors = factors(stream, group as u64, rate);
            part.iter_mut().zip(&factors).for_each(|(value, factor)| *value *= factor);
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::Rng;
    use rand_chacha::ChaCha8Rng;

    use super::{
        super::simd::forced::{lengths, same_on_each},
        *,
    };
    use crate::seed::{Purpose, Seed};

    fn stream(seed: u64, layer: u32) -> Stream {
        Stream { key: Seed(seed).key(Purpose::Noise).words(), layer }
    }

    #[test]
    fn the_generator_is_chacha8() {
        let key = Seed(7).key(Purpose::Noise).fold(3).epoch(5).batch(9);
        let mut reference: ChaCha8Rng = key.rng();
        reference.set_stream(11);
        let stream = Stream { key: key.words(), layer: 11 };
        for group in 0..3 {
            let words = words(&stream, group);
            for lane in 0..LANES {
                for word in &words {
                    assert_eq!(word[lane], reference.next_u32());
                }
            }
        }
    }

    #[test]
    fn masks_have_the_stated_rate() {
        for p in [0.01_f32, 0.1, 0.25, 0.5, 0.9] {
            let len = if cfg!(miri) { 1000 } else { 1_000_000 };
            let mut mask = vec![f32::NAN; len];
            fill(&mut mask, &stream(1, 2), Rate::new(p).expect("something drops"));
            let dropped = mask.iter().filter(|factor| **factor == 0.0).count() as f64;
            let (len, p64) = (len as f64, f64::from(p));
            // Binomial: five standard deviations, and the rounding of the rate to 2^-16.
            let bound = 5.0 * (len * p64 * (1.0 - p64)).sqrt() + len / 131_072.0;
            assert!((dropped - len * p64).abs() < bound, "{p}: {dropped} of {len}");
            // Half a step of the rate, times the derivative 1 / (1 - p)^2 of the scale, and a rounding.
            let most = (1.0 / 131_072.0 / (1.0 - p).powi(2)) * 1.01 + 1e-6;
            assert!(mask.iter().all(|&factor| factor == 0.0 || (factor - 1.0 / (1.0 - p)).abs() < most));
        }
        assert_eq!(Rate::new(0.0), None);
    }

    // The mean over all values of a draw, which are equally likely.
    #[test]
    fn the_mean_of_a_mask_is_1_at_every_rate() {
        let below_1 = 1.0 - f32::EPSILON / 2.0;
        for p in [1e-5, 1e-3, 0.1, 0.2, 0.3, 0.5, 0.9, 0.999, 0.9999, 0.99999, below_1] {
            let rate = Rate::new(p).expect("something drops");
            let kept = f64::from(STEPS - rate.threshold);
            let mean = kept * f64::from(rate.scale) / f64::from(STEPS);
            // The scale is a number in single precision.
            assert!((mean - 1.0).abs() <= f64::from(f32::EPSILON), "{p}: {mean}");
            assert!((f64::from(rate.share()) - (1.0 - kept / f64::from(STEPS))).abs() == 0.0, "{p}");
            assert!((rate.share() - p).abs() <= 1.0 / 65536.0, "{p}: {}", rate.share());
        }
        assert_eq!(Rate::new(1e-6), None);
    }

    #[test]
    fn a_mask_depends_on_key_layer_and_element_only() {
        let rate = Rate::new(0.5).expect("something drops");
        let mask = |stream: &Stream, len: usize| {
            let mut mask = vec![0.0; len];
            fill(&mut mask, stream, rate);
            mask
        };
        let long = mask(&stream(1, 0), 1000);
        assert_eq!(mask(&stream(1, 0), 300), long[..300]);
        assert_ne!(mask(&stream(1, 1), 1000), long);
        assert_ne!(mask(&stream(2, 0), 1000), long);
        let dropped = same_on_each(|| {
            let mut values = vec![3.0; 1000];
            drop(&mut values, &stream(1, 0), rate);
            values
        });
        assert!(dropped.iter().zip(&long).all(|(value, factor)| *value == 3.0 * factor));
        // Every remainder of one call of the generator, at its beginning and its end.
        let all = lengths().chain(lengths().map(|rest| DRAWS - 1 + rest));
        for len in all.filter(|len| !cfg!(miri) || [7, DRAWS + 3].contains(len)) {
            let found = same_on_each(|| {
                let mut values = vec![1.0; len];
                drop(&mut values, &stream(1, 0), rate);
                [mask(&stream(1, 0), len), values]
            });
            assert!(found.iter().all(|found| *found == long[..len]), "{len}");
        }
    }

    // Frozen: a change here changes every result that was ever computed with a seed.
    #[test]
    fn draws_are_frozen() {
        let mask = same_on_each(|| {
            let mut mask = [0.0; 16];
            fill(&mut mask, &stream(42, 0), Rate::new(0.5).expect("something drops"));
            mask
        });
        assert_eq!(mask.map(|factor| u8::from(factor != 0.0)), FROZEN);
    }
    const FROZEN: [u8; 16] = [0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1];
}
