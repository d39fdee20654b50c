//! The points of a scrambled Sobol sequence.

use sobol_burley::{NUM_DIMENSION_SETS_4D, NUM_DIMENSIONS, sample_4d};

use crate::Dimension;

/// The points of one sequence. Later ones are of a sequence with another scramble.
const LENGTH: u64 = 1 << 16;

/// The point of that number in a scrambled sequence, of so many coordinates in [0, 1) ([Owen
/// 1998](https://doi.org/10.1145/272991.273010), [Burley 2020](https://www.jcgt.org/published/0009/04/01/)). `seed`
/// gives the scramble of each sequence, and in it of each set of dimensions, since the sequence has no more of them.
pub fn point(number: u64, dimensions: usize, seed: &dyn Fn(u32, u32) -> u32) -> Vec<f64> {
    shares(number, dimensions, &seeds((number / LENGTH) as u32, dimensions, seed))
}

/// The first points of such a sequence, no more than it has, each at the coordinates of the values whose cells it is
/// in.
pub fn first_points(count: u64, dimensions: &[Dimension], seed: &dyn Fn(u32, u32) -> u32) -> Vec<Vec<f64>> {
    let seeds = seeds(0, dimensions.len(), seed);
    let point = |number| {
        let mut point = shares(number, dimensions.len(), &seeds);
        point.iter_mut().zip(dimensions).for_each(|(at, axis)| *at = axis.snap(axis.at_share(*at)));
        point
    };
    (0..count.min(LENGTH)).map(point).collect()
}

/// The scrambles of a sequence, one for each set of dimensions.
fn seeds(sequence: u32, dimensions: usize, seed: &dyn Fn(u32, u32) -> u32) -> Vec<u32> {
    let sets = dimensions.div_ceil(NUM_DIMENSIONS as usize) as u32;
    (0..sets).map(|set| seed(sequence, set)).collect()
}

/// The coordinates of a point: four at once, which are the same as one by one.
fn shares(number: u64, dimensions: usize, seeds: &[u32]) -> Vec<f64> {
    let mut point = Vec::with_capacity(dimensions.next_multiple_of(4));
    for four in 0..dimensions.div_ceil(4) as u32 {
        let seed = seeds[(four / NUM_DIMENSION_SETS_4D) as usize];
        let shares = sample_4d((number % LENGTH) as u32, four % NUM_DIMENSION_SETS_4D, seed);
        point.extend(shares.map(f64::from));
    }
    point.truncate(dimensions);
    point
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use sobol_burley::sample;

    use super::*;

    /// The first 2^k points have one in each of 2^k parts of every axis, and of two axes together each box of that
    /// volume (for the first two, which are a net without a gap).
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

    #[test]
    fn points_are_snapped_to_values() {
        let seed = |sequence: u32, set: u32| 31 * sequence + set + 5;
        let axes = [
            Dimension::Whole { low: 1.0, high: 4.0, log: false },
            Dimension::Choices(3),
            Dimension::steps(&[4.0, 1.0]),
            Dimension::Real { low: 1e-3, high: 1e-1, log: true, singles: None },
        ];
        for (number, found) in (0..).zip(first_points(64, &axes, &seed)) {
            let shares = point(number, 4, &seed);
            let wanted =
                axes.iter().zip(&shares).map(|(axis, share)| axis.coordinate(axis.place(axis.at_share(*share))));
            assert_eq!(found[..3].iter().copied().map(Some).collect::<Vec<_>>(), wanted.take(3).collect::<Vec<_>>());
            // A range has every number.
            assert_eq!(found[3], shares[3]);
        }
    }

    #[test]
    fn four_coordinates_at_once_are_those_of_each() {
        let seed = |sequence: u32, set: u32| 31 * sequence + set + 5;
        for number in [0, 1, 77, LENGTH - 1, LENGTH + 3] {
            for (axis, at) in (0_u32..).zip(point(number, 300, &seed)) {
                let seed = seed((number / LENGTH) as u32, axis / NUM_DIMENSIONS);
                assert_eq!(at, f64::from(sample((number % LENGTH) as u32, axis % NUM_DIMENSIONS, seed)));
            }
        }
    }
}
