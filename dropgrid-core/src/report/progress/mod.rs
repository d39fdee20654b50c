//! The progress of a search on stderr: a bar on a terminal, lines in a log.

mod log;

use std::{
    collections::HashMap,
    io::{self, IsTerminal},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use log::{Log, State};

use crate::{
    escape::escaped,
    record::{MetricInfo, Record},
    report::average::mean_and_std,
};

/// Fits done, time left, and the best mean among the candidates that have all their folds.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// Lines in place of the bar, where stderr is no terminal.
    log: Option<Log>,
    metric: MetricInfo,
    weights: Vec<f64>,
    open: HashMap<u64, Vec<Option<f64>>>,
    state: State,
}

impl Progress {
    /// Progress over `fits` fits, where their number is known, on as many folds as there are `weights`. It is silent unless
    /// `shown`. A search on an `outer` fold says so.
    pub(crate) fn new(
        shown: bool,
        fits: Option<usize>,
        metric: MetricInfo,
        weights: Vec<f64>,
        outer: Option<u32>,
    ) -> Self {
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
        let log = is_log.then(|| Log::start(io::stderr(), fits, &metric.name, weights.len(), outer)).flatten();
        Self { bar, log, metric, weights, open: HashMap::new(), state: State::default() }
    }

    /// Counts a finished fit.
    pub(crate) fn done(&mut self, record: &Record) {
        let folds = self.weights.len();
        let scores = self.open.entry(record.candidate).or_default();
        scores.resize(folds, None);
        self.state.done += 1;
        self.state.failed += usize::from(record.outcome.is_err());
        scores[record.fold as usize] = Some(record.outcome.as_ref().map_or(f64::NAN, |scores| scores[0]));
        if let Some(scores) = scores.iter().copied().collect::<Option<Vec<f64>>>() {
            self.open.remove(&record.candidate);
            let (mean, _) = mean_and_std(&scores, &self.weights);
            let better = |best| self.metric.direction.compare(mean, best).is_lt();
            if !mean.is_nan() && self.state.best.is_none_or(better) {
                self.state.best = Some(mean);
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
        let mut progress = Progress::new(false, Some(8), metric, vec![1.0], None);
        progress.waiting((2, 1));
        assert_eq!(progress.bar.message(), ", waiting for 2 of another process");
        progress.waiting((5, 3));
        assert_eq!(progress.bar.message(), ", waiting for 5 of 3 other processes");
        progress.waiting((0, 0));
        assert_eq!(progress.bar.message(), "");
    }
}
