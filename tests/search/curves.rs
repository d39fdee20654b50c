//! The curves of records, and the scores in them.

use std::sync::{Arc, Mutex};

use dropgrid::{Error, error::StudyError, hook::FitInfo, prelude::*, record::Curve, report::Report, search::Search};

use crate::corners::corners;

#[searchable]
struct Net {
    hidden: (Linear<4, 8>, Tanh),
    #[grid(0.0, 0.3)]
    dropout: Dropout,
    output: Linear<8, 3>,
}

fn search(recipe: Train) -> Search<Net, Grid, (Accuracy, LogLoss)> {
    Net::search(Grid).cv(KFold::new(3).shuffle()).scoring((Accuracy, LogLoss)).train(recipe).seed(4).progress(false)
}

fn curves(report: &Report<Net, Classes<3>, ()>) -> Vec<&Curve> {
    report.results().candidates().iter().flat_map(|candidate| candidate.records()).map(|record| &record.curve).collect()
}

#[test]
fn scores_of_epochs_stand_in_curves_where_asked_for_and_change_nothing() {
    let data = corners(60, 1.0);
    let recipe = || Train::adam(1e-2).epochs(4).batch_size(20);
    let plain = search(recipe()).train_scores(true).cross_validate(&data).expect("a report");
    assert!(curves(&plain).iter().flat_map(|it| &it.epochs).all(|epoch| epoch.train_scores.is_empty()));
    let asked = search(recipe()).train_scores(true).curve_scores(true).cross_validate(&data).expect("a report");
    assert_eq!(asked.digest(), plain.digest());
    for record in asked.results().candidates().iter().flat_map(|candidate| candidate.records()) {
        let epochs = &record.curve.epochs;
        assert!(epochs.iter().all(|epoch| epoch.train_scores.len() == 2 && epoch.validation_scores.is_empty()));
        // The last epoch is scored, by the same passes over the same rows.
        assert_eq!(record.train_scores.as_ref(), epochs.last().map(|epoch| &epoch.train_scores));
        assert!(epochs[0].train_scores[1] > epochs[3].train_scores[1], "the loss falls");
    }
}

#[test]
fn validation_rows_are_scored_too_and_hooks_and_studies_have_the_same_numbers() {
    let data = corners(60, 1.0);
    let early_stopping = EarlyStopping::patience(3);
    let recipe = || Train::adam(3e-2).epochs(6).batch_size(20).early_stopping(early_stopping).monitor(Accuracy);
    let plain = search(recipe()).cross_validate(&data).expect("a report");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let hook = move |fit: &FitInfo, epoch: &Epoch| {
        assert_eq!(fit.curve_metrics, ["accuracy", "log_loss"]);
        log.lock().expect("no panic").push(epoch.clone());
    };
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("x.study");
    let asked = || search(recipe()).curve_scores(true).workers(1).study(&study);
    let report = asked().hook(hook).cross_validate(&data).expect("a report");
    assert_eq!(report.digest(), plain.digest());
    for epoch in curves(&report).iter().flat_map(|it| &it.epochs) {
        assert_eq!((epoch.train_scores.len(), epoch.validation_scores.len()), (2, 2));
        assert_eq!(epoch.monitored, Some(epoch.validation_scores[0]));
    }
    let sorted = |epochs: Vec<Epoch>| {
        let mut texts: Vec<String> = epochs.iter().map(|epoch| format!("{epoch:?}")).collect();
        texts.sort_unstable();
        texts
    };
    let of_records = curves(&report).iter().flat_map(|it| it.epochs.clone()).collect();
    assert_eq!(sorted(seen.lock().expect("no panic").clone()), sorted(of_records));
    let again = asked().cross_validate(&data).expect("a report");
    assert_eq!(curves(&again), curves(&report));
    // Its records would have curves of two kinds.
    let other = search(recipe()).study(&study).cross_validate(&data).expect_err("another search");
    assert!(matches!(other, Error::Study(StudyError::Differs { .. })), "{other}");
}

/// A training that goes on from a state has the scores of the epochs before it.
#[test]
fn scores_of_epochs_go_on_with_the_training() {
    let data = corners(60, 1.0);
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("x.study");
    let asked = |epochs| search(Train::adam(1e-2).epochs(epochs).batch_size(20)).curve_scores(true);
    asked(2).study(&study).keep_final_checkpoints(true).cross_validate(&data).expect("a report");
    let longer = asked(5).study(&study).cross_validate(&data).expect("a report");
    let through = asked(5).cross_validate(&data).expect("a report");
    assert_eq!((curves(&longer), longer.digest()), (curves(&through), through.digest()));
}
