//! Strategies of the project and of a user's own: their contract, and what a search makes of budgets.

mod attack;
mod budgets;
mod contract;
mod draws;
mod exact;
mod faults;
mod halving;
mod limited;
mod linear;
mod models;
mod over;
mod pruning;
mod race;
mod same_bits;
mod shared;
mod table;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use dropgrid::{
    hook::FitInfo,
    prelude::*,
    record::{Budget, Job},
    report::Report,
    strategy::{Proposal, Strategy, View},
};

#[path = "../../../examples/climb.rs"]
#[allow(dead_code, unreachable_pub, reason = "an example is a program of its own")]
mod climb;

use climb::Climb;

#[searchable]
struct Net {
    hidden: (Linear<4, 8>, Tanh),
    #[grid(0.0..=0.4, step = 0.05)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[grid(log(1e-3..=1e-1), points = 50)]
    lr: f64,
}

/// Few of the candidates.
fn small() -> NetSpace {
    Net::space().dropout([0.0, 0.2]).lr([1e-3, 3e-3, 1e-2, 3e-2])
}

/// Eliminates candidates fold by fold: a candidate gets its next fold only where its mean over the folds so far is
/// among the better half.
#[derive(Debug)]
struct Racing;

impl Strategy<NetSpace> for Racing {
    fn count(&self, _: &View<'_, NetSpace>) -> dropgrid::Result<Option<usize>> {
        Ok(None)
    }

    fn propose(&self, view: &View<'_, NetSpace>) -> Proposal<NetParams> {
        let mut racing: Vec<u64> = (0..6).collect();
        for fold in 0..view.fold_count() {
            let score = |&number: &u64| {
                let record = view.trials.get(number)?.record(fold, Budget::Full)?;
                Some((record.outcome.as_ref().map_or(f64::NAN, |scores| scores[0]), number))
            };
            let Some(mut scores) = racing.iter().map(score).collect::<Option<Vec<_>>>() else {
                let params = |number: u64| view.space.nth(number as usize).expect("a candidate");
                let job = |candidate: u64| Job { candidate, params: params(candidate), fold, budget: Budget::Full };
                return Ok(racing.into_iter().map(job).collect());
            };
            let compare = |a: f64, b: f64| a.is_nan().cmp(&b.is_nan()).then(view.metrics[0].direction.compare(a, b));
            scores.sort_by(|a, b| compare(a.0, b.0).then(a.1.cmp(&b.1)));
            racing = scores[..scores.len().div_ceil(2)].iter().map(|(_, number)| *number).collect();
        }
        Ok(Vec::new())
    }
}

/// Trains every candidate on ever larger shares of the rows.
#[derive(Debug)]
struct Shares;

impl Strategy<NetSpace> for Shares {
    fn count(&self, view: &View<'_, NetSpace>) -> dropgrid::Result<Option<usize>> {
        Ok(Some(2 * 3 * view.folds.len()))
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

type Seen = Arc<AtomicUsize>;

/// A search that counts the epochs that it trains.
fn search<S: Strategy<NetSpace>>(strategy: S, epochs: &Seen) -> dropgrid::search::Search<Net, S> {
    let epochs = Arc::clone(epochs);
    let count = move |_: &FitInfo, _: &Epoch| {
        epochs.fetch_add(1, Ordering::Relaxed);
    };
    let recipe = Train::adam(1e-2).epochs(9).batch_size(8);
    Net::search(strategy).cv(KFold::new(3).shuffle()).train(recipe).seed(4).progress(false).hook(count)
}

fn digest(report: &Report<Net, Classes<3>, ()>) -> String {
    report.digest()
}
