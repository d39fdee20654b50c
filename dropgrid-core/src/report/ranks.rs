//! The ranks of candidates.

use std::cmp::{Ordering, Reverse};

use super::CandidateScores;
use crate::{metric::Direction, record::Budget};

/// The class in which a candidate is ranked: finalists first, then by budget and folds, the most first, then by the
/// violation of constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RankClass {
    is_left_behind: bool,
    trained: Reverse<(Budget, usize)>,
    /// The bits of a number that is not negative are in its order.
    violation: u64,
}

impl RankClass {
    pub(super) fn of(candidate: &CandidateScores) -> Self {
        let trained = Reverse((candidate.budget, candidate.records.len()));
        Self { is_left_behind: !candidate.is_finalist, trained, violation: candidate.violation.to_bits() }
    }
}

/// Ranks from 1, best first: by class, then by mean. Ties share the smallest rank, NaN comes last in its class.
pub(super) fn ranks(classes: &[RankClass], means: &[f64], direction: Direction) -> Vec<usize> {
    let compare = |&(a, x): &(RankClass, f64), &(b, y): &(RankClass, f64)| {
        let by_mean = match (x.is_nan(), y.is_nan()) {
            (false, false) => direction.compare(x, y),
            (is_nan, other_is_nan) => is_nan.cmp(&other_is_nan),
        };
        a.cmp(&b).then(by_mean)
    };
    let keys: Vec<(RankClass, f64)> = classes.iter().copied().zip(means.iter().copied()).collect();
    let mut order = keys.clone();
    order.sort_by(compare);
    keys.iter().map(|key| 1 + order.partition_point(|other| compare(other, key) == Ordering::Less)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranks_of(means: &[f64], direction: Direction) -> Vec<usize> {
        let finalist = RankClass { is_left_behind: false, trained: Reverse((Budget::Full, 3)), violation: 0 };
        ranks(&vec![finalist; means.len()], means, direction)
    }

    #[test]
    fn ranks_as_scikit_learn_gives_them() {
        let means = [0.9, 0.9, f64::NAN, 0.8, 0.9, f64::NAN];
        assert_eq!(ranks_of(&means, Direction::Maximize), [1, 1, 5, 4, 1, 5]);
        assert_eq!(ranks_of(&means, Direction::Minimize), [2, 2, 5, 1, 2, 5]);
        assert_eq!(ranks_of(&[0.0, -0.0], Direction::Maximize), [1, 1]);
    }

    #[test]
    fn finalists_come_first_then_larger_budgets_and_more_folds() {
        let left = |epochs, folds| RankClass {
            is_left_behind: true,
            trained: Reverse((Budget::epochs(epochs).expect("a budget"), folds)),
            violation: 0,
        };
        let finalist = RankClass { is_left_behind: false, trained: Reverse((Budget::Full, 3)), violation: 0 };
        let classes = [left(2, 3), finalist, left(6, 3), left(6, 1), finalist, left(6, 3)];
        let means = [0.99, 0.5, 0.7, 0.9, f64::NAN, 0.8];
        assert_eq!(ranks(&classes, &means, Direction::Maximize), [6, 1, 4, 5, 2, 3]);
    }
}
