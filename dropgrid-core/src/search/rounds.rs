//! The rounds of a search: the strategy proposes jobs, workers run those that no study knows, and what came of them is
//! kept, until the strategy has nothing more to try.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
    ops::ControlFlow,
    time::Duration,
};

use super::{fits::Ran, plan::Plan, shelf::Shelf};
use crate::{
    data::{Dataset, Truth},
    engine,
    error::{self, Error, Failure, Result},
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
    /// The results, the number of the best candidate, and the folds.
    pub(super) fn search<T: Objective<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
    ) -> Result<(Results<M::Params>, usize, Folds)> {
        let folds = self.check(data)?;
        let count = folds.splits.len() as u32;
        let fits = self.strategy.plan(self.space, count)?;
        let (infos, fold_infos) = (self.infos(), self.fold_infos(&folds.splits));
        let weights = fold_infos.iter().map(|fold| fold.weight).collect();
        let progress = Progress::new(self.settings.progress, fits, infos[0].clone(), weights);
        let shelf = self.shelf(data, &folds)?;
        let error_score = self.settings.error_score;
        let mut ledger =
            Ledger { shelf, unkept: Ok(()), progress, error_score, params: BTreeMap::new(), records: Vec::new() };

        let fits = self.fits(data, &folds.splits);
        loop {
            let jobs = self.strategy.propose(self.space, count, &ledger.records);
            if jobs.is_empty() {
                break;
            }
            let groups = groups::<M>(ledger.missing(jobs), &self.settings.recipe);
            engine::run_in_groups(
                self.workers()?,
                &groups,
                |group| Ok(fits.run(group)),
                |results| ledger.add(results),
            )?;
            ledger.close()?;
        }
        let results = Results::new(ledger.into_candidates(), infos, fold_infos, error_score);
        let best = results.best().ok_or_else(|| nothing_finished(&results))?;
        Ok((results, best, folds))
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

/// Jobs that are one training, and what came of each; the failure of all where the worker lost them.
type Trained<'a, P> = (&'a Vec<Job<P>>, Result<Vec<Ran>, Failure>);

/// What has come of a search so far.
struct Ledger<P> {
    shelf: Shelf,
    /// Whether what finished last could be kept.
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
            finished.extend(group.iter().zip(ran).map(|(job, ran)| (job, ran.record(job))));
        }
        // A fit counts as finished once it is durable.
        self.unkept = self.shelf.keep(&finished);
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

    /// The candidates by their numbers, each with its records by fold. The progress bar goes.
    fn into_candidates(self) -> impl Iterator<Item = (P, Vec<Record>)> {
        self.progress.finish();
        let mut by_candidate: BTreeMap<u64, Vec<Record>> = BTreeMap::new();
        for record in self.records {
            by_candidate.entry(record.candidate).or_default().push(record);
        }
        self.params.into_values().zip(by_candidate.into_values())
    }
}

/// The jobs in groups that are one training each: candidates on one fold that differ only in their epochs, which ascend.
fn groups<M: Model>(jobs: Vec<Job<M::Params>>, recipe: &Train) -> Vec<Vec<Job<M::Params>>> {
    let Some(epochs) = M::EPOCHS else { return jobs.into_iter().map(|job| vec![job]).collect() };
    let mut places = HashMap::new();
    let mut groups: Vec<Vec<Job<M::Params>>> = Vec::new();
    for job in jobs {
        let mut values = job.params.values();
        values.remove(epochs);
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
