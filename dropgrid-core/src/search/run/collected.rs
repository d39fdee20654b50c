//! The records that a search has so far.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::candidates::Candidates;
use crate::{
    error::Result,
    record::{Budget, Record, Share},
    report::{FinishedFit, Progress},
    search::key::KeyedJob,
    study::over_after,
};

/// The candidates of a search with their records, and its progress display.
pub(super) struct Collected<'a> {
    pub(super) candidates: &'a mut dyn Candidates,
    progress: Progress,
    /// True if a record was added since the strategy was last asked.
    pub(super) has_news: bool,
    /// True if a failed fit ends the search.
    raises: bool,
    has_failed: bool,
    predictions: OutOfFoldOutputs,
}

/// Out-of-fold predictions by candidate and fold, up to a limit in bytes.
pub(super) struct OutOfFoldOutputs {
    outputs: HashMap<(u64, u32), Arc<[f64]>>,
    bytes: usize,
    most_bytes: usize,
}

impl OutOfFoldOutputs {
    fn add(&mut self, candidate: u64, fold: u32, outputs: Arc<[f64]>) {
        self.bytes += size_of_val(&*outputs);
        if self.is_within() {
            self.outputs.insert((candidate, fold), outputs);
        } else {
            self.outputs = HashMap::new();
        }
    }

    fn is_within(&self) -> bool {
        self.bytes <= self.most_bytes
    }

    /// Returns the bytes of all predictions if they exceed the limit, else `None`.
    pub(super) fn beyond_limit(&self) -> Option<usize> {
        (!self.is_within()).then_some(self.bytes)
    }

    /// Returns the predictions for the test rows of a fold, row-major; `None` if they were not kept.
    pub(super) fn get(&self, candidate: u64, fold: u32) -> Option<Arc<[f64]>> {
        self.outputs.get(&(candidate, fold)).cloned()
    }
}

impl<'a> Collected<'a> {
    /// Makes a collection without records. With `raises`, a failed fit ends the search. Predictions are kept up to
    /// `most_bytes` bytes.
    pub(super) fn new(candidates: &'a mut dyn Candidates, progress: Progress, raises: bool, most_bytes: usize) -> Self {
        let predictions = OutOfFoldOutputs { outputs: HashMap::new(), bytes: 0, most_bytes };
        Self { candidates, progress, has_news: true, raises, has_failed: false, predictions }
    }

    /// Returns true while all predictions so far are kept. After that, predictions of further fits are not needed.
    pub(super) fn keeps_predictions(&self) -> bool {
        self.predictions.is_within()
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Adds the record of a candidate.
    pub(super) fn add(&mut self, job: &KeyedJob, mut record: Record) {
        let outputs = record.details.predictions.take();
        let fold = record.fold;
        let (number, budget, failed) = (record.candidate, record.budget, record.outcome.is_err());
        self.has_failed |= failed;
        let time = record.fit_time + record.score_time;
        let is_new = self.candidates.add(&job.job.params, record);
        self.has_news |= is_new;
        if let Some(outputs) = outputs.filter(|_| is_new && budget == Budget::Full) {
            self.predictions.add(number, fold, outputs);
        }
        if self.progress.is_watched() {
            let (candidate, score, params) = (number, self.score(number, budget), &*job.name.params);
            self.progress.done(&FinishedFit { candidate, failed, budget, score, time, params });
        }
    }

    /// Returns the mean score of a candidate at a budget; `None` until every fold has a record.
    pub(super) fn score(&self, candidate: u64, budget: Budget) -> Option<f64> {
        self.candidates.records(candidate)?.score(budget)
    }

    /// Returns the record of the same fit at a smaller budget, if a stopping rule ended that training before either
    /// budget.
    pub(super) fn over(&self, job: &KeyedJob) -> Option<&Record> {
        let KeyedJob { job, name, .. } = job;
        let is_of = |record: &&Record| {
            let Budget::Epochs(epochs) = record.budget else { return false };
            let is_over = over_after(epochs.get(), record).is_some_and(|it| it <= name.resource.epochs());
            record.fold == job.fold && name.resource.rows() == Share::ALL && is_over
        };
        self.candidates.records(job.candidate)?.all().iter().find(is_of)
    }

    /// Returns true if a failed fit ends the search.
    pub(super) fn must_end(&self) -> bool {
        self.raises && self.has_failed
    }

    /// Checks that no failed fit ends the search.
    ///
    /// # Errors
    /// [`Error::FitFailed`](crate::Error::FitFailed) for the first one.
    pub(super) fn check(&self) -> Result<()> {
        if self.raises { self.candidates.check() } else { Ok(()) }
    }

    /// Returns the number of candidates that have records or are among `others`.
    pub(super) fn count_with(&self, others: impl Iterator<Item = u64>) -> usize {
        let others: BTreeSet<u64> = others.filter(|&number| self.candidates.records(number).is_none()).collect();
        self.candidates.len() + others.len()
    }

    /// Removes the progress bar and returns the predictions.
    pub(super) fn finish(self) -> OutOfFoldOutputs {
        self.progress.finish();
        self.predictions
    }
}
