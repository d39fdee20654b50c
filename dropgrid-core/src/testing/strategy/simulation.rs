//! Simulated searches, without a training.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use rand::Rng;

use super::scenario::{ROWS, Scenario};
use crate::{
    error::Result,
    record::{Budget, Curve, Details, Epoch, Job, Record},
    seed::{Purpose, Seed},
    space::Space,
    strategy::{Elimination, Strategy, Trials, View, check},
};

/// The most jobs of a search.
const MOST: usize = 10_000;

/// The candidate, the fold and the budget of a job.
pub(super) type JobKey = (u64, u32, Budget);

/// A simulated search.
pub(super) struct Simulation<'a, S: Space, T> {
    pub(super) strategy: &'a T,
    pub(super) space: &'a S,
    pub(super) score: &'a dyn Fn(&S::Params, u32, Budget) -> f64,
    pub(super) scenario: &'a Scenario,
}

/// The outcome of a simulated search.
pub(super) struct Outcome<P> {
    /// Every job, with its candidate as text.
    pub(super) jobs: BTreeMap<JobKey, String>,
    pub(super) finalists: Vec<u64>,
    /// The eliminations and the iterations, as the report has them.
    pub(super) eliminations: (Vec<Elimination>, BTreeMap<u64, usize>),
    /// The jobs as they finished.
    pub(super) order: Vec<Job<P>>,
}

impl<S: Space, T: Strategy<S>> Simulation<'_, S, T> {
    /// Runs a search on so many workers, whose jobs finish in the order of that number, from the records of the jobs
    /// that are `known`.
    pub(super) fn run(&self, workers: usize, order: u64, known: &[Job<S::Params>]) -> Outcome<S::Params> {
        let Scenario { folds, error_score, .. } = self.scenario;
        let epochs = |params: &S::Params| self.scenario.epochs(params);
        let mut rng = Seed(order).key(Purpose::Split).candidate(workers as u64).rng();
        let mut trials: Trials<S::Params> = Trials::new(folds, *error_score);
        let mut finished: Vec<Job<S::Params>> = Vec::new();
        // Those that run or wait, and the hyperparameters of their candidates.
        let mut pending: HashSet<JobKey> = HashSet::new();
        let mut candidates: HashMap<u64, S::Params> = HashMap::new();
        let mut running: Vec<Job<S::Params>> = Vec::new();
        let mut waiting: Vec<Job<S::Params>> = Vec::new();
        let mut jobs: BTreeMap<JobKey, String> = BTreeMap::new();
        for job in known {
            trials.add(|| job.params.clone(), self.record(job, rng.next_u64()));
            jobs.insert(key(job), job.params.to_string());
        }
        loop {
            let view = self.view(&epochs, &trials);
            let proposed = self.propose(&view);
            let (strategy, scenario) = (self.strategy, self.scenario);
            // Now and then, and at the beginning, where every strategy decides something.
            if jobs.len() < 4 || rng.next_u64().is_multiple_of(8) {
                let is_same = self.propose(&view) == proposed;
                assert!(is_same, "{strategy:?} proposes other jobs on the same records {scenario}");
            }
            if let Err(error) = check(&view, &proposed, |number| candidates.get(&number).cloned()) {
                panic!("{strategy:?} breaks a rule {scenario}: {error}");
            }
            let is_new = |job: &Job<S::Params>| {
                let trial = trials.get(job.candidate);
                let is_done = trial.is_some_and(|trial| trial.record(job.fold, job.budget).is_some());
                !is_done && !pending.contains(&key(job))
            };
            let new: Vec<Job<S::Params>> = proposed.into_iter().filter(is_new).collect();
            jobs.extend(new.iter().map(|job| (key(job), job.params.to_string())));
            pending.extend(new.iter().map(key));
            candidates.extend(new.iter().map(|job| (job.candidate, job.params.clone())));
            waiting.extend(new);
            assert!(jobs.len() <= MOST, "{strategy:?} does not end {scenario}: it runs more than {MOST} jobs");
            let free = workers.saturating_sub(running.len()).min(waiting.len());
            running.extend(waiting.drain(..free));
            if running.is_empty() {
                let finalists = strategy.finalists(&view);
                if let Some(other) = finalists.iter().find(|&&number| trials.get(number).is_none()) {
                    panic!("{strategy:?} has a finalist without a record {scenario}, candidate {other}");
                }
                let eliminations = (strategy.eliminations(&view), strategy.iterations(&view));
                return Outcome { jobs, finalists, eliminations, order: finished };
            }
            let next = (rng.next_u64() % running.len() as u64) as usize;
            let job = running.swap_remove(next);
            pending.remove(&key(&job));
            trials.add(|| job.params.clone(), self.record(&job, rng.next_u64()));
            finished.push(job);
        }
    }

    /// The number of jobs that the strategy says it has.
    pub(super) fn count(&self) -> Result<Option<usize>> {
        let Scenario { folds, error_score, .. } = self.scenario;
        let epochs = |params: &S::Params| self.scenario.epochs(params);
        self.strategy.count(&self.view(&epochs, &Trials::new(folds, *error_score)))
    }

    fn view<'v>(&'v self, epochs: &'v dyn Fn(&S::Params) -> u32, trials: &'v Trials<S::Params>) -> View<'v, S> {
        let Scenario { folds, metrics, error_score, best_score, .. } = self.scenario;
        View {
            space: self.space,
            folds,
            metrics,
            monitored: &metrics[0],
            best_score: *best_score,
            error_score: *error_score,
            constraints: &self.scenario.constraints,
            priors: &[],
            enqueued: &[],
            rows: ROWS,
            classes: Some(3),
            seed: Seed(5),
            epochs,
            epoch_range: self.scenario.epoch_range(),
            validation_fraction: 0.0,
            evaluation_only: &[],
            trials,
        }
    }

    fn propose(&self, view: &View<'_, S>) -> Vec<Job<S::Params>> {
        match self.strategy.propose(view) {
            Ok(jobs) => jobs,
            Err(error) => panic!("{:?} fails {}: {error}", self.strategy, self.scenario),
        }
    }

    /// The curve of a job whose monitored value after an epoch is the score of a job that ends there.
    fn curve(&self, job: &Job<S::Params>) -> Curve {
        let text = job.params.to_string();
        let whole = self.scenario.epochs(&text);
        let count = if let Budget::Epochs(epochs) = job.budget { epochs.get() } else { whole };
        let epoch = |number: u32| {
            let budget = Budget::epochs(number).unwrap_or_default();
            let score = (self.score)(&job.params, job.fold, budget);
            let monitored = self.scenario.outcome(&text, job.fold, budget, score).map_or(f64::NAN, |scores| scores[0]);
            Epoch { number: number as usize, monitored: Some(monitored), ..Epoch::default() }
        };
        Curve { epochs: (1..=count).map(epoch).collect() }
    }

    /// The record of a job. Its times are random: they are no business of a strategy.
    fn record(&self, job: &Job<S::Params>, random: u64) -> Record {
        let score = (self.score)(&job.params, job.fold, job.budget);
        let outcome = self.scenario.outcome(&job.params.to_string(), job.fold, job.budget, score);
        let metrics = outcome.as_ref().map_or(0, Vec::len);
        let curve = if self.strategy.watches() && outcome.is_ok() { self.curve(job) } else { Curve::default() };
        Record {
            candidate: job.candidate,
            fold: job.fold,
            budget: job.budget,
            outcome,
            warnings: vec![Vec::new(); metrics],
            train_scores: None,
            fit_time: Duration::from_micros(random >> 44),
            score_time: Duration::from_micros(random & 0xffff),
            curve,
            details: Details::default(),
        }
    }
}

fn key<P>(job: &Job<P>) -> JobKey {
    (job.candidate, job.fold, job.budget)
}
