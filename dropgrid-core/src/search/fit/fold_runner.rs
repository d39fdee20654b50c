//! The fits of one data set, each a training and its scores, within the limits of a search.

use std::{
    marker::PhantomData,
    sync::{Mutex, OnceLock, PoisonError},
    time::Instant,
};

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

/// Runs the fits of one data set.
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
    /// True where the records of whole trainings have their predictions.
    pub(in crate::search) keeps_predictions: bool,
    pub(in crate::search) limits: &'a Limits,
    pub(in crate::search) retry: Retry,
    pub(in crate::search) hooks: &'a Hooks,
    /// The outer fold of the search, where it is nested.
    pub(in crate::search) outer: Option<u32>,
    /// The moment at which the search began.
    pub(in crate::search) start: Instant,
    /// Keeps the states of trainings, where the search keeps any.
    pub(in crate::search) states: Option<&'a StateRelay>,
    /// The rule that divides training parts, computed when it is first needed.
    pub(in crate::search) holdout_by: OnceLock<HoldoutBy>,
    pub(in crate::search) model: PhantomData<fn() -> M>,
}

/// The outcome of a training.
pub(super) struct Trained<R> {
    pub(super) done: Result<R, Failure>,
    /// The failure of a hook that was told of the end.
    pub(super) told: Result<(), Failure>,
    /// The epochs that were complete at the end.
    pub(super) curve: Curve,
}

impl<M: Model, T: TrainTarget<Output = M::Output>> FoldRunner<'_, M, T> {
    /// The reason why no more fits begin, where there is one.
    pub(in crate::search) fn ended(&self) -> Option<StopReason> {
        self.limits.ended(self.start)
    }

    /// The predictions of a candidate for the rows left out of a fold.
    pub(in crate::search) fn predict(&self, params: &M::Params, fold: u32, split: &Split) -> Result<Vec<f64>, Failure> {
        self.begin()?;
        let predict = |draw| {
            let fitted = self.train_and_keep(params, None, (fold, split.train.as_slice()), draw, 0)?;
            Ok(fitted.predict_as_scored(self.data.features(), split.test.as_slice())?)
        };
        self.retry.until(|| self.ended().is_some(), predict).0
    }

    /// Trains the winner on all rows, on a worker of its own like every other fit, which has so many threads: for so many
    /// `epochs` where that is decided, else to its own end. Returns the failures of the attempts before the last, too. The training begins even
    /// where the search has ended, and requests from before do not end it.
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
        let outcome = Mutex::new((Err(lost()), Vec::new()));
        let run = engine::run_alone(threads, &|| {
            let tried = self.retry.until(ended, train);
            *outcome.lock().unwrap_or_else(PoisonError::into_inner) = tried;
        });
        match run {
            Ok(()) => outcome.into_inner().unwrap_or_else(PoisonError::into_inner),
            Err(failure) => (Err(failure), Vec::new()),
        }
    }

    /// # Errors
    /// [`Failure::Interrupted`] where no more fits begin.
    pub(super) fn begin(&self) -> Result<(), Failure> {
        if self.ended().is_some() { Err(Failure::Interrupted) } else { Ok(()) }
    }

    /// Trains a candidate on the given rows of a fold, and keeps the model: for so many `epochs` where that is decided, else to
    /// its own end. The first `known` requests to stop do not end it.
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
        let context = self.hook_context(params, stop.epochs, fold, &[]);
        let context = HookContext { has_rules: context.has_rules && epochs.is_none(), ..context };
        let Trained { done, told, .. } = self.train(context, &recipe, fold, train, draw, |views, hook_context| {
            let (recipe, stop_conditions) = (&recipe, &[stop]);
            let course = Course { recipe, seed, fold, stop_conditions, clock: &clock, hook_context, trajectory: "" };
            TrainAndKeep::<M, T> { params, course, views }.run()
        });
        done.and_then(|fitted| told.map(|()| fitted))
    }

    /// The hooks of a training of at most so many epochs, with the facts about it: its candidate, and the jobs that share it.
    pub(super) fn hook_context(
        &self,
        params: &M::Params,
        epochs: usize,
        fold: u32,
        jobs: &[KeyedJob],
    ) -> HookContext<'_> {
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
        HookContext::new(self.hooks, info)
    }

    /// Does `work` on the views of a training part, between the calls of the hooks. A panic in any of them is a failure.
    pub(super) fn train<R>(
        &self,
        mut context: HookContext<'_>,
        recipe: &Train,
        fold: u32,
        train: &[usize],
        draw: u32,
        work: impl FnOnce(Views<'_, T>, &HookContext<'_>) -> Result<R, Failure>,
    ) -> Trained<R> {
        let holdout = recipe.needs_validation().then(|| self.validation_split(recipe, fold, train, draw)).transpose();
        let holdout = match holdout {
            Ok(holdout) => holdout,
            Err(error) => return Trained { done: Err(error.into()), told: Ok(()), curve: Curve::default() },
        };
        let fit = Fit::new(self.data, holdout.as_ref().map_or(train, |holdout| &holdout.fit));
        let validation = holdout.as_ref().map(|holdout| Validation::new(self.data, &holdout.validation));
        context.fit.rows = fit.len();
        context.fit.monitor = validation.is_some().then(|| recipe.monitor.name().to_owned());
        let curve_metrics = if self.curve_scores { self.metrics } else { &[] };
        let done = engine::catch(|| {
            self.hooks.each(|hook| hook.fit_start(&context.fit));
            work(Views { fit, validation, curve_metrics }, &context)
        });
        let epochs = context.curve.borrow().epochs.len();
        let end = FitEnd { epochs, failure: done.as_ref().err() };
        let told = engine::catch(|| {
            self.hooks.each(|hook| hook.fit_end(&context.fit, &end));
            Ok(())
        });
        Trained { done, told, curve: context.curve.into_inner() }
    }

    /// Divides a training part into rows to train on and validation rows.
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

    /// The number of the fold in the first repeat, by which rows are drawn: every repeat has the same ones.
    pub(super) fn fold_of_rows(&self, fold: u32) -> u32 {
        if fold == REFIT { REFIT } else { fold % self.folds }
    }

    pub(super) fn recipe_of(&self, params: &M::Params) -> Train {
        M::recipe(params, self.recipe.clone())
    }
}

/// Adds the values of a fit's hyperparameters to what its hooks are told, the jobs that share its training, and the names of
/// those in which they differ.
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
