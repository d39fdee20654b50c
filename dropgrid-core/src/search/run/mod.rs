//! The run of a search. The strategy proposes jobs, workers run those that have no record yet, and the leader collects
//! their records, until the strategy has nothing more to try.

mod allowance;
mod bbc;
mod candidates;
mod collected;
mod early_end;
mod facts;
mod fresh;
mod group;
mod identity;
mod judgement_log;
mod leader;
mod next;
mod no_winner;
mod open_study;
mod proposal;
mod provenance;
mod queue;
mod refit;
mod replay;
mod same_search;
mod setup;
mod shared_store;
mod throughput;
mod unit;

use std::time::Instant;

use super::{
    bound::BoundSearch,
    fit::FoldRunner,
    outcome::{Verdicts, entries, nothing_finished},
};
use crate::{
    data::{Dataset, Truth},
    error::{AnyReport, Error, Result, Stopped},
    limit::outlive_size_limits,
    model::Model,
    report::{ErrorScore, Provenance, Report, Results},
    split::Folds,
    study::Metadata,
    train::TrainTarget,
};
pub(super) use facts::Facts;
use group::Group;
use leader::LeaderEnd;
pub(crate) use next::NextTrainings;
use no_winner::NoWinner;
pub(super) use open_study::OpenStudy;
pub(super) use proposal::{propose, verdicts};
pub(super) use same_search::Unlike;
use same_search::unlike;
use setup::FinishedRun;
pub(crate) use unit::{UnitOutcome, UnitWork};

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// Runs the search, which began at `start`, until the strategy has nothing more to try or a limit ends it. Returns
    /// the folds and the report, whose best candidate is the one with rank 1.
    pub(in crate::search) fn search<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        start: Instant,
    ) -> Result<(Report<M, T, ()>, Folds)> {
        // Hooks may write files, too.
        outlive_size_limits();
        self.run(data, self.check(data)?, start)
    }

    /// Searches on folds that have been checked.
    fn run<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        mut folds: Folds,
        start: Instant,
    ) -> Result<(Report<M, T, ()>, Folds)> {
        let count = folds.splits.len() as u32;
        let error_score = self.settings.error_score;
        let led =
            self.with_leader(data, &mut folds, (start, false), |leader, workers, runner: &FoldRunner<_, T>| {
                leader.run((workers, self.workers()?), &|group: &Group| runner.run(&group.0), &|| runner.ended())
            })?;
        let FinishedRun { outcome, facts, trials, planned, damaged, study, replay_end } = led;
        let LeaderEnd { predictions, fault, proposed, pending, is_whole, ended } = outcome;
        let limits = &self.settings.limits;
        // The report is that of one worker, so fits that ran ahead of the fit that ended the search do not count.
        let (pending, is_whole, ended) =
            replay_end.map_or((pending, is_whole, ended), |end| (end.pending, end.is_whole(), Some(end.why)));
        let verdicts = verdicts(self.strategy, &facts.view(self.space, &trials));
        let done = trials.record_count();
        let planned = planned.unwrap_or(done + pending);
        let failures = trials.records().filter_map(|record| record.outcome.clone().err()).collect();
        let (fault, verdicts) = match (fault, verdicts) {
            (None, Err(fault)) => (Some(fault.into()), Verdicts::default()),
            (fault, verdicts) => (fault, verdicts.unwrap_or_default()),
        };
        let epochs = |params: &M::Params| self.epochs(params) as usize;
        let entries = entries(trials, verdicts, facts.folds.len(), epochs, facts.rows);
        let results = Results::new(entries, facts.metrics, facts.folds, error_score).map(|cv| {
            let cv = cv.constrained(facts.constraints).with_classes(data.targets().names().unwrap_or_default());
            cv.with_provenance(self.provenance(data))
        });
        let bbc = self.bbc(data, &folds.splits, &results, &predictions, (ended, &|| limits.ended(start)))?;
        let results = results.map(|cv| cv.with_bbc(bbc));
        let stopped = ended.filter(|_| !is_whole).map(|why| Stopped { why, done, planned });
        let best = results.best();
        // If there is no winner, the report is about the candidate that comes nearest.
        let shown = best.or_else(|| results.candidates().iter().position(|candidate| candidate.rank(0) == 1));
        let is_undecided = best.is_none() && results.candidates().iter().any(|candidate| candidate.is_finalist());
        let undecided = is_undecided.then(|| nothing_finished(&results));
        let report = shown.map(|best| {
            let report = Report::<M, T, ()>::new(results, best, (), folds.warnings.clone(), start.elapsed());
            report.stopped_by(stopped).without(damaged)
        });
        if let (Some(report), Some(study), None) = (&report, study, &fault) {
            study.keep_end(report.search_end());
        }
        match report {
            Some(report) if fault.is_none() && best.is_some() => Ok((report, folds)),
            report => {
                let report = report.map(AnyReport::new);
                let strategy = format!("{:?}", self.strategy);
                let undecided = undecided.map(|undecided| -> Box<dyn FnOnce(_) -> _> { Box::new(undecided) });
                Err(NoWinner { fault, undecided, stopped, strategy, folds: count, proposed, done, failures }
                    .error(report))
            }
        }
    }

    /// Opens the study of the search, after a check that it belongs to this search.
    fn open_study<T>(
        &self,
        data: &Dataset<T>,
        folds: &Folds,
        (planned, workers): (Option<usize>, usize),
        facts: &Facts<'_, M::Params>,
    ) -> Result<OpenStudy>
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
        let study = &study.clone().worked_on_by(workers);
        let (architecture, architectures) = self.architectures();
        let Provenance { axes, declaration, monitored, facts: of_search, .. } = self.provenance(data);
        let metadata = Metadata {
            metrics: facts.metrics.clone(),
            folds: facts.folds.clone(),
            error_score: if let ErrorScore::Value(score) = self.settings.error_score { Some(score) } else { None },
            fits: planned,
            rows: Some(data.len()),
            axes,
            architecture,
            architectures: Some(architectures),
            constraints: facts.constraints.clone(),
            declaration,
            monitored,
            facts: of_search,
            warnings: folds.warnings.iter().map(ToString::to_string).collect(),
            end: None,
        };
        let limit = self.settings.limits.fit;
        // The folds of fresh repeats are not among the folds of the study's search.
        match self.fresh.as_ref().and_then(|fresh| fresh.identity.as_ref()) {
            Some(identity) => OpenStudy::open(study, identity, (&metadata, false), unlike::<M>, limit),
            None => OpenStudy::open(study, &self.identity(data, folds)?, (&metadata, true), unlike::<M>, limit),
        }
    }
}
