//! The promotions of a rung that waits for nobody.

use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashSet},
};

use crate::metric::Direction;

/// The candidates that are among the best `1 / factor` of the first `m` of a rung for some `m`.
#[derive(Default)]
pub(in crate::strategy) struct Promotions {
    best: BTreeSet<Place>,
    others: BTreeSet<Place>,
    promoted: HashSet<u64>,
}

impl Promotions {
    /// Adds the next candidate of the rung, with so many before it. Returns those that are promoted by that.
    pub(in crate::strategy) fn add(&mut self, place: Place, before: usize, factor: usize) -> Vec<u64> {
        // The worst of the best makes room for a better one.
        self.best.insert(place);
        if self.best.len() > before / factor {
            self.others.extend(self.best.pop_last());
        }
        if self.best.len() < (before + 1) / factor {
            self.best.extend(self.others.pop_first());
        }
        let entered = [self.best.last().copied(), self.best.get(&place).copied()];
        let entered = entered.into_iter().flatten().filter(|place| !place.score.is_nan()).map(|place| place.number);
        entered.filter(|number| self.promoted.insert(*number)).collect()
    }
}

/// A candidate's place in a rung, the best first.
#[derive(Debug, Clone, Copy)]
pub(in crate::strategy) struct Place {
    pub(in crate::strategy) score: f64,
    pub(in crate::strategy) number: u64,
    pub(in crate::strategy) direction: Direction,
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_score = self.direction.compare(self.score, other.score);
        self.score.is_nan().cmp(&other.score.is_nan()).then(by_score).then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Place {}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the definition: for each prefix, whoever is among its best.
    #[test]
    fn whoever_was_among_the_best_of_a_prefix_is_promoted() {
        let mut random = 1_u32;
        for case in 0..200_u64 {
            let count = case % 30;
            let mut rung = Vec::new();
            for number in 0..count {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let score = if random >> 28 == 0 { f64::NAN } else { f64::from(random >> 29) };
                rung.push((score, number));
            }
            for (factor, direction) in [(2, Direction::Maximize), (3, Direction::Minimize), (4, Direction::Maximize)] {
                let mut expected: Vec<u64> = Vec::new();
                for m in 1..=rung.len() {
                    let mut prefix = rung[..m].to_vec();
                    prefix.retain(|(score, _)| !score.is_nan());
                    prefix.sort_by(|a, b| direction.compare(a.0, b.0).then(a.1.cmp(&b.1)));
                    prefix.truncate(m / factor);
                    let new: Vec<u64> =
                        prefix.iter().map(|it| it.1).filter(|number| !expected.contains(number)).collect();
                    expected.extend(new);
                }
                let mut promotions = Promotions::default();
                let add = |(before, &(score, number)): (usize, &(f64, u64))| {
                    promotions.add(Place { score, number, direction }, before, factor)
                };
                let mut is: Vec<u64> = rung.iter().enumerate().flat_map(add).collect();
                is.sort_unstable();
                expected.sort_unstable();
                assert_eq!(is, expected);
            }
        }
    }
}
