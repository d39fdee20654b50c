//! The bar on a terminal.

#[cfg(not(feature = "progress"))]
pub(super) use hidden::Bar;
#[cfg(feature = "progress")]
pub(super) use shown::Bar;

#[cfg(feature = "progress")]
mod shown {
    use std::time::Duration;

    use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

    /// Finished fits as a bar on stderr, with a message behind it.
    pub(in crate::report::progress) struct Bar(ProgressBar);

    impl Bar {
        /// True where there is a bar to show.
        pub(in crate::report::progress) const CAN_BE_SHOWN: bool = true;

        /// A bar of so many fits, where their number is known.
        pub(in crate::report::progress) fn new(shown: bool, fits: Option<usize>) -> Self {
            let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
            let bar = ProgressBar::with_draw_target(fits.map(|fits| fits as u64), target);
            // The message is cut where the terminal ends, however wide that is by now.
            let template =
                if fits.is_some() { "{bar:20} {pos}/{len} fits{wide_msg}" } else { "{spinner} {pos} fits{wide_msg}" };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("━╸─"));
            }
            if shown {
                bar.enable_steady_tick(Duration::from_millis(200));
            }
            Self(bar)
        }

        /// True where nobody sees the bar.
        pub(in crate::report::progress) fn is_hidden(&self) -> bool {
            self.0.is_hidden()
        }

        /// Replaces the message.
        pub(in crate::report::progress) fn set_message(&self, message: String) {
            self.0.set_message(message);
        }

        /// The message.
        #[cfg(test)]
        pub(in crate::report::progress) fn message(&self) -> String {
            self.0.message()
        }

        /// Counts a finished fit.
        pub(in crate::report::progress) fn inc(&self) {
            self.0.inc(1);
        }

        /// Takes the bar off the terminal.
        pub(in crate::report::progress) fn finish(self) {
            self.0.finish_and_clear();
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

        pub(in crate::report::progress) fn set_message(&self, _: String) {}

        pub(in crate::report::progress) fn inc(&self) {}

        pub(in crate::report::progress) fn finish(self) {}
    }
}
