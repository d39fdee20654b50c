//! The bar on a terminal.

#[cfg(not(feature = "progress"))]
pub(super) use hidden::Bar;
#[cfg(feature = "progress")]
pub(super) use shown::Bar;

#[cfg(feature = "progress")]
mod shown {
    use std::{
        fmt, io,
        sync::{Arc, Mutex, PoisonError},
        time::Duration,
    };

    use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

    use crate::report::text_width;

    /// The width of a terminal that does not tell.
    const WIDTH: usize = 80;

    /// Finished fits as a bar on stderr, with a message behind it and lines below.
    pub(in crate::report::progress) struct Bar {
        bar: ProgressBar,
        below: Arc<Mutex<Vec<String>>>,
    }

    impl Bar {
        /// True where there is a bar to show.
        pub(in crate::report::progress) const CAN_BE_SHOWN: bool = true;

        /// A bar of so many fits, where their number is known.
        pub(in crate::report::progress) fn new(shown: bool, fits: Option<usize>) -> Self {
            let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
            let bar = ProgressBar::with_draw_target(fits.map(|fits| fits as u64), target);
            // The message and the lines are cut where the terminal ends, however wide that is by now.
            let template = if fits.is_some() {
                "{bar:20} {pos}/{len} fits{wide_msg}\n{below}"
            } else {
                "{spinner} {pos} fits{wide_msg}\n{below}"
            };
            let below = Arc::new(Mutex::new(Vec::new()));
            if let Ok(style) = ProgressStyle::with_template(template) {
                let lines = Arc::clone(&below);
                let write = move |_: &ProgressState, to: &mut dyn fmt::Write| {
                    let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                    // A line that cannot be written is not shown.
                    let _ = to.write_str(&fitted(&lines, width()));
                };
                bar.set_style(style.progress_chars("━╸─").with_key("below", write));
            }
            if shown {
                bar.enable_steady_tick(Duration::from_millis(200));
            }
            Self { bar, below }
        }

        /// True where nobody sees the bar.
        pub(in crate::report::progress) fn is_hidden(&self) -> bool {
            self.bar.is_hidden()
        }

        /// Replaces the message, and the lines below.
        pub(in crate::report::progress) fn set_text(&self, message: String, below: Vec<String>) {
            *self.below.lock().unwrap_or_else(PoisonError::into_inner) = below;
            self.bar.set_message(message);
        }

        /// The message and the lines below.
        #[cfg(test)]
        pub(in crate::report::progress) fn text(&self) -> String {
            let below = self.below.lock().unwrap_or_else(PoisonError::into_inner);
            std::iter::once(self.bar.message()).chain(below.iter().cloned()).collect::<Vec<_>>().join("\n")
        }

        /// Counts a finished fit.
        pub(in crate::report::progress) fn inc(&self) {
            self.bar.inc(1);
        }

        /// Takes the bar off the terminal.
        pub(in crate::report::progress) fn finish(self) {
            self.bar.finish_and_clear();
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
    /// No bar: without the feature `progress`, a terminal gets the lines of a log.
    pub(in crate::report::progress) struct Bar;

    #[allow(clippy::unused_self, reason = "the bar of the feature has one")]
    impl Bar {
        pub(in crate::report::progress) const CAN_BE_SHOWN: bool = false;

        pub(in crate::report::progress) fn new(_: bool, _: Option<usize>) -> Self {
            Self
        }

        pub(in crate::report::progress) fn is_hidden(&self) -> bool {
            true
        }

        pub(in crate::report::progress) fn set_text(&self, _: String, _: Vec<String>) {}

        pub(in crate::report::progress) fn inc(&self) {}

        pub(in crate::report::progress) fn finish(self) {}
    }
}
