//! The fits on one data set, within the limits of a search. A fit is a training and its scores.

use std::{marker::PhantomData, sync::OnceLock, time::Instant};

use serde_json::Value;

use super::{lost, retry::Retry};
use crate::{
    data::{Dataset, Fit, Validation},
    engine,
    error::{Error, Failure, Result, SplitError, StopReason},
    hook::{FitEnd, FitInfo, Hooks},
    limit::Limits,
    metric::MetricOf,
    model::Model,
    recipe::Train,
    record::Curve,
    search::{key::KeyedJob, states::StateRelay},
    seed::{Purpose, REFIT, Seed},
    space::Params,
    split::{Holdout, HoldoutBy, Rows, Split, apart},
    train::{Course, Fitted, HookContext, StopCondition, TrainAndKeep, TrainTarget, Views},
};

/// Runs the fits on one data set.
pub(in crate::search) struct FoldRunner<'a, M: Model, T: TrainTarget> {
    pub(in crate::search) data: &'a Dataset<T>,
    /// The folds of all repeats.
    pub(in crate::search) splits: &'a [Split],
    /// The number of folds of one repeat.
    pub(in crate::search) folds: u32,
    pub(in crate::search) metrics: &'a [MetricOf<T::Kind>],
    pub(in crate::search) recipe: &'a Train,
    pub(in crate::search) seed: Seed,
    pub(in crate::search) train_scores: bool,
    pub(in crate::search) curve_scores: bool,
    /// True if the records of full trainings contain their predictions.
    pub(in crate::search) keeps_predictions: bool,
    pub(in crate::search) limits: &'a Limits,
    pub(in crate::search) retry: Retry,
    pub(in crate::search) hooks: &'a Hooks,
    /// The number of the outer fold in a nested cross-validation; `None` in any other search.
    pub(in crate::search) outer: Option<u32>,
    /// The moment at which the search began.
    pub(in crate::search) start: Instant,
    /// Stores the states of trainings; `None` if the search keeps none.
    pub(in crate::search) states: Option<&'a StateRelay>,
    /// How training parts are split into training and validation rows, computed on first use.
    pub(in crate::search) holdout_by: OnceLock<HoldoutBy>,
    pub(in crate::search) model: PhantomData<fn() -> M>,
}

/// The outcome of a training.
pub(super) struct TrainingOutcome<R> {
    /// The results of the training. A failed training may have some, too.
    pub(super) results: R,
    pub(super) done: Result<(), Failure>,
    /// The failure of a hook that was called at the end of the training.
    pub(super) told: Result<(), Failure>,
    /// The epochs that were complete at the end.
    pub(super) curve: Curve,
}

impl<M: Model, T: TrainTarget<Output = M::Output>> FoldRunner<'_, M, T> {
    /// Makes the same runner for the folds `splits` of other `data`.
    pub(in crate::search) fn on<'b>(&'b self, data: &'b Dataset<T>, splits: &'b [Split]) -> FoldRunner<'b, M, T> {
        let folds = (splits.len() / (self.splits.len() / self.folds as usize)) as u32;
        FoldRunner { data, splits, folds, holdout_by: OnceLock::new(), ..*self }
    }

    /// Returns the reason why no more fits may begin; `None` while fits may begin.
    pub(in crate::search) fn ended(&self) -> Option<StopReason> {
        self.limits.ended(self.start)
    }

    /// Predicts the test rows of a fold with a candidate that is trained on the rest.
    pub(in crate::search) fn predict(&self, params: &M::Params, fold: u32, split: &Split) -> Result<Vec<f64>, Failure> {
        self.begin()?;
        let predict = |draw| {
            let fitted = self.train_and_keep(params, None, (fold, split.train.as_slice()), draw, 0)?;
            Ok(fitted.predict_as_scored(self.data.features(), split.test.as_slice())?)
        };
        self.retry.until(|| self.ended().is_some(), predict).0
    }

    /// Trains the winner on all rows, on a separate worker like every other fit, with `threads` threads. It trains for
    /// `epochs` epochs if that is `Some`, else until early stopping, a rule or the last epoch ends it. Also returns the
    /// failures of earlier attempts. The training begins even after the end of the search, and earlier stop requests do
    /// not end it.
    pub(in crate::search) fn refit(
        &self,
        params: &M::Params,
        epochs: Option<usize>,
        threads: usize,
    ) -> (Result<Fitted<M, T>, Failure>, Vec<Failure>) {
        let known = self.limits.known();
        let rows: Vec<usize> = (0..self.data.len()).collect();
        let train = |draw| self.train_and_keep(params, epochs, (REFIT, &rows), draw, known);
        let ended = || self.limits.clock(known).is_over();
        engine::run_alone(threads, || self.retry.until(ended, train))
            .unwrap_or_else(|failure| (Err(failure), Vec::new()))
    }

    /// # Errors
    /// [`Failure::Interrupted`] if no more fits may begin.
    pub(super) fn begin(&self) -> Result<(), Failure> {
        if self.ended().is_some() { Err(Failure::Interrupted) } else { Ok(()) }
    }

    /// Trains a candidate on the given rows of a fold and returns the model. It trains for `epochs` epochs if that is
    /// `Some`, else until early stopping, a rule or the last epoch ends it. The first `known` stop requests do not end
    /// it.
    fn train_and_keep(
        &self,
        params: &M::Params,
        epochs: Option<usize>,
        (fold, train): (u32, &[usize]),
        draw: u32,
        known: usize,
    ) -> Result<Fitted<M, T>, Failure> {
        let mut recipe = self.recipe_of(params);
        // No strategy decides on this training.
        recipe.watches = false;
        if epochs.is_some() {
            recipe.early_stopping = None;
        }
        let stop = StopCondition::of(&recipe);
        let stop = StopCondition { epochs: epochs.unwrap_or(stop.epochs), ..stop };
        let (seed, clock) = (Retry::seed(self.seed, draw), self.limits.clock(known));
        let info = self.fit_info(params, stop.epochs, fold, &[]);
        let has_rules = self.hooks.has_rules() && epochs.is_none();
        let trained = self.train((info, has_rules), &recipe, (fold, train), draw, |views, hook_context, curve| {
            let (recipe, stop_conditions) = (&recipe, &[stop]);
            let course = Course { recipe, seed, fold, stop_conditions, clock: &clock, hook_context, trajectory: "" };
            match (TrainAndKeep::<M, T> { params, course, views }).run(curve) {
                Ok(fitted) => (Some(fitted), Ok(())),
                Err(failure) => (None, Err(failure)),
            }
        });
        trained.done.and(trained.told).and_then(|()| trained.results.ok_or_else(lost))
    }

    /// Collects the facts that the hooks of a training get, except its rows: the candidate, at most `epochs` epochs,
    /// and the jobs that share the training.
    pub(super) fn fit_info(&self, params: &M::Params, epochs: usize, fold: u32, jobs: &[KeyedJob]) -> FitInfo {
        let mut info = FitInfo::new(epochs);
        if !self.hooks.is_empty() {
            info.outer = self.outer;
            info.fold = (fold != REFIT).then_some(fold);
            info.metrics = self.metrics.iter().map(|metric| metric.name()).collect();
            if self.curve_scores {
                info.curve_metrics = self.metrics.iter().map(|metric| metric.name()).collect();
            }
            let values = |job: &KeyedJob| job.params::<M::Params>().values();
            describe(&mut info, (M::Params::NAMES, params.values()), jobs, &values);
        }
        info
    }

    /// Runs `work` on the views of a training part, between the calls of the hooks, which get the rows along with
    /// `info`. A panic in either is a failure. `work` adds its epochs to the curve.
    pub(super) fn train<R: Default>(
        &self,
        (info, has_rules): (FitInfo, bool),
        recipe: &Train,
        (fold, train): (u32, &[usize]),
        draw: u32,
        work: impl FnOnce(Views<'_, T>, &HookContext<'_>, &mut Curve) -> (R, Result<(), Failure>),
    ) -> TrainingOutcome<R> {
        let holdout = recipe.needs_validation().then(|| self.validation_split(recipe, fold, train, draw)).transpose();
        let holdout = match holdout {
            Ok(holdout) => holdout,
            Err(error) => {
                let done = Err(error.into());
                return TrainingOutcome { results: R::default(), done, told: Ok(()), curve: Curve::default() };
            }
        };
        let fit = Fit::new(self.data, holdout.as_ref().map_or(train, |holdout| &holdout.fit));
        let validation = holdout.as_ref().map(|holdout| Validation::new(self.data, &holdout.validation));
        let monitor = validation.is_some().then(|| recipe.monitor.name().to_owned());
        let context = HookContext { hooks: self.hooks, fit: info.on_rows(fit.len(), monitor), has_rules };
        let mut curve = Curve::default();
        let curve_metrics = if self.curve_scores { self.metrics } else { &[] };
        let worked = engine::catch(|| {
            self.hooks.each(|hook| hook.fit_start(&context.fit));
            Ok(work(Views { fit, validation, curve_metrics }, &context, &mut curve))
        });
        let (results, done) = worked.unwrap_or_else(|failure| (R::default(), Err(failure)));
        let end = FitEnd { epochs: curve.epochs.len(), failure: done.as_ref().err() };
        let told = engine::catch(|| {
            self.hooks.each(|hook| hook.fit_end(&context.fit, &end));
            Ok(())
        });
        TrainingOutcome { results, done, told, curve }
    }

    /// Splits a training part into training rows and validation rows.
    ///
    /// # Errors
    /// [`SplitError::NoValidationRows`](crate::error::SplitError::NoValidationRows).
    pub(in crate::search) fn validation_split(
        &self,
        recipe: &Train,
        fold: u32,
        train: &[usize],
        draw: u32,
    ) -> Result<Holdout> {
        let rows = Rows { len: self.data.len(), strata: self.data.targets().strata(), groups: self.data.groups() };
        let by = self.holdout_by.get_or_init(|| HoldoutBy::of(rows, self.splits).for_spans(self.data.spans()));
        let key = Retry::seed(self.seed, draw).key(Purpose::Validation).fold(self.fold_of_rows(fold));
        let mut holdout = by.divide(train, recipe.validation_fraction, rows, key, fold)?;
        if let Some(spans) = self.data.spans() {
            let fit = apart(holdout.fit.iter().copied(), &holdout.validation, spans);
            if fit.is_empty() {
                return Err(Error::Split(SplitError::NoValidationRows { fold, of: train.len(), units: "windows" }));
            }
            holdout.fit = fit;
        }
        Ok(holdout)
    }

    /// Returns the number of the fold in the first repeat. Validation rows are drawn by it, so every repeat has the
    /// same ones.
    pub(super) fn fold_of_rows(&self, fold: u32) -> u32 {
        if fold == REFIT { REFIT } else { fold % self.folds }
    }

    pub(super) fn recipe_of(&self, params: &M::Params) -> Train {
        M::recipe(params, self.recipe.clone())
    }
}

/// Adds to the facts for hooks the values of the hyperparameters, the jobs that share the training, and the names of
/// the hyperparameters in which these jobs differ.
fn describe(
    info: &mut FitInfo,
    (names, params): (&[&'static str], Vec<Value>),
    jobs: &[KeyedJob],
    values_of: &dyn Fn(&KeyedJob) -> Vec<Value>,
) {
    let values: Vec<Vec<Value>> = jobs.iter().map(values_of).collect();
    let differs = |at: usize| values.iter().any(|of_job| of_job[at] != values[0][at]);
    info.params = names.iter().copied().zip(params).collect();
    info.differ = names.iter().enumerate().filter(|&(at, _)| differs(at)).map(|(_, name)| *name).collect();
    info.candidates = jobs.iter().map(|job| job.job.candidate).collect();
    info.values = values;
}
