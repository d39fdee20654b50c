//! A thread that shows the progress at intervals, so that no fit waits for a terminal.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{state::SearchProgress, tally::Tally};

/// The place where progress is shown.
pub(super) trait Display: Send + 'static {
    /// The time from one look at the progress to the next.
    const INTERVAL: Duration;

    /// True where the end of the search waits for the end of the display.
    const IS_AWAITED: bool;

    /// Shows the progress.
    fn show(&mut self, progress: &SearchProgress, now: Instant);

    /// Takes the display away. The progress is that at the end of the search.
    fn end(self, progress: &SearchProgress);
}

/// The numbers of a search, which fits add to and the thread looks at.
pub(super) struct SharedTally {
    tally: Mutex<(Tally, bool)>,
    ended: Condvar,
}

impl SharedTally {
    pub(super) fn new(tally: Tally) -> Self {
        Self { tally: Mutex::new((tally, false)), ended: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, (Tally, bool)> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the numbers. It takes the lock, which the thread holds for some hundred nanoseconds at a time.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut Tally) -> R) -> R {
        change(&mut self.lock().0)
    }
}

/// The thread; dropped, it ends.
pub(super) struct Ticker {
    tally: Arc<SharedTally>,
    /// Where the end waits for it.
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    /// Starts the thread. `None` where none can be started.
    pub(super) fn start<D: Display>(mut display: D, tally: &Arc<SharedTally>) -> Option<Self> {
        let looked = Arc::clone(tally);
        let run = move || {
            let mut progress = SearchProgress::default();
            loop {
                let tally = looked.lock();
                let waited = looked.ended.wait_timeout_while(tally, D::INTERVAL, |(_, is_over)| !*is_over);
                let (mut tally, _) = waited.unwrap_or_else(PoisonError::into_inner);
                progress.copy_from(tally.0.state());
                if tally.1 {
                    break;
                }
                // The search does not wait while somebody writes.
                drop(tally);
                display.show(&progress, Instant::now());
            }
            display.end(&progress);
        };
        let thread = thread::Builder::new().name("dropgrid-progress".to_owned()).spawn(run).ok()?;
        Some(Self { tally: Arc::clone(tally), thread: D::IS_AWAITED.then_some(thread) })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.tally.lock().1 = true;
        self.tally.ended.notify_all();
        if let Some(thread) = self.thread.take() {
            // A display that panicked shows nothing more.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{self, Sender};

    use super::*;
    use crate::{
        metric::Direction,
        record::Budget,
        report::progress::{pace::Pace, tally::FinishedFit},
    };

    /// Tells what it is shown, and its end.
    struct Told(Sender<Option<usize>>);

    impl Display for Told {
        const INTERVAL: Duration = Duration::from_millis(1);
        const IS_AWAITED: bool = true;

        fn show(&mut self, progress: &SearchProgress, _: Instant) {
            let _ = self.0.send(Some(progress.done));
        }

        fn end(self, _: &SearchProgress) {
            let _ = self.0.send(None);
        }
    }

    #[test]
    fn a_display_is_shown_what_has_finished_until_the_end() {
        let tally = Tally::new(Some(2), Pace::new(Vec::new(), 1, 1), Direction::Maximize);
        let shared = Arc::new(SharedTally::new(tally));
        let (tell, told) = mpsc::channel();
        let ticker = Ticker::start(Told(tell), &shared).expect("a thread");
        assert_eq!(told.recv(), Ok(Some(0)));
        let (budget, time) = (Budget::Full, Duration::ZERO);
        shared.change(|tally| {
            tally.add(&FinishedFit { candidate: 0, failed: false, budget, score: None, time, params: "{}" });
        });
        assert!(told.iter().any(|done| done == Some(1)));
        drop(ticker);
        assert_eq!(told.iter().last(), Some(None));
    }
}
