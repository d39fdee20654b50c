//! A training on one fold that several candidates share, and their scores.

use std::time::{Duration, Instant};

use super::{
    fold_runner::{FoldRunner, TrainingOutcome},
    lost,
    retry::Retry,
    row_share::row_share,
    train_and_score::TrainAndScore,
};
use crate::{
    data::Score,
    error::Failure,
    model::{Model, tied_in_words},
    recipe::Train,
    record::{Curve, Record},
    search::key::KeyedJob,
    seed::Purpose,
    split::Split,
    train::{Course, ScoringMode, StopCondition, TrainTarget, build_network, sample},
};

impl<M: Model, T: TrainTarget<Output = M::Output>> FoldRunner<'_, M, T> {
    /// Trains a group of jobs, which share one training, on their fold, and scores each.
    ///
    /// # Errors
    /// [`Failure::Interrupted`] if no more fits begin.
    pub(in crate::search) fn run(&self, group: &[KeyedJob]) -> Result<Vec<Record>, Failure> {
        self.begin()?;
        let fold = group[0].job.fold;
        let Split { train, test } = &self.splits[fold as usize];
        let share = group[0].name.resource.rows();
        let train =
            row_share(train.as_slice(), share, self.data.targets().strata(), self.seed, self.fold_of_rows(fold));
        Ok(self.attempt(group, &train, test.as_slice()))
    }

    /// Trains and scores a candidate on the given rows in place of those of fold number `fold`.
    ///
    /// # Errors
    /// [`Failure::Interrupted`] if no more fits begin, or the fit is cut off.
    pub(in crate::search) fn run_on(
        &self,
        params: &M::Params,
        fold: u32,
        train: &[usize],
        test: &[usize],
    ) -> Result<Record, Failure> {
        self.begin()?;
        let job = KeyedJob::alone(params.clone(), fold, self.recipe_of(params).epochs as u32);
        match self.attempt(&[job], train, test).pop() {
            Some(Record { outcome: Err(Failure::Interrupted), .. }) => Err(Failure::Interrupted),
            record => record.ok_or_else(lost),
        }
    }

    /// Trains and scores jobs that share one training, with retries.
    fn attempt(&self, jobs: &[KeyedJob], train: &[usize], test: &[usize]) -> Vec<Record> {
        self.retry.run(jobs, &|| self.ended().is_some(), &|jobs, draw, failed| {
            self.train_and_score(jobs, failed, train, test, draw)
        })
    }

    /// Trains candidates that share one training until each of them stops, and scores each where it stops. If the
    /// training fails, candidates that were already scored keep their scores, and the others fail. If a hook panics at
    /// the end of the training, only the candidates that stopped last fail: the records of the others may be stored
    /// already, and a stored record does not change.
    ///
    /// `failed` contains the failures of earlier attempts at each job.
    fn train_and_score(
        &self,
        jobs: &[KeyedJob],
        failed: &[Vec<Failure>],
        train: &[usize],
        test: &[usize],
        draw: u32,
    ) -> Vec<Record> {
        let start = Instant::now();
        let fold = jobs[0].job.fold;
        let recipes: Vec<Train> = jobs.iter().map(|job| self.recipe_of(job.params())).collect();
        let Plan { stops, modes, longest } = Plan::of(&recipes, jobs);
        let (recipe, params) = (&recipes[longest], jobs[longest].params());
        // The ties are the same for all candidates of one training. If they cannot be evaluated, the training fails for
        // that reason.
        let tied = tied_in_words::<M>(params).ok().flatten();
        let is_of_search = jobs.iter().any(KeyedJob::is_of_search);
        let of_search = if is_of_search { jobs } else { &[] };
        let info = self.fit_info(params, stops[longest].epochs, jobs[0].name.fold, of_search);
        // Only attempts with the first draws read and write states.
        let states = self.states.filter(|_| draw == 0 && is_of_search).and_then(|states| states.begin(jobs));
        let rules = self.hooks.has_rules();
        let trained = self.train((info, rules), recipe, (fold, train), draw, |views, hook_context, curve| {
            let (seed, clock) = (Retry::seed(self.seed, draw), &self.limits.clock(0));
            let key = seed.key(Purpose::MonteCarlo).fold(fold);
            let trajectory = if states.is_some() { &*jobs[0].trajectory } else { "" };
            let training = TrainAndScore {
                course: Course { recipe, seed, fold, stop_conditions: &stops, clock, hook_context, trajectory },
                views,
                score: Score::new(self.data, test),
                metrics: self.metrics,
                train_scores: self.train_scores,
                keeps_predictions: self.keeps_predictions && is_of_search,
                modes: &modes,
                tied: tied.as_deref(),
                sampler: &|network, rows, passes, scaler| {
                    sample::<M, T>(params, network, self.data.features(), rows, (passes, key, scaler))
                },
                jobs,
                failed,
                states,
            };
            training.run(curve, &|init| build_network::<M, T>(params, init))
        });
        let TrainingOutcome { results: scored, done, told, curve } = trained;
        let failed = FailedFits { curve, tied, fit_time: start.elapsed() };
        failed.beside(scored, jobs, done.is_ok(), done.and(told))
    }
}

/// The stop conditions and the scoring of jobs that share one training.
struct Plan {
    stops: Vec<StopCondition>,
    modes: Vec<ScoringMode>,
    /// The position of the job that is trained longest.
    longest: usize,
}

impl Plan {
    fn of(recipes: &[Train], jobs: &[KeyedJob]) -> Self {
        let stop = |(recipe, job): (&Train, &KeyedJob)| {
            let epochs = job.name.resource.epochs() as usize;
            StopCondition { epochs, ..StopCondition::of(recipe) }
        };
        let stops: Vec<StopCondition> = recipes.iter().zip(jobs).map(stop).collect();
        let modes = recipes.iter().map(ScoringMode::of).collect();
        let longest = (0..stops.len()).max_by_key(|&at| stops[at].epochs).unwrap_or(0);
        Self { stops, modes, longest }
    }
}

/// The facts about the fits of a failed training.
struct FailedFits {
    curve: Curve,
    tied: Option<String>,
    fit_time: Duration,
}

impl FailedFits {
    /// Returns the records of all jobs: those that were scored, and failures for the rest. If the training succeeded
    /// and a hook failed at its end, the jobs that stopped last fail.
    fn beside(
        &self,
        mut scored: Vec<Option<(usize, Record)>>,
        jobs: &[KeyedJob],
        is_trained: bool,
        outcome: Result<(), Failure>,
    ) -> Vec<Record> {
        scored.resize_with(jobs.len(), || None);
        if is_trained && outcome.is_err() {
            let epochs = |scored: &Option<(usize, Record)>| scored.as_ref().map(|(epochs, _)| *epochs);
            let last = scored.iter().map(epochs).max().flatten();
            scored.iter_mut().filter(|scored| epochs(scored) == last).for_each(|scored| *scored = None);
        }
        let failure = outcome.err().unwrap_or_else(lost);
        let failed = |job: &KeyedJob| {
            let mut record = Record::failed(&job.job, failure.clone(), self.fit_time);
            record.curve.clone_from(&self.curve);
            record.details.tied.clone_from(&self.tied);
            record
        };
        let records = jobs.iter().zip(scored);
        records.map(|(job, scored)| scored.map_or_else(|| failed(job), |(_, record)| record)).collect()
    }
}
