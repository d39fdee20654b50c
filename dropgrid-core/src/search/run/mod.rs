//! The run of a search: the strategy proposes jobs, workers run those that have no record yet, and their records are
//! collected, until the strategy has nothing more to try.

mod allowance;
mod collected;
mod facts;
mod group;
mod identity;
mod leader;
mod open_study;
mod proposal;
mod pruned;
mod queue;
mod refit;
mod throughput;
mod ties;

use std::{collections::HashSet, time::Instant};

use super::{
    bound::BoundSearch,
    fit::FoldRunner,
    outcome::{Verdicts, entries, nothing_finished},
    prior::{check_enqueued, constraints, studies},
};
use crate::{
    data::{Dataset, Truth},
    engine,
    error::{self, AnyReport, Error, Failure, Result, Stopped, StrategyError},
    limit::outlive_size_limits,
    model::Model,
    report::{Candidate, ErrorScore, Progress, Report, Results},
    split::Folds,
    strategy::{Strategy, Trials, View},
    study::Metadata,
    train::TrainTarget,
};
use allowance::Allowance;
use collected::Collected;
use facts::Facts;
use group::Group;
use leader::{Leader, LeaderEnd};
pub(super) use open_study::OpenStudy;
pub(super) use proposal::{guarded, propose};
use queue::JobQueue;
pub(super) use ties::Unlike;
use ties::unlike;

impl<M: Model, S: Strategy<M::Space>, K: Truth> BoundSearch<'_, M, S, K> {
    /// Searches from `start` on, until the strategy has nothing more to try or the search has to end. Returns the report, whose
    /// best candidate is that of rank 1, and the folds.
    pub(in crate::search) fn search<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        start: Instant,
    ) -> Result<(Report<M, T, ()>, Folds)> {
        // Hooks write files, too.
        outlive_size_limits();
        let mut folds = self.check(data)?;
        let count = folds.splits.len() as u32;
        let error_score = self.settings.error_score;
        let (metrics, fold_infos) = (self.infos(), self.fold_infos(&folds.splits));
        let constraints = constraints(&self.settings.constraints, &metrics)?;
        check_enqueued(&self.settings.enqueued, self.strategy, self.space)?;
        let (priors, warnings) = studies(&self.settings.priors, self.strategy, self.space, &metrics[0])?;
        folds.warnings.extend(warnings);
        let (of_metrics, monitored) = (metrics.clone(), self.monitored());
        let facts = Facts::new(
            data,
            of_metrics,
            monitored,
            constraints.clone(),
            priors,
            fold_infos.clone(),
            self.epoch_range(),
        );
        let trials = Trials::new(&fold_infos, error_score.value());
        let epochs = |params: &M::Params| self.epochs(params);
        let before = self.view(&facts, &epochs, &trials);
        let planned = self.strategy.count(&before)?;
        folds.warnings.extend(self.strategy.warning(&before));
        let progress = Progress::new(self.settings.progress, planned, metrics[0].clone(), count, self.outer);
        let study = self.open_study(data, &folds, planned)?;
        let damaged = study.damaged().to_vec();
        let states = study.states(self.settings.checkpoint_every, self.settings.keep_final_checkpoints)?;

        let runner = FoldRunner { states: Some(&states), ..self.runner(data, &folds.splits, start) };
        let mut leader = Leader {
            search: self,
            facts: &facts,
            study,
            states: &states,
            queue: JobQueue::new(),
            collected: Collected::new(trials, progress, error_score == ErrorScore::Raise),
            allowance: Allowance::new(&self.settings.limits),
            check_share: runner.share_check(),
            fault: None,
            is_leaving: false,
            told: HashSet::new(),
        };
        let workers = self.workers()?.min(planned.unwrap_or(usize::MAX)).max(1);
        let work = |group: &Group<M::Params>| runner.run(&group.0);
        engine::lead(workers, work, |workers| leader.lead(workers, runner.ended()))?;

        let ended = runner.ended();
        let LeaderEnd { collected, fault, proposed, pending, is_whole, ended } = leader.end(ended);
        let trials = collected.trials();
        let verdicts = self.verdicts(&facts, trials);
        let done = trials.record_count();
        let planned = planned.unwrap_or(done + pending);
        let failures: Vec<Failure> = trials.records().filter_map(|record| record.outcome.clone().err()).collect();
        let (fault, verdicts) = match (fault, verdicts) {
            (None, Err(fault)) => (Some(fault.into()), Verdicts::default()),
            (fault, verdicts) => (fault, verdicts.unwrap_or_default()),
        };
        let epochs = |params: &M::Params| self.epochs(params) as usize;
        let rows = facts.rows;
        let entries = entries(collected.into_trials(), verdicts, fold_infos.len(), epochs, rows);
        let results = Results::new(entries, metrics, fold_infos, error_score)
            .constrained(constraints)
            .with_classes(data.targets().names().unwrap_or_default());
        let stopped = ended.filter(|_| !is_whole).map(|why| Stopped { why, done, planned });
        let best = results.best();
        // Without a winner, the report is of the candidate that comes nearest.
        let shown = best.or_else(|| results.candidates().iter().position(|candidate| candidate.rank(0) == 1));
        let is_undecided = best.is_none() && results.candidates().iter().any(Candidate::is_finalist);
        let undecided = is_undecided.then(|| nothing_finished(&results));
        let report = shown.map(|best| {
            let report = Report::<M, T, ()>::new(results, best, (), folds.warnings.clone(), start.elapsed());
            report.stopped_by(stopped).without(damaged)
        });
        let kept = |report: Option<_>| report.map(AnyReport::new);
        let of_strategy = |error, report| {
            let (strategy, error) = (format!("{:?}", self.strategy), Box::new(error));
            Error::Strategy { strategy, error, report: kept(report) }
        };
        Err(match (fault, report) {
            (Some(Fault::Strategy(fault)), report) => of_strategy(fault, report),
            (Some(Fault::Study(mut error)), found) => {
                if let Error::Study(error) = &mut error
                    && let Some(report) = error.report_mut()
                {
                    *report = kept(found);
                }
                error
            }
            (None, Some(report)) if best.is_some() => return Ok((report, folds)),
            (None, report) => match (undecided, stopped) {
                (Some(undecided), _) => undecided(kept(report)),
                (None, Some(stopped)) => Error::Stopped { stopped, report: kept(report) },
                (None, None) if done == 0 => of_strategy(StrategyError::Nothing, report),
                (None, None) if failures.len() == done => {
                    let reasons = error::group(&failures);
                    Error::AllFitsFailed { fits: done, reasons, report: kept(report) }
                }
                (None, None) => {
                    let error = StrategyError::Unfinished { folds: count, candidates: proposed, fits: done };
                    of_strategy(error, report)
                }
            },
        })
    }

    /// The strategy's verdicts on the candidates.
    fn verdicts(&self, facts: &Facts<M::Params>, trials: &Trials<M::Params>) -> Result<Verdicts, StrategyError> {
        let epochs = |params: &M::Params| self.epochs(params);
        let view = self.view(facts, &epochs, trials);
        guarded(|| {
            let mut finalists = self.strategy.finalists(&view);
            finalists.sort_unstable();
            let (eliminations, iterations) = (self.strategy.eliminations(&view), self.strategy.iterations(&view));
            Verdicts { finalists, eliminations, iterations }
        })
    }

    /// The state of the search, for its strategy.
    fn view<'v>(
        &'v self,
        facts: &'v Facts<M::Params>,
        epochs: &'v dyn Fn(&M::Params) -> u32,
        trials: &'v Trials<M::Params>,
    ) -> View<'v, M::Space> {
        View {
            space: self.space,
            folds: &facts.folds,
            metrics: &facts.metrics,
            monitored: &facts.monitored,
            best_score: self.metrics[0].best(),
            error_score: self.settings.error_score.value(),
            constraints: &facts.constraints,
            priors: &facts.priors,
            enqueued: &self.settings.enqueued,
            rows: facts.rows,
            classes: facts.classes,
            seed: self.seed,
            epochs,
            epoch_range: facts.epoch_range,
            evaluation_only: M::EVALUATION_ONLY,
            trials,
        }
    }

    /// The study of the search, after a check that it is one of this search.
    fn open_study<T>(&self, data: &Dataset<T>, folds: &Folds, planned: Option<usize>) -> Result<OpenStudy>
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
            fits: planned,
            rows: Some(data.len()),
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
