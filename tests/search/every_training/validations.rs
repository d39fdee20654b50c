//! Limits and retries of what else cross-validation answers: predictions, curves, a permutation test, a nested search.

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
    error::{StopReason, Stopped},
    hook::{Epoch, FitInfo},
    limit::Stop,
    prelude::*,
    search::TrainSizes,
};

use super::{NetParams, data, faulty, one, search};

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
    let Err(Error::Unfinished { why: StopReason::Asked, what, done, planned }) = outcome else {
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
    assert_eq!(curve.stopped().map(told), Some((StopReason::Asked, 4, 9)));
    assert_eq!(curve.test_scores().iter().flatten().filter(|score| score.is_nan()).count(), 5);
    assert!(curve.test_scores()[0].iter().all(|score| score.is_finite()), "points are trained in their order");
    assert!(curve.failures().is_empty(), "what was not begun is no failure");
    assert!(curve.to_string().ends_with("warning: stopped as asked: 4 of 9 fits are done"), "{curve}");
    let whole = one().learning_curve(&sizes, &data()).expect("a curve");
    assert_eq!((whole.stopped(), &whole.test_scores()[0]), (None, &curve.test_scores()[0]));

    let set = |params: &mut NetParams, rate: &f64| params.dropout = *rate;
    let (stop, hook) = after(3);
    let curve = one().hook(hook).stop(&stop).validation_curve([0.1, 0.2], set, &data()).expect("a curve");
    assert_eq!(curve.stopped().map(told), Some((StopReason::Asked, 3, 6)));
}

fn told(stopped: Stopped) -> (StopReason, usize, usize) {
    (stopped.why, stopped.done, stopped.planned)
}

#[test]
fn a_permutation_test_keeps_the_shuffles_that_are_done() {
    let whole = one().permutation_test_score(3, &data()).expect("a test");
    assert_eq!((whole.failures.len(), whole.stopped), (0, None));
    let (stop, hook) = after(8);
    let early = one().hook(hook).stop(&stop).permutation_test_score(3, &data()).expect("a test");
    assert_eq!(early.stopped.map(told), Some((StopReason::Asked, 8, 12)));
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
