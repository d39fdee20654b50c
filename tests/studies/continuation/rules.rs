//! Trainings that a rule may end before their last epoch.

use dropgrid::{Failure, record::Record, search::Search, study::StoredRecord};

use super::*;

/// Candidates that differ in when they end.
#[searchable]
struct Patient {
    hidden: (Linear<4, 16>, ReLU),
    output: Linear<16, 3>,
    #[train]
    #[grid(8)]
    epochs: usize,
    #[train]
    #[grid(2, 30)]
    patience: usize,
}

/// Classes that overlap, some rows of them in the wrong one, so that a network gets worse again.
fn noisy() -> Dataset<Classes<3>> {
    let data = corners::corners(90, 0.4);
    let label = |row: usize| if row * 7919 % 11 < 3 { (row + 1) % 3 } else { row % 3 };
    let labels = Classes::new((0..90).map(label).collect::<Vec<_>>()).expect("labels");
    Dataset::from_features(data.features().clone(), labels).expect("data")
}

fn recipe() -> Train {
    let plateau = ReduceOnPlateau { patience: 0, factor: 0.5, ..ReduceOnPlateau::default() };
    let rule = EarlyStopping::default().min_delta(0.05);
    Train::adam(0.05).batch_size(8).ema(0.5).validation_fraction(0.2).schedule(plateau.into()).early_stopping(rule)
}

fn longer() -> Search<Patient, Grid, LogLoss> {
    search!(Patient, recipe()).space(Patient::space().epochs([8, 20]))
}

#[test]
fn what_a_rule_has_ended_is_not_continued_and_not_trained_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = (folder.path().join("x.study"), Seen::default());
    let first = search!(Patient, recipe()).study(&path).keep_final_checkpoints(true).hook(watch(&seen));
    let first = first.cross_validate(&noisy()).expect("a report");
    let trained = |candidate: usize| {
        let records = first.results().candidates()[candidate].records().iter();
        records.map(|record| record.details.epochs.expect("told").trained).collect::<Vec<_>>()
    };
    assert!(trained(0).iter().all(|&epochs| epochs < 8), "patience 2 runs out: {:?}", trained(0));
    assert_eq!((trained(1), taken(&seen)), (vec![8, 8], on_folds(1..=8)));

    let whole = longer().cross_validate(&noisy()).expect("a report");
    let search = longer().study(extended(&path)).keep_final_checkpoints(true);
    let report = search.hook(watch(&seen)).cross_validate(&noisy()).expect("a report");
    assert_eq!(report.digest(), whole.digest());
    assert_eq!(taken(&seen), on_folds(9..=20), "with patience 30 alone");
    for (candidate, wanted) in report.results().candidates().iter().zip(whole.results().candidates()) {
        for (record, wanted) in candidate.records().iter().zip(wanted.records()) {
            assert_eq!(record.details, wanted.details, "{}", candidate.params());
        }
    }
    let patient = &report.results().candidates()[3];
    let best = |record: &Record| record.details.epochs.expect("told").scored;
    assert!(patient.records().iter().any(|record| best(record) < 8), "a best epoch of before the end state");
}

/// The state that takes the place of another one after as many epochs knows what that one knew.
#[test]
fn a_patience_that_comes_later_takes_nothing_from_those_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = (folder.path().join("x.study"), Seen::default());
    let run = |epochs: &[usize], patience: &[usize]| {
        let space = || Patient::space().epochs(epochs.to_vec()).patience(patience.to_vec());
        let whole = search!(Patient, recipe()).space(space()).cross_validate(&noisy()).expect("a report").digest();
        let search = search!(Patient, recipe()).space(space()).study(extended(&path)).keep_final_checkpoints(true);
        assert_eq!(search.hook(watch(&seen)).cross_validate(&noisy()).expect("a report").digest(), whole);
        taken(&seen)
    };
    assert_eq!(run(&[8], &[2, 30]), on_folds(1..=8));
    assert_eq!(run(&[8], &[2, 30, 40]), on_folds(1..=8), "no state knows the new patience");
    assert_eq!(run(&[8, 20], &[2, 30, 40]), on_folds(9..=20), "both go on");
}

/// With more epochs a fit might not fail as it did, and would then not be drawn anew.
#[test]
fn what_failed_before_a_rule_ended_it_is_trained_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, other, seen) = (folder.path().join("x.study"), folder.path().join("y.study"), Seen::default());
    search!(Patient, recipe()).study(&path).cross_validate(&noisy()).expect("a report");
    let mut store = Sqlite::open(&path).expect("a study");
    let (identity, metadata) = (store.identity().expect("read"), store.metadata().expect("read"));
    let mut fits: Vec<StoredRecord> = store.records().expect("read");
    for fit in &mut fits {
        let failure = Failure::NonFiniteScore { metric: "log_loss".to_owned(), value: f64::INFINITY };
        fit.record.details.retried.extend((fit.record.fold == 1).then_some(failure));
    }
    let mut store = Sqlite::open(&other).expect("a new study");
    store.set_identity(None, &identity.expect("a search's")).expect("written");
    store.set_metadata(&metadata.expect("a search's")).expect("written");
    store.add(&fits, &[], &[]).expect("written");
    drop(store);
    let whole = longer().cross_validate(&noisy()).expect("a report").digest();
    let hook = {
        let seen = Arc::clone(&seen);
        move |fit: &FitInfo, epoch: &Epoch| {
            let at = (fit.fold.expect("a fold"), fit.candidates.len());
            seen.lock().expect("no panic").extend((epoch.number == 1).then_some(at));
        }
    };
    let report = longer().study(extended(&other)).hook(hook).cross_validate(&noisy()).expect("a report");
    assert_eq!(report.digest(), whole);
    let mut trained = taken(&seen);
    trained.sort_unstable();
    assert_eq!(trained, [(0, 1), (1, 2)], "the candidates that are trained on each fold");
}
