//! The settings of a search, one method each, in any order.

mod hooks;
mod limits;
mod priors;
mod refit_epochs;
mod scoring;
mod training;

pub use priors::MetricName;
pub use refit_epochs::RefitEpochs;

use super::Search;
use crate::{model::Model, seed::Seed, strategy::Strategy};

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

    /// Runs so many fits in parallel; the default is one a core. The results do not depend on it.
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
}
