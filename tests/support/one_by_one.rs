//! Searches without a training: one candidate after the other, on a loss that is known.

use std::time::{Duration, Instant};

use dropgrid::{
    metric::Direction,
    record::{FoldInfo, MetricInfo, Record},
    seed::Seed,
    space::Space,
    strategy::{Strategy, Trials, View},
};

/// Calls a function with the view of a search on so many folds.
pub(crate) fn with_view<S: Space, R>(
    space: &S,
    seed: u64,
    folds: &[FoldInfo],
    trials: &Trials<S::Params>,
    call: impl FnOnce(&View<'_, S>) -> R,
) -> R {
    let loss = MetricInfo::new("loss", Direction::Minimize);
    let mut view = View::new(space, folds, std::slice::from_ref(&loss), &|_| 27, trials);
    (view.seed, view.epoch_range) = (Seed(seed), (27, 27));
    call(&view)
}

pub(crate) fn equal_folds(count: u32) -> Vec<FoldInfo> {
    vec![FoldInfo::new(120, 30); count as usize]
}

/// Runs a strategy to its end, and returns the candidates in their order.
pub(crate) fn run<S: Space>(
    strategy: &impl Strategy<S>,
    space: &S,
    seed: u64,
    folds: u32,
    loss: impl Fn(&S::Params, u32) -> f64,
) -> Vec<S::Params> {
    run_timed(strategy, space, seed, folds, loss).0
}

/// The same, and the time of each proposal.
pub(crate) fn run_timed<S: Space>(
    strategy: &impl Strategy<S>,
    space: &S,
    seed: u64,
    folds: u32,
    loss: impl Fn(&S::Params, u32) -> f64,
) -> (Vec<S::Params>, Vec<Duration>) {
    let (folds, mut times) = (equal_folds(folds), Vec::new());
    let mut trials: Trials<S::Params> = Trials::new(&folds, f64::NAN);
    loop {
        let start = Instant::now();
        let mut jobs = with_view(space, seed, &folds, &trials, |view| strategy.propose(view).expect("a proposal"));
        times.push(start.elapsed());
        let Some(first) = jobs.first().map(|job| job.candidate) else {
            return (trials.iter().map(|trial| trial.params.clone()).collect(), times);
        };
        jobs.retain(|job| job.candidate == first);
        for job in jobs {
            let record = Record::new(&job, Ok(vec![loss(&job.params, job.fold)]));
            trials.add(|| job.params.clone(), record);
        }
    }
}
