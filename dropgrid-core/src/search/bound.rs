//! A search bound to its metrics, and the checks before any training.

use std::{collections::HashMap, iter, marker::PhantomData, num::NonZeroUsize, sync::OnceLock, time::Instant};

use super::{
    Settings,
    check_input::{check_codes_of_program, check_input},
    fit::FoldRunner,
    fresh_run::FreshRun,
    names::{check_all, check_listed},
};
use crate::{
    data::{Dataset, Target, Truth},
    error::{Error, Result, ScoringError},
    metric::MetricOf,
    model::{Model, parameters},
    report::{Average, FoldInfo, MetricInfo},
    seed::Seed,
    space::{Params, Space, architectures, every_value},
    split::{Folds, KFold, Rows, Split, Splitter, StratifiedKFold},
    strategy::Strategy,
    study::Study,
    train::{TrainTarget, check_dropout, check_loss, undefined_for},
};

/// The number of random candidates of each architecture that are tested for sampled dropout, besides the architecture's
/// first one.
const TRIES: u64 = 32;

/// A search that knows its metrics. It can run on several data sets.
pub(super) struct BoundSearch<'a, M: Model, K: Truth> {
    pub(super) space: &'a M::Space,
    pub(super) strategy: &'a dyn Strategy<M::Space>,
    pub(super) metrics: &'a [MetricOf<K>],
    pub(super) settings: &'a Settings<M::Params>,
    pub(super) seed: Seed,
    pub(super) study: Option<Study>,
    /// The number of the outer fold in a nested cross-validation; `None` in any other search.
    pub(super) outer: Option<u32>,
    /// The facts of a run on fresh repeats; `None` in any other run.
    pub(super) fresh: Option<FreshRun>,
}

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// Runs all checks that need no training, and returns the folds of all repeats with the warnings.
    pub(super) fn check<T: TrainTarget<Output = M::Output, Kind = K>>(&self, data: &Dataset<T>) -> Result<Folds> {
        let recipe = &self.settings.recipe;
        self.workers()?;
        if self.settings.repeats == 0 {
            let (setting, expected) = ("repeats", "at least 1");
            return Err(Error::Setting { setting, value: "0".to_owned(), expected });
        }
        if let Some(study) = &self.study {
            study.check()?;
        }
        if let Some(dropout) = self.settings.monte_carlo {
            dropout.passes()?;
        }
        self.settings.refit.check(&self.infos())?;
        if let Some(bbc) = self.settings.bbc {
            bbc.check()?;
        }
        recipe.check()?;
        self.settings.retry.check()?;
        self.settings.limits.check()?;
        self.space.check()?;
        let every_value = every_value(self.space);
        // The names of candidates are built from these values.
        check_all(&every_value)?;
        check_listed(self.strategy.listed())?;
        let mut samples = false;
        for params in every_value {
            let recipe = M::recipe(&params, recipe.clone());
            recipe.check()?;
            check_loss(&recipe, data)?;
            samples |= recipe.mc_samples > 0;
            if M::CHECKED_BY_BUILDING {
                parameters::<M>(&params)?;
            }
        }
        let asks = |params: &M::Params| M::recipe(params, recipe.clone()).mc_samples > 0;
        for architecture in architectures(self.space) {
            let Some(params) = architecture.first() else { continue };
            check_input::<M>(&params, data.features(), self.strategy.listed().is_empty())?;
            let drawn = (0..TRIES).map_while(|number| architecture.sample(number));
            if samples && let Some(params) = iter::once(params).chain(drawn).find(asks) {
                check_dropout::<M, T>(&params, data.features())?;
            }
        }
        for params in self.strategy.listed() {
            self.check_candidate(data, params)?;
        }
        for (at, metric) in self.metrics.iter().enumerate() {
            let name = metric.name();
            if self.metrics[..at].iter().any(|other| other.name() == name) {
                return Err(ScoringError::SameName { metric: name }.into());
            }
            metric.check(data.targets().width())?;
        }
        if let Some(metric) = recipe.monitor.of_kind::<K>()? {
            metric.check(data.targets().width())?;
        }
        let folds = self.folds(data)?;
        self.check_deciding(data, &folds.splits)?;
        if let Some(rule) = self.settings.refit.fresh_repeats() {
            let fresh = self.fresh_folds(data, rule)?;
            self.check_deciding(data, &fresh.splits)?;
            self.check_validation(data, &fresh.splits)?;
        }
        let mut folds = self.repeated(folds, data.len())?;
        self.check_validation(data, &folds.splits)?;
        let firsts = architectures(self.space).filter_map(|architecture| architecture.first());
        for params in self.strategy.listed().iter().cloned().chain(firsts) {
            check_codes_of_program::<M, T>(&params, data.features())?;
        }
        folds.warnings.extend(self.warnings(data, &folds.splits));
        Ok(folds)
    }

    /// Checks that the deciding metric can be defined on the rows of every fold.
    fn check_deciding<T: TrainTarget<Kind = K>>(&self, data: &Dataset<T>, splits: &[Split]) -> Result<()> {
        let metric = &self.metrics[0];
        for (fold, split) in splits.iter().enumerate() {
            if let Some(warning) = undefined_for(metric, data, split.test.as_slice())? {
                let reason = warning.with_names(data.targets().names().unwrap_or_default()).to_string();
                return Err(ScoringError::UndefinedOnFold { metric: metric.name(), fold, reason }.into());
            }
        }
        Ok(())
    }

    /// Checks that every training part has enough rows to set some aside for validation, if a candidate needs them.
    fn check_validation<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        splits: &[Split],
    ) -> Result<()> {
        let recipe = &self.settings.recipe;
        let needs = |params: &M::Params| M::recipe(params, recipe.clone()).needs_validation();
        if !every_value(self.space).iter().chain(self.strategy.listed()).any(needs) {
            return Ok(());
        }
        let runner = self.runner(data, splits, Instant::now());
        let mut parts = (0..).zip(splits);
        parts.try_for_each(|(fold, split)| runner.validation_split(recipe, fold, split.train.as_slice(), 0).map(drop))
    }

    /// Checks one candidate that does not come from the axes.
    pub(super) fn check_candidate<T>(&self, data: &Dataset<T>, params: &M::Params) -> Result<()>
    where
        T: TrainTarget<Output = M::Output>,
    {
        let recipe = M::recipe(params, self.settings.recipe.clone());
        recipe.check()?;
        check_loss(&recipe, data)?;
        check_input::<M>(params, data.features(), true)?;
        if recipe.mc_samples > 0 {
            check_dropout::<M, T>(params, data.features())?;
        }
        parameters::<M>(params).map(drop)
    }

    /// Splits the data with the search's splitter. The default is five folds, stratified if the targets are classes.
    pub(super) fn folds<T: Target>(&self, data: &Dataset<T>) -> Result<Folds> {
        self.folds_by(data, self.seed)
    }

    /// Splits the data like [`Self::folds`], with the random draws of another seed.
    pub(super) fn folds_by<T: Target>(&self, data: &Dataset<T>, seed: Seed) -> Result<Folds> {
        let rows = Rows { len: data.len(), strata: data.targets().strata(), groups: data.groups() };
        let folds = match &self.settings.splitter {
            Some(splitter) => splitter.split(rows, seed)?.checked(rows.len),
            None if rows.strata.is_some() => StratifiedKFold::new(5).split(rows, seed),
            None => KFold::new(5).split(rows, seed),
        };
        folds?.purged(data.spans())
    }

    /// Repeats the folds of data with `rows` rows as often as the search asks.
    ///
    /// # Errors
    /// [`SplitError::TooManySplits`](crate::error::SplitError::TooManySplits).
    pub(super) fn repeated(&self, folds: Folds, rows: usize) -> Result<Folds> {
        repeated(folds, rows, self.settings.repeats)
    }

    /// Returns the number of workers: the value that was set, or one per core.
    pub(super) fn workers(&self) -> Result<usize> {
        match self.settings.workers {
            Some(0) => Err(Error::NoWorkers),
            Some(workers) => Ok(workers),
            None => Ok(std::thread::available_parallelism().map_or(1, NonZeroUsize::get)),
        }
    }

    /// Returns the number of repeats of the same folds. It is 1 on fresh repeats, which have folds of their own.
    fn repeats(&self) -> usize {
        if self.fresh.is_some() { 1 } else { self.settings.repeats }
    }

    /// Returns the number that the study gives to the first fold.
    pub(super) fn first_fold(&self) -> u32 {
        self.fresh.as_ref().map_or(0, |fresh| fresh.first_fold)
    }

    /// Returns the names and directions of the metrics, the deciding metric first.
    pub(super) fn infos(&self) -> Vec<MetricInfo> {
        let info = |metric: &MetricOf<K>| MetricInfo { name: metric.name(), direction: metric.direction() };
        self.metrics.iter().map(info).collect()
    }

    /// Returns the name and direction of the monitored quantity.
    pub(super) fn monitored(&self) -> MetricInfo {
        let monitor = &self.settings.recipe.monitor;
        MetricInfo { name: monitor.name().to_owned(), direction: monitor.direction() }
    }

    /// Makes the runner of the fits on the folds `splits` of `data`, within the limits of a search that began at
    /// `start`.
    pub(super) fn runner<'b, T: TrainTarget<Output = M::Output, Kind = K>>(
        &'b self,
        data: &'b Dataset<T>,
        splits: &'b [Split],
        start: Instant,
    ) -> FoldRunner<'b, M, T> {
        let Settings { recipe, train_scores, curve_scores, limits, retry, hooks, .. } = self.settings;
        FoldRunner {
            data,
            splits,
            folds: (splits.len() / self.repeats()) as u32,
            metrics: self.metrics,
            recipe,
            seed: self.seed,
            train_scores: *train_scores,
            curve_scores: *curve_scores,
            keeps_predictions: self.settings.bbc.is_some() && self.fresh.is_none(),
            limits,
            retry: *retry,
            hooks,
            outer: self.outer,
            start,
            states: None,
            holdout_by: OnceLock::new(),
            model: PhantomData,
        }
    }

    /// Returns the number of epochs of a candidate's full training.
    pub(super) fn epochs(&self, params: &M::Params) -> u32 {
        M::recipe(params, self.settings.recipe.clone()).epochs as u32
    }

    /// Returns the smallest and the largest number of epochs of a full training over all candidates.
    pub(super) fn epoch_range(&self) -> (u32, u32) {
        let listed = self.strategy.listed();
        let candidates = if listed.is_empty() { every_value(self.space) } else { listed.to_vec() };
        let epochs: Vec<u32> = candidates.iter().map(|params| self.epochs(params)).collect();
        let of_recipe = self.settings.recipe.epochs as u32;
        (epochs.iter().min().copied().unwrap_or(of_recipe), epochs.iter().max().copied().unwrap_or(of_recipe))
    }

    /// Returns the sizes of the folds and their weights in mean scores.
    pub(super) fn fold_infos(&self, splits: &[Split]) -> Vec<FoldInfo> {
        fold_infos(splits, self.repeats(), self.settings.average)
    }

    /// Returns the number of trainable parameters of a candidate. It builds the network of each architecture once:
    /// `known` caches the numbers.
    pub(super) fn size(&self, known: &mut HashMap<String, usize>, params: &M::Params) -> usize {
        let axes = self.space.axes();
        let architecture: Vec<String> = axes
            .iter()
            .zip(params.values())
            .filter(|(axis, _)| axis.architecture)
            .map(|(_, value)| value.to_string())
            .collect();
        let size = || parameters::<M>(params).unwrap_or(usize::MAX);
        *known.entry(architecture.join(" ")).or_insert_with(size)
    }
}

/// Repeats the folds of data with `rows` rows.
fn repeated(folds: Folds, rows: usize, repeats: usize) -> Result<Folds> {
    Rows::new(rows).check_indices(folds.splits.len() as u128 * repeats as u128)?;
    let splits = (0..repeats).flat_map(|_| folds.splits.iter().cloned());
    Ok(Folds { splits: splits.collect(), ..folds })
}

/// Returns the sizes of the folds of all repeats and their weights in mean scores.
fn fold_infos(splits: &[Split], repeats: usize, average: Average) -> Vec<FoldInfo> {
    let folds = splits.len() / repeats;
    let info = |(at, Split { train, test }): (usize, &Split)| {
        let (train, test) = (train.len(), test.len());
        FoldInfo { repeat: (at / folds) as u32, train, test, weight: average.weight(test) }
    };
    splits.iter().enumerate().map(info).collect()
}
