//! Observers of trainings, for logs and progress displays, and rules that end a training early.
//!
//! A [`Hook`] observes and changes nothing. A [rule](crate::search::Search::stop_when) may end a training; it sees only
//! numbers that are the same in every run. Neither gets a network or a row, so no hook can train on a scored row.
//!
//! The worker of each training calls its hooks, so the calls of several trainings run side by side. A panic in a hook
//! makes a [failed fit](crate::Failure::Panicked), as a panic in a layer does. Where several candidates share the
//! training, the panic fails those that have not ended yet; scores of the others stay.
//!
//! # Examples
//! A closure is called after each epoch:
//! ```
//! use std::sync::{Arc, Mutex};
//! use dropgrid_core::hook::{Epoch, FitInfo, Hook};
//!
//! let losses = Arc::new(Mutex::new(Vec::new()));
//! let log = losses.clone();
//! let hook = move |_: &FitInfo, epoch: &Epoch| log.lock().unwrap().push(epoch.train_loss);
//! let epoch = Epoch::new(1, 0.7);
//! hook.epoch_end(&FitInfo::default(), &epoch);
//! assert_eq!(*losses.lock().unwrap(), [0.7]);
//! ```

mod tensorboard;

pub use crate::record::Epoch;
pub use tensorboard::TensorBoard;

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::error::Failure;

/// An observer of trainings. The default of every method does nothing.
///
/// Candidates share one training where they differ only in settings that no training step reads, such as the number of
/// epochs.
///
/// # Examples
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use dropgrid_core::hook::{FitEnd, FitInfo, Hook};
///
/// #[derive(Default)]
/// struct Count(AtomicUsize);
///
/// impl Hook for Count {
///     fn fit_end(&self, _fit: &FitInfo, _end: &FitEnd<'_>) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
/// }
///
/// let count = Count::default();
/// count.fit_end(&FitInfo::default(), &FitEnd::new(3));
/// assert_eq!(count.0.into_inner(), 1);
/// ```
pub trait Hook: Send + Sync {
    /// Runs before the first step.
    fn fit_start(&self, fit: &FitInfo) {
        let _ = fit;
    }

    /// Runs after each batch.
    fn batch_end(&self, fit: &FitInfo, batch: &Batch) {
        let _ = (fit, batch);
    }

    /// Runs after each epoch.
    fn epoch_end(&self, fit: &FitInfo, epoch: &Epoch) {
        let _ = (fit, epoch);
    }

    /// Runs once for each candidate of the training, as soon as it is scored, and before the end of the training. A
    /// panic here fails the candidates of the training that have no scores yet.
    fn scored(&self, fit: &FitInfo, score: &CandidateScore) {
        let _ = (fit, score);
    }

    /// Runs after the last epoch and the scoring, or when the training failed.
    ///
    /// A panic here fails the candidates that ended with the training. Candidates of the same training that ended in an
    /// earlier epoch keep their scores, since a study may have [kept](crate::search::Search::checkpoint_every) them by
    /// then; the report is the same with and without a study. Where the training had failed already, the earlier
    /// failure counts.
    fn fit_end(&self, fit: &FitInfo, end: &FitEnd<'_>) {
        let _ = (fit, end);
    }

    /// Runs once for each candidate that a [pruning](crate::strategy::Pruning) prunes, as soon as it does: after so
    /// many epochs, as `3 epochs`, for this reason. The thread of the search calls it, and a panic here ends the
    /// search.
    fn pruned(&self, candidate: u64, after: &str, reason: &str) {
        let _ = (candidate, after, reason);
    }
}

/// A closure is a hook that is called after each epoch.
impl<F: Fn(&FitInfo, &Epoch) + Send + Sync> Hook for F {
    fn epoch_end(&self, fit: &FitInfo, epoch: &Epoch) {
        self(fit, epoch);
    }
}

/// The training that a hook observes: its fold, candidates and hyperparameters.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FitInfo {
    /// A number that identifies the training within this process. Hooks that keep something for each training use it as
    /// a key.
    pub id: u64,
    /// The outer fold of the search, from 0. `None` where the search is not
    /// [nested](crate::search::Search::nested_cross_validate).
    pub outer: Option<u32>,
    /// The fold, from 0. `None` for the training of the winner on all rows.
    pub fold: Option<u32>,
    /// The numbers of the candidates that share the training. Empty for the training of the winner, and for those of
    /// learning and validation curves, permutation tests and cross-validated predictions.
    pub candidates: Vec<u64>,
    /// The values of the hyperparameters of each of these candidates, in the order of `params`.
    pub values: Vec<Vec<Value>>,
    /// The hyperparameters by name; those of the candidate with the most epochs where several share the training.
    pub params: Vec<(&'static str, Value)>,
    /// The names of the hyperparameters in which the candidates differ.
    pub differ: Vec<&'static str>,
    /// The maximum number of epochs.
    pub epochs: usize,
    /// The number of rows trained on.
    pub rows: usize,
    /// The name of the [monitored](crate::recipe::Train::monitor) quantity; none where the recipe needs no validation
    /// rows.
    pub monitor: Option<String>,
    /// The names of the metrics of the search, the deciding one first.
    pub metrics: Vec<String>,
    /// The names of the metrics in [`Epoch::train_scores`] and [`Epoch::validation_scores`], in their order; empty
    /// unless the search [asks for them](crate::search::Search::curve_scores).
    pub curve_metrics: Vec<String>,
    started: Instant,
}

impl FitInfo {
    /// A training that starts now.
    pub(crate) fn new(epochs: usize) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self {
            id,
            outer: None,
            fold: None,
            candidates: Vec::new(),
            values: Vec::new(),
            params: Vec::new(),
            differ: Vec::new(),
            epochs,
            rows: 0,
            monitor: None,
            metrics: Vec::new(),
            curve_metrics: Vec::new(),
            started: Instant::now(),
        }
    }

    /// The same training on so many rows, with the name of the quantity that is measured on the validation rows.
    pub(crate) fn on_rows(self, rows: usize, monitor: Option<String>) -> Self {
        Self { rows, monitor, ..self }
    }

    /// The time since the training started.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

/// A training without data, to test a hook with.
impl Default for FitInfo {
    fn default() -> Self {
        Self::new(1)
    }
}

/// A batch of a training, after its step.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Batch {
    /// The number of the epoch, from 1.
    pub epoch: usize,
    /// The number of the batch within the epoch, from 1.
    pub number: usize,
    /// The number of rows.
    pub rows: usize,
    /// The mean loss over its rows, before the step.
    pub loss: f32,
    /// The learning rate of the step.
    pub lr: f64,
}

/// The scores of one candidate of a training.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CandidateScore {
    /// The number of the candidate.
    pub candidate: u64,
    /// The number of epochs that it was trained.
    pub epochs: usize,
    /// The score on the test rows by each of the [metrics](FitInfo::metrics).
    pub scores: Vec<f64>,
}

/// The end of a training.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FitEnd<'a> {
    /// The number of whole epochs trained.
    pub epochs: usize,
    /// The reason why the training failed, where it did.
    pub failure: Option<&'a Failure>,
}

impl FitEnd<'_> {
    /// The end of a training that did not fail, after so many epochs: for tests of a hook.
    pub fn new(epochs: usize) -> Self {
        Self { epochs, failure: None }
    }
}

/// The hooks and the stopping rules of a search.
#[derive(Default)]
pub(crate) struct Hooks {
    hooks: Vec<Box<dyn Hook>>,
    rules: Vec<StoppingRule>,
}

/// A rule that ends trainings. A study knows it by its name.
struct StoppingRule {
    name: String,
    ends: Box<Ends>,
}

/// True where a training ends after the last of these epochs.
type Ends = dyn Fn(&[Epoch]) -> bool + Send + Sync;

impl Hooks {
    pub(crate) fn add(&mut self, hook: impl Hook + 'static) {
        self.hooks.push(Box::new(hook));
    }

    pub(crate) fn add_rule(&mut self, name: String, ends: impl Fn(&[Epoch]) -> bool + Send + Sync + 'static) {
        self.rules.push(StoppingRule { name, ends: Box::new(ends) });
    }

    /// The names of the rules.
    pub(crate) fn rules(&self) -> Vec<&str> {
        self.rules.iter().map(|rule| rule.name.as_str()).collect()
    }

    pub(crate) fn has_rules(&self) -> bool {
        !self.rules.is_empty()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.hooks.is_empty()
    }

    pub(crate) fn each(&self, call: impl Fn(&dyn Hook)) {
        self.hooks.iter().for_each(|hook| call(&**hook));
    }

    /// The name of the first rule that ends a training after the epochs of `history`.
    pub(crate) fn ended_by(&self, history: &[Epoch]) -> Option<&str> {
        self.rules.iter().find(|rule| (rule.ends)(history)).map(|rule| rule.name.as_str())
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").field("hooks", &self.hooks.len()).field("rules", &self.rules()).finish()
    }
}
