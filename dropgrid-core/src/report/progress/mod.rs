//! The progress of a search on stderr: a bar on a terminal, lines in a log; and for a function of the caller's own.

mod bar;
mod log;
mod pace;
mod state;

pub use state::{BestSoFar, SearchProgress};

use std::{
    cmp::Ordering,
    env, fmt,
    io::{self, IsTerminal},
    sync::Arc,
    time::{Duration, Instant},
};

use bar::Bar;
use log::Log;
use pace::Pace;

use crate::{
    escape::escaped,
    record::{Budget, MetricInfo},
};

/// A function that is told of the progress.
#[derive(Clone)]
pub(crate) struct ProgressHook(pub(crate) Arc<dyn Fn(&SearchProgress) + Send + Sync>);

impl fmt::Debug for ProgressHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProgressHook")
    }
}

/// The search whose progress is shown.
pub(crate) struct ProgressOf {
    /// True where it is shown on stderr.
    pub(crate) shown: bool,
    pub(crate) hook: Option<ProgressHook>,
    /// Number of fits, where it is known.
    pub(crate) fits: Option<usize>,
    pub(crate) metric: MetricInfo,
    pub(crate) folds: u32,
    /// The outer fold, where the search is nested.
    pub(crate) outer: Option<u32>,
    /// The hyperparameters whose values make an architecture, and the number of architectures.
    pub(crate) architectures: (Vec<&'static str>, usize),
    pub(crate) workers: usize,
}

/// A finished fit.
pub(crate) struct FinishedFit<'a> {
    pub(crate) failed: bool,
    pub(crate) budget: Budget,
    /// The mean score of its candidate at the budget, where every fold has its record.
    pub(crate) score: Option<f64>,
    pub(crate) time: Duration,
    /// The candidate as JSON.
    pub(crate) params: &'a str,
}

/// Fits done, their rate, the time left, and the best score of a whole training, or of the largest part of one while there is no
/// whole one.
pub(crate) struct Progress {
    bar: Bar,
    /// Lines in place of the bar, where stderr is no terminal.
    log: Option<Log>,
    hook: Option<ProgressHook>,
    metric: MetricInfo,
    state: SearchProgress,
    pace: Pace,
    start: Instant,
    /// The time of the bar's last text.
    told: Option<Instant>,
}

/// The least time from one text of the bar to the next.
const BLINK: Duration = Duration::from_millis(50);

/// True where a terminal does not obey a bar, or where its output becomes the log of a build: see
/// [`CI`](https://docs.github.com/en/actions/reference/workflows-and-actions/variables).
fn is_plain() -> bool {
    let is = |name: &str, holds: fn(&str) -> bool| env::var(name).is_ok_and(|value| holds(&value));
    is("TERM", |term| term == "dumb") || is("CI", |ci| !ci.is_empty() && ci != "false" && ci != "0")
}

impl Progress {
    /// Begins to show the progress of a search.
    pub(crate) fn new(of: ProgressOf) -> Self {
        let ProgressOf { shown, hook, fits, metric, folds, outer, architectures, workers } = of;
        let metric = MetricInfo { name: escaped(&metric.name).into_owned(), ..metric };
        let is_log = shown && !(Bar::CAN_BE_SHOWN && io::stderr().is_terminal() && !is_plain());
        let bar = Bar::new(shown && !is_log, fits);
        let log = is_log.then(|| Log::start(io::stderr(), fits, &metric.name, folds, outer)).flatten();
        let pace = Pace::new(architectures.0, architectures.1, workers);
        let state = SearchProgress { planned: fits, ..SearchProgress::default() };
        Self { bar, log, hook, metric, state, pace, start: Instant::now(), told: None }
    }

    /// Counts a fit that has finished. Where it was the last one of its candidate at its budget, the candidate has a score.
    pub(crate) fn done(&mut self, fit: &FinishedFit<'_>) {
        let state = &mut self.state;
        state.done += 1;
        state.failed += usize::from(fit.failed);
        *state.by_budget.entry(fit.budget).or_default() += 1;
        self.pace.add(fit.params, fit.time.as_secs_f64());
        if let Some(score) = fit.score.filter(|score| !score.is_nan()) {
            // Scores of different parts of a training do not compare: the larger part counts.
            let is_better = state.best.as_ref().is_none_or(|best| match fit.budget.cmp(&best.budget) {
                Ordering::Equal => self.metric.direction.compare(score, best.score).is_lt(),
                order => order.is_gt(),
            });
            if is_better {
                let params = escaped(&pace::words(fit.params)).into_owned();
                state.best = Some(BestSoFar { budget: fit.budget, score, params });
            }
        }
        state.seconds_left = state.planned.and_then(|planned| self.pace.left(planned));
        let fresh = state.done.saturating_sub(state.known);
        state.rate = fresh as f64 / self.start.elapsed().as_secs_f64().max(1e-3);
        self.tell();
        self.bar.inc();
    }

    /// Counts so many of the finished fits as those of an earlier search, which took no time of this one.
    pub(crate) fn known(&mut self, fits: usize) {
        self.state.known += fits;
    }

    /// Shows that only fits of other processes are left: so many fits, of so many processes. Zero fits: this process has more
    /// to do.
    pub(crate) fn waiting(&mut self, waiting: (usize, usize)) {
        if self.state.waiting != waiting {
            self.state.waiting = waiting;
            self.tell();
        }
    }

    fn tell(&mut self) {
        let state = &self.state;
        // Nobody reads a text that nobody is shown, or that is replaced at once; the tests do.
        let is_due = |told: Instant| self.state.waiting.0 > 0 || told.elapsed() >= BLINK;
        if (!self.bar.is_hidden() && self.told.is_none_or(is_due)) || cfg!(test) {
            let below = [state.best_words(&self.metric.name), state.rungs()];
            let below = below.into_iter().filter(|line| !line.is_empty()).collect();
            self.bar.set_text(state.speed() + &state.left() + &state.troubles(), below);
            self.told = Some(Instant::now());
        }
        if let Some(log) = &self.log {
            log.hear(state);
        }
        if let Some(ProgressHook(hook)) = &self.hook {
            hook(state);
        }
    }

    /// Ends the progress: the bar goes, and no line follows.
    pub(crate) fn finish(self) {
        self.bar.finish();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::metric::Direction;

    fn progress(direction: Direction, fits: Option<usize>, hook: Option<ProgressHook>) -> Progress {
        let metric = MetricInfo { name: "score".to_owned(), direction };
        let architectures = (vec!["width"], 2);
        Progress::new(ProgressOf { shown: false, hook, fits, metric, folds: 2, outer: None, architectures, workers: 1 })
    }

    fn fit(budget: Budget, score: Option<f64>) -> FinishedFit<'static> {
        let params = "{\"width\":8,\"lr\":0.5}";
        FinishedFit { failed: false, budget, score, time: Duration::from_secs(2), params }
    }

    #[test]
    fn it_says_what_it_waits_for() {
        let mut progress = progress(Direction::Maximize, Some(8), None);
        progress.waiting((2, 1));
        assert_eq!(progress.bar.text(), ", waiting for 2 of another process");
        progress.waiting((5, 3));
        assert_eq!(progress.bar.text(), ", waiting for 5 of 3 other processes");
        progress.waiting((0, 0));
        assert_eq!(progress.bar.text(), "");
    }

    #[test]
    fn the_best_is_that_of_whole_trainings_and_until_then_of_the_largest_part() {
        for (direction, [worse, better]) in [(Direction::Maximize, [0.25, 0.5]), (Direction::Minimize, [0.5, 0.25])] {
            let mut progress = progress(direction, None, None);
            let budget = |epochs| Budget::epochs(epochs).expect("a budget");
            let mut said = |budget, score| {
                progress.done(&fit(budget, score));
                progress.state.best.as_ref().map(|best| (best.budget, best.score))
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
            let words = progress.state.words("score");
            assert!(words.starts_with(&format!(", best score {better:.4} (lr 0.5, width 8), ")), "{words}");
            let rungs = "3 fits of 1 epoch, 1 fit of 3 epochs, 2 fits on 0.5 of the rows, 3 fits of the whole training";
            assert!(words.ends_with(rungs), "{words}");
            assert!(progress.bar.text().ends_with(&format!("(lr 0.5, width 8)\n{rungs}")), "{}", progress.bar.text());
        }
    }

    #[test]
    fn a_function_is_told_what_the_bar_shows() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&told);
        let hook =
            ProgressHook(Arc::new(move |progress: &SearchProgress| log.lock().expect("a log").push(progress.clone())));
        let mut progress = progress(Direction::Maximize, Some(8), Some(hook));
        progress.done(&fit(Budget::Full, None));
        progress.known(1);
        progress.done(&FinishedFit { failed: true, ..fit(Budget::Full, Some(0.5)) });
        let told = told.lock().expect("a log");
        assert_eq!(told.iter().map(|it| (it.done, it.failed)).collect::<Vec<_>>(), [(1, 0), (2, 1)]);
        // Seven more of two seconds each, then six.
        assert_eq!(told.iter().map(|it| it.seconds_left).collect::<Vec<_>>(), [Some(14.0), Some(12.0)]);
        assert_eq!(told[1].best.as_ref().map(|best| best.params.as_str()), Some("lr 0.5, width 8"));
        let text = progress.bar.text();
        assert!(text.ends_with(", about 12 s left, 1 failed\nbest score 0.5000 (lr 0.5, width 8)"), "{text}");
    }
}
