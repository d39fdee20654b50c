//! The points of a scrambled Sobol sequence.

use sobol_burley::{NUM_DIMENSIONS, sample};

/// The points of one sequence. Later ones are of a sequence with another scramble.
const LENGTH: u64 = 1 << 16;

/// The point of that number in a scrambled sequence, of so many coordinates in [0, 1)
/// ([Owen 1998](https://doi.org/10.1145/272991.273010), [Burley 2020](https://www.jcgt.org/published/0009/04/01/)). `seed` gives
/// the scramble of each sequence, and in it of each set of dimensions, since the sequence has no more of them.
pub fn point(number: u64, dimensions: usize, seed: &dyn Fn(u32, u32) -> u32) -> Vec<f64> {
    let sets = dimensions.div_ceil(NUM_DIMENSIONS as usize) as u32;
    let seeds: Vec<u32> = (0..sets).map(|set| seed((number / LENGTH) as u32, set)).collect();
    let coordinate = |axis: u32| {
        let seed = seeds[(axis / NUM_DIMENSIONS) as usize];
        f64::from(sample((number % LENGTH) as u32, axis % NUM_DIMENSIONS, seed))
    };
    (0..dimensions as u32).map(coordinate).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// The first 2^k points have one in each of 2^k parts of every axis, and of two axes together each box of that volume
    /// (for the first two, which are a net without a gap).
    #[test]
    fn points_fill_every_axis_evenly() {
        for seed in 0..5 {
            let seed = move |sequence: u32, set: u32| (7919 * seed + 31 * sequence + set).wrapping_mul(0x9e37_79b9);
            let point = |number: u64, dimensions: usize| point(number, dimensions, &seed);
            for k in 0..=10_u32 {
                let count = 1_usize << k;
                let points: Vec<Vec<f64>> = (0..count as u64).map(|number| point(number, 20)).collect();
                #[expect(clippy::cast_sign_loss, reason = "coordinates are positive")]
                let part = |at: f64, parts: usize| (at * parts as f64) as usize;
                for axis in 0..20 {
                    let parts: HashSet<usize> = points.iter().map(|point| part(point[axis], count)).collect();
                    assert_eq!(parts.len(), count, "axis {axis} of {count} points");
                }
                for of_first in 0..=k {
                    let (a, b) = (1 << of_first, 1 << (k - of_first));
                    let boxes: HashSet<_> = points.iter().map(|it| (part(it[0], a), part(it[1], b))).collect();
                    assert_eq!(boxes.len(), count, "{a} x {b} boxes");
                }
            }
            assert_eq!(point(7, 300)[..20], point(7, 20));
            assert!(point(LENGTH + 7, 300).iter().all(|at| (0.0..1.0).contains(at)));
        }
    }
}
