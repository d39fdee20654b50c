//! The bar on a terminal.

#[cfg(not(feature = "progress"))]
pub(super) use hidden::Bar;
#[cfg(feature = "progress")]
pub(super) use shown::Bar;

#[cfg(any(feature = "progress", test))]
use super::{super::text_width, state::SearchProgress};

/// The text behind the bar, with what has room in so many columns, and the lines below it.
#[cfg(any(feature = "progress", test))]
pub(super) fn text(progress: &SearchProgress, metric: &str, room: usize) -> (String, Vec<String>) {
    let below = [progress.best_words(metric), progress.rungs()];
    let [speed, left, troubles] = [progress.speed(), progress.left(), progress.troubles()];
    // The time left is what people look for.
    let short = format!("{left}{troubles}");
    let all = [format!("{speed}{short}"), short.clone(), left];
    let behind = all.into_iter().find(|text| !text.is_empty() && text_width(text) <= room).unwrap_or(short);
    (behind, below.into_iter().filter(|line| !line.is_empty()).collect())
}

#[cfg(feature = "progress")]
mod shown {
    use std::{
        fmt, io,
        sync::{Arc, Mutex, PoisonError},
        time::{Duration, Instant},
    };

    use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

    use super::text;
    use crate::report::{
        progress::{state::SearchProgress, ticker::Display},
        text_width,
    };

    /// The width of a terminal that does not tell.
    const WIDTH: usize = 80;

    /// Finished fits as a bar on stderr, with a message behind it and lines below.
    pub(in crate::report::progress) struct Bar {
        line: ProgressBar,
        fits: Option<usize>,
        /// The columns of the bar.
        drawn: usize,
        below: Arc<Mutex<Vec<String>>>,
        metric: String,
    }

    impl Bar {
        /// True where there is a bar to show.
        pub(in crate::report::progress) const CAN_BE_SHOWN: bool = true;

        /// A bar of so many fits, where their number is known.
        pub(in crate::report::progress) fn new(fits: Option<usize>, metric: String) -> Self {
            let line = ProgressBar::with_draw_target(fits.map(|fits| fits as u64), ProgressDrawTarget::stderr());
            let mut bar = Self { line, fits, drawn: 0, below: Arc::default(), metric };
            bar.suit(width());
            bar.line.tick();
            bar
        }

        /// Draws as it suits a terminal of so many columns: a quarter of them for the bar.
        fn suit(&mut self, width: usize) {
            let drawn = (width / 4).clamp(4, 20);
            if drawn == std::mem::replace(&mut self.drawn, drawn) {
                return;
            }
            // The message and the lines are cut where the terminal ends, however wide that is by now.
            let template = if self.fits.is_some() {
                format!("{{bar:{drawn}}} {{pos}}/{{len}} fits{{wide_msg}}\n{{below}}")
            } else {
                "{spinner} {pos} fits{wide_msg}\n{below}".to_owned()
            };
            if let Ok(style) = ProgressStyle::with_template(&template) {
                let lines = Arc::clone(&self.below);
                let write = move |_: &ProgressState, to: &mut dyn fmt::Write| {
                    let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                    // A line that cannot be written is not shown.
                    let _ = to.write_str(&fitted(&lines, self::width()));
                };
                self.line.set_style(style.progress_chars("━╸─").with_key("below", write));
            }
        }

        /// The columns that are left behind the bar and its count.
        fn room(&self, width: usize, done: usize) -> usize {
            let head = match self.fits {
                Some(fits) => self.drawn + format!(" {done}/{fits} fits").len(),
                None => format!("- {done} fits").len(),
            };
            width.saturating_sub(head)
        }
    }

    impl Display for Bar {
        const INTERVAL: Duration = Duration::from_millis(100);
        /// Awaited, so that the program's next output begins where the bar was.
        const IS_AWAITED: bool = true;

        fn show(&mut self, progress: &SearchProgress, _: Instant) {
            let width = width();
            self.suit(width);
            let (message, below) = text(progress, &self.metric, self.room(width, progress.done));
            *self.below.lock().unwrap_or_else(PoisonError::into_inner) = below;
            self.line.update(|state| state.set_pos(progress.done as u64));
            self.line.set_message(message);
        }

        fn end(self, _: &SearchProgress) {
            self.line.finish_and_clear();
        }
    }

    fn width() -> usize {
        terminal_size::terminal_size_of(io::stderr()).map_or(WIDTH, |(width, _)| usize::from(width.0))
    }

    /// The lines, each cut to the width of a terminal.
    fn fitted(lines: &[String], width: usize) -> String {
        // A letter in the last column makes some terminals begin a new line.
        let room = width.saturating_sub(1).max(1);
        let cut = |line: &String| {
            if text_width(line) <= room {
                return line.clone();
            }
            let mut short = String::new();
            for letter in line.chars() {
                short.push(letter);
                if text_width(&short) >= room {
                    short.pop();
                    break;
                }
            }
            short + "…"
        };
        lines.iter().map(cut).collect::<Vec<_>>().join("\n")
    }

    #[cfg(test)]
    mod tests {
        use super::fitted;

        #[test]
        fn lines_end_where_the_terminal_ends() {
            let lines = ["best accuracy 0.98".to_owned(), "3 of all".to_owned()];
            assert_eq!(fitted(&lines, 80), "best accuracy 0.98\n3 of all");
            assert_eq!(fitted(&lines, 10), "best acc…\n3 of all");
            assert_eq!(fitted(&lines, 0), "…\n…");
            assert_eq!(fitted(&["数値が長い".to_owned()], 8), "数値が…");
            assert_eq!(fitted(&[], 80), "");
        }
    }
}

#[cfg(not(feature = "progress"))]
mod hidden {
    use std::time::{Duration, Instant};

    use crate::report::progress::{state::SearchProgress, ticker::Display};

    /// No bar: without the feature `progress`, a terminal gets the lines of a log.
    pub(in crate::report::progress) struct Bar;

    impl Bar {
        pub(in crate::report::progress) const CAN_BE_SHOWN: bool = false;

        pub(in crate::report::progress) fn new(_: Option<usize>, _: String) -> Self {
            Self
        }
    }

    impl Display for Bar {
        const INTERVAL: Duration = Duration::MAX;
        const IS_AWAITED: bool = false;

        fn show(&mut self, _: &SearchProgress, _: Instant) {}

        fn end(self, _: &SearchProgress) {}
    }
}
