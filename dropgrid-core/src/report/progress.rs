//! The progress bar on a terminal's stderr.

use std::collections::HashMap;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{MetricInfo, results::mean_and_std};
use crate::{escape::escaped, record::Record};

/// Fits done, time left, and the best mean among the candidates that have all their folds.
///
/// Where stderr is no terminal, nothing is drawn.
pub(crate) struct Progress {
    bar: ProgressBar,
    metric: MetricInfo,
    weights: Vec<f64>,
    open: HashMap<u64, Vec<Option<f64>>>,
    best: Option<f64>,
    failed: usize,
    /// Fits that other processes have, where this one waits for them, and how many processes.
    waiting: (usize, usize),
}

impl Progress {
    pub(crate) fn new(shown: bool, fits: Option<usize>, metric: MetricInfo, weights: Vec<f64>) -> Self {
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(fits.map(|fits| fits as u64), target);
        let template = "{bar:24} {pos}/{len} fits, {eta} left{msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        bar.enable_steady_tick(std::time::Duration::from_millis(200));
        let metric = MetricInfo { name: escaped(&metric.name).into_owned(), ..metric };
        Self { bar, metric, weights, open: HashMap::new(), best: None, failed: 0, waiting: (0, 0) }
    }

    /// One more fit is done.
    pub(crate) fn done(&mut self, record: &Record) {
        let folds = self.weights.len();
        let scores = self.open.entry(record.candidate).or_default();
        scores.resize(folds, None);
        self.failed += usize::from(record.outcome.is_err());
        scores[record.fold as usize] = Some(record.outcome.as_ref().map_or(f64::NAN, |scores| scores[0]));
        if let Some(scores) = scores.iter().copied().collect::<Option<Vec<f64>>>() {
            self.open.remove(&record.candidate);
            let (mean, _) = mean_and_std(&scores, &self.weights);
            let better = |best| self.metric.direction.compare(mean, best).is_lt();
            if !mean.is_nan() && self.best.is_none_or(better) {
                self.best = Some(mean);
            }
        }
        self.tell();
        self.bar.inc(1);
    }

    /// Nothing is left but what other processes run: so many fits of so many processes; none where there is more to do.
    pub(crate) fn waiting(&mut self, waiting: (usize, usize)) {
        if self.waiting != waiting {
            self.waiting = waiting;
            self.tell();
        }
    }

    fn tell(&self) {
        let best = self.best.map(|best| format!(", best {} {best:.4}", self.metric.name)).unwrap_or_default();
        let failed = if self.failed > 0 { format!(", {} failed", self.failed) } else { String::new() };
        let waiting = match self.waiting {
            (0, _) => String::new(),
            (fits, 1) => format!(", waiting for {fits} of another process"),
            (fits, processes) => format!(", waiting for {fits} of {processes} other processes"),
        };
        self.bar.set_message(best + &failed + &waiting);
    }

    /// The search is over: the bar goes.
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
        let mut progress = Progress::new(false, Some(8), metric, vec![1.0]);
        progress.waiting((2, 1));
        assert_eq!(progress.bar.message(), ", waiting for 2 of another process");
        progress.waiting((5, 3));
        assert_eq!(progress.bar.message(), ", waiting for 5 of 3 other processes");
        progress.waiting((0, 0));
        assert_eq!(progress.bar.message(), "");
    }
}
