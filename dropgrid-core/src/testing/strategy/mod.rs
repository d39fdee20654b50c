//! The contract of a strategy, as a check for its tests.

mod scenario;
mod simulation;

use std::{collections::BTreeMap, fmt::Debug};

use crate::{error::Error, record::Budget, space::Space, strategy::Strategy};
use scenario::Scenario;
use simulation::{JobKey, Outcome, Simulation};

/// The most jobs of a search that is continued from each number of its first records.
const EACH: usize = 100;

/// Checks that a strategy keeps the contract of [`Strategy::propose`] in simulated searches, in which no network is
/// trained and `score` gives the score of a job, higher is better:
///
/// - On any number of workers, in whatever order jobs finish and however long they take, it runs the same jobs and has
///   the same finalists, which have records, and the same eliminations.
/// - It continues from the first records of such a search with the jobs that the search ran: from any number of them
///   where these are at most 100, and else, as in each further order of jobs, from one, half of them, all but one, and
///   all.
/// - On the same records it proposes the same jobs, each once, on folds that there are, and no part of a training that
///   is as long as the whole.
/// - Under a metric that is minimised, with the same scores negated, it runs the same jobs.
/// - It ends, also where fits fail, have NaN as their score, or all fail.
/// - It runs as many jobs as it says that it will, where it says so.
///
/// There are searches of three folds, of one, of folds with other weights and several metrics, with an error score,
/// with candidates that have epochs of their own, with a best value of the metric, where `score` is brought between -1
/// and 1, and with a bound on a second metric, unless the strategy refuses constraints by its
/// [`count`](Strategy::count).
///
/// # Panics
/// Where the strategy breaks the contract, fails, or runs more than 10,000 jobs.
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
    let mut plain = None;
    for scenario in Scenario::all() {
        let simulation = Simulation { strategy, space, score: &score, scenario: &scenario };
        let count = match simulation.count() {
            Ok(count) => count,
            Err(Error::Setting { setting: "constraint", .. }) if !scenario.constraints.is_empty() => continue,
            Err(error) => panic!("{strategy:?} does not take the space: {error}"),
        };
        let alone = simulation.run(1, 0, &[]);
        assert!(!alone.order.is_empty(), "{strategy:?} proposes no job {scenario}");
        let (count, jobs) = (count.unwrap_or(alone.jobs.len()), alone.jobs.len());
        assert!(count == jobs, "{strategy:?} says that it has {count} jobs {scenario}, and runs {jobs}");
        let same = |other: &Outcome<S::Params>, said: &str| {
            assert_same_jobs(&alone.jobs, &other.jobs, strategy, said);
            let (is, it) = (&alone.finalists, &other.finalists);
            assert!(is == it, "{strategy:?} has other finalists {said}: {it:?}, and on one worker: {is:?}");
            let (is, it) = (&alone.eliminations, &other.eliminations);
            assert!(is == it, "{strategy:?} has other eliminations {said}: {it:?}, and on one worker: {is:?}");
        };
        let (workers, orders) = scenario.runs();
        let workers_of_each = workers.last().copied().unwrap_or(1);
        for &workers in workers {
            for order in 0..orders {
                let other = simulation.run(workers, order, &[]);
                let said = format!("{scenario}, on {workers} workers, in order {order}");
                same(&other, &said);
                // A search that was killed after some records.
                let length = other.order.len();
                let is_each = order == 0 && workers == workers_of_each && length <= EACH;
                let some = [1, length / 2, length - 1, length];
                for kept in (1..=length).filter(|kept| is_each || some.contains(kept)) {
                    let resumed = simulation.run(workers, order + orders, &other.order[..kept]);
                    same(&resumed, &format!("{said}, resumed after {kept} of {length} records"));
                }
            }
        }
        let plain = plain.get_or_insert_with(|| alone.jobs.clone());
        if scenario.is_mirrored {
            assert_same_jobs(plain, &alone.jobs, strategy, &format!("{scenario} than under one that is maximised"));
        }
    }
}

fn assert_same_jobs(
    is: &BTreeMap<JobKey, String>,
    other: &BTreeMap<JobKey, String>,
    strategy: &impl Debug,
    said: &str,
) {
    let only = |these: &BTreeMap<JobKey, String>, those: &BTreeMap<JobKey, String>| {
        let only = these.iter().filter(|(key, params)| those.get(key) != Some(params));
        let text = |((candidate, fold, budget), params): (&JobKey, &String)| {
            format!("{params} as candidate {candidate} on fold {fold} at budget {budget}")
        };
        only.take(3).map(text).collect()
    };
    let (missing, more): (Vec<String>, Vec<String>) = (only(is, other), only(other, is));
    assert!(
        missing.is_empty() && more.is_empty(),
        "{strategy:?} has other jobs {said}, among them {more:?}; it lacks {missing:?}"
    );
}
