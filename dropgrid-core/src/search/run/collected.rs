//! The records that a search has so far.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use crate::{
    error::{Error, Result},
    record::{Budget, Record, Share},
    report::Progress,
    search::key::KeyedJob,
    space::Params,
    strategy::Trials,
    study::over_after,
};

/// The candidates of a search with their records, and the progress that they make.
pub(super) struct Collected<P> {
    trials: Trials<P>,
    progress: Progress,
    /// True where a record has come since the strategy was last asked.
    pub(super) has_news: bool,
    /// True where a failed fit ends the search.
    raises: bool,
    has_failed: bool,
    predictions: OutOfFoldOutputs,
}

/// Out-of-fold predictions by candidate and fold, up to so many bytes.
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

    /// The predictions for the rows that a fold scores, row-major.
    pub(super) fn get(&self, candidate: u64, fold: u32) -> Option<Arc<[f64]>> {
        self.outputs.get(&(candidate, fold)).cloned()
    }
}

impl<P: Params> Collected<P> {
    /// No records yet. Where a failed fit `raises`, it ends the search. Predictions are kept up to `most_bytes`.
    pub(super) fn new(trials: Trials<P>, progress: Progress, raises: bool, most_bytes: usize) -> Self {
        let predictions = OutOfFoldOutputs { outputs: HashMap::new(), bytes: 0, most_bytes };
        Self { trials, progress, has_news: true, raises, has_failed: false, predictions }
    }

    /// True while all predictions so far are kept: those of further fits are of no use after that.
    pub(super) fn keeps_predictions(&self) -> bool {
        self.predictions.is_within()
    }

    pub(super) fn trials(&self) -> &Trials<P> {
        &self.trials
    }

    pub(super) fn progress(&mut self) -> &mut Progress {
        &mut self.progress
    }

    /// Adds the record of a candidate.
    pub(super) fn add(&mut self, params: &P, mut record: Record) {
        let outputs = record.details.predictions.take();
        let fold = record.fold;
        let (number, budget, failed) = (record.candidate, record.budget, record.outcome.is_err());
        self.has_failed |= failed;
        let is_new = self.trials.add(|| params.clone(), record);
        self.has_news |= is_new;
        if let Some(outputs) = outputs.filter(|_| is_new && budget == Budget::Full) {
            self.predictions.add(number, fold, outputs);
        }
        let score = self.trials.get(number).and_then(|trial| trial.score(budget));
        self.progress.done(failed, budget, score);
    }

    /// The record of a fit that a smaller budget has, too: its training was over before either budget.
    pub(super) fn over(&self, job: &KeyedJob<P>) -> Option<&Record> {
        let KeyedJob { job, name, .. } = job;
        let is_of = |record: &&Record| {
            let Budget::Epochs(epochs) = record.budget else { return false };
            let is_over = over_after(epochs.get(), record).is_some_and(|it| it <= name.resource.epochs());
            record.fold == job.fold && name.resource.rows() == Share::ALL && is_over
        };
        self.trials.get(job.candidate)?.records().iter().find(is_of)
    }

    /// True where a failed fit ends the search.
    pub(super) fn must_end(&self) -> bool {
        self.raises && self.has_failed
    }

    /// Checks that no failed fit ends the search.
    ///
    /// # Errors
    /// [`Error::FitFailed`] for the first one.
    pub(super) fn check(&self) -> Result<()> {
        for record in self.trials.records().filter(|_| self.raises) {
            if let Err(failure) = &record.outcome {
                let params =
                    self.trials.get(record.candidate).map(|trial| trial.params.to_string()).unwrap_or_default();
                return Err(Error::FitFailed { params, fold: record.fold, failure: failure.clone() });
            }
        }
        Ok(())
    }

    /// The number of candidates that have records or are among `others`.
    pub(super) fn count_with(&self, others: impl Iterator<Item = u64>) -> usize {
        let others: BTreeSet<u64> = others.filter(|number| self.trials.get(*number).is_none()).collect();
        self.trials.len() + others.len()
    }

    /// The candidates with their records, and their predictions. The progress bar goes.
    pub(super) fn into_parts(self) -> (Trials<P>, OutOfFoldOutputs) {
        self.progress.finish();
        (self.trials, self.predictions)
    }
}
