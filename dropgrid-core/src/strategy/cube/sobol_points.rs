//! Candidates at the points of a scrambled Sobol sequence.

use std::collections::HashSet;

use sobol_burley::{NUM_DIMENSIONS, sample};

use super::{Cube, Point};
use crate::{
    seed::Key,
    space::{Enumeration, Space, sample as sample_space},
    strategy::permutation::Permutation,
};

/// The points of one sequence. Later ones are of a sequence with another scramble.
const LENGTH: u64 = 1 << 16;

/// Points in a row without a new candidate after which a finite space is listed.
const MISSES: u32 = 256;

/// The most combinations of values that are walked for those without a candidate yet.
const MOST_CELLS: u64 = 1 << 20;

/// A sequence of points, scrambled by a key ([Owen 1998](https://doi.org/10.1145/272991.273010),
/// [Burley 2020](https://www.jcgt.org/published/0009/04/01/)).
#[derive(Debug, Clone, Copy)]
pub(in crate::strategy) struct Scramble(pub(in crate::strategy) Key);

impl Scramble {
    /// The point of that number, of so many coordinates in [0, 1).
    pub(in crate::strategy) fn point(self, number: u64, dimensions: usize) -> Vec<f64> {
        // Each set of dimensions has a scramble of its own, since the sequence has no more of them.
        let sets = dimensions.div_ceil(NUM_DIMENSIONS as usize) as u32;
        let seed = |set: u32| self.0.epoch((number / LENGTH) as u32).batch(set).value() as u32;
        let seeds: Vec<u32> = (0..sets).map(seed).collect();
        let coordinate = |axis: u32| {
            let seed = seeds[(axis / NUM_DIMENSIONS) as usize];
            f64::from(sample((number % LENGTH) as u32, axis % NUM_DIMENSIONS, seed))
        };
        (0..dimensions as u32).map(coordinate).collect()
    }
}

/// Distinct candidates, those of the Sobol points first. A finite space is gone through to its last candidate.
#[derive(Debug)]
pub(in crate::strategy) struct Draws<'a, S: Space> {
    cube: &'a Cube<'a, S>,
    key: Key,
    next: u64,
    misses: u32,
    /// The identities of candidates that are not drawn again.
    seen: HashSet<Vec<u64>>,
    rest: Option<Rest<'a, S>>,
}

/// No place is left.
struct Exhausted;

/// The candidates of a space in a random order.
#[derive(Debug)]
enum Rest<'a, S: Space> {
    /// By their numbers.
    Listed(Enumeration<'a, S>, Permutation),
    /// By the numbers of all combinations of values.
    Cells(Permutation),
    /// By random draws, of a space that cannot be listed.
    Random,
}

impl<'a, S: Space> Draws<'a, S> {
    /// The candidates of a key, without those that are `seen`.
    pub(in crate::strategy) fn new(cube: &'a Cube<'a, S>, key: Key, seen: HashSet<Vec<u64>>) -> Self {
        Self { cube, key, next: 0, misses: 0, seen, rest: None }
    }

    /// The candidate of a number, where it can be told without those before it.
    pub(in crate::strategy) fn nth_of(cube: &Cube<'_, S>, key: Key, number: u64) -> Option<S::Params> {
        cube.is_boundless().then(|| sobol_candidate(cube, key, number)).flatten().map(|(params, _)| params)
    }

    /// The key of the order beyond the Sobol points.
    fn rest_key(&self) -> Key {
        self.key.batch(u32::MAX)
    }

    /// The candidates of the space in a random order.
    fn rest(&self) -> Rest<'a, S> {
        let key = self.rest_key();
        let listed = Enumeration::new(self.cube.space);
        match (self.cube.is_listed().then(|| listed.len().ok()).flatten(), self.cube.cells()) {
            (Some(len), _) => Rest::Listed(listed, Permutation::new(len as u64, key)),
            (None, Some(cells)) if cells <= MOST_CELLS => Rest::Cells(Permutation::new(cells, key)),
            _ => Rest::Random,
        }
    }

    /// The candidate at the next place of the rest, seen or not; `None` where a rule forbids that place.
    fn next_of_rest(&mut self) -> Result<Option<(S::Params, Point)>, Exhausted> {
        let number = self.next;
        self.next += 1;
        let cube = self.cube;
        let with_point = |params: S::Params| cube.point(&params).map(|point| (params, point));
        match self.rest.as_ref().ok_or(Exhausted)? {
            Rest::Listed(listed, order) => {
                let at = (number < order.len()).then(|| order.at(number)).ok_or(Exhausted)?;
                Ok(listed.nth(at as usize).and_then(with_point))
            }
            Rest::Cells(order) => {
                let mut cell = (number < order.len()).then(|| order.at(number)).ok_or(Exhausted)?;
                let coordinate = |axis: &super::Dimension| {
                    let count = axis.count().unwrap_or(1).max(1);
                    let at = axis.middle(cell % count);
                    cell /= count;
                    at
                };
                let coordinates: Vec<f64> = cube.dimensions.iter().map(coordinate).collect();
                Ok(cube.candidate(&coordinates))
            }
            Rest::Random if self.misses > 4 * MISSES => Err(Exhausted),
            Rest::Random => {
                sample_space(cube.space, self.rest_key().candidate(number)).map(with_point).map_err(|_| Exhausted)
            }
        }
    }
}

impl<S: Space> Iterator for Draws<'_, S> {
    type Item = (S::Params, Point);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let candidate = if self.rest.is_some() {
                self.next_of_rest().ok()?
            } else if self.misses < MISSES {
                self.next += 1;
                sobol_candidate(self.cube, self.key, self.next - 1)
            } else {
                (self.next, self.misses) = (0, 0);
                self.rest = Some(self.rest());
                continue;
            };
            match candidate {
                Some((params, point)) if self.seen.insert(point.identity()) => {
                    self.misses = 0;
                    return Some((params, point));
                }
                _ => self.misses += 1,
            }
        }
    }
}

/// The candidate at a Sobol point.
fn sobol_candidate<S: Space>(cube: &Cube<'_, S>, key: Key, number: u64) -> Option<(S::Params, Point)> {
    let shares = Scramble(key).point(number, cube.dimensions.len());
    let coordinates: Vec<f64> = cube.dimensions.iter().zip(shares).map(|(axis, at)| axis.at_share(at)).collect();
    cube.candidate(&coordinates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, Seed};

    /// The first 2^k points have one in each of 2^k parts of every axis, and of two axes together each box of that volume
    /// (for the first two, which are a net without a gap).
    #[test]
    fn points_fill_every_axis_evenly() {
        for seed in 0..5 {
            let scramble = Scramble(Seed(seed).key(Purpose::Proposal));
            for k in 0..=10_u32 {
                let count = 1_usize << k;
                let points: Vec<Vec<f64>> = (0..count as u64).map(|number| scramble.point(number, 20)).collect();
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
            assert_eq!(scramble.point(7, 300)[..20], scramble.point(7, 20));
            assert!(scramble.point(LENGTH + 7, 300).iter().all(|at| (0.0..1.0).contains(at)));
        }
    }
}
