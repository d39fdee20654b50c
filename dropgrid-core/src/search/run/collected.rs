//! The records that a search has so far.

use std::collections::BTreeSet;

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
}

impl<P: Params> Collected<P> {
    /// No records yet. Where a failed fit `raises`, it ends the search.
    pub(super) fn new(trials: Trials<P>, progress: Progress, raises: bool) -> Self {
        Self { trials, progress, has_news: true, raises, has_failed: false }
    }

    pub(super) fn trials(&self) -> &Trials<P> {
        &self.trials
    }

    pub(super) fn progress(&mut self) -> &mut Progress {
        &mut self.progress
    }

    /// Adds the record of a candidate.
    pub(super) fn add(&mut self, params: &P, record: Record) {
        let (number, budget, failed) = (record.candidate, record.budget, record.outcome.is_err());
        self.has_failed |= failed;
        self.has_news |= self.trials.add(|| params.clone(), record);
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

    /// The candidates with their records. The progress bar goes.
    pub(super) fn into_trials(self) -> Trials<P> {
        self.progress.finish();
        self.trials
    }
}
