//! A training on one fold that several candidates share, and their scores.

use std::time::{Duration, Instant};

use super::{
    fold_runner::FoldRunner, outcome::Outcome, retry::Retry, row_share::row_share, spec::FitSpec,
    train_and_score::TrainAndScore,
};
use crate::{
    data::Score,
    error::Failure,
    model::{Model, tied_in_words},
    recipe::Train,
    search::key::KeyedJob,
    seed::Purpose,
    split::Split,
    train::{Course, ScoringMode, StopCondition, TrainTarget, sample},
};

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
    /// Trains and scores the candidates of a group, which are one training, on their fold.
    ///
    /// # Errors
    /// [`Failure::Interrupted`] where no more fits begin.
    pub(in crate::search) fn run(&self, group: &[KeyedJob<M::Params>]) -> Result<Vec<Outcome>, Failure> {
        self.begin()?;
        let fold = group[0].job.fold;
        let Split { train, test } = &self.splits[fold as usize];
        let share = group[0].name.resource.rows;
        let train =
            row_share(train.as_slice(), share, self.data.targets().strata(), self.seed, self.fold_of_rows(fold));
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
}
