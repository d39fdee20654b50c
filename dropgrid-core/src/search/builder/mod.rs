//! The settings of a search, one method each, in any order.

mod limits;
mod priors;
mod refit_epochs;
mod scoring;
mod training;

pub use priors::MetricName;
pub use refit_epochs::RefitEpochs;

use std::sync::Arc;

use super::Search;
use crate::{
    model::Model,
    report::{ProgressHook, SearchProgress},
    seed::Seed,
};

impl<M: Model, S, C, L> Search<M, S, C, L> {
    /// Searches `space` in place of the model's declared space, with axes replaced or fixed.
    pub fn space(self, space: M::Space) -> Self {
        Self { space, ..self }
    }

    /// Sets the seed of every random draw.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = Seed(seed);
        self
    }

    /// Sets the number of fits that run in parallel. The default is one per core. When fewer fits are left than
    /// workers, and while the winner is trained, idle cores help the running fits with large matrix products,
    /// convolutions and parameter updates (of dense layers with some hundred units). The results do not depend on the
    /// number of workers.
    pub fn workers(mut self, workers: usize) -> Self {
        self.settings.workers = Some(workers);
        self
    }

    /// Turns the progress display on stderr on or off. It is on by default. A terminal shows a bar. A log gets a line
    /// at the start, a line for each new best score (at most one per second), and a line after a minute without any.
    pub fn progress(mut self, progress: bool) -> Self {
        self.settings.progress = progress;
        self
    }

    /// Calls a function after each fit, and when the search begins to wait for other processes. It works with or
    /// without the display of [`progress`](Self::progress), for example to draw a custom bar or to send messages. The
    /// thread that hands out fits calls it, so a slow function can delay the workers.
    ///
    /// ```
    /// # use dropgrid_core::report::SearchProgress;
    /// # fn check(_: impl Fn(&SearchProgress)) {}
    /// # check(
    /// |progress: &SearchProgress| eprintln!("{} fits, {:.0} s left", progress.done, progress.seconds_left.unwrap_or(f64::NAN))
    /// # )
    /// ```
    pub fn on_progress(mut self, tell: impl Fn(&SearchProgress) + Send + Sync + 'static) -> Self {
        self.settings.progress_hook = Some(ProgressHook(Arc::new(tell)));
        self
    }
}
