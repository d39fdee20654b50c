//! The progress of a search as lines for a log.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use super::{
    state::{BestSoFar, SearchProgress},
    ticker::Display,
};

/// The longest time without a line.
const SILENCE: Duration = Duration::from_mins(1);
/// The shortest time from one line to the next.
const PAUSE: Duration = Duration::from_secs(1);

/// The lines of a log, and the times at which they are due: one at the start, one for each new best score (at most one
/// a second), one after a minute without a line, and one at the end. Lines that cannot be written are lost.
pub(super) struct Lines<W> {
    to: W,
    fits: Option<usize>,
    metric: String,
    name: String,
    state: SearchProgress,
    /// The best of the last line.
    told: Option<BestSoFar>,
    /// The finished fits of the last line.
    told_fits: usize,
    last: Instant,
}

impl<W: Write + Send + 'static> Display for Lines<W> {
    /// It is looked for news once in a pause.
    const INTERVAL: Duration = PAUSE;
    /// Nobody waits for it, since nobody may read what it writes.
    const IS_AWAITED: bool = false;

    fn show(&mut self, progress: &SearchProgress, now: Instant) {
        self.hear(progress);
        self.tick(now);
    }

    fn end(mut self, progress: &SearchProgress) {
        self.hear(progress);
        self.finish();
    }
}

impl<W: Write> Lines<W> {
    /// The lines of a search, of which the first one is written.
    pub(super) fn start(to: W, fits: Option<usize>, metric: String, folds: u32, outer: Option<u32>) -> Self {
        let mut lines = Self::new(to, fits, metric, outer);
        lines.begin(folds, Instant::now());
        lines
    }

    fn new(to: W, fits: Option<usize>, metric: String, outer: Option<u32>) -> Self {
        let name = outer.map_or_else(|| "dropgrid".to_owned(), |outer| format!("dropgrid, outer fold {outer}"));
        let (state, last) = (SearchProgress::default(), Instant::now());
        Self { to, fits, metric, name, state, told: None, told_fits: 0, last }
    }

    fn begin(&mut self, folds: u32, now: Instant) {
        let fits = self.fits.map_or_else(|| "fits".to_owned(), |fits| format!("{fits} fits"));
        let line =
            format!("{fits} on {folds} {}, scored by {}", if folds == 1 { "fold" } else { "folds" }, self.metric);
        self.last = now;
        self.write(&line);
    }

    fn hear(&mut self, state: &SearchProgress) {
        self.state.copy_from(state);
    }

    /// The moment at which the next line is due, if nothing happens before.
    fn due(&self) -> Instant {
        self.last + if self.state.best == self.told { SILENCE } else { PAUSE }
    }

    /// Writes the line that is due.
    fn tick(&mut self, now: Instant) {
        if now >= self.due() {
            self.tell(now);
        }
    }

    /// Writes the last line, if it says more than the one before.
    fn finish(&mut self) {
        if self.state.done > self.told_fits {
            self.tell(Instant::now());
        }
    }

    fn tell(&mut self, now: Instant) {
        let of = self.fits.map(|fits| format!(" of {fits}")).unwrap_or_default();
        let line = format!("{}{of} fits{}{}", self.state.done, self.state.words(&self.metric), self.state.left());
        (self.last, self.told, self.told_fits) = (now, self.state.best.clone(), self.state.done);
        self.write(&line);
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
    use crate::record::Budget;

    fn lines() -> (Lines<Vec<u8>>, Instant) {
        let mut lines = Lines::new(Vec::new(), Some(60), "accuracy".to_owned(), None);
        let start = Instant::now();
        lines.begin(5, start);
        (lines, start)
    }

    fn written(lines: &mut Lines<Vec<u8>>) -> String {
        String::from_utf8(std::mem::take(&mut lines.to)).expect("text")
    }

    fn state(done: usize, best: Option<f64>, seconds_left: Option<f64>) -> SearchProgress {
        let best = best.map(|score| BestSoFar { budget: Budget::Full, score, params: "lr 0.1".to_owned() });
        SearchProgress { done, best, seconds_left, ..SearchProgress::default() }
    }

    #[test]
    fn a_line_at_the_start_and_one_each_minute() {
        let (mut lines, start) = lines();
        assert_eq!(written(&mut lines), "dropgrid: 60 fits on 5 folds, scored by accuracy\n");
        lines.hear(&SearchProgress { failed: 1, ..state(10, None, Some(300.0)) });
        lines.tick(start + Duration::from_secs(59));
        assert_eq!(written(&mut lines), "");
        assert_eq!(lines.due(), start + SILENCE);
        lines.tick(start + SILENCE);
        assert_eq!(written(&mut lines), "dropgrid: 10 of 60 fits, 1 failed, about 5 min left\n");
        lines.tick(start + Duration::from_secs(119));
        assert_eq!(written(&mut lines), "");
        lines.hear(&SearchProgress { failed: 1, ..state(10, None, Some(9000.0)) });
        lines.tick(start + SILENCE * 2);
        assert_eq!(written(&mut lines), "dropgrid: 10 of 60 fits, 1 failed, about 2.5 h left\n");
    }

    #[test]
    fn a_line_for_a_new_best_but_not_two_in_a_second() {
        let (mut lines, start) = lines();
        written(&mut lines);
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        lines.hear(&state(10, Some(0.5), Some(2.0)));
        lines.tick(at(200));
        assert_eq!(written(&mut lines), "");
        // The best of those that came within the second.
        lines.hear(&state(20, Some(0.75), Some(2.0)));
        assert_eq!(lines.due(), at(1000));
        lines.tick(at(1000));
        assert_eq!(written(&mut lines), "dropgrid: 20 of 60 fits, best accuracy 0.7500 (lr 0.1), about 2 s left\n");
        lines.hear(&state(30, Some(0.75), Some(2.0)));
        lines.tick(at(5000));
        assert_eq!(written(&mut lines), "", "no new best");
        lines.hear(&state(40, Some(0.8), None));
        lines.tick(at(5000));
        assert_eq!(written(&mut lines), "dropgrid: 40 of 60 fits, best accuracy 0.8000 (lr 0.1)\n");
    }

    #[test]
    fn the_last_line_has_all_fits() {
        let (mut lines, start) = lines();
        lines.hear(&state(59, Some(0.5), None));
        lines.tick(start + PAUSE);
        written(&mut lines);
        lines.hear(&state(60, Some(0.5), Some(0.0)));
        lines.finish();
        assert_eq!(written(&mut lines), "dropgrid: 60 of 60 fits, best accuracy 0.5000 (lr 0.1)\n");
        lines.finish();
        assert_eq!(written(&mut lines), "");
    }

    #[test]
    fn searches_on_outer_folds_and_of_unknown_length_say_so() {
        let mut lines = Lines::new(Vec::new(), None, "accuracy".to_owned(), Some(2));
        let start = Instant::now();
        lines.begin(1, start);
        lines.hear(&state(10, Some(0.5), None));
        lines.tick(start + PAUSE);
        let said = "dropgrid, outer fold 2: fits on 1 fold, scored by accuracy\n\
                    dropgrid, outer fold 2: 10 fits, best accuracy 0.5000 (lr 0.1)\n";
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
        let mut lines = Lines::start(Closed, Some(1), "accuracy".to_owned(), 1, None);
        lines.show(&state(1, None, None), Instant::now() + SILENCE);
    }
}
