//! One training on one fold for the candidates that share it, each scored where it ends.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

use super::fits::{Ran, Scores};
use crate::{
    data::{Dataset, Score},
    error::{Failure, Result},
    metric::MetricOf,
    model::{Init, Model, Network, Visitor},
    nn::{Lower, program},
    program::Program,
    record::{Details, Epochs},
    train::{Course, Look, Objective, Sampler, Seen, Views, fit, measured, scores_of},
};

/// Trains on two views of a fold and scores on the third.
pub(super) struct FitFold<'a, T: Objective> {
    pub(super) course: Course<'a>,
    pub(super) views: Views<'a, T>,
    pub(super) score: Score<'a, T>,
    pub(super) metrics: &'a [MetricOf<T::Kind>],
    pub(super) train_scores: bool,
    /// How each is scored, in the order of the course's ends.
    pub(super) looks: &'a [Look],
    /// The settings that are tied, in words.
    pub(super) tied: Option<&'a str>,
    pub(super) sampler: &'a Sampler<'a>,
    /// What came of each training that has ended, in the order of the course's ends.
    pub(super) ran: &'a RefCell<Vec<Option<Ran>>>,
    /// After how many epochs, in the same order; 0 where it goes on.
    pub(super) trained: &'a [Cell<usize>],
}

impl<T: Objective> FitFold<'_, T> {
    fn run<N: Network<Output = T::Output>>(
        self,
        build: impl FnOnce(&Init) -> Result<N>,
        lower: Option<fn(&N) -> Program>,
    ) -> Result<(), Failure> {
        let Self { course, views, score, metrics, train_scores, looks, tied, sampler, ran, trained } = self;
        let mut start = Instant::now();
        let mut network = build(&Init::of_fold(course.seed, course.fold, &views.fit)).map_err(Failure::from)?;
        fit::<T, N>(&mut network, &views, course, lower, |network, alike| {
            // The time that training took to get here, without that of the scoring on the way.
            let fit_time = start.elapsed();
            let began = Instant::now();
            // Predictions of so many passes each, for those that only their threshold tells apart.
            let mut given: Vec<(usize, Result<Given, Failure>)> = Vec::new();
            for ended in alike {
                let look = looks[ended.at];
                let known = given.iter().position(|&(passes, _)| passes == look.passes);
                let at = known.unwrap_or_else(|| {
                    let rows = (score.rows(), train_scores.then(|| views.fit.rows()));
                    given.push((look.passes, Given::of::<T, N>(network, score.data(), rows, look.passes, sampler)));
                    given.len() - 1
                });
                let found = given[at].1.as_ref().map_err(Clone::clone);
                let found = found.and_then(|given| given.scored(look.threshold, metrics, &views, &score));
                let (outcome, score_time, spread) = match found {
                    Ok((scores, time, spread)) => (Ok(scores), time, spread),
                    Err(failure) => (Err(failure), Duration::ZERO, None),
                };
                // How long it is trained is told where the recipe's epochs do not tell it.
                let decides = course.ends[ended.at].early_stopping.is_some() || course.hooked.has_rules;
                let epochs = Epochs { trained: ended.trained as u32, scored: ended.scored as u32 };
                let stopped_by = ended.by.map(str::to_owned);
                let epochs = decides.then_some(epochs);
                let tied = tied.map(str::to_owned);
                let details = Details { epochs, stopped_by, tied, spread, ..Details::default() };
                trained[ended.at].set(ended.trained);
                ran.borrow_mut()[ended.at] = Some(Ran { outcome, fit_time, score_time, details });
            }
            start += began.elapsed();
        })
    }
}

impl<M: Model, T: Objective<Output = M::Output>> Visitor<M> for FitFold<'_, T> {
    type Value = Result<(), Failure>;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value {
        self.run(build, None)
    }

    fn visit_lowered<N>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value
    where
        N: Network<Output = M::Output> + Lower,
    {
        self.run(build, Some(program::<N>))
    }
}

/// What metrics see of a trained network on a fold.
struct Given {
    test: Seen,
    /// The time that the test part took.
    time: Duration,
    train: Option<Seen>,
}

impl Given {
    /// What so many `passes` give for the rows of the test part, and for those trained on where they are scored, too.
    fn of<T: Objective, N: Network<Output = T::Output>>(
        network: &N,
        data: &Dataset<T>,
        (test, train): (&[usize], Option<&[usize]>),
        passes: usize,
        sampler: &Sampler<'_>,
    ) -> Result<Self, Failure> {
        let see = |rows: &[usize]| Seen::of::<T, N>(network, data.features(), rows, passes, sampler);
        let start = Instant::now();
        let test = see(test)?;
        Ok(Self { test, time: start.elapsed(), train: train.map(see).transpose()? })
    }

    /// The scores, the time that those of the test part took, and how far passes are apart.
    fn scored<T: Objective>(
        &self,
        threshold: f64,
        metrics: &[MetricOf<T::Kind>],
        views: &Views<'_, T>,
        score: &Score<'_, T>,
    ) -> Result<(Scores, Duration, Option<f64>), Failure> {
        let Self { test: Seen { predictions, spread }, time, train } = self;
        let start = Instant::now();
        let test = scores_of(predictions, threshold, metrics, score)?;
        let time = *time + start.elapsed();
        let fit = &views.fit;
        let train = train.as_ref().map(|seen| measured(&seen.predictions, threshold, metrics, fit.data(), fit.rows()));
        let train = train.transpose()?.map(|scores| scores.into_iter().map(|score| score.value).collect());
        Ok((Scores { test, train }, time, *spread))
    }
}
