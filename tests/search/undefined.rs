//! Metrics that are undefined on a fold.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use dropgrid::{Error, ScoringError, hook::FitInfo, prelude::*};

#[searchable]
struct One {
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<1, 1>,
}

/// Thirty rows, of which two are of class `yes`.
fn rare() -> Dataset<Binary> {
    let labels = Binary::new((0..30).map(|row| row % 15 == 7)).expect("both classes").with_names(["no", "yes"]);
    Dataset::new((0..30).map(|row| [row as f32 / 30.0]), labels.expect("two names")).expect("data")
}

fn search() -> dropgrid::search::Search<One, Grid> {
    One::search(Grid).cv(StratifiedKFold::new(5)).train(Train::adam(1e-2).epochs(2)).progress(false)
}

#[test]
fn a_deciding_metric_that_a_fold_leaves_undefined_is_refused_before_any_training() {
    let trained = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&trained);
    let hook = move |_: &FitInfo, _: &Epoch| {
        count.fetch_add(1, Ordering::Relaxed);
    };
    let error = search().scoring((RocAuc, Accuracy)).hook(hook).fit(&rare()).expect_err("folds without the class");
    assert!(matches!(error, Error::Scoring(ScoringError::UndefinedOnFold { fold: 0, .. })), "{error:?}");
    assert_eq!(
        error.to_string(),
        "roc_auc decides, but is undefined on fold 0, whatever is predicted: no row is of class `yes`: nothing to rank; \
         choose other folds, or name another metric first"
    );
    assert_eq!(trained.load(Ordering::Relaxed), 0);
    // Folds that have both classes.
    search().cv(StratifiedKFold::new(2)).scoring((RocAuc, Accuracy)).cross_validate(&rare()).expect("a report");
}

#[test]
fn a_metric_that_does_not_decide_may_be_undefined() {
    let report = search().scoring((Accuracy, RocAuc)).cross_validate(&rare()).expect("a report");
    assert!(report.best_score() > 0.0 && report.best().mean(1).is_nan());
    let text = report.to_string();
    // Two candidates, three folds without the class.
    assert!(text.contains("warning: roc_auc: 6 x no row is of class `yes`: nothing to rank\n"), "{text}");
}

#[test]
fn a_single_row_has_no_coefficient_of_determination() {
    let data = Dataset::new((0..6).map(|row| [row as f32]), Regression::of((0..6).map(f64::from)).expect("numbers"));
    let error = One::search(Grid).cv(LeaveOneOut).cross_validate(&data.expect("data")).expect_err("folds of one row");
    assert!(error.to_string().starts_with("r2 decides, but is undefined on fold 0"), "{error}");
}

/// Cohen's kappa depends on the predictions: it is undefined where they and the truth are one class.
#[test]
fn a_search_without_a_winner_keeps_what_it_has_computed() {
    let error = search().scoring((CohenKappa::new(), Accuracy)).fit(&rare()).expect_err("folds of one class");
    let Error::UndefinedScores { metric, .. } = &error else { panic!("{error}") };
    assert_eq!(metric, "cohen_kappa");
    let report = error.report::<One, Binary>().expect("the report is in the error");
    let candidates = report.results().candidates();
    assert_eq!(candidates.len(), 2);
    assert!(candidates.iter().all(|candidate| candidate.mean(0).is_nan() && candidate.mean(1) > 0.9));
    assert!(report.to_string().contains("truth and prediction are one and the same class everywhere"), "{report}");

    // Steps of this size diverge.
    let failing = search().scoring((Accuracy, LogLoss)).train(Train::sgd(1e38).epochs(6));
    let large = rare().map_features(|value| value * 1e6).expect("numbers");
    let error = failing.fit(&large).expect_err("no fit gets through");
    assert!(matches!(error, Error::AllFitsFailed { fits: 10, .. }), "{error}");
    let report = error.report::<One, Binary>().expect("the report is in the error");
    assert_eq!(report.results().failures().count(), 10);
}
