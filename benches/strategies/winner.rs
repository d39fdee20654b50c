//! The choice of a winner among the candidates that a replay has trained.

use dropgrid::{
    metric::Direction,
    prelude::*,
    record::{Budget, Job},
    report::Refit,
    strategy::{Proposal, Strategy, Trials, View},
};

use super::models::{FOLDS, Task};

/// The shares of the grid's epochs at which the page shows regrets.
pub(crate) const SHARES: [f64; 5] = [0.025, 0.05, 0.1, 0.2, 0.4];

/// The rule of a winner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Winner {
    /// The best by the ranks of a report.
    Best,
    /// `BestPosteriorMean`, at the [`SHARES`] alone: each choice takes a model of its own.
    PosteriorMean,
}

/// The place in the space of the candidate that the real rule chooses in a report of these trials; none before a
/// candidate has its whole training on all folds.
pub(crate) fn best_posterior_mean<M: Task>(space: &M::Space, trials: &Trials<M::Params>) -> Option<usize> {
    let is_whole = |number: u64| trials.get(number).is_some_and(|trial| trial.is_done(Budget::Full));
    let numbers: Vec<u64> = trials.iter().map(|trial| trial.number).filter(|number| is_whole(*number)).collect();
    let params = |number: &u64| trials.get(*number).map(|trial| trial.params.clone());
    assert_eq!(M::DIRECTION, Direction::Minimize, "a loop of scores that are minimised");
    let told = Told(numbers.iter().filter_map(params).collect());
    let mut study = AskTell::builder(M::Space::default(), told).minimize("score").folds(FOLDS).start().expect("a loop");
    while let Some(job) = study.ask().expect("a job") {
        let trial = trials.get(numbers[job.candidate as usize]).expect("a candidate");
        let record = trial.record(job.fold, Budget::Full).expect("a record");
        study.tell(&job, record.outcome.as_ref().expect("a score")[0]).expect("told");
    }
    let results = study.results();
    let chosen = BestPosteriorMean.choose(&results, results.best()?, &mut |_| 0);
    space.index_of(results.candidates()[chosen].params())
}

/// Asks for whole trainings of these candidates.
#[derive(Debug)]
struct Told<P>(Vec<P>);

impl<S: FiniteSpace> Strategy<S> for Told<S::Params> {
    fn count(&self, view: &View<'_, S>) -> dropgrid::Result<Option<usize>> {
        Ok(Some(self.0.len() * view.folds.len()))
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        let of = |(number, params): (usize, &S::Params)| {
            let params = params.clone();
            (0..view.fold_count()).map(move |fold| Job {
                candidate: number as u64,
                params: params.clone(),
                fold,
                budget: Budget::Full,
            })
        };
        Ok(self.0.iter().enumerate().flat_map(of).collect())
    }

    fn is_of_space(&self) -> bool {
        true
    }
}
