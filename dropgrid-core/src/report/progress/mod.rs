//! The progress of a search on stderr: a bar on a terminal, lines in a log.

mod log;

use std::{
    cmp::Ordering,
    io::{self, IsTerminal},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use log::{Log, State};

use crate::{
    escape::escaped,
    record::{Budget, MetricInfo},
};

/// Fits done, time left, and the best score of a whole training, or of the largest part of one while there is no whole one.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// Lines in place of the bar, where stderr is no terminal.
    log: Option<Log>,
    metric: MetricInfo,
    state: State,
}

impl Progress {
    /// Progress over `fits` fits, where their number is known, on so many `folds`. It is silent unless `shown`. A search on an
    /// `outer` fold says so.
    pub(crate) fn new(shown: bool, fits: Option<usize>, metric: MetricInfo, folds: u32, outer: Option<u32>) -> Self {
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(fits.map(|fits| fits as u64), target);
        let template = "{bar:24} {pos}/{len} fits, {eta} left{msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        let metric = MetricInfo { name: escaped(&metric.name).into_owned(), ..metric };
        let is_log = shown && !io::stderr().is_terminal();
        if !is_log {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        let log = is_log.then(|| Log::start(io::stderr(), fits, &metric.name, folds, outer)).flatten();
        Self { bar, log, metric, state: State::default() }
    }

    /// Counts a fit that has finished, at a budget. Where it was the last one of its candidate there, the candidate has a
    /// `score`.
    pub(crate) fn done(&mut self, failed: bool, budget: Budget, score: Option<f64>) {
        self.state.done += 1;
        self.state.failed += usize::from(failed);
        if let Some(score) = score.filter(|score| !score.is_nan()) {
            // Scores of different parts of a training do not compare: the larger part counts.
            let is_better = self.state.best.is_none_or(|(of, best)| match budget.cmp(&of) {
                Ordering::Equal => self.metric.direction.compare(score, best).is_lt(),
                order => order.is_gt(),
            });
            if is_better {
                self.state.best = Some((budget, score));
            }
        }
        self.tell();
        self.bar.inc(1);
    }

    /// Counts so many of the finished fits as those of an earlier search, which took no time of this one.
    pub(crate) fn known(&mut self, fits: usize) {
        if fits > 0 {
            self.state.known += fits;
            self.bar.reset_eta();
        }
    }

    /// Shows that only fits of other processes are left: so many fits, of so many processes. Zero fits: this process has more
    /// to do.
    pub(crate) fn waiting(&mut self, waiting: (usize, usize)) {
        if self.state.waiting != waiting {
            self.state.waiting = waiting;
            self.tell();
        }
    }

    fn tell(&self) {
        self.bar.set_message(self.state.words(&self.metric.name));
        if let Some(log) = &self.log {
            log.hear(self.state);
        }
    }

    /// Ends the progress: the bar goes, and no line follows.
    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Direction;

    #[test]
    fn it_says_what_it_waits_for() {
        let metric = MetricInfo { name: "accuracy".to_owned(), direction: Direction::Maximize };
        let mut progress = Progress::new(false, Some(8), metric, 1, None);
        progress.waiting((2, 1));
        assert_eq!(progress.bar.message(), ", waiting for 2 of another process");
        progress.waiting((5, 3));
        assert_eq!(progress.bar.message(), ", waiting for 5 of 3 other processes");
        progress.waiting((0, 0));
        assert_eq!(progress.bar.message(), "");
    }

    #[test]
    fn the_best_is_that_of_whole_trainings_and_until_then_of_the_largest_part() {
        for (direction, [worse, better]) in [(Direction::Maximize, [0.25, 0.5]), (Direction::Minimize, [0.5, 0.25])] {
            let metric = MetricInfo { name: "score".to_owned(), direction };
            let mut progress = Progress::new(false, None, metric, 2, None);
            let budget = |epochs| Budget::epochs(epochs).expect("a budget");
            let mut said = |budget, score| {
                progress.done(false, budget, score);
                progress.bar.message()
            };
            assert_eq!(said(budget(1), None), "", "a candidate without all folds has no score");
            assert_eq!(said(budget(1), Some(better)), format!(", best score {better:.4} after 1 epoch"));
            assert_eq!(said(budget(3), Some(worse)), format!(", best score {worse:.4} after 3 epochs"));
            assert_eq!(said(budget(1), Some(better)), format!(", best score {worse:.4} after 3 epochs"));
            let half = Budget::rows(0.5).expect("a budget");
            assert_eq!(said(half, Some(worse)), format!(", best score {worse:.4} on 0.5 of the rows"));
            assert_eq!(said(Budget::Full, Some(worse)), format!(", best score {worse:.4}"));
            assert_eq!(said(half, Some(better)), format!(", best score {worse:.4}"));
            assert_eq!(said(Budget::Full, Some(f64::NAN)), format!(", best score {worse:.4}"));
            assert_eq!(said(Budget::Full, Some(better)), format!(", best score {better:.4}"));
        }
    }
}
