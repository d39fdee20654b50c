//! The numbers of a search as its fits finish.

use std::{
    cmp::Ordering,
    time::{Duration, Instant},
};

use super::{
    pace::{self, Pace},
    state::{BestSoFar, SearchProgress},
};
use crate::{escape::escaped, metric::Direction, record::Budget};

/// A finished fit.
pub(crate) struct FinishedFit<'a> {
    pub(crate) candidate: u64,
    pub(crate) failed: bool,
    pub(crate) budget: Budget,
    /// The mean score of its candidate at the budget, where every fold has its record.
    pub(crate) score: Option<f64>,
    pub(crate) time: Duration,
    /// The candidate as JSON.
    pub(crate) params: &'a str,
}

/// The numbers of a search, and the best score of a whole training, or of the largest part of one while there is no
/// whole one.
///
/// A fit adds to sums and compares a score. What costs more, as texts and the time left, waits until somebody looks.
pub(super) struct Tally {
    state: SearchProgress,
    pace: Pace,
    direction: Direction,
    start: Instant,
}

impl Tally {
    pub(super) fn new(planned: Option<usize>, pace: Pace, direction: Direction) -> Self {
        let state = SearchProgress { planned, ..SearchProgress::default() };
        Self { state, pace, direction, start: Instant::now() }
    }

    /// Adds a fit. Where it was the last one of its candidate at its budget, the candidate has a score.
    pub(super) fn add(&mut self, fit: &FinishedFit<'_>) {
        let state = &mut self.state;
        state.done += 1;
        state.failed += usize::from(fit.failed);
        *state.by_budget.entry(fit.budget).or_default() += 1;
        self.pace.add(fit.candidate, fit.params, fit.time.as_secs_f64());
        let Some(score) = fit.score.filter(|score| !score.is_nan()) else { return };
        // Scores of different parts of a training do not compare: the larger part counts.
        let is_better = state.best.as_ref().is_none_or(|best| match fit.budget.cmp(&best.budget) {
            Ordering::Equal => self.direction.compare(score, best.score).is_lt(),
            order => order.is_gt(),
        });
        if is_better {
            let params = escaped(&pace::words(fit.params)).into_owned();
            state.best = Some(BestSoFar { budget: fit.budget, score, params });
        }
    }

    /// Counts so many of the finished fits as those of an earlier search, which took no time of this one.
    pub(super) fn known(&mut self, fits: usize) {
        self.state.known += fits;
    }

    /// Sets the number of fits that this process waits for, and that of the processes that run them; false where they
    /// were so.
    pub(super) fn wait(&mut self, waiting: (usize, usize)) -> bool {
        std::mem::replace(&mut self.state.waiting, waiting) != waiting
    }

    /// The progress by now.
    pub(super) fn state(&mut self) -> &SearchProgress {
        let state = &mut self.state;
        state.seconds_left = state.planned.and_then(|planned| self.pace.left(planned));
        let fresh = state.done.saturating_sub(state.known);
        state.rate = fresh as f64 / self.start.elapsed().as_secs_f64().max(1e-3);
        state
    }
}

#[cfg(test)]
mod tests {
    use super::{super::bar::text, *};

    fn tally(direction: Direction, planned: Option<usize>) -> Tally {
        Tally::new(planned, Pace::new(vec!["width".to_owned()], 2, 1), direction)
    }

    fn fit(budget: Budget, score: Option<f64>) -> FinishedFit<'static> {
        let params = "{\"width\":8,\"lr\":0.5}";
        FinishedFit { candidate: 3, failed: false, budget, score, time: Duration::from_secs(2), params }
    }

    #[test]
    fn it_says_what_it_waits_for() {
        let mut tally = tally(Direction::Maximize, Some(8));
        let mut said = |waiting| tally.wait(waiting).then(|| text(tally.state(), "score", 200).0);
        assert_eq!(said((2, 1)).as_deref(), Some(", waiting for 2 of another process"));
        assert_eq!(said((5, 3)).as_deref(), Some(", waiting for 5 of 3 other processes"));
        assert_eq!(said((5, 3)), None, "nothing new");
        assert_eq!(said((0, 0)).as_deref(), Some(""));
    }

    #[test]
    fn the_best_is_that_of_whole_trainings_and_until_then_of_the_largest_part() {
        for (direction, [worse, better]) in [(Direction::Maximize, [0.25, 0.5]), (Direction::Minimize, [0.5, 0.25])] {
            let mut tally = tally(direction, None);
            let budget = |epochs| Budget::epochs(epochs).expect("a budget");
            let mut said = |budget, score| {
                tally.add(&fit(budget, score));
                tally.state().best.as_ref().map(|best| (best.budget, best.score))
            };
            assert_eq!(said(budget(1), None), None, "a candidate without all folds has no score");
            assert_eq!(said(budget(1), Some(better)), Some((budget(1), better)));
            assert_eq!(said(budget(3), Some(worse)), Some((budget(3), worse)));
            assert_eq!(said(budget(1), Some(better)), Some((budget(3), worse)));
            let half = Budget::rows(0.5).expect("a budget");
            assert_eq!(said(half, Some(worse)), Some((half, worse)));
            assert_eq!(said(Budget::Full, Some(worse)), Some((Budget::Full, worse)));
            assert_eq!(said(half, Some(better)), Some((Budget::Full, worse)));
            assert_eq!(said(Budget::Full, Some(f64::NAN)), Some((Budget::Full, worse)));
            assert_eq!(said(Budget::Full, Some(better)), Some((Budget::Full, better)));
            let words = tally.state().words("score");
            assert!(words.starts_with(&format!(", best score {better:.4} (lr 0.5, width 8), ")), "{words}");
            let rungs = "3 fits of 1 epoch, 1 fit of 3 epochs, 2 fits on 0.5 of the rows, 3 fits of the whole training";
            assert!(words.ends_with(rungs), "{words}");
            let (_, below) = text(tally.state(), "score", 200);
            assert_eq!(below, [format!("best score {better:.4} (lr 0.5, width 8)"), rungs.to_owned()]);
        }
    }

    #[test]
    fn the_bar_says_how_long_and_what_failed() {
        let mut tally = tally(Direction::Maximize, Some(8));
        tally.add(&fit(Budget::Full, None));
        tally.known(1);
        tally.add(&FinishedFit { failed: true, ..fit(Budget::Full, Some(0.5)) });
        // Six more of two seconds each.
        let (message, below) = text(tally.state(), "score", 200);
        assert!(message.ends_with(", about 12 s left, 1 failed"), "{message}");
        assert_eq!(below, ["best score 0.5000 (lr 0.5, width 8)"]);
        // Where there is little room, the time left stays.
        assert_eq!(text(tally.state(), "score", 27).0, ", about 12 s left, 1 failed");
        assert_eq!(text(tally.state(), "score", 26).0, ", about 12 s left");
    }
}
