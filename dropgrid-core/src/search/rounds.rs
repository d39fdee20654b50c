//! The rounds of a search: the strategy proposes jobs, workers run those that no study knows, and what came of them is
//! kept, until the strategy has nothing more to try.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use super::{fits::Ran, plan::Plan, shelf::Shelf};
use crate::{
    data::{Dataset, Truth},
    engine,
    error::{self, Error, Failure, Result, Stopped},
    model::Model,
    recipe::Train,
    record::{Job, Record},
    report::{ErrorScore, Progress, Results},
    space::Params,
    split::Folds,
    strategy::Strategy,
    study::Legend,
    train::Objective,
};

impl<M: Model, S: Strategy<M::Space>, K: Truth> Plan<'_, M, S, K> {
    /// Searches from `start` on, until the strategy has nothing more to try or the search has to end.
    pub(super) fn search<T: Objective<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        start: Instant,
    ) -> Result<Found<M::Params>> {
        let folds = self.check(data)?;
        let count = folds.splits.len() as u32;
        let planned = self.strategy.plan(self.space, count)?;
        let (infos, fold_infos) = (self.infos(), self.fold_infos(&folds.splits));
        let weights = fold_infos.iter().map(|fold| fold.weight).collect();
        let progress = Progress::new(self.settings.progress, planned, infos[0].clone(), weights);
        let shelf = self.shelf(data, &folds)?;
        let error_score = self.settings.error_score;
        let mut ledger =
            Ledger { shelf, unkept: Ok(()), progress, error_score, params: BTreeMap::new(), records: Vec::new() };

        let fits = self.fits(data, &folds.splits);
        let budget = &self.settings.budget;
        let ended = || budget.ended(start);
        loop {
            let jobs = self.strategy.propose(self.space, count, &ledger.records);
            if jobs.is_empty() || ended().is_some() {
                break;
            }
            let groups = groups::<M>(ledger.missing(jobs), &self.settings.recipe);
            engine::run_in_groups(
                self.workers()?,
                &groups,
                || ended().is_some(),
                |group| Ok(fits.run(group)),
                |results| ledger.add(results),
            )?;
            ledger.close()?;
        }
        let done = ledger.records.len();
        let planned = planned.unwrap_or(ledger.params.len() * count as usize);
        let results = Results::new(ledger.into_candidates(count as usize), infos, fold_infos, error_score);
        let stopped = ended().filter(|_| done < planned).map(|why| Stopped { why, done, planned });
        let best = results.best().ok_or_else(|| match stopped {
            Some(stopped) if results.candidates().is_empty() => Error::Stopped(stopped),
            _ => nothing_finished(&results),
        })?;
        Ok(Found { results, best, folds, stopped })
    }

    /// What the search's study keeps, after it has been found to be the study of this search.
    fn shelf<T: Objective<Output = M::Output, Kind = K>>(&self, data: &Dataset<T>, folds: &Folds) -> Result<Shelf> {
        let Some(study) = &self.study else { return Ok(Shelf::nothing()) };
        let legend = Legend {
            metrics: self.infos(),
            folds: self.fold_infos(&folds.splits),
            error_score: if let ErrorScore::Value(score) = self.settings.error_score { Some(score) } else { None },
            fits: self.strategy.plan(self.space, folds.splits.len() as u32)?,
        };
        Shelf::open(study, &self.identity(data, folds), &legend)
    }
}

/// What a search found.
pub(super) struct Found<P> {
    pub(super) results: Results<P>,
    /// The number of the best candidate.
    pub(super) best: usize,
    pub(super) folds: Folds,
    pub(super) stopped: Option<Stopped>,
}

/// Jobs that are one training, and what came of each; the failure of all where the worker lost them.
type Trained<'a, P> = (&'a Vec<Job<P>>, Result<Vec<Ran>, Failure>);

/// What has come of a search so far.
struct Ledger<P> {
    shelf: Shelf,
    /// The first error of keeping what finished.
    unkept: Result<()>,
    progress: Progress,
    error_score: ErrorScore,
    /// By number.
    params: BTreeMap<u64, P>,
    /// Sorted by candidate and fold after each round.
    records: Vec<Record>,
}

impl<P: Params> Ledger<P> {
    /// The jobs that the study does not know; the records of the others are taken from it.
    fn missing(&mut self, jobs: Vec<Job<P>>) -> Vec<Job<P>> {
        let mut missing = Vec::new();
        for job in jobs {
            self.params.entry(job.candidate).or_insert_with(|| job.params.clone());
            match self.shelf.take(&job) {
                Some(record) => {
                    self.progress.done(&record);
                    self.records.push(record);
                }
                None => missing.push(job),
            }
        }
        missing
    }

    /// Adds what came of groups of jobs, and says whether the search goes on.
    fn add(&mut self, results: Vec<Trained<'_, P>>) -> ControlFlow<()> {
        let mut finished: Vec<(&Job<P>, Record)> = Vec::new();
        for (group, outcome) in results {
            let failed =
                |failure: Failure| group.iter().map(|_| Ran::failed(failure.clone(), Duration::ZERO)).collect();
            let ran: Vec<Ran> = outcome.unwrap_or_else(failed);
            let ran = ran.into_iter().filter(|ran| !matches!(ran.outcome, Err(Failure::Interrupted)));
            finished.extend(group.iter().zip(ran).map(|(job, ran)| (job, ran.record(job))));
        }
        // A fit counts as finished once it is durable.
        let kept = self.shelf.keep(&finished);
        if self.unkept.is_ok() {
            self.unkept = kept;
        }
        let mut stop = self.unkept.is_err();
        for (_, record) in finished {
            stop |= self.error_score == ErrorScore::Raise && record.outcome.is_err();
            self.progress.done(&record);
            self.records.push(record);
        }
        if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Ends a round: an error where its fits could not be kept, or where one failed that must not.
    fn close(&mut self) -> Result<()> {
        mem::replace(&mut self.unkept, Ok(()))?;
        self.records.sort_by_key(|record| (record.candidate, record.fold));
        if self.error_score == ErrorScore::Raise {
            for record in &self.records {
                if let Err(failure) = &record.outcome {
                    let params = self.params[&record.candidate].to_string();
                    return Err(Error::FitFailed { params, fold: record.fold, failure: failure.clone() });
                }
            }
        }
        Ok(())
    }

    /// The candidates that are done on all `folds`, by their numbers, each with its records by fold. The progress bar
    /// goes.
    fn into_candidates(self, folds: usize) -> impl Iterator<Item = (P, Vec<Record>)> {
        self.progress.finish();
        let mut by_candidate: BTreeMap<u64, Vec<Record>> = BTreeMap::new();
        for record in self.records {
            by_candidate.entry(record.candidate).or_default().push(record);
        }
        let of = move |(number, params)| Some((params, by_candidate.remove(&number)?));
        self.params.into_iter().filter_map(of).filter(move |(_, records)| records.len() == folds)
    }
}

/// The jobs in groups that are one training each: candidates on one fold that differ only in their epochs, which
/// ascend. A schedule that is spread over the epochs makes them different trainings from the first step on.
fn groups<M: Model>(jobs: Vec<Job<M::Params>>, recipe: &Train) -> Vec<Vec<Job<M::Params>>> {
    let Some(epochs) = M::EPOCHS else { return jobs.into_iter().map(|job| vec![job]).collect() };
    let mut places = HashMap::new();
    let mut groups: Vec<Vec<Job<M::Params>>> = Vec::new();
    for job in jobs {
        let mut values = job.params.values();
        if !M::train(&job.params, recipe.clone()).schedule.depends_on_epochs() {
            values.remove(epochs);
        }
        let place = *places.entry((job.fold, serde_json::Value::from(values).to_string())).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(job),
            None => groups.push(vec![job]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(|job| M::train(&job.params, recipe.clone()).epochs);
    }
    groups
}

/// The error of a search in which no candidate has a mean score.
fn nothing_finished<P>(results: &Results<P>) -> Error {
    let (fits, failed) = (results.fits(), results.failures().count());
    let reasons = error::group(results.failures());
    if failed == 0 {
        let reasons = error::group(results.warnings().filter(|&(metric, _)| metric == 0).map(|(_, warning)| warning));
        Error::UndefinedScores { metric: results.metrics()[0].name.clone(), reasons }
    } else if failed == fits {
        Error::AllFitsFailed { fits, reasons }
    } else {
        Error::NoCandidateFinished { failed, fits, reasons }
    }
}
