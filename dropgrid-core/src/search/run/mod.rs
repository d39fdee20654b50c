//! The run of a search: the strategy proposes jobs, workers run those that have no record yet, and their records are
//! collected, until the strategy has nothing more to try.

mod collected;
mod identity;
mod leader;
mod open_study;
mod proposal;
mod queue;
mod refit;
mod throughput;
mod ties;

use std::time::Instant;

use super::{
    bound::BoundSearch,
    fit::FoldRunner,
    outcome::{SearchOutcome, entries, nothing_finished},
};
use crate::{
    data::{Dataset, Truth},
    engine,
    error::{self, Error, Failure, Kept, Result, Stopped, StrategyError, StudyError},
    limit::outlive_size_limits,
    model::Model,
    record::{FoldInfo, MetricInfo},
    report::{Candidate, ErrorScore, Progress, Report, Results},
    split::Folds,
    strategy::{Strategy, Trials, View},
    study::Metadata,
    train::TrainTarget,
};
use collected::Collected;
use leader::{Leader, LeaderEnd};
use open_study::OpenStudy;
use queue::{Group, JobQueue};
use ties::unlike;

impl<M: Model, S: Strategy<M::Space>, K: Truth> BoundSearch<'_, M, S, K> {
    /// Searches from `start` on, until the strategy has nothing more to try or the search has to end.
    pub(in crate::search) fn search<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        start: Instant,
    ) -> Result<SearchOutcome<M::Params>> {
        // Hooks write files, too.
        outlive_size_limits();
        let folds = self.check(data)?;
        let count = folds.splits.len() as u32;
        let planned = self.strategy.count(self.space, count)?;
        let (metrics, fold_infos) = (self.infos(), self.fold_infos(&folds.splits));
        let weights = fold_infos.iter().map(|fold| fold.weight).collect();
        let progress = Progress::new(self.settings.progress, planned, metrics[0].clone(), weights, self.outer);
        let study = self.open_study(data, &folds)?;
        let damaged = study.damaged().to_vec();
        let states = study.states(self.settings.checkpoint_every, self.settings.keep_final_checkpoints)?;
        let error_score = self.settings.error_score;

        let runner = FoldRunner { states: Some(&states), ..self.runner(data, &folds.splits, start) };
        let mut leader = Leader {
            search: self,
            metrics: &metrics,
            folds: &fold_infos,
            study,
            states: &states,
            queue: JobQueue::new(),
            collected: Collected::new(progress, error_score == ErrorScore::Raise),
            fault: None,
            is_leaving: false,
        };
        let workers = self.workers()?.min(planned.unwrap_or(usize::MAX)).max(1);
        let work = |group: &Group<M::Params>| runner.run(&group.0);
        engine::lead(workers, work, |workers| leader.lead(workers, runner.ended()))?;

        let ended = runner.ended();
        let LeaderEnd { collected, fault, proposed, pending, is_whole } = leader.end(ended);
        let trials = collected.trials();
        let finalists = self.finalists(&metrics, &fold_infos, trials);
        let done = trials.record_count();
        let planned = planned.unwrap_or(done + pending);
        let failures: Vec<Failure> = trials.records().filter_map(|record| record.outcome.clone().err()).collect();
        let (fault, finalists) = match (fault, finalists) {
            (None, Err(fault)) => (Some(fault.into()), Vec::new()),
            (fault, finalists) => (fault, finalists.unwrap_or_default()),
        };
        let epochs = |params: &M::Params| M::recipe(params, self.settings.recipe.clone()).epochs;
        let rows = fold_infos.first().map_or(0, |fold| fold.train);
        let entries = entries(collected.into_trials(), &finalists, fold_infos.len(), epochs, rows);
        let results = Results::new(entries, metrics, fold_infos, error_score)
            .with_classes(data.targets().names().unwrap_or_default());
        let stopped = ended.filter(|_| !is_whole).map(|why| Stopped { why, done, planned });
        let best = results.best();
        let report = |best: Option<usize>, results: Results<M::Params>| {
            let best = best.or_else(|| results.candidates().iter().position(|candidate| candidate.rank(0) == 1))?;
            let report = Report::<M, T, ()>::new(results, best, (), folds.warnings.clone(), start.elapsed());
            Some(Kept::new(report.stopped_by(stopped).without(damaged.clone())))
        };
        let of_strategy = |error, results| {
            let (strategy, error) = (format!("{:?}", self.strategy), Box::new(error));
            Error::Strategy { strategy, error, report: report(best, results) }
        };
        match (fault, best) {
            (Some(Fault::Strategy(fault)), _) => Err(of_strategy(fault, results)),
            (Some(Fault::Study(mut error)), _) => {
                if let Error::Study(StudyError::Lost { report: kept, .. }) = &mut error {
                    *kept = report(best, results);
                }
                Err(error)
            }
            (None, Some(best)) => Ok(SearchOutcome { results, best, folds, stopped, damaged }),
            (None, None) if results.candidates().iter().any(Candidate::is_finalist) => Err(nothing_finished(&results)),
            (None, None) => Err(match stopped {
                Some(stopped) => Error::Stopped { stopped, report: report(best, results) },
                None if done == 0 => of_strategy(StrategyError::Nothing, results),
                None if failures.len() == done => Error::AllFitsFailed { fits: done, reasons: error::group(&failures) },
                None => {
                    let error = StrategyError::Unfinished { folds: count, candidates: proposed, fits: done };
                    of_strategy(error, results)
                }
            }),
        }
    }

    /// The numbers of the finalists, as the strategy says.
    fn finalists(
        &self,
        metrics: &[MetricInfo],
        folds: &[FoldInfo],
        trials: &Trials<M::Params>,
    ) -> Result<Vec<u64>, StrategyError> {
        let view = self.view(metrics, folds, trials);
        match engine::catch(|| Ok(self.strategy.finalists(&view))) {
            Ok(mut finalists) => {
                finalists.sort_unstable();
                Ok(finalists)
            }
            Err(Failure::Panicked { message }) => Err(StrategyError::Panicked { message }),
            Err(failure) => Err(StrategyError::Failed(failure.into())),
        }
    }

    /// The state of the search, for its strategy.
    fn view<'v>(
        &'v self,
        metrics: &'v [MetricInfo],
        folds: &'v [FoldInfo],
        trials: &'v Trials<M::Params>,
    ) -> View<'v, M::Space> {
        let error_score = self.settings.error_score.value();
        let epochs = self.settings.recipe.epochs as u32;
        View { space: self.space, folds, metrics, error_score, seed: self.seed, epochs, trials }
    }

    /// The study of the search, after a check that it is one of this search.
    fn open_study<T>(&self, data: &Dataset<T>, folds: &Folds) -> Result<OpenStudy>
    where
        T: TrainTarget<Output = M::Output, Kind = K>,
    {
        match self.settings.checkpoint_every {
            Some(0) => {
                let (setting, expected) = ("checkpoint_every", "at least 1");
                return Err(Error::Setting { setting, value: "0".to_owned(), expected });
            }
            Some(epochs) if self.study.is_none() => return Err(Error::CheckpointsWithoutStudy { epochs }),
            _ => {}
        }
        if self.settings.keep_final_checkpoints && self.study.is_none() {
            return Err(Error::FinalCheckpointsWithoutStudy);
        }
        let Some(study) = &self.study else { return Ok(OpenStudy::in_memory()) };
        let metadata = Metadata {
            metrics: self.infos(),
            folds: self.fold_infos(&folds.splits),
            error_score: if let ErrorScore::Value(score) = self.settings.error_score { Some(score) } else { None },
            fits: self.strategy.count(self.space, folds.splits.len() as u32)?,
            epochs: self.whole_epochs(),
        };
        let limit = self.settings.limits.fit;
        OpenStudy::open(study, &self.identity(data, folds)?, &metadata, unlike::<M>, limit)
    }
}

/// The reason why a search ends with an error.
enum Fault {
    Study(Error),
    Strategy(StrategyError),
}

impl From<StrategyError> for Fault {
    fn from(error: StrategyError) -> Self {
        Self::Strategy(error)
    }
}
