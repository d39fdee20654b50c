//! Trainings that go on from the budget before.

use dropgrid::{record::Record, study::StudyFile};

use super::*;
use crate::corners::corners;

#[test]
fn a_larger_budget_goes_on_from_a_smaller_one_with_the_same_bits() {
    let data = corners(90, 1.0);
    let halving = SuccessiveHalving::new(Random::new(9)).min_resource(1).factor(3);
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
fn a_strategy_has_the_same_bits_on_any_number_of_workers_and_from_a_study() {
    let data = corners(90, 1.0);
    let halving = SuccessiveHalving::new(Random::new(9)).min_resource(1).factor(3);
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
    assert_eq!((study.fits(), study.info().states.count), (39, 0), "no state of a training is left");
    let racing = |workers| search(Racing, &Seen::default()).workers(workers).cross_validate(&data).expect("a report");
    assert_eq!(digest(&racing(1)), digest(&racing(3)));
}

/// A search that ends after any number of fits, and is continued, trains no epoch twice and has the same bits.
#[test]
fn a_search_with_budgets_is_continued_where_it_was_cut_off() {
    let data = corners(90, 1.0);
    let halving = SuccessiveHalving::new(Random::new(9)).min_resource(1).factor(3);
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
        assert_eq!((candidate.other_records().len(), candidate.resources(), candidate.iteration()), (6, 120, 2));
    }
}

/// A training that its own rule ends before the budget is over is that of every larger budget: it is not run again, and
/// has the bits of a training that was given all epochs at once.
#[test]
fn trainings_that_end_by_themselves_are_not_trained_again_with_more_epochs() {
    let data = corners(90, 1.0);
    let recipe = |epochs| Train::adam(1e-1).epochs(epochs).batch_size(8).early_stopping(EarlyStopping::patience(1));
    let halving = SuccessiveHalving::new(Random::new(27)).min_resource(3).factor(2);
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
