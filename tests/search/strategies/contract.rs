//! The contract of strategies: those that keep it, and those that break it and are found.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::AtomicU64,
};

use dropgrid::{metric::Direction, testing::check_strategy};

use super::*;

pub(super) fn score(params: &NetParams, fold: u32, budget: Budget) -> f64 {
    let trained = match budget {
        Budget::Epochs(epochs) => f64::from(epochs.get()),
        Budget::Rows(share) => 27.0 * share.get(),
        Budget::Full => 27.0,
    };
    params.lr.ln().sin() * trained.ln_1p() - params.dropout + 0.01 * f64::from(fold)
}

#[test]
fn every_strategy_keeps_the_contract() {
    let space = small();
    check_strategy(&Grid, &space, score);
    check_strategy(&Random::new(11).seed(3), &space, score);
    let listed: Vec<NetParams> = space.iter().step_by(3).collect();
    check_strategy(&Only(listed[0].clone()), &space, score);
    check_strategy(&Candidates::new(listed), &space, score);
    check_strategy(&Climb { starts: 3 }, &space, score);
    check_strategy(&Racing, &space, score);
    check_strategy(&Shares, &space, score);
}

#[test]
fn strategies_that_drop_candidates_on_some_folds_keep_the_contract() {
    let space = small();
    check_strategy(&Grid.exact(), &space, score);
    check_strategy(&Grid.exact(), &Net::space().dropout([0.1, 0.2]).lr([1e-3, 2e-3, 3e-3, 5e-3, 1e-2]), score);
    check_strategy(&Race::new(Grid).alpha(0.2), &space, score);
    check_strategy(&Race::new(Random::new(14)), &Net::space(), score);
}

#[test]
fn strategies_of_rungs_keep_the_contract() {
    let space = small();
    check_strategy(&SuccessiveHalving::new(Random::new(27)).factor(3), &Net::space(), score);
    check_strategy(&SuccessiveHalving::new(Grid).min_resource(4), &space, score);
    check_strategy(&SuccessiveHalving::new(Grid).samples().min_resource(40).aggressive(true), &space, score);
    check_strategy(&Hyperband::new(Random::new(usize::MAX)).min_resource(3), &Net::space(), score);
    check_strategy(&Hyperband::new(Candidates::new(space.iter())).samples().factor(2), &space, score);
    check_strategy(&Asha::new(Random::new(20)).factor(3), &Net::space(), score);
    check_strategy(&Asha::new(Grid), &space, score);
}

/// A model waits for the scores that its candidates depend on: those of the first rung.
#[test]
fn strategies_of_rungs_keep_the_contract_over_points_and_models() {
    let space = small();
    check_strategy(&SuccessiveHalving::new(Sobol::new(7)), &space, score);
    check_strategy(&Hyperband::new(Sobol::new(14)).min_resource(3), &Net::space(), score);
    check_strategy(&Hyperband::new(Tpe::new(9).startup(3).lag(2)).min_resource(3), &Net::space(), score);
    check_strategy(&SuccessiveHalving::new(Auto::new(6).startup(4).lag(1)), &Net::space(), score);
    check_strategy(&SuccessiveHalving::new(Tpe::new(8).startup(3).lag(2)), &Net::space(), score);
    check_strategy(&Asha::new(Tpe::new(8).startup(3).lag(2)).factor(3), &Net::space(), score);
}

/// A strategy that proposes what its function says.
struct Own(&'static str, fn(&View<'_, NetSpace>) -> Proposal<NetParams>);

impl std::fmt::Debug for Own {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl Strategy<NetSpace> for Own {
    fn count(&self, _: &View<'_, NetSpace>) -> dropgrid::Result<Option<usize>> {
        Ok(None)
    }

    fn propose(&self, view: &View<'_, NetSpace>) -> Proposal<NetParams> {
        (self.1)(view)
    }
}

/// A candidate of the space on every fold.
fn at(view: &View<'_, NetSpace>, number: u64, budget: Budget) -> Vec<Job<NetParams>> {
    let params = view.space.nth(number as usize).expect("a candidate");
    (0..view.fold_count()).map(|fold| Job { candidate: number, params: params.clone(), fold, budget }).collect()
}

/// The first four candidates; once all are done, one of the other four, by the one that `choose` takes of the first.
#[allow(clippy::unnecessary_wraps, reason = "a strategy gives it on")]
fn then(view: &View<'_, NetSpace>, choose: impl Fn(&[u64; 4]) -> u64) -> Proposal<NetParams> {
    if view.is_done_below(4, Budget::Full) {
        return Ok(at(view, 4 + choose(&[0, 1, 2, 3]), Budget::Full));
    }
    Ok((0..4).flat_map(|number| at(view, number, Budget::Full)).collect())
}

/// The best of the first four candidates that are done, under a metric of that direction.
fn best(view: &View<'_, NetSpace>, direction: Direction) -> u64 {
    let score = |number: u64| view.score(number, Budget::Full).filter(|score| !score.is_nan());
    let scores = (0..4).filter_map(|number| Some((score(number)?, number)));
    scores.min_by(|a, b| direction.compare(a.0, b.0)).map_or(0, |(_, number)| number)
}

static CALLS: AtomicU64 = AtomicU64::new(0);

#[test]
#[allow(clippy::too_many_lines, reason = "one case for each fault")]
fn strategies_that_break_the_contract_are_found() {
    let cases: [(Own, &str); 13] = [
        // By the order in which fits finish.
        (
            Own("Hasty", |view| if view.trials.record_count() < 3 { Grid.propose(view) } else { Ok(Vec::new()) }),
            "Hasty has other jobs on three folds, on ",
        ),
        // By the number of workers: on one, the first candidates are done one by one.
        (
            Own("Greedy", |view| {
                let best = best(view, view.metrics[0].direction);
                let mut jobs = then(view, |_| best)?;
                if !view.is_done_below(4, Budget::Full) {
                    jobs.extend(at(view, 4 + best, Budget::Full));
                }
                Ok(jobs)
            }),
            "Greedy has other jobs on three folds, on ",
        ),
        // By the clock.
        (
            Own("Hurried", |view| {
                then(view, |first| {
                    let time = |number| view.trials.get(number).map(|trial| trial.records()[0].fit_time);
                    first.iter().copied().min_by_key(|&number| time(number)).unwrap_or(0)
                })
            }),
            "Hurried has other jobs on three folds, on ",
        ),
        // By its calls.
        (
            Own("Counting", |view| Ok(at(view, CALLS.fetch_add(1, Ordering::Relaxed) % 8, Budget::Full))),
            "Counting proposes other jobs on the same records on three folds",
        ),
        (
            Own("Fickle", |view| {
                let records = view.trials.record_count() as u64;
                let number = (records / 3).min(5);
                Ok(at(view, records.min(7), Budget::Full)
                    .into_iter()
                    .map(|job| Job { candidate: number, ..job })
                    .collect())
            }),
            "Fickle breaks a rule on three folds: it called two candidates number 0",
        ),
        (
            Own("Twice", |view| Ok([at(view, 0, Budget::Full), at(view, 0, Budget::Full)].concat())),
            "Twice breaks a rule on three folds: it proposed candidate 0 on fold 0 twice at once",
        ),
        (
            Own("Waiting", |view| Ok(if view.trials.is_empty() { Vec::new() } else { at(view, 0, Budget::Full) })),
            "Waiting proposes no job on three folds",
        ),
        (
            Own("Endless", |view| {
                let number = view.trials.len() as u64;
                Ok(at(view, number % 8, Budget::Full).into_iter().map(|job| Job { candidate: number, ..job }).collect())
            }),
            "Endless does not end on three folds: it runs more than 10000 jobs",
        ),
        // Goes on until a candidate has a score.
        (
            Own("Stubborn", |view| {
                let is_scored = |number: &u64| view.score(*number, Budget::Full).is_some_and(|score| !score.is_nan());
                let count = view.trials.first_open(0, Budget::Full);
                if (0..count).any(|number| is_scored(&number)) {
                    return Ok(Vec::new());
                }
                Ok(at(view, count % 8, Budget::Full).into_iter().map(|job| Job { candidate: count, ..job }).collect())
            }),
            "Stubborn does not end where all fits fail: it runs more than 10000 jobs",
        ),
        (
            Own("Climbing", |view| then(view, |_| best(view, Direction::Maximize))),
            "Climbing has other jobs under a metric that is minimised than under one that is maximised",
        ),
        (
            Own("Threefold", |view| {
                Ok((0..3).map(|fold| Job { fold, ..at(view, 0, Budget::Full)[0].clone() }).collect())
            }),
            "Threefold breaks a rule on one fold: it proposed candidate 0 on fold 1, but there are 1 folds",
        ),
        (
            Own("Trusting", |view| {
                then(view, |_| {
                    let record = &view.trials.get(0).expect("a trial").records()[0];
                    assert!(record.outcome.is_ok(), "Trusting had no score");
                    0
                })
            }),
            "Trusting had no score",
        ),
        (
            Own("Uniform", |view| {
                Ok((0..8).flat_map(|number| at(view, number, Budget::epochs(9).expect("epochs"))).collect())
            }),
            "Uniform breaks a rule where candidates have epochs of their own: it proposed 9 epochs of candidate ",
        ),
    ];
    for (strategy, message) in cases {
        let said = broken(&strategy, &small());
        assert!(said.starts_with(message), "{said}");
    }
    let said = broken(&Counted, &small());
    assert_eq!(said, "Counted says that it has 2 jobs on three folds, and runs 3");
    let said = broken(&Boastful, &small());
    assert_eq!(said, "Boastful has a finalist without a record on three folds, candidate 7");
}

/// The message with which the check of a strategy panics.
fn broken<S: Strategy<NetSpace>>(strategy: &S, space: &NetSpace) -> String {
    let check = || check_strategy(strategy, space, score);
    let panic = catch_unwind(AssertUnwindSafe(check)).expect_err("it breaks the contract");
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.unwrap_or_else(|| panic.downcast_ref::<String>().expect("a message").clone())
}

/// Says that it has fewer jobs than it runs.
#[derive(Debug)]
struct Counted;

impl Strategy<NetSpace> for Counted {
    fn count(&self, _: &View<'_, NetSpace>) -> dropgrid::Result<Option<usize>> {
        Ok(Some(2))
    }

    fn propose(&self, view: &View<'_, NetSpace>) -> Proposal<NetParams> {
        Ok(at(view, 0, Budget::Full))
    }
}

/// Has a finalist that it never tried.
#[derive(Debug)]
struct Boastful;

impl Strategy<NetSpace> for Boastful {
    fn count(&self, _: &View<'_, NetSpace>) -> dropgrid::Result<Option<usize>> {
        Ok(None)
    }

    fn propose(&self, view: &View<'_, NetSpace>) -> Proposal<NetParams> {
        Ok(at(view, 0, Budget::Full))
    }

    fn finalists(&self, _: &View<'_, NetSpace>) -> Vec<u64> {
        vec![0, 7]
    }
}
