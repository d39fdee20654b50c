//! Searches that end after so many fits or epochs, or at a score.

use dropgrid::{Error, error::StopReason};

use super::*;
use crate::corners::corners;

fn run<S: Strategy<NetSpace>>(
    strategy: S,
    limit: impl Fn(dropgrid::search::Search<Net, S>) -> dropgrid::search::Search<Net, S>,
) -> (Report<Net, Classes<3>, ()>, usize) {
    let epochs = Seen::default();
    let report = limit(search(strategy, &epochs).space(small())).cross_validate(&corners(90, 0.8)).expect("a report");
    (report, epochs.load(Ordering::Relaxed))
}

/// Calls a function with strategies that wait for nothing, for rungs, for whole candidates, and for the last few of
/// them.
macro_rules! each_strategy {
    ($ends:ident) => {
        $ends(Grid);
        $ends(Random::new(8).seed(3));
        $ends(Sobol::new(8));
        $ends(Tpe::new(8).startup(3).lag(2));
        $ends(Gp::new(8).startup(3).lag(1));
        $ends(Gp::new(8).startup(3).lag(2).fold_by_fold());
        $ends(Grid.exact());
        $ends(Race::new(Grid).alpha(0.2));
        $ends(SuccessiveHalving::new(Grid).factor(3));
        $ends(Hyperband::new(Random::new(17)));
        $ends(Hyperband::new(Tpe::new(8).startup(3).lag(2)).min_resource(3));
        $ends(Asha::new(Random::new(8)).factor(3));
        $ends(Pruning::new(Grid, MedianPruner::new().n_startup_trials(2)).lag(1));
    };
}

#[test]
fn a_search_runs_its_first_fits_on_any_number_of_workers() {
    let (alone, epochs) = run(Grid, |search| search.max_fits(13).workers(1));
    assert_eq!((alone.results().fits(), epochs), (13, 13 * 9));
    let stopped = alone.stopped().expect("it ended early");
    assert_eq!((stopped.why, stopped.done, stopped.planned), (StopReason::FitsSpent { fits: 13 }, 13, 24));
    assert!(alone.to_string().contains("stopped after 13 fits: 13 of 24 fits are done"), "{alone}");
    // The first four candidates, and one fold of the fifth, which is no finalist.
    let complete = alone.results().candidates().iter().filter(|candidate| candidate.is_complete());
    assert_eq!((alone.results().candidates().len(), complete.count()), (5, 4));
    for workers in [2, 7] {
        let (report, _) = run(Grid, |search| search.max_fits(13).workers(workers));
        assert_eq!(digest(&report), digest(&alone), "{workers} workers");
        let halving = SuccessiveHalving::new(Grid);
        let [one, many] = [1, workers].map(|workers| run(halving, |search| search.max_fits(30).workers(workers)).0);
        assert_eq!((digest(&many), one.results().fits()), (digest(&one), 30));
    }
    // As many as there are is no early end.
    let (report, _) = run(Grid, |search| search.max_fits(24));
    assert_eq!((report.stopped(), report.results().fits()), (None, 24));
}

/// The report is that of one worker; other workers run few fits ahead of it.
#[test]
fn fits_and_epochs_end_a_search_at_the_same_fit_on_any_number_of_workers() {
    fn ends<S: Strategy<NetSpace> + Clone>(strategy: S) {
        let whole = run(strategy.clone(), |search| search.workers(1)).0.results().fits();
        for fits in [1, whole / 2, whole - 1] {
            let epochs = 4 * fits as u64 + 1;
            let [one, others @ ..] = [1, 2, 3, 7, 64].map(|workers| {
                let search = || search(strategy.clone(), &Seen::default()).space(small()).workers(workers);
                // Where no candidate has all its folds yet, the error has what is done.
                [search().max_fits(fits), search().max_epochs(epochs)].map(|search| {
                    let result = search.cross_validate(&corners(90, 0.8));
                    let of = |report: &Report<Net, Classes<3>, ()>| {
                        (report.digest(), report.results().fits(), report.stopped().map(|it| (it.done, it.planned)))
                    };
                    result.as_ref().map(of).map_err(ToString::to_string)
                })
            });
            assert!(one[0].as_ref().map_or(true, |(_, done, _)| *done == fits), "{strategy:?}: {one:?}");
            for other in others {
                assert_eq!(other, one, "{strategy:?}, {fits} of {whole} fits, {epochs} epochs");
            }
        }
    }
    each_strategy!(ends);
}

#[test]
fn a_search_that_goes_on_from_its_study_ends_at_the_same_fit() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let (short, _) = run(Grid, |search| search.max_fits(7).study(&path));
    let (again, epochs) = run(Grid, |search| search.max_fits(7).study(&path));
    assert_eq!((digest(&again), epochs), (digest(&short), 0));
    let (longer, epochs) = run(Grid, |search| search.max_fits(10).study(&path));
    assert_eq!((longer.results().fits(), epochs), (10, 3 * 9));
}

#[test]
fn epochs_that_a_fit_goes_on_from_count_once() {
    // 8 candidates on 3 folds for 1 epoch, 4 for one more, 2 for two more, and 1 for four more: 8 epochs are the
    // largest power of 2 in 9.
    let halving = SuccessiveHalving::new(Grid);
    let whole = 3 * (8 + 4 + 2 * 2 + 4);
    let (report, epochs) = run(halving, |search| search.max_epochs(whole as u64));
    assert_eq!((report.stopped(), epochs), (None, whole));
    let (report, epochs) = run(halving, |search| search.max_epochs(whole as u64 - 1));
    assert_eq!(epochs, whole - 4);
    let stopped = report.stopped().expect("it ended early");
    assert_eq!(stopped.why, StopReason::EpochsSpent { epochs: whole as u64 - 1 });
    // The survivors of the last whole rung compete.
    assert!(report.best().is_finalist() && report.best().resources() == 4);
}

#[test]
fn a_score_that_is_good_enough_ends_the_search() {
    let (whole, _) = run(Grid, |search| search.workers(1));
    let means: Vec<f64> = whole.results().candidates().iter().map(|candidate| candidate.mean(0)).collect();
    let score = means[3..].iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let first = means.iter().position(|mean| *mean >= score).expect("a candidate");
    let (report, _) = run(Grid, |search| search.until(score).workers(1));
    assert_eq!((report.results().candidates().len(), report.results().fits()), (first + 1, 3 * (first + 1)));
    let stopped = report.stopped().map(|stopped| (stopped.why, stopped.done, stopped.planned));
    let expected = Some((StopReason::Reached { score }, 3 * (first + 1), 24)).filter(|_| first < 7);
    assert_eq!(stopped, expected);
    let (report, _) = run(Grid, |search| search.until(1.5));
    assert_eq!((report.stopped(), report.results().fits()), (None, 24));
}

/// The report is that of one worker, whatever ran ahead on others.
#[test]
fn a_score_ends_a_search_at_the_same_fit_on_any_number_of_workers() {
    fn ends<S: Strategy<NetSpace> + Clone>(strategy: S) {
        let (whole, _) = run(strategy.clone(), |search| search.workers(1));
        // The second best of the candidates with a whole training: some begin after it, and some before.
        let whole = whole.results().candidates().iter().filter(|it| it.is_complete() && it.resources() == 9);
        let mut means: Vec<f64> = whole.map(|candidate| candidate.mean(0)).collect();
        means.sort_by(|a, b| b.total_cmp(a));
        let score = means[1.min(means.len() - 1)];
        let [one, others @ ..] = [1, 2, 3, 7, 64].map(|workers| {
            let (report, _) = run(strategy.clone(), |search| search.until(score).workers(workers));
            (report.digest(), report.results().fits(), report.stopped().map(|stopped| (stopped.done, stopped.planned)))
        });
        for other in others {
            assert_eq!(other, one, "{strategy:?} until {score}");
        }
    }
    each_strategy!(ends);
}

#[test]
fn fits_ahead_of_a_score_stay_in_the_study() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let (plain, _) = run(Grid, |search| search.workers(1));
    let score = plain.results().candidates()[1].mean(0);
    let (one, _) = run(Grid, |search| search.until(score).workers(1));
    let (many, trained) = run(Grid, |search| search.until(score).workers(8).study(&path));
    let (again, epochs) = run(Grid, |search| search.until(score).study(&path));
    assert_eq!([digest(&many), digest(&again)], [digest(&one), digest(&one)]);
    assert_eq!(epochs, 0, "the study has all that the search needs");
    let (whole, rest) = run(Grid, |search| search.study(&path));
    assert_eq!((digest(&whole), trained + rest), (digest(&plain), 24 * 9));
}

#[test]
fn limits_that_leave_nothing_are_errors() {
    let error = |limit: fn(dropgrid::search::Search<Net, Grid>) -> dropgrid::search::Search<Net, Grid>| {
        let search = limit(search(Grid, &Seen::default()).space(small()));
        search.cross_validate(&corners(30, 1.0)).map(drop).expect_err("an error")
    };
    assert_eq!(error(|search| search.max_fits(0)).to_string(), "max_fits is 0, expected at least 1");
    assert_eq!(error(|search| search.max_epochs(0)).to_string(), "max_epochs is 0, expected at least 1");
    assert_eq!(error(|search| search.until(f64::NAN)).to_string(), "until is NaN, expected a number");
    let unfinished = error(|search| search.max_fits(2));
    assert!(matches!(unfinished, Error::Stopped { .. }));
    let said = "stopped after 2 fits: 2 of 24 fits are done, and no candidate on all its folds: allow it more fits";
    assert_eq!(unfinished.to_string(), said);
}
