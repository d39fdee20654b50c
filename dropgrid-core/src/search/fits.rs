//! The fits of one data set, each a training and its scores.

use std::{
    cell::{Cell, RefCell},
    marker::PhantomData,
    sync::OnceLock,
    time::{Duration, Instant},
};

use super::{
    checkpoints::{Checkpoints, EndsOf, Named},
    fit_fold::FitFold,
    shelf::name,
    training::training,
};
use crate::{
    data::{Dataset, Fit, Score, Validation},
    engine,
    error::{Failure, Result},
    hook::{FitEnd, FitInfo, Hooks},
    limit::{Budget, Clock},
    metric::{Measured, MetricOf},
    model::{Model, tied_in_words},
    recipe::Train,
    record::{Details, Job, Record},
    seed::{Purpose, REFIT, Seed},
    space::Params,
    split::{Holdout, HoldoutBy, Rows, Split},
    train::{Course, End, FitModel, Fitted, Hooked, Look, Objective, Views, sample},
};

/// What every fit on one data set shares.
pub(super) struct Fits<'a, M: Model, T: Objective> {
    pub(super) data: &'a Dataset<T>,
    pub(super) splits: &'a [Split],
    pub(super) metrics: &'a [MetricOf<T::Kind>],
    pub(super) recipe: &'a Train,
    pub(super) seed: Seed,
    pub(super) train_scores: bool,
    pub(super) budget: &'a Budget,
    pub(super) hooks: &'a Hooks,
    /// The outer fold of the search, where it is nested.
    pub(super) outer: Option<u32>,
    /// Where the states of fits in flight go, if they do.
    pub(super) checkpoints: Option<&'a Checkpoints>,
    /// By what training parts are divided, once it is asked.
    pub(super) holdout_by: OnceLock<HoldoutBy>,
    pub(super) model: PhantomData<fn() -> M>,
}

impl<M: Model, T: Objective<Output = M::Output>> Fits<'_, M, T> {
    /// Trains and scores the candidates of a group, which are one training, on their fold, of each of which earlier
    /// attempts have `failed`.
    pub(super) fn run(&self, group: &[Job<M::Params>], failed: &[Vec<Failure>]) -> Vec<Ran> {
        let names = || -> Result<Vec<Named>> {
            group.iter().zip(failed).map(|(job, failed)| Ok((name(job)?, failed.clone()))).collect()
        };
        let names = match self.checkpoints.map_or_else(|| Ok(Vec::new()), |_| names()) {
            Ok(names) => names,
            Err(error) => {
                let failure = Failure::from(error);
                return group.iter().map(|_| Ran::failed(failure.clone(), Duration::ZERO)).collect();
            }
        };
        let candidates: Vec<_> = group.iter().map(|job| (Some(job.candidate), &job.params)).collect();
        let fold = group[0].fold;
        let Split { train, test } = &self.splits[fold as usize];
        self.run_all(&candidates, &names, fold, train.as_slice(), test.as_slice())
    }

    /// Trains and scores a candidate on the given rows, which stand for the fold of number `fold`.
    pub(super) fn run_on(&self, params: &M::Params, fold: u32, train: &[usize], test: &[usize]) -> Ran {
        let ran = self.run_all(&[(None, params)], &[], fold, train, test).pop();
        ran.unwrap_or_else(|| Ran::failed(lost(), Duration::ZERO))
    }

    /// Trains candidates, which are one training until they end, and scores each. What is known when a fit fails stays
    /// known, and the others fail. A hook that panics at the end of the training fails those that ended with it: the
    /// others may have been kept by then, and what is kept does not change.
    fn run_all(
        &self,
        candidates: &[(Option<u64>, &M::Params)],
        names: &[Named],
        fold: u32,
        train: &[usize],
        test: &[usize],
    ) -> Vec<Ran> {
        let start = Instant::now();
        let recipes: Vec<Train> = candidates.iter().map(|(_, params)| self.recipe_of(params)).collect();
        let ends: Vec<End> = recipes.iter().map(End::of).collect();
        let looks: Vec<Look> = recipes.iter().map(Look::of).collect();
        let longest = (0..recipes.len()).max_by_key(|&at| recipes[at].epochs).unwrap_or(0);
        let (recipe, params) = (&recipes[longest], candidates[longest].1);
        // Of all candidates that are one training. Where it cannot be told, the training says why.
        let tied = tied_in_words::<M>(params).ok().flatten();
        let ran: RefCell<Vec<Option<Ran>>> = RefCell::new(candidates.iter().map(|_| None).collect());
        let trained_for: Vec<Cell<usize>> = candidates.iter().map(|_| Cell::new(0)).collect();
        let differ = if self.hooks.is_empty() { Vec::new() } else { differing(candidates) };
        let candidates: Vec<u64> = candidates.iter().filter_map(|&(number, _)| number).collect();
        let about = About { candidates, differ, ..About::one(params, recipe, recipe.epochs, fold) };
        let trained = self.train(about, train, |views, hooked| {
            let (seed, clock) = (self.seed, &self.budget.clock(0));
            let key = seed.key(Purpose::MonteCarlo).fold(fold);
            let least = ends.iter().map(|end| end.epochs).min().unwrap_or(0);
            let of = || EndsOf { training: training::<M>(params, recipe), fold, least };
            let in_flight = self.checkpoints.map(|checkpoints| checkpoints.begin(names, of(), &ran));
            let checkpoints = in_flight.as_ref().map(|in_flight| in_flight as _);
            let visitor = FitFold {
                course: Course { recipe, seed, fold, ends: &ends, clock, hooked, checkpoints },
                views,
                score: Score::new(self.data, test),
                metrics: self.metrics,
                train_scores: self.train_scores,
                looks: &looks,
                tied: tied.as_deref(),
                sampler: &|network, rows, passes| {
                    sample::<M, T>(params, network, self.data.features(), rows, passes, key)
                },
                ran: &ran,
                trained: &trained_for,
            };
            M::visit(params, visitor).map_err(Failure::from)?
        });
        let mut ran = ran.into_inner();
        if trained.done.is_ok() && trained.told.is_err() {
            let last = trained_for.iter().max();
            ran.iter_mut()
                .zip(&trained_for)
                .filter(|(_, epochs)| Some(*epochs) == last)
                .for_each(|(ran, _)| *ran = None);
        }
        let failure = trained.outcome().err().unwrap_or_else(lost);
        let failed = || {
            let mut ran = Ran::failed(failure.clone(), start.elapsed());
            ran.details.tied.clone_from(&tied);
            ran
        };
        ran.into_iter().map(|ran| ran.unwrap_or_else(failed)).collect()
    }

    /// Trains a candidate on the rows of a fold, to its own end.
    pub(super) fn fit_on(&self, params: &M::Params, fold: u32, train: &[usize]) -> Result<Fitted<M, T>, Failure> {
        let recipe = self.recipe_of(params);
        let about = About::one(params, &recipe, recipe.epochs, fold);
        self.fit_to(about, End::of(&recipe), train, &self.budget.clock(0))
    }

    /// Trains `params` on all rows: for so many `epochs` where that is decided, else to its own end. The first `known`
    /// requests to stop do not end it.
    pub(super) fn refit(
        &self,
        params: &M::Params,
        epochs: Option<usize>,
        known: usize,
    ) -> Result<Fitted<M, T>, Failure> {
        let rows: Vec<usize> = (0..self.data.len()).collect();
        let mut recipe = self.recipe_of(params);
        let end = match epochs {
            Some(epochs) => {
                recipe.early_stopping = None;
                End { epochs, early_stopping: None }
            }
            None => End::of(&recipe),
        };
        let about = About { has_rules: epochs.is_none(), ..About::one(params, &recipe, end.epochs, REFIT) };
        self.fit_to(about, end, &rows, &self.budget.clock(known))
    }

    fn fit_to(&self, about: About<'_, M>, end: End, train: &[usize], clock: &Clock) -> Result<Fitted<M, T>, Failure> {
        let About { params, recipe, fold, .. } = about;
        let trained = self.train(about, train, |views, hooked| {
            let course = Course { recipe, seed: self.seed, fold, ends: &[end], clock, hooked, checkpoints: None };
            M::visit(params, FitModel { params, course, views }).map_err(Failure::from)?
        });
        trained.outcome()
    }

    /// Does `work` on the views of a training part, between the hooks that are told of it. A panic in any of them is a
    /// failure.
    fn train<R>(
        &self,
        About { params, recipe, epochs, fold, candidates, differ, has_rules }: About<'_, M>,
        train: &[usize],
        work: impl FnOnce(Views<'_, T>, &Hooked<'_>) -> Result<R, Failure>,
    ) -> Trained<R> {
        let holdout = match recipe.needs_validation().then(|| self.validation_split(recipe, fold, train)).transpose() {
            Ok(holdout) => holdout,
            Err(error) => return Trained { done: Err(error.into()), told: Ok(()) },
        };
        let fit = Fit::new(self.data, holdout.as_ref().map_or(train, |holdout| &holdout.fit));
        let stop = holdout.as_ref().map(|holdout| Validation::new(self.data, &holdout.validation));
        let mut info = FitInfo::new(epochs);
        if !self.hooks.is_empty() {
            info.outer = self.outer;
            info.fold = (fold != REFIT).then_some(fold);
            (info.candidates, info.differ) = (candidates, differ);
            info.params = M::Params::NAMES.iter().copied().zip(params.values()).collect();
            info.rows = fit.len();
            info.monitor = stop.is_some().then(|| recipe.monitor.name().to_owned());
        }
        let hooked = Hooked { has_rules: has_rules && self.hooks.has_rules(), ..Hooked::new(self.hooks, info) };
        let done = engine::catch(|| {
            self.hooks.each(|hook| hook.fit_start(&hooked.fit));
            work(Views { fit, stop }, &hooked)
        });
        let end = FitEnd { epochs: hooked.epochs.get(), failure: done.as_ref().err() };
        let told = engine::catch(|| {
            self.hooks.each(|hook| hook.fit_end(&hooked.fit, &end));
            Ok(())
        });
        Trained { done, told }
    }

    /// Divides a training part into the rows to train on and those to validate on.
    ///
    /// # Errors
    /// [`SplitError::NoValidationRows`](crate::error::SplitError::NoValidationRows).
    pub(super) fn validation_split(&self, recipe: &Train, fold: u32, train: &[usize]) -> Result<Holdout> {
        let rows = Rows { len: self.data.len(), strata: self.data.targets().strata(), groups: self.data.groups() };
        let by = self.holdout_by.get_or_init(|| HoldoutBy::of(rows, self.splits));
        let key = self.seed.key(Purpose::Validation).fold(fold);
        by.divide(train, recipe.validation_fraction, rows, key, fold)
    }

    fn recipe_of(&self, params: &M::Params) -> Train {
        M::train(params, self.recipe.clone())
    }
}

/// What a training is of.
struct About<'a, M: Model> {
    params: &'a M::Params,
    recipe: &'a Train,
    /// The most epochs.
    epochs: usize,
    fold: u32,
    /// The numbers of the candidates that it is for.
    candidates: Vec<u64>,
    /// In what these differ.
    differ: Vec<&'static str>,
    /// Whether rules may end it.
    has_rules: bool,
}

impl<'a, M: Model> About<'a, M> {
    /// A training that is of no candidate by its number, and that rules may end.
    fn one(params: &'a M::Params, recipe: &'a Train, epochs: usize, fold: u32) -> Self {
        Self { params, recipe, epochs, fold, candidates: Vec::new(), differ: Vec::new(), has_rules: true }
    }
}

/// The names of the hyperparameters in which candidates differ.
fn differing<P: Params>(candidates: &[(Option<u64>, &P)]) -> Vec<&'static str> {
    let values: Vec<_> = candidates.iter().map(|(_, params)| params.values()).collect();
    let differs = |&(at, _): &(usize, &&str)| values.iter().any(|values_of| values_of[at] != values[0][at]);
    P::NAMES.iter().enumerate().filter(differs).map(|(_, name)| *name).collect()
}

/// What came of a training.
struct Trained<R> {
    done: Result<R, Failure>,
    /// Whether the hooks that were told of its end took it.
    told: Result<(), Failure>,
}

impl<R> Trained<R> {
    /// What came first counts.
    fn outcome(self) -> Result<R, Failure> {
        self.done.and_then(|done| self.told.map(|()| done))
    }
}

/// The failure of a worker that did not tell what came of its work.
pub(super) fn lost() -> Failure {
    Failure::Panicked { message: "the worker ended without a result".to_owned() }
}

/// What came of one fit.
#[derive(Clone)]
pub(super) struct Ran {
    pub(super) outcome: Result<Scores, Failure>,
    pub(super) fit_time: Duration,
    pub(super) score_time: Duration,
    pub(super) details: Details,
}

/// The scores of one fit, one a metric.
#[derive(Clone)]
pub(super) struct Scores {
    pub(super) test: Vec<Measured>,
    pub(super) train: Option<Vec<f64>>,
}

impl Ran {
    pub(super) fn failed(failure: Failure, fit_time: Duration) -> Self {
        Self { outcome: Err(failure), fit_time, score_time: Duration::ZERO, details: Details::default() }
    }

    pub(super) fn record(self, candidate: u64, fold: u32) -> Record {
        let Self { outcome, fit_time, score_time, details } = self;
        let (outcome, train_scores, warnings) = match outcome {
            Ok(Scores { test, train }) => {
                let (scores, warnings) = test.into_iter().map(|score| (score.value, score.warnings)).unzip();
                (Ok(scores), train, warnings)
            }
            Err(failure) => (Err(failure), None, Vec::new()),
        };
        Record { candidate, fold, outcome, warnings, train_scores, fit_time, score_time, details }
    }
}
