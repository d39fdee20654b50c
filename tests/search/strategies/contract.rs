//! The contract of strategies, which those that keep it pass and those that break it do not.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dropgrid::{
    prelude::*,
    record::{Budget, Job},
    space::{Enumerable, FiniteSpace},
    strategy::{Candidates, Proposal, Strategy, View},
    testing::check_strategy,
};

use super::{Net, NetParams, NetSpace, halving::Halving};

/// Few of the candidates.
fn small() -> NetSpace {
    Net::space().dropout([0.0, 0.2]).lr([1e-3, 3e-3, 1e-2, 3e-2])
}

/// Eliminates candidates fold by fold: a candidate gets its next fold only where its mean over the folds so far is among
/// the better half.
#[derive(Debug)]
pub(super) struct Racing;

impl Strategy<NetSpace> for Racing {
    fn count(&self, _: &NetSpace, _: u32) -> dropgrid::Result<Option<usize>> {
        Ok(None)
    }

    fn propose(&self, view: &View<'_, NetSpace>) -> Proposal<NetParams> {
        let mut racing: Vec<u64> = (0..6).collect();
        for fold in 0..view.fold_count() {
            let score = |&number: &u64| {
                let record = view.trials.get(number)?.record(fold, Budget::Full)?;
                Some((record.outcome.as_ref().map_or(0.0, |scores| scores[0]), number))
            };
            let Some(mut scores) = racing.iter().map(score).collect::<Option<Vec<_>>>() else {
                let params = |number: u64| view.space.nth(number as usize).expect("a candidate");
                let job = |candidate: u64| Job { candidate, params: params(candidate), fold, budget: Budget::Full };
                return Ok(racing.into_iter().map(job).collect());
            };
            scores.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            racing = scores[..scores.len().div_ceil(2)].iter().map(|(_, number)| *number).collect();
        }
        Ok(Vec::new())
    }
}

/// Trains every candidate on ever larger shares of the rows.
#[derive(Debug)]
pub(super) struct Shares;

impl Strategy<NetSpace> for Shares {
    fn count(&self, _: &NetSpace, folds: u32) -> dropgrid::Result<Option<usize>> {
        Ok(Some(2 * 3 * folds as usize))
    }

    fn propose(&self, view: &View<'_, NetSpace>) -> Proposal<NetParams> {
        let mut jobs = Vec::new();
        for share in [0.25, 0.5, 1.0] {
            let budget = Budget::rows(share)?;
            for candidate in 0..2 {
                let params = view.space.nth(candidate as usize).expect("a candidate");
                jobs.extend((0..view.fold_count()).map(|fold| Job { candidate, params: params.clone(), fold, budget }));
            }
        }
        Ok(jobs)
    }
}

/// Ends after three records, whichever these are.
#[derive(Debug)]
struct Hasty;

impl<S: FiniteSpace<Kind: Enumerable>> Strategy<S> for Hasty {
    fn count(&self, _: &S, _: u32) -> dropgrid::Result<Option<usize>> {
        Ok(None)
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        if view.trials.record_count() < 3 { Grid.propose(view) } else { Ok(Vec::new()) }
    }
}

/// Changes its mind: a candidate depends on the number of records.
#[derive(Debug)]
struct Fickle;

impl Strategy<NetSpace> for Fickle {
    fn count(&self, _: &NetSpace, _: u32) -> dropgrid::Result<Option<usize>> {
        Ok(None)
    }

    fn propose(&self, view: &View<'_, NetSpace>) -> Proposal<NetParams> {
        let records = view.trials.record_count();
        let number = (records as u64 / 3).min(5);
        let params = view.space.nth(records.min(7)).expect("a candidate");
        Ok((0..view.fold_count())
            .map(|fold| Job { candidate: number, params: params.clone(), fold, budget: Budget::Full })
            .collect())
    }
}

fn score(params: &NetParams, fold: u32, budget: Budget) -> f64 {
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
    check_strategy(&Halving { candidates: 27, epochs: 1, factor: 3 }, &space, score);
    check_strategy(&Halving { candidates: 10, epochs: 4, factor: 2 }, &space, score);
    check_strategy(&Racing, &space, score);
    check_strategy(&Shares, &space, score);
}

#[test]
fn strategies_that_break_the_contract_are_found() {
    let broken = |check: &dyn Fn()| {
        let panic = catch_unwind(AssertUnwindSafe(check)).expect_err("it breaks the contract");
        panic.downcast_ref::<String>().expect("a message").clone()
    };
    let hasty = broken(&|| check_strategy(&Hasty, &small(), score));
    assert!(hasty.starts_with("Hasty has other"), "{hasty}");
    let fickle = broken(&|| check_strategy(&Fickle, &small(), score));
    assert!(fickle.contains("Fickle gives one job two candidates"), "{fickle}");
}
