//! One training on one fold, scored after each of the epochs asked for.

use std::time::{Duration, Instant};

use super::fits::{Ran, Scores};
use crate::{
    data::{Fit, Score},
    error::{Error, Failure, Result},
    limit::Clock,
    metric::{Measured, MetricOf},
    model::{Model, Network, Visitor, Weights},
    nn::{Lower, program},
    program::Program,
    recipe::Train,
    record::Details,
    seed::Seed,
    train::{Course, Objective, fit, predict},
};

/// Trains a candidate on one view of a fold and scores it on the other.
pub(super) struct FitFold<'a, T: Objective> {
    pub(super) recipe: &'a Train,
    pub(super) fit: Fit<'a, T>,
    pub(super) score: Score<'a, T>,
    pub(super) metrics: &'a [MetricOf<T::Kind>],
    pub(super) train_scores: bool,
    pub(super) seed: Seed,
    pub(super) fold: u32,
    /// The epochs after which it is scored.
    pub(super) stops: &'a [usize],
    pub(super) clock: &'a Clock,
    /// What came of each stop so far.
    pub(super) ran: &'a mut Vec<Ran>,
}

impl<T: Objective> FitFold<'_, T> {
    fn run<N: Network<Output = T::Output>>(
        self,
        build: impl FnOnce(&Weights) -> Result<N>,
        lower: Option<fn(&N) -> Program>,
    ) -> Result<(), Failure> {
        let Self { recipe, fit: view, score, metrics, train_scores, seed, fold, stops, clock, ran } = self;
        let mut start = Instant::now();
        let mut network = build(&Weights::of_fold(seed, fold, &view)).map_err(build_failure)?;
        let mut distinct = stops.to_vec();
        distinct.dedup();
        let course = Course { recipe, seed, fold, stops: &distinct, clock };
        fit::<T, N>(&mut network, &view, course, lower, |network, epochs| {
            // The time that training took to get here, without that of the scoring on the way.
            let fit_time = start.elapsed();
            let began = Instant::now();
            let (outcome, score_time) = match scores(network, metrics, &view, &score, train_scores) {
                Ok((scores, time)) => (Ok(scores), time),
                Err(failure) => (Err(failure), Duration::ZERO),
            };
            for _ in stops.iter().filter(|&&stop| stop == epochs) {
                ran.push(Ran { outcome: outcome.clone(), fit_time, score_time, details: Details::default() });
            }
            start += began.elapsed();
        })
    }
}

impl<M: Model, T: Objective<Output = M::Output>> Visitor<M> for FitFold<'_, T> {
    type Value = Result<(), Failure>;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Weights) -> Result<N>) -> Self::Value {
        self.run(build, None)
    }

    fn visit_lowered<N>(self, build: impl FnOnce(&Weights) -> Result<N>) -> Self::Value
    where
        N: Network<Output = M::Output> + Lower,
    {
        self.run(build, Some(program::<N>))
    }
}

/// The scores of evaluation passes, and the time that those of the fold's test part took.
fn scores<T: Objective, N: Network<Output = T::Output>>(
    network: &N,
    metrics: &[MetricOf<T::Kind>],
    fit: &Fit<'_, T>,
    score: &Score<'_, T>,
    train_scores: bool,
) -> Result<(Scores, Duration), Failure> {
    let data = score.data();
    let measure = |rows: &[usize]| {
        let predictions = predict::<T, N>(network, data.features(), rows)?;
        let weights = data.weights_of(rows);
        data.targets().scores(metrics, rows, weights.as_deref(), &predictions, 0.5).map_err(build_failure)
    };
    let start = Instant::now();
    let test = measure(score.rows())?;
    // A metric that is undefined on the fold is NaN and says so in a warning, as in scikit-learn; a number that is not
    // finite without a reason is a fault.
    let faulty = |score: &Measured| !score.value.is_finite() && score.warnings.is_empty();
    if let Some(at) = test.iter().position(faulty) {
        return Err(Failure::NonFiniteScore { metric: metrics[at].name(), value: test[at].value });
    }
    let time = start.elapsed();
    let train = train_scores.then(|| measure(fit.rows())).transpose()?;
    let train = train.map(|scores| scores.into_iter().map(|score| score.value).collect());
    Ok((Scores { test, train }, time))
}

/// The failure of a fit whose network could not be built, trained or scored.
pub(super) fn build_failure(error: Error) -> Failure {
    match error {
        Error::Fit(failure) => failure,
        Error::Scoring(error) => Failure::Scoring(error),
        error => Failure::Build { message: error.to_string() },
    }
}
