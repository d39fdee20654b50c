//! The candidates among which the winner of rungs is chosen.

use std::collections::HashSet;

/// The score of a candidate on a rung.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::strategy) struct RungScore {
    pub(in crate::strategy) number: u64,
    pub(in crate::strategy) score: f64,
    /// True where the rung below gave the candidate another budget: the whole training of few epochs is over early.
    pub(in crate::strategy) is_new: bool,
}

/// The candidates of the highest rung on which one has a finite score, ascending: all of one and the same budget, whose
/// scores may be compared. Whoever has no finite score further up is none of them, and whoever was eliminated only
/// where nobody else is left. `rungs` has the scores so far, the lowest rung first.
///
/// Where no score is finite, infinite ones count, and where there are none, the candidates without a score on the
/// highest rung.
pub(in crate::strategy) fn finalists(rungs: &[Vec<RungScore>], eliminated: &HashSet<u64>) -> Vec<u64> {
    let kinds = [f64::is_finite, |score: f64| !score.is_nan(), |_| true];
    kinds
        .into_iter()
        .map(|counts| best_trained(rungs, eliminated, counts))
        .find(|it| !it.is_empty())
        .unwrap_or_default()
}

/// The finalists by scores that count.
fn best_trained(rungs: &[Vec<RungScore>], eliminated: &HashSet<u64>, counts: fn(f64) -> bool) -> Vec<u64> {
    let mut gone_on: HashSet<u64> = HashSet::new();
    for (at, rung) in rungs.iter().enumerate().rev() {
        let is_reached = at == 0 || rung.iter().any(|it| it.is_new && counts(it.score));
        let able = rung.iter().filter(|it| counts(it.score) && !gone_on.contains(&it.number)).map(|it| it.number);
        let mut able: Vec<u64> = if is_reached { able.collect() } else { Vec::new() };
        if !able.is_empty() {
            if able.iter().any(|number| !eliminated.contains(number)) {
                able.retain(|number| !eliminated.contains(number));
            }
            able.sort_unstable();
            return able;
        }
        gone_on.extend(rung.iter().filter(|it| it.is_new).map(|it| it.number));
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rung(scores: &[(u64, f64)]) -> Vec<RungScore> {
        scores.iter().map(|&(number, score)| RungScore { number, score, is_new: true }).collect()
    }

    #[test]
    fn finalists_have_one_budget_and_a_score_there() {
        let none = HashSet::new();
        let first = rung(&[(0, 0.1), (1, 0.4), (2, 0.3), (3, f64::NAN)]);
        // A search that was stopped within the second rung.
        assert_eq!(finalists(&[first.clone(), rung(&[(1, 0.2)])], &none), [1]);
        // All that went on failed: they are not among those that are left.
        let failed = rung(&[(1, f64::NAN), (2, f64::NAN)]);
        assert_eq!(finalists(&[first.clone(), failed.clone()], &none), [0]);
        assert_eq!(finalists(&[first.clone(), failed, Vec::new()], &HashSet::from([0, 3])), [0]);
        // Whoever was eliminated does not compete with those that were not.
        assert_eq!(finalists(std::slice::from_ref(&first), &HashSet::from([0])), [1, 2]);
        // An infinite score is no reason to go up.
        assert_eq!(finalists(&[first, rung(&[(1, f64::INFINITY)])], &none), [0, 2]);
        assert_eq!(finalists(&[rung(&[(1, f64::INFINITY), (2, f64::NAN)])], &none), [1]);
        assert_eq!(finalists(&[rung(&[(1, f64::NAN), (2, f64::NAN)]), rung(&[(2, f64::NAN)])], &none), [2]);
        assert!(finalists(&[], &none).is_empty());
    }

    #[test]
    fn a_training_that_is_over_early_does_not_win_by_it() {
        let none = HashSet::new();
        let over = |number, score| RungScore { number, score, is_new: false };
        let first = rung(&[(0, 0.1), (1, 0.4)]);
        // The second rung has the score of the first one that was over, and no other yet.
        assert_eq!(finalists(&[first.clone(), vec![over(0, 0.1)]], &none), [0, 1]);
        let second = [vec![over(0, 0.1)], rung(&[(1, 0.5)])].concat();
        assert_eq!(finalists(&[first, second], &none), [0, 1]);
    }
}
