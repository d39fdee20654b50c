//! The fits of one data set, each a training and its scores, within the limits of a search.

use std::{
    marker::PhantomData,
    ops::ControlFlow,
    sync::OnceLock,
    time::{Duration, Instant},
};

use super::{
    key::KeyedJob, outcome::Outcome, retry::Retry, row_share::row_share, spec::FitSpec, train_and_score::TrainAndScore,
};
use crate::{
    data::{Dataset, Score},
    engine,
    error::{Ended, Failure, Result},
    hook::Hooks,
    limit::Limits,
    metric::MetricOf,
    model::{Model, tied_in_words},
    recipe::Train,
    search::run::StateRelay,
    seed::{Purpose, REFIT, Seed},
    split::{HoldoutBy, Split},
    train::{Course, Fitted, ScoringMode, StopCondition, TrainAndKeep, TrainTarget, sample},
};

/// Runs the fits of one data set.
pub(in crate::search) struct FoldRunner<'a, M: Model, T: TrainTarget> {
    pub(in crate::search) data: &'a Dataset<T>,
    pub(in crate::search) splits: &'a [Split],
    pub(in crate::search) metrics: &'a [MetricOf<T::Kind>],
    pub(in crate::search) recipe: &'a Train,
    pub(in crate::search) seed: Seed,
    pub(in crate::search) train_scores: bool,
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

/// One training of a data set: its rows, its draws, and the candidates that share it.
struct SharedFit<'a, P> {
    candidates: &'a [(Option<u64>, &'a P)],
    /// The jobs of the candidates, where they are jobs of a search.
    jobs: &'a [KeyedJob<P>],
    /// The failures of earlier attempts at each job.
    failed: &'a [Vec<Failure>],
    /// The epochs that each candidate is trained for; those of its recipe where it is empty.
    epochs: &'a [usize],
    fold: u32,
    train: &'a [usize],
    test: &'a [usize],
    draw: u32,
}

impl<M: Model, T: TrainTarget<Output = M::Output>> FoldRunner<'_, M, T> {
    /// The reason why no more fits begin, where there is one.
    pub(in crate::search) fn ended(&self) -> Option<Ended> {
        self.limits.ended(self.start)
    }

    /// Trains and scores the candidates of a group, which are one training, on their fold.
    ///
    /// # Errors
    /// [`Failure::Interrupted`] where no more fits begin.
    pub(in crate::search) fn run(&self, group: &[KeyedJob<M::Params>]) -> Result<Vec<Outcome>, Failure> {
        self.begin()?;
        let fold = group[0].job.fold;
        let Split { train, test } = &self.splits[fold as usize];
        let share = group[0].name.resource.rows;
        let train = row_share(train.as_slice(), share, self.data.targets().strata(), self.seed, fold);
        let run = |jobs: &[KeyedJob<M::Params>], draw: u32, failed: &[Vec<Failure>]| {
            let candidates: Vec<_> = jobs.iter().map(|job| (Some(job.job.candidate), &job.job.params)).collect();
            let epochs: Vec<usize> = jobs.iter().map(|job| job.name.resource.epochs as usize).collect();
            let (candidates, epochs, train, test) = (&*candidates, &*epochs, &*train, test.as_slice());
            self.train_and_score(SharedFit { candidates, jobs, failed, epochs, fold, train, test, draw })
        };
        Ok(self.retry.run(group, || self.ended().is_some(), run))
    }

    /// Trains and scores a candidate on the given rows, which stand for the fold of number `fold`.
    pub(in crate::search) fn run_on(&self, params: &M::Params, fold: u32, train: &[usize], test: &[usize]) -> Outcome {
        if let Err(failure) = self.begin() {
            return Outcome::failed(failure, Duration::ZERO);
        }
        let run = |draw| {
            let candidates = &[(None, params)];
            self.train_and_score(SharedFit { candidates, jobs: &[], failed: &[], epochs: &[], fold, train, test, draw })
        };
        let outcome = self.retry.run(&[()], || self.ended().is_some(), |_, draw, _| run(draw)).pop();
        outcome.unwrap_or_else(|| Outcome::failed(Outcome::lost(), Duration::ZERO))
    }

    /// The predictions of a candidate for the rows left out of a fold.
    pub(in crate::search) fn predict(&self, params: &M::Params, fold: u32, split: &Split) -> Result<Vec<f64>, Failure> {
        self.begin()?;
        let predict = |draw: u32| {
            let recipe = self.recipe_of(params);
            let spec = FitSpec::one(params, &recipe, recipe.epochs, fold);
            let stop = StopCondition::of(&recipe);
            let fitted = self.train_and_keep(spec, stop, split.train.as_slice(), draw, 0)?;
            Ok(fitted.predict_as_scored(self.data.features(), split.test.as_slice())?)
        };
        self.retry.until(|| self.ended().is_some(), predict).0
    }

    /// Trains the winner on all rows, on a worker of its own like every other fit: for so many `epochs` where that is
    /// decided, else to its own end. Returns the failures of the attempts before the last, too. The training begins even
    /// where the search has ended, and requests from before do not end it.
    pub(in crate::search) fn refit(
        &self,
        params: &M::Params,
        epochs: Option<usize>,
    ) -> (Result<Fitted<M, T>, Failure>, Vec<Failure>) {
        let known = self.limits.known();
        let rows: Vec<usize> = (0..self.data.len()).collect();
        let train = |draw| {
            let mut recipe = self.recipe_of(params);
            if epochs.is_some() {
                recipe.early_stopping = None;
            }
            let stop = StopCondition::of(&recipe);
            let stop = StopCondition { epochs: epochs.unwrap_or(stop.epochs), ..stop };
            let spec = FitSpec::one(params, &recipe, stop.epochs, REFIT);
            self.train_and_keep(FitSpec { has_rules: epochs.is_none(), ..spec }, stop, &rows, draw, known)
        };
        let ended = || self.limits.clock(known).is_over();
        let mut outcome = (Err(Outcome::lost()), Vec::new());
        let run = engine::run(
            1,
            &[()],
            |()| Ok(self.retry.until(ended, train)),
            |(), tried| {
                outcome = tried.unwrap_or_else(|failure| (Err(failure), Vec::new()));
                ControlFlow::Continue(())
            },
        );
        match run {
            Ok(()) => outcome,
            Err(error) => (Err(error.into()), Vec::new()),
        }
    }

    /// # Errors
    /// [`Failure::Interrupted`] where no more fits begin.
    fn begin(&self) -> Result<(), Failure> {
        if self.ended().is_some() { Err(Failure::Interrupted) } else { Ok(()) }
    }

    /// Trains candidates, which share one training until each of them stops, and scores each. Those that have been scored
    /// when the training fails keep their scores, and the others fail. A hook that panics at the end of the training fails
    /// those that stopped last: the records of the others may be stored by then, and a stored record does not change.
    fn train_and_score(&self, fit: SharedFit<'_, M::Params>) -> Vec<Outcome> {
        let SharedFit { candidates, jobs, failed, epochs, fold, train, test, draw } = fit;
        let start = Instant::now();
        let recipes: Vec<Train> = candidates.iter().map(|(_, params)| self.recipe_of(params)).collect();
        let mut stops: Vec<StopCondition> = recipes.iter().map(StopCondition::of).collect();
        stops.iter_mut().zip(epochs).for_each(|(stop, &epochs)| stop.epochs = epochs);
        let modes: Vec<ScoringMode> = recipes.iter().map(ScoringMode::of).collect();
        let longest = (0..stops.len()).max_by_key(|&at| stops[at].epochs).unwrap_or(0);
        let (recipe, params) = (&recipes[longest], candidates[longest].1);
        // The ties of all candidates of one training. Where they cannot be evaluated, the training fails for that reason.
        let tied = tied_in_words::<M>(params).ok().flatten();
        let spec = FitSpec::shared(candidates, FitSpec::one(params, recipe, stops[longest].epochs, fold), self.hooks);
        // States are those of the first draws.
        let states = self.states.filter(|_| draw == 0 && !jobs.is_empty()).and_then(|states| states.begin(jobs));
        let mut scored = Vec::new();
        let trained = self.train(spec, train, draw, |views, hook_context| {
            let (seed, clock) = (Retry::seed(self.seed, draw), &self.limits.clock(0));
            let key = seed.key(Purpose::MonteCarlo).fold(fold);
            let trajectory = if states.is_some() { &*jobs[0].trajectory } else { "" };
            let visitor = TrainAndScore {
                course: Course { recipe, seed, fold, stop_conditions: &stops, clock, hook_context, trajectory },
                views,
                score: Score::new(self.data, test),
                metrics: self.metrics,
                train_scores: self.train_scores,
                modes: &modes,
                tied: tied.as_deref(),
                sampler: &|network, rows, passes| {
                    sample::<M, T>(params, network, self.data.features(), rows, passes, key)
                },
                jobs,
                failed,
                states,
            };
            let (outcomes, trained) = M::visit(params, visitor).map_err(Failure::from)?;
            scored = outcomes;
            trained
        });
        scored.resize_with(candidates.len(), || None);
        if trained.done.is_ok() && trained.told.is_err() {
            let epochs = |scored: &Option<(usize, Outcome)>| scored.as_ref().map(|(epochs, _)| *epochs);
            let last = scored.iter().map(epochs).max().flatten();
            scored.iter_mut().filter(|scored| epochs(scored) == last).for_each(|scored| *scored = None);
        }
        let failure = trained.result().err().unwrap_or_else(Outcome::lost);
        let failed = || {
            let mut outcome = Outcome::failed(failure.clone(), start.elapsed());
            outcome.details.tied.clone_from(&tied);
            outcome
        };
        scored.into_iter().map(|scored| scored.map_or_else(failed, |(_, outcome)| outcome)).collect()
    }

    /// Trains a candidate on the given rows, and keeps the model. The first `known` requests to stop do not end it.
    fn train_and_keep(
        &self,
        spec: FitSpec<'_, M::Params>,
        stop: StopCondition,
        train: &[usize],
        draw: u32,
        known: usize,
    ) -> Result<Fitted<M, T>, Failure> {
        let FitSpec { params, recipe, fold, .. } = spec;
        let (seed, clock) = (Retry::seed(self.seed, draw), self.limits.clock(known));
        let trained = self.train(spec, train, draw, |views, hook_context| {
            let stop_conditions = &[stop];
            let course = Course { recipe, seed, fold, stop_conditions, clock: &clock, hook_context, trajectory: "" };
            M::visit(params, TrainAndKeep { params, course, views }).map_err(Failure::from)?
        });
        trained.result()
    }

    pub(super) fn recipe_of(&self, params: &M::Params) -> Train {
        M::recipe(params, self.recipe.clone())
    }
}
