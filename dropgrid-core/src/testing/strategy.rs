//! The contract of a strategy, as a check for its tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
    time::Duration,
};

use rand::Rng;

use crate::{
    metric::Direction,
    record::{Budget, Curve, Details, FoldInfo, Job, MetricInfo, Record},
    seed::{Purpose, Seed},
    space::Space,
    strategy::{Strategy, Trials, View},
};

/// The folds of the simulated searches.
const FOLDS: u32 = 3;
/// The epochs of a whole training in them.
const EPOCHS: u32 = 27;
/// Orders in which jobs finish, for each number of workers.
const ORDERS: u64 = 8;

/// The candidate, the fold and the budget of a job.
type JobKey = (u64, u32, Budget);

/// Checks that a strategy keeps the contract of [`Strategy::propose`] in simulated searches, in which no network is trained
/// and `score` gives the score of a job, higher is better:
///
/// - On any number of workers, in whatever order jobs finish, it runs the same jobs and has the same finalists.
/// - It continues from the first records of such a search, any number of them, with the jobs that the search ran.
/// - On the same records it proposes the same jobs.
///
/// # Panics
/// Where the strategy breaks the contract, fails, or runs more than 100,000 jobs.
///
/// # Examples
/// In a test of a strategy, where `Mlp` is any model whose space it takes:
/// ```
/// # use dropgrid_core::{space::{Enumerable, FiniteSpace}, strategy::Grid, testing};
/// # fn check<S: FiniteSpace<Kind: Enumerable>>(space: &S) {
/// testing::check_strategy(&Grid, space, |_params, fold, _budget| f64::from(fold));
/// # }
/// ```
pub fn check_strategy<S: Space>(
    strategy: &impl Strategy<S>,
    space: &S,
    score: impl Fn(&S::Params, u32, Budget) -> f64,
) {
    let simulation = Simulation { strategy, space, score: &score };
    if let Err(error) = strategy.count(space, FOLDS) {
        panic!("{strategy:?} does not take the space: {error}");
    }
    let alone = simulation.run(1, 0, &[]);
    assert!(!alone.order.is_empty(), "{strategy:?} proposes no job");
    for (workers, number) in
        [1, 2, 3, 7, 64].into_iter().flat_map(|workers| (0..ORDERS).map(move |order| (workers, order)))
    {
        let other = simulation.run(workers, number, &[]);
        let order = format!("on {workers} workers, in order {number}");
        assert_same_jobs(&alone.jobs, &other.jobs, strategy, &order);
        assert_same("finalists", &alone.finalists, &other.finalists, strategy, &order);
        // A search that was killed after any number of records.
        let length = other.order.len();
        for kept in [0, 1, length / 3, length / 2, length - 1, length] {
            let resumed = simulation.run(workers, number + ORDERS, &other.order[..kept]);
            let order = format!("{order}, resumed after {kept} of {length} records");
            assert_same_jobs(&alone.jobs, &resumed.jobs, strategy, &order);
            assert_same("finalists", &alone.finalists, &resumed.finalists, strategy, &order);
        }
    }
}

fn assert_same<T: PartialEq + Debug>(what: &str, is: &T, other: &T, strategy: &impl Debug, order: &str) {
    assert!(is == other, "{strategy:?} has other {what} {order}: {other:?}, and on one worker in order 0: {is:?}");
}

fn assert_same_jobs(
    is: &BTreeMap<JobKey, String>,
    other: &BTreeMap<JobKey, String>,
    strategy: &impl Debug,
    order: &str,
) {
    let only = |these: &BTreeMap<JobKey, String>, those: &BTreeMap<JobKey, String>| {
        let only = these.iter().filter(|(key, params)| those.get(key) != Some(params));
        only.take(3).map(|((candidate, fold, _), params)| format!("{params} as {candidate} on fold {fold}")).collect()
    };
    let (missing, more): (Vec<String>, Vec<String>) = (only(is, other), only(other, is));
    assert!(
        missing.is_empty() && more.is_empty(),
        "{strategy:?} has other jobs {order} than on one worker in order 0, where it has {} more, {missing:?} among them, and \
         lacks {more:?}",
        is.len().saturating_sub(other.len())
    );
}

/// A simulated search.
struct Simulation<'a, S: Space, T> {
    strategy: &'a T,
    space: &'a S,
    score: &'a dyn Fn(&S::Params, u32, Budget) -> f64,
}

/// The outcome of a simulated search.
struct Simulated<P> {
    /// Every job, with its candidate as text.
    jobs: BTreeMap<JobKey, String>,
    finalists: Vec<u64>,
    /// The jobs as they finished.
    order: Vec<Job<P>>,
}

impl<S: Space, T: Strategy<S>> Simulation<'_, S, T> {
    /// Runs a search on so many workers, whose jobs finish in the order of that number, from the records of the jobs that
    /// are `known`.
    fn run(&self, workers: usize, order: u64, known: &[Job<S::Params>]) -> Simulated<S::Params> {
        let folds = vec![FoldInfo { repeat: 0, train: 90, test: 30, weight: 1.0 }; FOLDS as usize];
        let metrics = [MetricInfo { name: "score".to_owned(), direction: Direction::Maximize }];
        let mut rng = Seed(order).key(Purpose::Split).candidate(workers as u64).rng();
        let mut trials: Trials<S::Params> = Trials::default();
        let mut finished: Vec<Job<S::Params>> = Vec::new();
        let mut running: Vec<Job<S::Params>> = Vec::new();
        let mut waiting: Vec<Job<S::Params>> = Vec::new();
        let mut jobs: BTreeMap<JobKey, String> = BTreeMap::new();
        for job in known {
            trials.add(|| job.params.clone(), self.record(job));
        }
        loop {
            let (seed, error_score) = (Seed(5), f64::NAN);
            let (space, folds, metrics) = (self.space, &*folds, &metrics[..]);
            let view = View { space, folds, metrics, error_score, seed, epochs: EPOCHS, trials: &trials };
            let proposed = self.propose(&view);
            assert_eq!(self.propose(&view), proposed, "{:?} proposes other jobs on the same records", self.strategy);
            let pending: BTreeSet<JobKey> = running.iter().chain(&waiting).map(key).collect();
            for job in proposed {
                assert!(job.fold < FOLDS, "{:?} proposes fold {} of {FOLDS}", self.strategy, job.fold);
                let text = job.params.to_string();
                let first = jobs.entry(key(&job)).or_insert_with(|| text.clone());
                assert_eq!(*first, text, "{:?} gives one job two candidates", self.strategy);
                let is_done =
                    trials.get(job.candidate).is_some_and(|trial| trial.record(job.fold, job.budget).is_some());
                if !is_done && !pending.contains(&key(&job)) {
                    waiting.push(job);
                }
            }
            assert!(jobs.len() <= 100_000, "{:?} runs ever more jobs", self.strategy);
            let free = workers.saturating_sub(running.len()).min(waiting.len());
            running.extend(waiting.drain(..free));
            if running.is_empty() {
                let finalists = self.strategy.finalists(&view);
                // Jobs that were known and that the strategy did not ask for again are jobs of the search.
                let known = known.iter().map(|job| (key(job), job.params.to_string()));
                jobs.extend(known);
                return Simulated { jobs, finalists, order: finished };
            }
            let next = (rng.next_u64() % running.len() as u64) as usize;
            let job = running.swap_remove(next);
            trials.add(|| job.params.clone(), self.record(&job));
            finished.push(job);
        }
    }

    fn propose(&self, view: &View<'_, S>) -> Vec<Job<S::Params>> {
        match self.strategy.propose(view) {
            Ok(jobs) => jobs,
            Err(error) => panic!("{:?} fails: {error}", self.strategy),
        }
    }

    fn record(&self, job: &Job<S::Params>) -> Record {
        Record {
            candidate: job.candidate,
            fold: job.fold,
            budget: job.budget,
            outcome: Ok(vec![(self.score)(&job.params, job.fold, job.budget)]),
            warnings: vec![Vec::new()],
            train_scores: None,
            fit_time: Duration::ZERO,
            score_time: Duration::ZERO,
            curve: Curve::default(),
            details: Details::default(),
        }
    }
}

fn key<P>(job: &Job<P>) -> JobKey {
    (job.candidate, job.fold, job.budget)
}
