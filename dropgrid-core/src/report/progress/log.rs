//! The progress of a search as lines for a log.

use std::{
    io::Write,
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use crate::record::Budget;

/// The longest time without a line.
const SILENCE: Duration = Duration::from_mins(1);
/// The shortest time from one line to the next.
const PAUSE: Duration = Duration::from_secs(1);

/// The progress of a search.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct State {
    /// Number of finished fits.
    pub(super) done: usize,
    /// Number of them that an earlier search finished.
    pub(super) known: usize,
    pub(super) failed: usize,
    /// The largest budget at which a candidate has a score on every fold, and the best mean score there.
    pub(super) best: Option<(Budget, f64)>,
    /// Number of fits of other processes that this one waits for, and number of those processes.
    pub(super) waiting: (usize, usize),
}

impl State {
    /// The best score, the failures, and the fits waited for, as text.
    pub(super) fn words(&self, metric: &str) -> String {
        let best = self.best.map(|(budget, best)| {
            let part = match budget {
                Budget::Full => String::new(),
                Budget::Epochs(_) => format!(" after {budget}"),
                Budget::Rows(_) => format!(" on {budget}"),
            };
            format!(", best {metric} {best:.4}{part}")
        });
        let best = best.unwrap_or_default();
        let failed = if self.failed > 0 { format!(", {} failed", self.failed) } else { String::new() };
        let waiting = match self.waiting {
            (0, _) => String::new(),
            (fits, 1) => format!(", waiting for {fits} of another process"),
            (fits, processes) => format!(", waiting for {fits} of {processes} other processes"),
        };
        best + &failed + &waiting
    }
}

/// A thread that writes lines: one at the start, one for each new best score (at most one a second), and one after a minute
/// without a line. Lines that cannot be written are lost.
pub(super) struct Log {
    news: Sender<State>,
}

impl Log {
    /// Starts the thread and writes the first line. `None` where no thread can be started.
    pub(super) fn start(
        to: impl Write + Send + 'static,
        fits: Option<usize>,
        metric: &str,
        folds: u32,
        outer: Option<u32>,
    ) -> Option<Self> {
        let mut lines = Lines::new(to, fits, metric, outer);
        lines.begin(folds, Instant::now());
        let (news, heard) = mpsc::channel();
        // It ends once the search, which has the other end, is over; nobody waits for it, since nobody may read what it
        // writes.
        let write = move || loop {
            let due = lines.due().saturating_duration_since(Instant::now());
            match heard.recv_timeout(due) {
                Ok(state) => lines.hear(state),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            lines.tick(Instant::now());
        };
        thread::Builder::new().name("dropgrid-log".to_owned()).spawn(write).ok().map(|_| Self { news })
    }

    /// Takes the progress of the search.
    pub(super) fn hear(&self, state: State) {
        // Where the thread is gone there is nobody to tell.
        let _ = self.news.send(state);
    }
}

/// The lines of a log, and the times at which they are due.
struct Lines<W> {
    to: W,
    fits: Option<usize>,
    metric: String,
    name: String,
    state: State,
    /// The best score of the last line.
    told: Option<(Budget, f64)>,
    start: Instant,
    last: Instant,
}

impl<W: Write> Lines<W> {
    fn new(to: W, fits: Option<usize>, metric: &str, outer: Option<u32>) -> Self {
        let name = outer.map_or_else(|| "dropgrid".to_owned(), |outer| format!("dropgrid, outer fold {outer}"));
        let start = Instant::now();
        Self { to, fits, metric: metric.to_owned(), name, state: State::default(), told: None, start, last: start }
    }

    fn begin(&mut self, folds: u32, now: Instant) {
        let fits = self.fits.map_or_else(|| "fits".to_owned(), |fits| format!("{fits} fits"));
        let line =
            format!("{fits} on {folds} {}, scored by {}", if folds == 1 { "fold" } else { "folds" }, self.metric);
        (self.start, self.last) = (now, now);
        self.write(&line);
    }

    fn hear(&mut self, state: State) {
        self.state = state;
    }

    /// The moment at which the next line is due, if nothing happens before.
    fn due(&self) -> Instant {
        self.last + if self.state.best == self.told { SILENCE } else { PAUSE }
    }

    /// Writes the line that is due.
    fn tick(&mut self, now: Instant) {
        if now < self.due() {
            return;
        }
        let of = self.fits.map(|fits| format!(" of {fits}")).unwrap_or_default();
        let line = format!("{}{of} fits{}{}", self.state.done, self.state.words(&self.metric), self.left(now));
        (self.last, self.told) = (now, self.state.best);
        self.write(&line);
    }

    /// The time that is left, if fits go on to take as long.
    fn left(&self, now: Instant) -> String {
        let (Some(fits), done @ 1..) = (self.fits, self.state.done - self.state.known) else { return String::new() };
        let seconds = (now - self.start).as_secs_f64() / done as f64 * fits.saturating_sub(self.state.done) as f64;
        match seconds {
            ..90.0 => format!(", about {seconds:.0} s left"),
            ..5400.0 => format!(", about {:.0} min left", seconds / 60.0),
            _ => format!(", about {:.1} h left", seconds / 3600.0),
        }
    }

    /// One write a line, so that lines of several processes do not mix.
    fn write(&mut self, line: &str) {
        let line = format!("{}: {line}\n", self.name);
        let _ = self.to.write_all(line.as_bytes()).and_then(|()| self.to.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> (Lines<Vec<u8>>, Instant) {
        let mut lines = Lines::new(Vec::new(), Some(60), "accuracy", None);
        let start = Instant::now();
        lines.begin(5, start);
        (lines, start)
    }

    fn written(lines: &mut Lines<Vec<u8>>) -> String {
        String::from_utf8(std::mem::take(&mut lines.to)).expect("text")
    }

    const STATE: State = State { done: 10, known: 0, failed: 0, best: Some((Budget::Full, 0.5)), waiting: (0, 0) };

    #[test]
    fn a_line_at_the_start_and_one_each_minute() {
        let (mut lines, start) = lines();
        assert_eq!(written(&mut lines), "dropgrid: 60 fits on 5 folds, scored by accuracy\n");
        lines.hear(State { best: None, failed: 1, ..STATE });
        lines.tick(start + Duration::from_secs(59));
        assert_eq!(written(&mut lines), "");
        assert_eq!(lines.due(), start + SILENCE);
        lines.tick(start + SILENCE);
        assert_eq!(written(&mut lines), "dropgrid: 10 of 60 fits, 1 failed, about 5 min left\n");
        lines.tick(start + Duration::from_secs(119));
        assert_eq!(written(&mut lines), "");
        lines.tick(start + SILENCE * 2);
        assert_eq!(written(&mut lines), "dropgrid: 10 of 60 fits, 1 failed, about 10 min left\n");
    }

    #[test]
    fn a_line_for_a_new_best_but_not_two_in_a_second() {
        let (mut lines, start) = lines();
        written(&mut lines);
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        lines.hear(STATE);
        lines.tick(at(200));
        assert_eq!(written(&mut lines), "");
        // The best of those that came within the second.
        lines.hear(State { done: 20, best: Some((Budget::Full, 0.75)), ..STATE });
        assert_eq!(lines.due(), at(1000));
        lines.tick(at(1000));
        assert_eq!(written(&mut lines), "dropgrid: 20 of 60 fits, best accuracy 0.7500, about 2 s left\n");
        lines.hear(State { done: 30, best: Some((Budget::Full, 0.75)), ..STATE });
        lines.tick(at(5000));
        assert_eq!(written(&mut lines), "", "no new best");
        lines.hear(State { done: 40, best: Some((Budget::Full, 0.8)), ..STATE });
        lines.tick(at(5000));
        assert_eq!(written(&mut lines), "dropgrid: 40 of 60 fits, best accuracy 0.8000, about 2 s left\n");
    }

    #[test]
    fn fits_of_an_earlier_search_say_nothing_about_the_time_left() {
        let (mut lines, start) = lines();
        written(&mut lines);
        lines.hear(State { done: 50, known: 50, best: None, ..STATE });
        lines.tick(start + SILENCE);
        assert_eq!(written(&mut lines), "dropgrid: 50 of 60 fits\n");
        lines.hear(State { done: 51, known: 50, best: None, ..STATE });
        lines.tick(start + SILENCE * 2);
        assert_eq!(written(&mut lines), "dropgrid: 51 of 60 fits, about 18 min left\n");
    }

    #[test]
    fn searches_on_outer_folds_and_of_unknown_length_say_so() {
        let mut lines = Lines::new(Vec::new(), None, "accuracy", Some(2));
        let start = Instant::now();
        lines.begin(1, start);
        lines.hear(STATE);
        lines.tick(start + PAUSE);
        let said = "dropgrid, outer fold 2: fits on 1 fold, scored by accuracy\n\
                    dropgrid, outer fold 2: 10 fits, best accuracy 0.5000\n";
        assert_eq!(written(&mut lines), said);
    }

    #[test]
    fn a_closed_pipe_is_no_fault() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let log = Log::start(Closed, Some(1), "accuracy", 1, None).expect("a thread");
        log.hear(STATE);
    }
}
