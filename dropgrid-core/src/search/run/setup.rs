//! The preparation of a search: its facts, its study and its leader.

use std::{collections::HashSet, time::Instant};

use super::{
    allowance::Allowance,
    candidates::ModelCandidates,
    collected::Collected,
    facts::{Facts, classes},
    judgement_log::JudgementLog,
    leader::Leader,
    queue::JobQueue,
    replay::ReplayEnd,
    shared_store::SharedStore,
};
use crate::{
    data::{Dataset, Truth},
    error::Result,
    model::Model,
    record::MetricInfo,
    report::{BbcCv, ErrorScore, Progress, ProgressOf},
    search::{
        bound::BoundSearch,
        fit::FoldRunner,
        prior::{check_enqueued, constraints, studies},
    },
    space::every_value,
    split::Folds,
    strategy::Trials,
    study::DamagedRecord,
    train::TrainTarget,
};

/// The state of a search after its leader has finished.
pub(super) struct FinishedRun<'a, P, R> {
    pub(super) outcome: R,
    pub(super) facts: Facts<'a, P>,
    pub(super) trials: Trials<P>,
    /// The number of fits of the whole search; `None` if the strategy does not know it.
    pub(super) planned: Option<usize>,
    /// The fit at which the search ended, up to which there are records; `None` if no such limit was reached.
    pub(super) replay_end: Option<ReplayEnd>,
    /// The records of the study that were damaged.
    pub(super) damaged: Vec<DamagedRecord>,
    /// The study's file, if there is one and this search is not on fresh repeats.
    pub(super) study: Option<SharedStore>,
}

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// Calls `lead` with the leader of this search, the number of its workers, and the runner of their fits. The search
    /// began at `start`. A quiet search shows no progress.
    pub(super) fn with_leader<T: TrainTarget<Output = M::Output, Kind = K>, R>(
        &self,
        data: &Dataset<T>,
        folds: &mut Folds,
        (start, is_quiet): (Instant, bool),
        lead: impl FnOnce(Leader<'_>, usize, &FoldRunner<'_, M, T>) -> Result<R>,
    ) -> Result<FinishedRun<'_, M::Params, R>> {
        let error_score = self.settings.error_score;
        let metrics = self.infos();
        // Fresh repeats are run with feasible candidates and a strategy of their own.
        let is_fresh = self.fresh.is_some();
        let constraints = constraints(if is_fresh { &[] } else { &self.settings.constraints }, &metrics)?;
        let enqueued = if is_fresh { Vec::new() } else { self.settings.enqueued.clone() };
        check_enqueued(&enqueued, self.strategy, self.space)?;
        let priors = if is_fresh { &[][..] } else { &self.settings.priors };
        let (priors, warnings) = studies(priors, self.strategy, self.space, &metrics[0])?;
        folds.warnings.extend(warnings);
        let recipe = &self.settings.recipe;
        let facts = Facts {
            monitored: self.monitored(),
            best_score: self.metrics[0].best(),
            error_score: error_score.value(),
            constraints,
            priors,
            enqueued,
            folds: self.fold_infos(&folds.splits),
            rows: data.len(),
            classes: classes(data),
            seed: self.seed,
            epochs: Box::new(|params| M::recipe(params, recipe.clone()).epochs as u32),
            epoch_range: self.epoch_range(),
            validation_fraction: self.validation_fraction(),
            evaluation_only: M::EVALUATION_ONLY,
            metrics,
        };
        let trials = Trials::new(&facts.folds, facts.error_score);
        let before = facts.view(self.space, &trials);
        let planned = self.strategy.count(&before)?;
        folds.warnings.extend(self.strategy.warning(&before));
        let workers = self.workers()?.min(planned.unwrap_or(usize::MAX)).max(1);
        let progress = self.progress(&facts.metrics[0], folds, planned, workers, is_quiet);
        let study = self.open_study(data, folds, (planned, workers), &facts)?;
        let damaged = study.damaged().to_vec();
        let keeps_final = self.settings.keep_final_checkpoints && self.fresh.is_none();
        let states = study.states(self.settings.checkpoint_every, keeps_final)?;

        let runner = FoldRunner { states: Some(&states), ..self.runner(data, &folds.splits, start) };
        let most_bytes = self.settings.bbc.map_or(0, BbcCv::bytes);
        let mut candidates = ModelCandidates {
            search: self,
            facts: &facts,
            trials,
            check_share: runner.share_check(),
            told: HashSet::new(),
            replay: None,
        };
        let judgements = JudgementLog::new(&study, is_fresh)?;
        let shared = study.shared_store().filter(|_| !is_fresh);
        let leader = Leader {
            direction: facts.metrics[0].direction,
            study,
            states: &states,
            queue: JobQueue::new(),
            collected: Collected::new(&mut candidates, progress, error_score == ErrorScore::Raise, most_bytes),
            allowance: if self.fresh.is_some() { Allowance::none() } else { Allowance::new(&self.settings.limits) },
            judgements,
            fault: None,
            is_leaving: false,
            on_write: None,
        };
        let outcome = lead(leader, workers, &runner)?;
        let (trials, replay_end) = candidates.into_trials();
        Ok(FinishedRun { outcome, facts, trials, planned, replay_end, damaged, study: shared })
    }

    /// Returns the largest share of a training part that a candidate sets aside for validation; 0 if none needs any.
    fn validation_fraction(&self) -> f64 {
        let fraction = |params: &M::Params| {
            let recipe = M::recipe(params, self.settings.recipe.clone());
            if recipe.needs_validation() { recipe.validation_fraction } else { 0.0 }
        };
        every_value(self.space).iter().chain(self.strategy.listed()).map(fraction).fold(0.0, f64::max)
    }

    /// Makes the progress display of a search of `fits` fits. A quiet search shows nothing.
    pub(super) fn progress(
        &self,
        metric: &MetricInfo,
        folds: &Folds,
        fits: Option<usize>,
        workers: usize,
        is_quiet: bool,
    ) -> Progress {
        Progress::new(ProgressOf {
            shown: self.settings.progress && !is_quiet,
            hook: self.settings.progress_hook.clone().filter(|_| !is_quiet),
            fits,
            metric: metric.clone(),
            folds: folds.splits.len() as u32,
            outer: self.outer,
            architectures: self.architectures(),
            workers,
        })
    }
}
