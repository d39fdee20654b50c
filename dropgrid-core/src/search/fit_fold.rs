//! One training on one fold for the candidates that share it, each scored where it ends.

use std::time::{Duration, Instant};

use super::fits::{Ran, Scores};
use crate::{
    data::Score,
    error::{Failure, Result},
    metric::MetricOf,
    model::{Model, Network, Visitor, Weights},
    nn::{Lower, program},
    program::Program,
    record::{Details, Epochs},
    train::{Course, Objective, Views, build_failure, fit, measure, scores},
};

/// Trains on two views of a fold and scores on the third.
pub(super) struct FitFold<'a, T: Objective> {
    pub(super) course: Course<'a>,
    pub(super) views: Views<'a, T>,
    pub(super) score: Score<'a, T>,
    pub(super) metrics: &'a [MetricOf<T::Kind>],
    pub(super) train_scores: bool,
    /// What came of each training that has ended, in the order of the course's ends.
    pub(super) ran: &'a mut [Option<Ran>],
}

impl<T: Objective> FitFold<'_, T> {
    fn run<N: Network<Output = T::Output>>(
        self,
        build: impl FnOnce(&Weights) -> Result<N>,
        lower: Option<fn(&N) -> Program>,
    ) -> Result<(), Failure> {
        let Self { course, views, score, metrics, train_scores, ran } = self;
        let mut start = Instant::now();
        let mut network = build(&Weights::of_fold(course.seed, course.fold, &views.fit)).map_err(build_failure)?;
        fit::<T, N>(&mut network, &views, course, lower, |network, alike| {
            // The time that training took to get here, without that of the scoring on the way.
            let fit_time = start.elapsed();
            let began = Instant::now();
            let (outcome, score_time) = match timed_scores(network, metrics, &views, &score, train_scores) {
                Ok((scores, time)) => (Ok(scores), time),
                Err(failure) => (Err(failure), Duration::ZERO),
            };
            for ended in alike {
                // How long it is trained is told where the recipe's epochs do not tell it.
                let decides = course.ends[ended.at].early_stopping.is_some() || course.hooked.has_rules;
                let epochs = Epochs { trained: ended.trained as u32, scored: ended.scored as u32 };
                let stopped_by = ended.by.map(str::to_owned);
                let details = Details { epochs: decides.then_some(epochs), stopped_by, ..Details::default() };
                ran[ended.at] = Some(Ran { outcome: outcome.clone(), fit_time, score_time, details });
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
fn timed_scores<T: Objective, N: Network<Output = T::Output>>(
    network: &N,
    metrics: &[MetricOf<T::Kind>],
    views: &Views<'_, T>,
    score: &Score<'_, T>,
    train_scores: bool,
) -> Result<(Scores, Duration), Failure> {
    let start = Instant::now();
    let test = scores(network, metrics, score)?;
    let time = start.elapsed();
    let fit = &views.fit;
    let train = train_scores.then(|| measure(network, metrics, fit.data(), fit.rows())).transpose()?;
    let train = train.map(|scores| scores.into_iter().map(|score| score.value).collect());
    Ok((Scores { test, train }, time))
}
