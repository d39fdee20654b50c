//! Limits and retries hold for every training of a search: of the winner on all rows, of what else cross-validation
//! answers.

mod memory;
mod own_code;
mod strategies;
mod validations;

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use dropgrid::{
    Error, Failure,
    error::StopReason,
    hook::{Epoch, FitInfo},
    limit::Stop,
    prelude::*,
    search::Search,
};

use crate::corners;

#[searchable]
struct Net {
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<4, 3>,
}

fn data() -> Dataset<Classes<3>> {
    corners::corners(60, 1.0)
}

/// Three epochs of one batch.
fn recipe() -> Train {
    Train::adam(1e-2).epochs(3).batch_size(60)
}

/// Six fits on folds.
fn search() -> Search<Net, Grid> {
    Net::search(Grid).cv(KFold::new(3)).train(recipe()).workers(1).progress(false)
}

/// Three fits on folds.
fn one() -> Search<Net, Only<NetParams>> {
    Net::search(Only(NetParams { dropout: 0.2 })).cv(KFold::new(3)).train(recipe()).workers(1).progress(false)
}

/// A hook that does something at the ends of the epochs of the training on all rows.
fn on_refit(does: impl Fn(usize) + Send + Sync + 'static) -> impl Fn(&FitInfo, &Epoch) + Send + Sync {
    move |fit, epoch| {
        if fit.fold.is_none() {
            does(epoch.number);
        }
    }
}

/// A hook that panics so many times.
fn faulty(times: usize) -> impl Fn(usize) + Send + Sync {
    let left = AtomicUsize::new(times);
    move |_| {
        let left = left.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        assert!(left.is_err(), "no memory");
    }
}

fn panicked() -> Failure {
    Failure::Panicked { message: "no memory".to_owned() }
}

/// The report that an error of a search has.
#[track_caller]
fn kept(error: &Error) -> &Report<Net, Classes<3>, ()> {
    error.report::<Net, Classes<3>>().unwrap_or_else(|| panic!("{error} has no report"))
}

#[test]
fn the_winner_is_tried_again() {
    let calm = search().fit(&data()).expect("a report");
    assert!(calm.refit_failures().is_empty());

    let report = search().hook(on_refit(faulty(2))).retries(2).fit(&data()).expect("a report");
    assert_eq!(report.refit_failures(), [panicked(), panicked()]);
    assert_eq!(report.fitted().to_bytes().unwrap(), calm.fitted().to_bytes().unwrap(), "the draws are the same");
    let said = "warning: 2 attempts at training the best on all rows failed: 2 x panicked: no memory";
    assert!(report.to_string().contains(said), "{report}");

    for (retries, faults) in [(0, 1), (2, 3)] {
        let error = search().hook(on_refit(faulty(faults))).retries(retries).fit(&data()).expect_err("a failure");
        assert!(matches!(&error, Error::RefitFailed { failure, .. } if *failure == panicked()), "{error}");
        assert_eq!(kept(&error).refit_failures(), vec![panicked(); retries as usize]);
        assert_eq!(kept(&error).digest(), calm.digest());
        assert_eq!(kept(&error).best_params(), calm.best_params());
        assert!(error.report::<Net, Classes<4>>().is_none(), "it is of other targets");
    }
}

#[test]
fn the_winner_has_a_time_limit() {
    let limit = Duration::from_secs(1);
    let slow = |_| thread::sleep(Duration::from_millis(600));
    let error = search().hook(on_refit(slow)).fit_time_limit(limit).fit(&data()).expect_err("it takes 1.8 s");
    let Error::RefitFailed { failure: Failure::TimedOut { limit: taken, epoch, .. }, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!((*taken, (2..=3).contains(epoch)), (limit, true), "{error}");
    assert_eq!(kept(&error).results().candidates().len(), 2);
}

#[test]
fn a_rule_that_chooses_nothing_leaves_the_report() {
    let error = search().refit(|_: &dropgrid::report::Results<NetParams>| 2).fit(&data()).expect_err("of 2");
    assert!(matches!(error, Error::NoSuchCandidate { chosen: 2, candidates: 2, .. }), "{error}");
    assert_eq!(kept(&error).digest(), search().cross_validate(&data()).expect("a report").digest());
}

/// Whether the training of the winner gets to its end where `requests` are made as it begins and `before` it.
fn gets_through(before: &[Duration], requests: &[Duration]) -> bool {
    let stop = Stop::new();
    // Before it is at the end of the first candidate, whose fits are then done.
    let (early, late) = (stop.clone(), stop.clone());
    let (before, requests) = (before.to_vec(), requests.to_vec());
    let ended = AtomicUsize::new(0);
    let hook = move |fit: &FitInfo, epoch: &Epoch| match fit.fold {
        Some(_) if epoch.number == 3 && ended.fetch_add(1, Ordering::Relaxed) == 2 => {
            for grace in &before {
                early.request(*grace);
            }
        }
        None if epoch.number == 1 => {
            for grace in &requests {
                late.request(*grace);
            }
        }
        _ => {}
    };
    match search().hook(hook).stop(&stop).fit(&data()) {
        Ok(report) => {
            assert_eq!(report.stopped().is_some(), stop.is_requested());
            true
        }
        Err(error) => {
            assert!(matches!(&error, Error::RefitFailed { failure: Failure::Interrupted, .. }), "{error}");
            assert!(!kept(&error).results().candidates().is_empty());
            false
        }
    }
}

#[test]
fn the_second_request_ends_the_training_of_the_winner() {
    let (now, later) = (Duration::ZERO, Duration::from_mins(10));
    assert!(gets_through(&[], &[]));
    assert!(gets_through(&[later], &[]), "who asks once gets the winner");
    assert!(!gets_through(&[later], &[now]));
    assert!(gets_through(&[later], &[later]));
    assert!(!gets_through(&[later, now], &[]), "who asks twice does not");
}

#[test]
fn a_request_during_the_training_of_the_winner_ends_it() {
    for (grace, ends) in [(Duration::ZERO, true), (Duration::from_mins(10), false)] {
        let stop = Stop::new();
        let asked = stop.clone();
        let outcome = search().hook(on_refit(move |_| asked.request(grace))).stop(&stop).fit(&data());
        assert_eq!(outcome.is_err(), ends);
        let whole = search().cross_validate(&data()).expect("a report").digest();
        let report = outcome.as_ref().err().map(|error| (kept(error).digest(), kept(error).stopped()));
        assert!(report.is_none_or(|report| report == (whole, None)), "the search itself was done");
    }
}

#[test]
fn a_winner_is_trained_when_the_time_of_the_search_is_over() {
    let budget = Duration::from_millis(400);
    let slow =
        |fit: &FitInfo, _: &Epoch| thread::sleep(Duration::from_millis(if fit.fold.is_some() { 40 } else { 200 }));
    let report = search().hook(slow).time_budget(budget).fit(&data()).expect("the first candidate takes 0.36 s");
    let stopped = report.stopped().expect("two of them take longer");
    assert_eq!((stopped.why, stopped.planned), (StopReason::OutOfTime { budget }, 6));
    assert!(report.elapsed() > Duration::from_millis(900), "the training of the winner takes 0.6 s more");
}
