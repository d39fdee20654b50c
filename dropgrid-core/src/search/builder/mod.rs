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
    strategy::Strategy,
};

impl<M: Model, S: Strategy<M::Space>, C, L> Search<M, S, C, L> {
    /// Searches `space` in place of the declared one, with axes replaced or fixed.
    pub fn space(self, space: M::Space) -> Self {
        Self { space, ..self }
    }

    /// The seed of every random draw.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = Seed(seed);
        self
    }

    /// Runs so many fits in parallel; the default is one a core. Where fewer fits are left, and while the winner is trained, the
    /// other cores compute parts of the large products, convolutions and updates of those that run: of dense layers of some
    /// hundred units. The results do not depend on it.
    pub fn workers(mut self, workers: usize) -> Self {
        self.settings.workers = Some(workers);
        self
    }

    /// Shows the progress of the search on stderr, or not; it does by default. A terminal gets a bar. A log gets a line at the
    /// start, for each new best score (at most one a second), and after a minute without a line.
    pub fn progress(mut self, progress: bool) -> Self {
        self.settings.progress = progress;
        self
    }

    /// Calls a function after each fit, and where the search begins to wait for other processes, in place of or beside what
    /// [`progress`](Self::progress) shows: for a bar of one's own, or a message to elsewhere. It is called by the thread that
    /// hands out fits, which do not wait for it unless it takes long.
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
