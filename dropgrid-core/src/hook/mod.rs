//! What looks at trainings while they run: logs, progress of one's own, rules that end them.
//!
//! A [`Hook`] looks, and changes nothing; a [rule](crate::search::Search::stop_when) may end a training, and sees
//! nothing but numbers that are the same in every run. Neither is given a network or a row, so there is no phase to
//! forget and no scored row to leak.
//!
//! Hooks are called on the threads of the workers, those of several trainings side by side. A panic in one is a
//! [failed fit](crate::Failure::Panicked), as a panic in a layer is. Of a training that is one for several candidates it
//! fails those that have not ended by then; what was scored before stays as it is.
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
//! let epoch = Epoch { number: 1, train_loss: 0.7, monitored: None, lr: 1e-3 };
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

/// Something that looks at trainings. Every method does nothing unless it is written.
///
/// A training is one for several candidates where these differ in nothing that a step asks: in their epochs, say.
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
/// count.fit_end(&FitInfo::default(), &FitEnd { epochs: 3, failure: None });
/// assert_eq!(count.0.into_inner(), 1);
/// ```
pub trait Hook: Send + Sync {
    /// Before the first step.
    fn fit_start(&self, fit: &FitInfo) {
        let _ = fit;
    }

    /// After each batch.
    fn batch_end(&self, fit: &FitInfo, batch: &Batch) {
        let _ = (fit, batch);
    }

    /// After each epoch.
    fn epoch_end(&self, fit: &FitInfo, epoch: &Epoch) {
        let _ = (fit, epoch);
    }

    /// After the last epoch and the scoring, or when the training failed.
    ///
    /// A panic here fails the candidates that ended with the training. Those of the same training that ended in an
    /// earlier epoch stay as they were scored, since a study may have [kept](crate::search::Search::checkpoint_every)
    /// them by then: the report is the same whether it has or not. Where the training had failed already, that failure
    /// is the one that counts.
    fn fit_end(&self, fit: &FitInfo, end: &FitEnd<'_>) {
        let _ = (fit, end);
    }
}

/// A closure is called after each epoch.
impl<F: Fn(&FitInfo, &Epoch) + Send + Sync> Hook for F {
    fn epoch_end(&self, fit: &FitInfo, epoch: &Epoch) {
        self(fit, epoch);
    }
}

/// What a training is of.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FitInfo {
    /// A number that no other training of this process has, and that says nothing else: for hooks that keep something for
    /// each training.
    pub id: u64,
    /// The outer fold whose search it is of, from 0; none where the search is not [nested](crate::search::Search::nested_cross_validate).
    pub outer: Option<u32>,
    /// The fold, from 0; none where it is not of a fold: the training of the winner on all rows.
    pub fold: Option<u32>,
    /// The numbers of the candidates that it is for; none outside the rounds of a search.
    pub candidates: Vec<u64>,
    /// The hyperparameters of the candidate with the most epochs, by name.
    pub params: Vec<(&'static str, Value)>,
    /// The names of those in which its candidates differ; none where it is for one.
    pub differ: Vec<&'static str>,
    /// The most epochs that it may have.
    pub epochs: usize,
    /// Rows trained on.
    pub rows: usize,
    /// The name of the [monitored](crate::recipe::Train::monitor) quantity; none where the recipe needs no validation rows.
    pub monitor: Option<String>,
    started: Instant,
}

impl FitInfo {
    /// One that starts now.
    pub(crate) fn new(epochs: usize) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self {
            id,
            outer: None,
            fold: None,
            candidates: Vec::new(),
            params: Vec::new(),
            differ: Vec::new(),
            epochs,
            rows: 0,
            monitor: None,
            started: Instant::now(),
        }
    }

    /// The time since it was started.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

/// A training of nothing, to try a hook on.
impl Default for FitInfo {
    fn default() -> Self {
        Self::new(1)
    }
}

/// What a batch gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Batch {
    /// The epoch, from 1.
    pub epoch: usize,
    /// The batch of the epoch, from 1.
    pub number: usize,
    /// Its rows.
    pub rows: usize,
    /// The mean loss before its step.
    pub loss: f32,
    /// The learning rate of its step.
    pub lr: f64,
}

/// How a training ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitEnd<'a> {
    /// Epochs trained to their ends.
    pub epochs: usize,
    /// Why it failed, where it did.
    pub failure: Option<&'a Failure>,
}

/// The hooks and rules of a search.
#[derive(Default)]
pub(crate) struct Hooks {
    hooks: Vec<Box<dyn Hook>>,
    rules: Vec<Rule>,
}

/// A rule that ends trainings, with the name by which a study knows it.
struct Rule {
    name: String,
    ends: Box<Ends>,
}

/// Whether a training ends after the last of these epochs.
type Ends = dyn Fn(&[Epoch]) -> bool + Send + Sync;

impl Hooks {
    pub(crate) fn add(&mut self, hook: impl Hook + 'static) {
        self.hooks.push(Box::new(hook));
    }

    pub(crate) fn add_rule(&mut self, name: String, ends: impl Fn(&[Epoch]) -> bool + Send + Sync + 'static) {
        self.rules.push(Rule { name, ends: Box::new(ends) });
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
