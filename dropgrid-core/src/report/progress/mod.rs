//! The progress of a search on stderr: a bar on a terminal, lines in a log; and for a function of the caller's own.

mod bar;
mod log;
mod pace;
#[cfg(feature = "study")]
mod search_pace;
mod state;
mod tally;
mod ticker;

#[cfg(feature = "study")]
pub(in crate::report) use search_pace::RecordedPace;
#[cfg(feature = "study")]
pub use search_pace::SearchPace;
pub use state::{BestSoFar, SearchProgress};
pub(crate) use tally::FinishedFit;

use std::{
    env, fmt,
    io::{self, IsTerminal},
    sync::Arc,
};

use bar::Bar;
use log::Lines;
use pace::Pace;
use tally::Tally;
use ticker::{SharedTally, Ticker};

use crate::{escape::escaped, record::MetricInfo};

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
    pub(crate) architectures: (Vec<String>, usize),
    pub(crate) workers: usize,
}

/// Fits done, their rate, the time left, and the best score so far, for those who look.
pub(crate) struct Progress {
    /// Nothing where nobody looks.
    tally: Option<Arc<SharedTally>>,
    hook: Option<ProgressHook>,
    /// The thread that draws the bar or writes the lines.
    _ticker: Option<Ticker>,
}

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
        if !shown && hook.is_none() {
            return Self { tally: None, hook, _ticker: None };
        }
        let name = escaped(&metric.name).into_owned();
        let pace = Pace::new(architectures.0, architectures.1, workers);
        let tally = Arc::new(SharedTally::new(Tally::new(fits, pace, metric.direction)));
        let ticker = if !shown {
            None
        } else if Bar::CAN_BE_SHOWN && io::stderr().is_terminal() && !is_plain() {
            Ticker::start(Bar::new(fits, name), &tally)
        } else {
            Ticker::start(Lines::start(io::stderr(), fits, name, folds, outer), &tally)
        };
        Self { tally: Some(tally), hook, _ticker: ticker }
    }

    /// True where somebody looks.
    pub(crate) fn is_watched(&self) -> bool {
        self.tally.is_some()
    }

    /// Counts a fit that has finished.
    pub(crate) fn done(&self, fit: &FinishedFit<'_>) {
        self.change(|tally| {
            tally.add(fit);
            true
        });
    }

    /// Counts so many of the finished fits as those of an earlier search, which took no time of this one.
    pub(crate) fn known(&self, fits: usize) {
        if let Some(tally) = &self.tally {
            tally.change(|tally| tally.known(fits));
        }
    }

    /// Shows that only fits of other processes are left: so many fits, of so many processes. Zero fits: this process
    /// has more to do.
    pub(crate) fn waiting(&self, waiting: (usize, usize)) {
        self.change(|tally| tally.wait(waiting));
    }

    /// Changes the numbers, and tells the function where they have changed.
    fn change(&self, change: impl FnOnce(&mut Tally) -> bool) {
        let Some(shared) = &self.tally else { return };
        match &self.hook {
            None => _ = shared.change(change),
            Some(ProgressHook(hook)) => {
                // The function is called without the lock: it may take its time.
                if let Some(state) = shared.change(|tally| change(tally).then(|| tally.state().clone())) {
                    hook(&state);
                }
            }
        }
    }

    /// Ends the progress: the bar goes, and no line follows.
    pub(crate) fn finish(self) {
        drop(self);
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Mutex, time::Duration};

    use super::*;
    use crate::{metric::Direction, record::Budget};

    #[test]
    fn a_function_is_told_of_each_fit() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&told);
        let hook =
            ProgressHook(Arc::new(move |progress: &SearchProgress| log.lock().expect("a log").push(progress.clone())));
        let of = |hook| {
            let metric = MetricInfo { name: "score".to_owned(), direction: Direction::Maximize };
            let (shown, fits, outer, architectures) = (false, Some(8), None, (vec!["width".to_owned()], 2));
            ProgressOf { shown, hook, fits, metric, folds: 2, outer, architectures, workers: 1 }
        };
        assert!(!Progress::new(of(None)).is_watched());
        let progress = Progress::new(of(Some(hook)));
        let fit = |failed, score| {
            let (budget, time, params) = (Budget::Full, Duration::from_secs(2), "{\"width\":8,\"lr\":0.5}");
            FinishedFit { candidate: 0, failed, budget, score, time, params }
        };
        progress.done(&fit(false, None));
        progress.known(1);
        progress.done(&fit(true, Some(0.5)));
        progress.waiting((0, 0));
        progress.waiting((2, 1));
        let told = told.lock().expect("a log");
        let counts = told.iter().map(|it| (it.done, it.known, it.failed, it.waiting)).collect::<Vec<_>>();
        assert_eq!(counts, [(1, 0, 0, (0, 0)), (2, 1, 1, (0, 0)), (2, 1, 1, (2, 1))]);
        // Seven more of two seconds each, then six.
        assert_eq!(told.iter().map(|it| it.seconds_left).collect::<Vec<_>>(), [Some(14.0), Some(12.0), Some(12.0)]);
        assert_eq!(told[1].best.as_ref().map(|best| best.params.as_str()), Some("lr 0.5, width 8"));
    }
}
