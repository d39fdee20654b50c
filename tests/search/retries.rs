//! Fits that failed and are tried again.

use std::sync::atomic::{AtomicUsize, Ordering};

use dropgrid::{Error, Failure, error::StudyError, prelude::*, search::Search};

use crate::{corners, own_layer::own_layer};

/// Training passes that are still to panic, as if the machine had no memory left for a while.
static PANICS: AtomicUsize = AtomicUsize::new(0);

#[derive(Debug, Clone, Copy, Default)]
struct Flaky;

own_layer!(Flaky, |_layer, input| train: {
    let left = PANICS.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
    assert!(left.is_err(), "no memory");
    input
}, evaluate: input);

/// Diverges for about half of all draws: by the sign of what the first row of the batch gives.
#[derive(Debug, Clone, Copy, Default)]
struct Unstable;

own_layer!(Unstable, |_layer, input| train: {
    if input.as_vec()[0] > 0.0 { input * f32::INFINITY } else { input }
}, evaluate: input);

#[searchable]
struct Weather {
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<4, 3>,
    flaky: Flaky,
}

#[searchable]
struct Dice {
    #[grid(0.0, 0.1)]
    dropout: Dropout,
    output: Linear<4, 3>,
    unstable: Unstable,
    #[train]
    #[grid(1, 2)]
    epochs: usize,
}

fn data() -> Dataset<Classes<3>> {
    corners::corners(60, 1.0)
}

/// One batch an epoch.
fn recipe() -> Train {
    Train::adam(1e-2).epochs(2).batch_size(60)
}

/// One test, since the panics are counted for the whole process.
#[test]
fn what_the_machine_let_fail_has_the_bits_of_a_fit_that_never_failed() {
    let search = || Weather::search(Grid).cv(KFold::new(3)).train(recipe()).workers(1).progress(false);
    let calm = search().cross_validate(&data()).expect("a report");
    assert_eq!(calm.results().retried().count(), 0);

    PANICS.store(2, Ordering::Relaxed);
    let failed = search().cross_validate(&data()).expect("a report");
    assert_eq!(failed.results().failures().count(), 2, "one attempt each");

    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("weather.study");
    PANICS.store(2, Ordering::Relaxed);
    let report = search().retries(2).study(&study).cross_validate(&data()).expect("a report");
    assert_eq!(report.digest(), calm.digest());
    let first = &report.results().candidates()[0].records()[0];
    let panicked = Failure::Panicked { message: "no memory".to_owned() };
    assert_eq!(first.details.retried, [panicked.clone(), panicked.clone()]);
    let said = "warning: 2 failed attempts were followed by others: 2 x panicked: no memory";
    assert!(report.to_string().contains(said), "{report}");
    // The study remembers it, and asks for no such policy.
    let again = search().study(&study).cross_validate(&data()).expect("a report");
    assert_eq!((again.digest(), again.results().retried().count()), (calm.digest(), 2));

    PANICS.store(4, Ordering::Relaxed);
    let report = search().retries(2).cross_validate(&data()).expect("a report");
    let records: Vec<_> = report.results().candidates()[0].records().iter().collect();
    assert_eq!(records[0].outcome, Err(panicked.clone()), "three attempts and no more");
    assert_eq!(records[1].details.retried, [panicked]);
}

#[test]
fn a_divergence_is_tried_with_other_draws_which_are_the_same_in_every_run() {
    type Diced = Search<Dice, Grid>;
    let search = || -> Diced {
        let search = Dice::search(Grid).cv(KFold::new(5)).train(recipe()).workers(1).progress(false);
        search.error_score(ErrorScore::Value(0.0))
    };
    let plain = search().cross_validate(&data()).expect("a report");
    let failures = plain.results().failures().count();
    assert!((1..20).contains(&failures), "{failures}");
    assert_eq!(
        search().retries(9).cross_validate(&data()).expect("a report").digest(),
        plain.digest(),
        "draws are the same"
    );

    let retry = Retry::default().redrawn(20);
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("dice.study");
    let report = search().retries(retry).study(&study).cross_validate(&data()).expect("a report");
    assert_eq!(report.results().failures().count(), 0);
    assert!(report.results().retried().all(|failure| matches!(failure, Failure::Diverged { .. })));
    assert!(report.results().retried().count() >= failures);
    for other in [
        search().retries(retry).workers(3).cross_validate(&data()).expect("a report"),
        search().retries(retry).study(&study).cross_validate(&data()).expect("a report"),
    ] {
        assert_eq!(other.digest(), report.digest());
        let retried = |report: &Report<Dice, Classes<3>, ()>| {
            report.results().retried().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(retried(&other), retried(&report));
    }
    // Fits that did not fail are those of the plain search.
    for (plain, report) in plain.results().candidates().iter().zip(report.results().candidates()) {
        for (plain, report) in plain.records().iter().zip(report.records()) {
            if plain.outcome.is_ok() {
                assert_eq!((&plain.outcome, report.details.retried.len()), (&report.outcome, 0));
            }
        }
    }
    let error = search().study(&study).cross_validate(&data()).expect_err("another search");
    assert!(matches!(error, Error::Study(StudyError::Differs { .. })), "{error}");
    assert!(error.to_string().contains("redraws was 20, is nothing"), "{error}");
}

#[test]
fn a_winner_that_diverged_is_trained_with_other_draws() {
    let search = |seed| {
        let search = Dice::search(Grid).cv(KFold::new(5)).train(recipe()).seed(seed).progress(false);
        search.error_score(ErrorScore::Value(0.0))
    };
    let diverges = |seed: &u64| {
        let error = search(*seed).fit(&data()).err();
        matches!(error, Some(Error::RefitFailed { failure: Failure::Diverged { .. }, .. }))
    };
    let seed = (0..30).find(diverges).expect("half of all draws diverge");
    let redrawn = || search(seed).retries(Retry::default().redrawn(20)).fit(&data()).expect("a report");
    let (report, again) = (redrawn(), redrawn());
    assert!(!report.refit_failures().is_empty());
    assert!(report.refit_failures().iter().all(|failure| matches!(failure, Failure::Diverged { .. })));
    assert_eq!(report.fitted().to_bytes().unwrap(), again.fitted().to_bytes().unwrap());
}
