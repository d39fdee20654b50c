//! The fits of one data set, each a training and its scores.

use std::{
    marker::PhantomData,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use super::fit_fold::{FitFold, build_failure};
use crate::{
    data::{Dataset, Fit, Score},
    engine,
    error::{Error, Failure, Result},
    limit::Budget,
    metric::{Measured, MetricOf},
    model::Model,
    recipe::Train,
    record::{Details, Job, Record},
    seed::{REFIT, Seed},
    split::Split,
    train::{FitModel, Fitted, Objective},
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
    pub(super) model: PhantomData<fn() -> M>,
}

impl<M: Model, T: Objective<Output = M::Output>> Fits<'_, M, T> {
    /// Trains and scores the candidates of a group, which are one training, on their fold.
    pub(super) fn run(&self, group: &[Job<M::Params>]) -> Vec<Ran> {
        let stops: Vec<usize> = group.iter().map(|job| M::train(&job.params, self.recipe.clone()).epochs).collect();
        let job = &group[group.len() - 1];
        let split = &self.splits[job.fold as usize];
        self.run_to(&job.params, job.fold, split.train.as_slice(), split.test.as_slice(), &stops)
    }

    /// Trains and scores a candidate on the given rows, which stand for the fold of number `fold`.
    pub(super) fn run_on(&self, params: &M::Params, fold: u32, train: &[usize], test: &[usize]) -> Ran {
        let epochs = M::train(params, self.recipe.clone()).epochs;
        let lost = || Ran::failed(Failure::Panicked { message: "no result".to_owned() }, Duration::ZERO);
        self.run_to(params, fold, train, test, &[epochs]).pop().unwrap_or_else(lost)
    }

    /// Trains a candidate and scores it after each of the epochs `stops`, which ascend. What is known when a fit fails
    /// stays known, and the stops after it fail.
    fn run_to(&self, params: &M::Params, fold: u32, train: &[usize], test: &[usize], stops: &[usize]) -> Vec<Ran> {
        let start = Instant::now();
        let recipe = M::train(params, self.recipe.clone());
        let mut ran = Vec::with_capacity(stops.len());
        let outcome = engine::catch(|| {
            let visitor = FitFold {
                recipe: &recipe,
                fit: Fit::new(self.data, train),
                score: Score::new(self.data, test),
                metrics: self.metrics,
                train_scores: self.train_scores,
                seed: self.seed,
                fold,
                stops,
                clock: &self.budget.clock(),
                ran: &mut ran,
            };
            M::visit(params, visitor).map_err(build_failure)?
        });
        if let Err(failure) = outcome {
            let failed = |_| Ran::failed(failure.clone(), start.elapsed());
            let missing = ran.len()..stops.len();
            ran.extend(missing.map(failed));
        }
        ran
    }

    /// Trains a candidate on the rows of a fold.
    pub(super) fn fit_on(&self, params: &M::Params, fold: u32, train: &[usize]) -> Result<Fitted<M, T>, Failure> {
        let recipe = M::train(params, self.recipe.clone());
        let view = Fit::new(self.data, train);
        let visitor = FitModel { params, recipe: &recipe, view, seed: self.seed, fold };
        M::visit(params, visitor).map_err(build_failure)?
    }

    /// Trains `params` on all rows, on a worker of its own like every other fit.
    pub(super) fn refit(&self, params: &M::Params) -> Result<Fitted<M, T>> {
        let rows: Vec<usize> = (0..self.data.len()).collect();
        let mut outcome = None;
        engine::run(
            1,
            &[()],
            |()| self.fit_on(params, REFIT, &rows),
            |(), fitted| {
                outcome = Some(fitted);
                ControlFlow::Continue(())
            },
        )?;
        let lost = Failure::Panicked { message: "the worker ended without a result".to_owned() };
        outcome.unwrap_or(Err(lost)).map_err(|failure| Error::RefitFailed { params: params.to_string(), failure })
    }
}

/// What came of one fit.
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

    pub(super) fn record<P>(self, job: &Job<P>) -> Record {
        let Self { outcome, fit_time, score_time, details } = self;
        let (outcome, train_scores, warnings) = match outcome {
            Ok(Scores { test, train }) => {
                let (scores, warnings) = test.into_iter().map(|score| (score.value, score.warnings)).unzip();
                (Ok(scores), train, warnings)
            }
            Err(failure) => (Err(failure), None, Vec::new()),
        };
        let (candidate, fold) = (job.candidate, job.fold);
        Record { candidate, fold, outcome, warnings, train_scores, fit_time, score_time, details }
    }
}
