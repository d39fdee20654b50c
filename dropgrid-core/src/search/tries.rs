//! Trainings within a search's limits, tried again where they may be.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use super::{
    fits::{Fits, Ran, lost},
    retry::Retry,
};
use crate::{
    engine,
    error::{Ended, Failure, Result},
    limit::Budget,
    model::Model,
    record::Job,
    split::Split,
    train::{Fitted, TrainTarget},
};

/// The fits of one data set with the draws of each attempt.
pub(super) struct Tries<'a, M: Model, T: TrainTarget> {
    /// By the number of the draws.
    pub(super) fits: Vec<Fits<'a, M, T>>,
    pub(super) retry: Retry,
    pub(super) budget: &'a Budget,
    /// When the search began.
    pub(super) start: Instant,
}

impl<M: Model, T: TrainTarget<Output = M::Output>> Tries<'_, M, T> {
    /// Whether no more fits begin, and why.
    pub(super) fn ended(&self) -> Option<Ended> {
        self.budget.ended(self.start)
    }

    /// As [`Fits::run`].
    pub(super) fn run(&self, group: &[Job<M::Params>]) -> Result<Vec<Ran>, Failure> {
        self.begin()?;
        Ok(self.retry.run(
            group,
            || self.ended().is_some(),
            |jobs, draw, failed| self.fits[draw as usize].run(jobs, failed),
        ))
    }

    /// As [`Fits::run_on`].
    pub(super) fn run_on(&self, params: &M::Params, fold: u32, train: &[usize], test: &[usize]) -> Ran {
        if let Err(failure) = self.begin() {
            return Ran::failed(failure, Duration::ZERO);
        }
        let job = Job { candidate: 0, params: params.clone(), fold };
        let run = |draw: u32| self.fits[draw as usize].run_on(params, fold, train, test);
        let ran = self.retry.run(&[job], || self.ended().is_some(), |_, draw, _| vec![run(draw)]).pop();
        ran.unwrap_or_else(|| Ran::failed(lost(), Duration::ZERO))
    }

    /// What a candidate predicts for the rows left out of a fold.
    pub(super) fn predict(&self, params: &M::Params, fold: u32, split: &Split) -> Result<Vec<f64>, Failure> {
        self.begin()?;
        let predict = |draw: u32| {
            let fits = &self.fits[draw as usize];
            let fitted = fits.fit_on(params, fold, split.train.as_slice())?;
            Ok(fitted.predict_as_scored(fits.data.features(), split.test.as_slice())?)
        };
        self.retry.until(|| self.ended().is_some(), predict).0
    }

    /// The training of the winner on all rows, on a worker of its own like every other fit, with why attempts before the
    /// last failed. It begins whatever has ended the search.
    pub(super) fn refit(
        &self,
        params: &M::Params,
        epochs: Option<usize>,
    ) -> (Result<Fitted<M, T>, Failure>, Vec<Failure>) {
        let known = self.budget.known();
        let ended = || self.budget.clock(known).is_over();
        let work = || self.retry.until(ended, |draw| self.fits[draw as usize].refit(params, epochs, known));
        let mut outcome = (Err(lost()), Vec::new());
        let run = engine::run(
            1,
            &[()],
            |()| Ok(work()),
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

    fn begin(&self) -> Result<(), Failure> {
        if self.ended().is_some() { Err(Failure::Interrupted) } else { Ok(()) }
    }
}
