//! Strategies of the project and of a user's own: their contract, and what a search makes of budgets.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use dropgrid::{
    hook::FitInfo,
    prelude::*,
    record::{Budget, Job, Record},
    report::Report,
    space::{Enumerable, FiniteSpace},
    strategy::{Candidates, Proposal, Strategy, View},
    study::StudyFile,
    testing::check_strategy,
};

use crate::corners::corners;

#[path = "../../../examples/halving.rs"]
#[allow(dead_code, unreachable_pub, reason = "an example is a program of its own")]
mod halving;
mod over;

use halving::Halving;

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

/// Eliminates candidates fold by fold: a candidate gets its next fold only where its mean over the folds so far is among
/// the better half.
#[derive(Debug)]
struct Racing;

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
struct Shares;

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

#[test]
fn a_larger_budget_goes_on_from_a_smaller_one_with_the_same_bits() {
    let data = corners(90, 1.0);
    let halving = Halving { candidates: 9, epochs: 1, factor: 3 };
    let epochs = Seen::default();
    let report = search(halving, &epochs).cross_validate(&data).expect("a report");
    // Nine candidates for one epoch, three for two more, one for six more; on three folds.
    assert_eq!(epochs.load(Ordering::Relaxed), 3 * (9 + 3 * 2 + 6));
    let candidates = report.results().candidates();
    let count = |budget: Budget| candidates.iter().filter(|candidate| candidate.budget() == budget).count();
    let budget = |epochs| Budget::epochs(epochs).expect("a budget");
    assert_eq!([budget(1), budget(3), Budget::Full].map(count), [6, 2, 1]);
    for candidate in candidates {
        let rung = match candidate.resources() {
            1 => 0,
            3 => 1,
            9 => 2,
            other => panic!("{other} epochs"),
        };
        assert_eq!((candidate.iteration(), candidate.is_finalist(), candidate.is_complete()), (rung, rung == 2, true));
        assert_eq!(candidate.other_records().len(), 3 * rung);
        // Each record is that of a search which trains the candidate so far and no further.
        let alone = Net::search(Only(candidate.params().clone())).cv(KFold::new(3).shuffle()).seed(4).progress(false);
        let recipe = Train::adam(1e-2).epochs(candidate.resources()).batch_size(8);
        let alone = alone.train(recipe).cross_validate(&data).expect("a report");
        let alone = &alone.results().candidates()[0];
        assert_eq!(candidate.scores(0), alone.scores(0));
        for (record, other) in candidate.records().iter().zip(alone.records()) {
            assert_eq!((&record.outcome, &record.curve), (&other.outcome, &other.curve));
            assert_eq!(record.curve.epochs.len(), candidate.resources());
        }
    }
    // The one finalist ranks first, then those of the larger budget.
    let mut ranked: Vec<(usize, usize)> = candidates.iter().map(|it| (it.rank(0), it.resources())).collect();
    ranked.sort_unstable();
    let resources: Vec<usize> = ranked.iter().map(|(_, resources)| *resources).collect();
    assert_eq!(resources, [9, 3, 3, 1, 1, 1, 1, 1, 1]);
    assert_eq!(report.best().resources(), 9);
    let text = report.to_string();
    assert!(
        text.contains("trained") && text.contains("3 epochs") && text.contains("9 candidates, 39 fits on 3 folds"),
        "{text}"
    );
    let csv = report.results().to_csv();
    let header = csv.lines().next().expect("a header");
    assert!(header.contains("iter,n_resources"), "{header}");
}

#[test]
fn a_strategy_of_ones_own_has_the_same_bits_on_any_number_of_workers_and_from_a_study() {
    let data = corners(90, 1.0);
    let halving = Halving { candidates: 9, epochs: 1, factor: 3 };
    let epochs = Seen::default();
    let alone = digest(&search(halving, &epochs).workers(1).cross_validate(&data).expect("a report"));
    for workers in [2, 3, 8] {
        let report = search(halving, &epochs).workers(workers).cross_validate(&data).expect("a report");
        assert_eq!(digest(&report), alone, "{workers} workers");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let kept = search(halving, &epochs).study(&path).cross_validate(&data).expect("a report");
    assert_eq!(digest(&kept), alone);
    // All is known: no epoch is trained.
    let epochs = Seen::default();
    let again = search(halving, &epochs).study(&path).cross_validate(&data).expect("a report");
    assert_eq!((digest(&again), epochs.load(Ordering::Relaxed)), (alone, 0));
    let study = StudyFile::open(&path).expect("a study");
    assert_eq!((study.fits(), study.states().count), (39, 0), "no state of a training is left");
    let racing = |workers| search(Racing, &Seen::default()).workers(workers).cross_validate(&data).expect("a report");
    assert_eq!(digest(&racing(1)), digest(&racing(3)));
}

/// A search that ends after any number of fits, and is continued, trains no epoch twice and has the same bits.
#[test]
fn a_search_with_budgets_is_continued_where_it_was_cut_off() {
    let data = corners(90, 1.0);
    let halving = Halving { candidates: 9, epochs: 1, factor: 3 };
    let whole = digest(&search(halving, &Seen::default()).cross_validate(&data).expect("a report"));
    for fits in [1, 10, 27, 30, 36, 38] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.study");
        let (stop, epochs, begun) = (dropgrid::limit::Stop::new(), Seen::default(), AtomicUsize::new(0));
        let ask = stop.clone();
        let hook = move |_: &FitInfo, epoch: &Epoch| {
            let is_first = [1, 2, 4].contains(&epoch.number);
            if is_first && begun.fetch_add(1, Ordering::Relaxed) + 1 == fits {
                ask.request(std::time::Duration::from_mins(1));
            }
        };
        let cut_off = search(halving, &epochs).workers(1).study(&path).stop(&stop).hook(hook);
        // Where no candidate has the whole training yet, there is nothing to report.
        let _ = cut_off.cross_validate(&data);
        let report = search(halving, &epochs).workers(1).study(&path).cross_validate(&data).expect("a report");
        assert_eq!(digest(&report), whole, "after {fits} fits");
        assert_eq!(epochs.load(Ordering::Relaxed), 3 * (9 + 3 * 2 + 6), "after {fits} fits");
    }
}

#[test]
fn candidates_that_are_left_on_some_folds_stay_in_the_report() {
    let data = corners(90, 1.0);
    let report = search(Racing, &Seen::default()).cross_validate(&data).expect("a report");
    let candidates = report.results().candidates();
    let folds: Vec<usize> = candidates.iter().map(|candidate| candidate.records().len()).collect();
    assert_eq!(folds.iter().sum::<usize>(), 6 + 3 + 2);
    assert_eq!((folds.len(), folds.iter().filter(|&&folds| folds == 3).count()), (6, 2));
    for candidate in candidates {
        let is_whole = candidate.records().len() == 3;
        assert_eq!((candidate.is_finalist(), candidate.is_complete()), (is_whole, is_whole));
        assert_eq!(candidate.rank(0) <= 2, is_whole);
        let known: Vec<f64> = candidate.scores(0).into_iter().filter(|score| !score.is_nan()).collect();
        assert!((known.iter().sum::<f64>() / known.len() as f64 - candidate.mean(0)).abs() < 1e-12);
    }
    let text = report.to_string();
    assert!(text.contains("1 of 3 folds") && text.contains("6 candidates, 11 fits on 3 folds"), "{text}");
}

#[test]
fn shares_of_the_rows_are_trainings_of_their_own() {
    let data = corners(120, 1.0);
    let report = search(Shares, &Seen::default()).cross_validate(&data).expect("a report");
    let listed = Candidates::new(Net::space().iter().take(2));
    let grid = search(listed, &Seen::default()).cross_validate(&data).expect("a report");
    for (candidate, whole) in report.results().candidates().iter().zip(grid.results().candidates()) {
        assert_eq!((candidate.params(), candidate.scores(0)), (whole.params(), whole.scores(0)));
        assert_eq!((candidate.other_records().len(), candidate.resources(), candidate.iteration()), (6, 80, 2));
    }
}

/// A training that its own rule ends before the budget is over is that of every larger budget: it is not run again, and
/// has the bits of a training that was given all epochs at once.
#[test]
fn trainings_that_end_by_themselves_are_not_trained_again_with_more_epochs() {
    let data = corners(90, 1.0);
    let recipe = |epochs| Train::adam(1e-1).epochs(epochs).batch_size(8).early_stopping(EarlyStopping::patience(1));
    let halving = Halving { candidates: 9, epochs: 3, factor: 2 };
    let epochs = Seen::default();
    let report = search(halving, &epochs).train(recipe(24)).cross_validate(&data).expect("a report");
    let (mut trained, mut ended, mut with_the_last) = (0, 0, 0);
    for candidate in report.results().candidates() {
        let alone = Net::search(Only(candidate.params().clone())).cv(KFold::new(3).shuffle()).seed(4).progress(false);
        let alone = alone.train(recipe(candidate.resources())).cross_validate(&data).expect("a report");
        for (record, other) in candidate.records().iter().zip(alone.results().candidates()[0].records()) {
            assert_eq!((&record.outcome, record.details.epochs), (&other.outcome, other.details.epochs));
            assert_eq!(record.curve, other.curve);
            trained += record.curve.epochs.len();
            ended += usize::from(record.curve.epochs.len() < candidate.resources());
            // The rule may end it with the very last epoch of a budget.
            let budgets = candidate.other_records().iter().filter(|other| other.fold == record.fold);
            let is_last = |other: &&Record| match other.budget {
                Budget::Epochs(epochs) => epochs.get() as usize == record.curve.epochs.len(),
                _ => false,
            };
            with_the_last += budgets.filter(is_last).count();
        }
    }
    assert!(ended > 5, "{ended} trainings end by themselves");
    assert!(with_the_last > 0, "no training ends by itself with the last epoch of a budget");
    assert_eq!(epochs.load(Ordering::Relaxed), trained, "an epoch is trained twice");
}
