//! Limits and retries hold for every training of a search: of the winner on all rows, of what else cross-validation answers.

mod memory;
mod own_code;
mod strategies;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use dropgrid::{
    Error, Failure,
    error::{Ended, Stopped},
    hook::{Epoch, FitInfo},
    limit::Stop,
    prelude::*,
    search::{Search, TrainSizes},
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
    assert_eq!((stopped.why, stopped.planned), (Ended::OutOfTime { budget }, 6));
    assert!(report.elapsed() > Duration::from_millis(900), "the training of the winner takes 0.6 s more");
}

/// A stop that is requested at the end of the first epoch of fit number `fit`, which then gets to its end.
fn after(fit: usize) -> (Stop, impl Fn(&FitInfo, &Epoch) + Send + Sync) {
    let (stop, begun) = (Stop::new(), Arc::new(AtomicUsize::new(0)));
    let asked = stop.clone();
    let hook = move |_: &FitInfo, epoch: &Epoch| {
        if epoch.number == 1 && begun.fetch_add(1, Ordering::Relaxed) + 1 == fit {
            asked.request(Duration::from_mins(10));
        }
    };
    (stop, hook)
}

#[track_caller]
fn is_unfinished<R>(outcome: Result<R, Error>, expected: (&str, usize, usize)) {
    let Err(Error::Unfinished { why: Ended::Asked, what, done, planned }) = outcome else {
        panic!("{:?}", outcome.err())
    };
    assert_eq!((what, done, planned), expected);
}

#[test]
fn what_needs_every_fit_says_that_it_was_ended() {
    let (stop, hook) = after(2);
    is_unfinished(one().hook(hook).stop(&stop).cross_val_predict(&data()), ("fits", 2, 3));
    let (stop, hook) = after(5);
    is_unfinished(one().hook(hook).stop(&stop).permutation_test_score(3, &data()), ("fits", 5, 12));
    // Six fits and a training of the winner an outer fold: a search that was cut off, and one that was not.
    for (fit, done) in [(9, 1), (13, 2)] {
        let (stop, hook) = after(fit);
        is_unfinished(
            search().hook(hook).stop(&stop).nested_cross_validate(KFold::new(3), &data()),
            ("outer folds", done, 3),
        );
    }
    // The winner of the first outer fold, which nobody waits for.
    let stop = Stop::new();
    let asked = stop.clone();
    let hook = move |fit: &FitInfo, _: &Epoch| {
        if fit.fold.is_none() {
            asked.request(Duration::ZERO);
        }
    };
    is_unfinished(search().hook(hook).stop(&stop).nested_cross_validate(KFold::new(3), &data()), ("outer folds", 0, 3));
    let error = one().time_budget(Duration::ZERO).cross_val_predict(&data()).expect_err("no time");
    assert_eq!(
        error.to_string(),
        "stopped after 0ns: 0 of 3 fits are done, and all of them are needed: give it more time"
    );
}

#[test]
fn curves_say_how_far_they_came() {
    let (stop, hook) = after(4);
    let sizes = TrainSizes::rows([10, 20, 40]);
    let curve = one().hook(hook).stop(&stop).learning_curve(&sizes, &data()).expect("a curve");
    assert_eq!(curve.stopped(), Some(Stopped { why: Ended::Asked, done: 4, planned: 9 }));
    assert_eq!(curve.test_scores().iter().flatten().filter(|score| score.is_nan()).count(), 5);
    assert!(curve.test_scores()[0].iter().all(|score| score.is_finite()), "points are trained in their order");
    assert!(curve.failures().is_empty(), "what was not begun is no failure");
    assert!(curve.to_string().ends_with("warning: stopped as asked: 4 of 9 fits are done"), "{curve}");
    let whole = one().learning_curve(&sizes, &data()).expect("a curve");
    assert_eq!((whole.stopped(), &whole.test_scores()[0]), (None, &curve.test_scores()[0]));

    let set = |params: &mut NetParams, rate: &f64| params.dropout = *rate;
    let (stop, hook) = after(3);
    let curve = one().hook(hook).stop(&stop).validation_curve([0.1, 0.2], set, &data()).expect("a curve");
    assert_eq!(curve.stopped(), Some(Stopped { why: Ended::Asked, done: 3, planned: 6 }));
}

#[test]
fn a_permutation_test_keeps_the_shuffles_that_are_done() {
    let whole = one().permutation_test_score(3, &data()).expect("a test");
    assert_eq!((whole.failures.len(), whole.stopped), (0, None));
    let (stop, hook) = after(8);
    let early = one().hook(hook).stop(&stop).permutation_test_score(3, &data()).expect("a test");
    assert_eq!(early.stopped, Some(Stopped { why: Ended::Asked, done: 8, planned: 12 }));
    assert_eq!((early.score, &early.permutation_scores[..]), (whole.score, &whole.permutation_scores[..1]));
    assert!(early.to_string().ends_with("warning: stopped as asked: 8 of 12 fits are done"), "{early}");

    let burnt = |fit: usize| {
        let fits = AtomicUsize::new(0);
        move |_: &FitInfo, epoch: &Epoch| {
            assert!(epoch.number > 1 || fits.fetch_add(1, Ordering::Relaxed) != fit, "burnt out");
        }
    };
    let failed = one().hook(burnt(4)).permutation_test_score(3, &data()).expect("a test");
    assert_eq!(failed.failures.len(), 1);
    assert!(failed.permutation_scores[0].is_nan());
    assert_eq!(failed.permutation_scores[1..], whole.permutation_scores[1..]);
    let as_good = 1 + whole.permutation_scores[1..].iter().filter(|&&score| score >= whole.score).count();
    assert_eq!(failed.p_value, (as_good + 1) as f64 / 4.0);
    let raised = one().hook(burnt(4)).error_score(ErrorScore::Raise).permutation_test_score(3, &data());
    assert!(matches!(raised, Err(Error::FitFailed { fold: 1, .. })));

    let sizes = TrainSizes::rows([10, 20]);
    let curve = one().hook(burnt(1)).error_score(ErrorScore::Value(0.25)).learning_curve(&sizes, &data());
    let curve = curve.expect("a curve");
    assert_eq!((curve.test_scores()[0][1], curve.train_scores()[0][1], curve.failures().len()), (0.25, 0.25, 1));
    let raised = one().hook(burnt(1)).error_score(ErrorScore::Raise).learning_curve(&sizes, &data());
    assert!(matches!(raised, Err(Error::FitFailed { fold: 1, .. })));
}

#[test]
fn every_fit_is_tried_again_and_has_a_time_limit() {
    let faults = |times| {
        let fault = faulty(times);
        move |_: &FitInfo, epoch: &Epoch| fault(epoch.number)
    };
    let calm = one().cross_val_predict(&data()).expect("predictions");
    let tried = one().hook(faults(2)).retries(2).cross_val_predict(&data()).expect("predictions");
    assert_eq!(tried.predictions().probabilities(), calm.predictions().probabilities());
    assert!(matches!(one().hook(faults(1)).cross_val_predict(&data()), Err(Error::FitFailed { fold: 0, .. })));

    let sizes = TrainSizes::rows([20]);
    let calm = one().learning_curve(&sizes, &data()).expect("a curve");
    let tried = one().hook(faults(2)).retries(2).learning_curve(&sizes, &data()).expect("a curve");
    assert_eq!((tried.test_scores(), tried.failures().len()), (calm.test_scores(), 0));
    let calm = one().permutation_test_score(2, &data()).expect("a test");
    assert_eq!(one().hook(faults(1)).retries(1).permutation_test_score(2, &data()).expect("a test"), calm);

    let slow = |_: &FitInfo, _: &Epoch| thread::sleep(Duration::from_millis(30));
    let hurried = || one().hook(slow).fit_time_limit(Duration::from_millis(50));
    let error = hurried().cross_val_predict(&data()).expect_err("it takes 90 ms");
    assert!(matches!(error, Error::FitFailed { failure: Failure::TimedOut { .. }, .. }), "{error}");
    let error = hurried().permutation_test_score(1, &data()).expect_err("it takes 90 ms");
    assert!(matches!(error, Error::FitFailed { failure: Failure::TimedOut { .. }, .. }), "{error}");
    let curve = hurried().learning_curve(&sizes, &data()).expect("a curve");
    assert!(curve.failures().iter().all(|failure| matches!(failure, Failure::TimedOut { .. })));
    assert_eq!(curve.failures().len(), 3);
}
