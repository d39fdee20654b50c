//! The rounds of a search: the strategy proposes jobs, workers run those that no study knows, and what came of them is
//! kept, until the strategy has nothing more to try.

use std::{collections::HashMap, time::Instant};

use super::{
    checkpoints::Checkpoints,
    known::Known,
    ledger::{Group, Ledger},
    plan::Plan,
    proposal::propose,
    shelf::Shelf,
    ties::unlike,
    training::training,
};
use crate::{
    data::{Dataset, Truth},
    engine,
    error::{self, Error, Failure, Kept, Result, Stopped, StrategyError, StudyError},
    limit::outlive_size_limits,
    model::Model,
    recipe::Train,
    record::Job,
    report::{ErrorScore, Progress, Report, Results},
    split::Folds,
    strategy::Strategy,
    study::{Damaged, Legend},
    train::Objective,
};

impl<M: Model, S: Strategy<M::Space>, K: Truth> Plan<'_, M, S, K> {
    /// Searches from `start` on, until the strategy has nothing more to try or the search has to end.
    pub(super) fn search<T: Objective<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        start: Instant,
    ) -> Result<Found<M::Params>> {
        // Hooks write files, too.
        outlive_size_limits();
        let folds = self.check(data)?;
        let count = folds.splits.len() as u32;
        let planned = self.strategy.plan(self.space, count)?;
        let (infos, fold_infos) = (self.infos(), self.fold_infos(&folds.splits));
        let weights = fold_infos.iter().map(|fold| fold.weight).collect();
        let progress = Progress::new(self.settings.progress, planned, infos[0].clone(), weights, self.outer);
        let shelf = self.shelf(data, &folds)?;
        let damaged = shelf.damaged().to_vec();
        let error_score = self.settings.error_score;
        let checkpoints = shelf.checkpoints(self.settings.checkpoint_every, self.settings.keep_end_states)?;
        let recipe = &self.settings.recipe;
        let known = Known::of::<M>(shelf.kept(), recipe);
        let mut ledger = Ledger::new(shelf, checkpoints.clone(), progress, error_score);

        let mut tries = self.tries(data, &folds.splits, start);
        // A state is one of the first draws.
        tries.fits[0].checkpoints = checkpoints.as_deref();
        let ended = || tries.ended();
        let (fault, is_whole) = loop {
            let jobs = propose(self.strategy, self.space, count, ledger.records(), |number| ledger.params(number));
            let jobs = match jobs {
                Ok(jobs) if jobs.is_empty() || ended().is_some() => break (None, jobs.is_empty()),
                Ok(jobs) => jobs,
                Err(fault) => break (Some(fault), false),
            };
            if let Err(error) = self.check_names(&jobs) {
                if ledger.records().is_empty() {
                    return Err(error);
                }
                break (Some(StrategyError::Failed(Box::new(error))), false);
            }
            let missing = ledger.missing(jobs, |job| known.find::<M>(job))?;
            let groups = groups::<M>(missing, recipe, checkpoints.as_deref());
            let workers = self.workers()?.min(groups.len());
            ledger.begin(groups)?;
            let work = |group: &Group<M::Params>| tries.run(&group.jobs);
            engine::lead(workers, work, |hands| ledger.lead(hands, ended()))?;
            if let Err(mut error) = ledger.close() {
                if let Error::Study(StudyError::Lost { report, .. }) = &mut error {
                    let results = Results::new(ledger.into_candidates(count as usize), infos, fold_infos, error_score);
                    let best = results.best();
                    let found = |best| Report::<M, T, ()>::new(results, best, (), folds.warnings, start.elapsed());
                    *report = best.map(|best| Kept::new(found(best).without(damaged)));
                }
                return Err(error);
            }
        };
        let (done, candidates) = (ledger.records().len(), ledger.proposed());
        let planned = planned.unwrap_or(candidates * count as usize);
        let failures: Vec<Failure> =
            ledger.records().iter().filter_map(|record| record.outcome.clone().err()).collect();
        let results = Results::new(ledger.into_candidates(count as usize), infos, fold_infos, error_score);
        let stopped = ended().filter(|_| !is_whole).map(|why| Stopped { why, done, planned });
        let best = results.best();
        let of_strategy = |error, best: Option<usize>, results| {
            let found = |best| Report::<M, T, ()>::new(results, best, (), folds.warnings.clone(), start.elapsed());
            let report = best.map(|best| Kept::new(found(best).stopped_by(stopped).without(damaged.clone())));
            Error::Strategy { strategy: format!("{:?}", self.strategy), error: Box::new(error), report }
        };
        match (fault, best) {
            (Some(fault), best) => Err(of_strategy(fault, best, results)),
            (None, Some(best)) => Ok(Found { results, best, folds, stopped, damaged }),
            (None, None) if !results.candidates().is_empty() => Err(nothing_finished(&results)),
            (None, None) => Err(match stopped {
                Some(stopped) => Error::Stopped(stopped),
                None if done == 0 => of_strategy(StrategyError::Nothing, None, results),
                None if failures.len() == done => Error::AllFitsFailed { fits: done, reasons: error::group(&failures) },
                None => {
                    let error = StrategyError::Unfinished { folds: count, candidates, fits: done };
                    of_strategy(error, None, results)
                }
            }),
        }
    }

    /// What the search's study keeps, after it has been found to be the study of this search.
    fn shelf<T: Objective<Output = M::Output, Kind = K>>(&self, data: &Dataset<T>, folds: &Folds) -> Result<Shelf> {
        match self.settings.checkpoint_every {
            Some(0) => {
                let (setting, expected) = ("checkpoint_every", "at least 1");
                return Err(Error::Setting { setting, value: "0".to_owned(), expected });
            }
            Some(epochs) if self.study.is_none() => return Err(Error::CheckpointsWithoutStudy { epochs }),
            _ => {}
        }
        if self.settings.keep_end_states && self.study.is_none() {
            return Err(Error::EndStatesWithoutStudy);
        }
        let Some(study) = &self.study else { return Ok(Shelf::nothing()) };
        let legend = Legend {
            metrics: self.infos(),
            folds: self.fold_infos(&folds.splits),
            error_score: if let ErrorScore::Value(score) = self.settings.error_score { Some(score) } else { None },
            fits: self.strategy.plan(self.space, folds.splits.len() as u32)?,
        };
        let limit = self.settings.budget.fit;
        Shelf::open(study, &self.identity(data, folds)?, &legend, unlike::<M>, limit)
    }
}

/// What a search found.
pub(super) struct Found<P> {
    pub(super) results: Results<P>,
    /// The number of the best candidate.
    pub(super) best: usize,
    pub(super) folds: Folds,
    pub(super) stopped: Option<Stopped>,
    /// Records of the study that were damaged.
    pub(super) damaged: Vec<Damaged>,
}

/// The jobs in groups that are one [`training`] on one fold each, and that go on from the same one of its end states:
/// nothing is trained again between two of them.
fn groups<M: Model>(
    jobs: Vec<Job<M::Params>>,
    recipe: &Train,
    checkpoints: Option<&Checkpoints>,
) -> Vec<Vec<Job<M::Params>>> {
    if M::SHARING.is_empty() {
        return jobs.into_iter().map(|job| vec![job]).collect();
    }
    let mut places = HashMap::new();
    let mut groups: Vec<Vec<Job<M::Params>>> = Vec::new();
    for job in jobs {
        let recipe = M::train(&job.params, recipe.clone());
        let of = (training::<M>(&job.params, &recipe), job.fold);
        let from = checkpoints.map_or(0, |checkpoints| checkpoints.longest(&of, recipe.epochs));
        let place = *places.entry((of, from)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(job),
            None => groups.push(vec![job]),
        }
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
