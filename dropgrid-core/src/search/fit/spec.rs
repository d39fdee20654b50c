//! A training and the hooks that are called around it.

use super::{fold_runner::FoldRunner, retry::Retry};
use crate::{
    data::{Fit, Validation},
    engine,
    error::{Failure, Result},
    hook::{FitEnd, FitInfo, Hooks},
    model::Model,
    recipe::Train,
    seed::{Purpose, REFIT},
    space::Params,
    split::{Holdout, HoldoutBy, Rows},
    train::{HookContext, TrainTarget, Views},
};

/// The candidates and the recipe of a training, for the hooks.
pub(super) struct FitSpec<'a, P> {
    pub(super) params: &'a P,
    pub(super) recipe: &'a Train,
    /// The most epochs.
    pub(super) epochs: usize,
    pub(super) fold: u32,
    /// The numbers of the candidates.
    pub(super) candidates: Vec<u64>,
    /// The names of the hyperparameters in which they differ.
    pub(super) differ: Vec<&'static str>,
    /// True where the search's stop rules may end the training.
    pub(super) has_rules: bool,
}

impl<'a, P: Params> FitSpec<'a, P> {
    /// A training of a candidate without a number, which stop rules may end.
    pub(super) fn one(params: &'a P, recipe: &'a Train, epochs: usize, fold: u32) -> Self {
        Self { params, recipe, epochs, fold, candidates: Vec::new(), differ: Vec::new(), has_rules: true }
    }

    /// A training that several candidates share.
    pub(super) fn shared(candidates: &[(Option<u64>, &P)], one: Self, hooks: &Hooks) -> Self {
        let differ = if hooks.is_empty() { Vec::new() } else { differing(candidates) };
        Self { candidates: candidates.iter().filter_map(|&(number, _)| number).collect(), differ, ..one }
    }
}

/// The names of the hyperparameters in which candidates differ.
fn differing<P: Params>(candidates: &[(Option<u64>, &P)]) -> Vec<&'static str> {
    let values: Vec<_> = candidates.iter().map(|(_, params)| params.values()).collect();
    let differs = |&(at, _): &(usize, &&str)| values.iter().any(|values_of| values_of[at] != values[0][at]);
    P::NAMES.iter().enumerate().filter(differs).map(|(_, name)| *name).collect()
}

/// The outcome of a training.
pub(super) struct Trained<R> {
    pub(super) done: Result<R, Failure>,
    /// The failure of a hook that was told of the end.
    pub(super) told: Result<(), Failure>,
}

impl<R> Trained<R> {
    /// The result of the training; of two failures the one of the training.
    pub(super) fn result(self) -> Result<R, Failure> {
        self.done.and_then(|done| self.told.map(|()| done))
    }
}

impl<M: Model, T: TrainTarget<Output = M::Output>> FoldRunner<'_, M, T> {
    /// Does `work` on the views of a training part, between the calls of the hooks. A panic in any of them is a failure.
    pub(super) fn train<R>(
        &self,
        FitSpec { params, recipe, epochs, fold, candidates, differ, has_rules }: FitSpec<'_, M::Params>,
        train: &[usize],
        draw: u32,
        work: impl FnOnce(Views<'_, T>, &HookContext<'_>) -> Result<R, Failure>,
    ) -> Trained<R> {
        let holdout =
            match recipe.needs_validation().then(|| self.validation_split(recipe, fold, train, draw)).transpose() {
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
        let context = HookContext::new(self.hooks, info);
        let context = HookContext { has_rules: has_rules && self.hooks.has_rules(), ..context };
        let done = engine::catch(|| {
            self.hooks.each(|hook| hook.fit_start(&context.fit));
            work(Views { fit, stop }, &context)
        });
        let end = FitEnd { epochs: context.epochs.get(), failure: done.as_ref().err() };
        let told = engine::catch(|| {
            self.hooks.each(|hook| hook.fit_end(&context.fit, &end));
            Ok(())
        });
        Trained { done, told }
    }

    /// Divides a training part into rows to train on and rows to watch.
    ///
    /// # Errors
    /// [`SplitError::NothingToWatch`](crate::error::SplitError::NothingToWatch).
    pub(in crate::search) fn validation_split(
        &self,
        recipe: &Train,
        fold: u32,
        train: &[usize],
        draw: u32,
    ) -> Result<Holdout> {
        let rows = Rows { len: self.data.len(), strata: self.data.targets().strata(), groups: self.data.groups() };
        let by = self.holdout_by.get_or_init(|| HoldoutBy::of(rows, self.splits));
        let key = Retry::seed(self.seed, draw).key(Purpose::Validation).fold(fold);
        by.divide(train, recipe.validation_fraction, rows, key, fold)
    }
}
