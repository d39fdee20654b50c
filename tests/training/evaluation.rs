//! Candidates that differ in how they are scored alone are one training: the same bits as apart.

use std::sync::atomic::Ordering;

use dropgrid::{Error, Failure, error::StudyError, prelude::*};

use crate::{
    corners,
    counting::{Counting, PASSES},
};

#[searchable]
struct Counted {
    counting: Counting,
    #[grid(0.2)]
    dropout: Dropout,
    output: Linear<4, 1>,
    #[train]
    #[grid(2, 4)]
    epochs: usize,
    #[train]
    #[grid(0, 3, 7)]
    mc_samples: usize,
    #[train]
    #[grid(0.3, 0.5, 0.7)]
    threshold: f64,
}

#[searchable]
struct Mlp {
    hidden: (Linear<4, 8>, ReLU),
    #[grid(0.0, 0.3)]
    dropout: Dropout,
    output: Linear<8, 1>,
    #[train]
    #[grid(0, 5, 20)]
    mc_samples: usize,
    #[train]
    #[grid(0.5, 0.3)]
    threshold: f64,
}

#[searchable]
struct Plain {
    hidden: (Linear<4, 8>, ReLU),
    #[grid(0.0, 0.3)]
    dropout: Dropout,
    output: Linear<8, 1>,
}

#[searchable]
struct Three {
    #[grid(0.3)]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[train]
    #[grid(0.5, 0.3)]
    threshold: f64,
}

#[searchable]
struct Normed {
    counting: Counting,
    norm: BatchNorm1D<4>,
    #[grid(0.2)]
    dropout: Dropout,
    output: Linear<4, 1>,
}

/// Where there is a batch normalisation, no candidate samples.
#[searchable(forbid = matches!(norm, EitherNorm::BatchNorm1D) && mc_samples > 0)]
struct Either<#[grid(BatchNorm1D<4>, LayerNorm1D<4>)] Norm> {
    norm: Norm,
    #[grid(0.2)]
    dropout: Dropout,
    output: Linear<4, 1>,
    #[train]
    #[grid(0, 5)]
    mc_samples: usize,
}

fn yes_or_no() -> Dataset<Binary> {
    let data = corners::corners(90, 1.0);
    let positive = data.targets().labels().iter().map(|&label| label == 1).collect::<Vec<_>>();
    Dataset::from_features(data.features().clone(), Binary::new(positive).expect("both classes")).expect("data")
}

/// NaN is told where there is nothing to tell.
fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

fn train() -> Train {
    Train::adam(1e-2).epochs(4).batch_size(10)
}

#[test]
fn a_grid_over_scoring_has_the_bits_of_separate_trainings() {
    let data = yes_or_no();
    let scoring = || (F1::binary(), LogLoss, Accuracy);
    let search =
        || Mlp::search(Grid).cv(StratifiedKFold::new(3)).scoring(scoring()).train(train()).train_scores(true).seed(5);
    let together = search().fit(&data).expect("a report");
    assert_eq!(together.results().candidates().len(), 12);
    for candidate in together.results().candidates() {
        let apart = Mlp::search(Only(candidate.params().clone())).cv(StratifiedKFold::new(3));
        let apart = apart.scoring(scoring()).train(train()).train_scores(true).seed(5);
        let apart = apart.cross_validate(&data).expect("a report");
        let alone = &apart.results().candidates()[0];
        for metric in 0..3 {
            assert_eq!(candidate.scores(metric), alone.scores(metric), "{}", candidate.params());
            assert_eq!(candidate.train_scores(metric), alone.train_scores(metric), "{}", candidate.params());
        }
        assert_eq!(bits(&candidate.spreads()), bits(&alone.spreads()), "{}", candidate.params());
    }
    assert_eq!(together.digest(), search().workers(3).fit(&data).expect("a report").digest());
    // It is the settings that make the scores: a threshold those of decisions alone, passes those of probabilities too.
    let scores = |mc_samples: usize, threshold: f64, metric: usize| {
        let wanted = MlpParams { dropout: 0.3, mc_samples, threshold };
        let found = together.results().candidates().iter().find(|candidate| *candidate.params() == wanted);
        found.expect("a candidate of the grid").scores(metric)
    };
    assert_eq!(scores(0, 0.5, 1), scores(0, 0.3, 1));
    assert_ne!(scores(0, 0.5, 2), scores(0, 0.3, 2));
    assert_ne!(scores(0, 0.5, 1), scores(5, 0.5, 1));
    assert_ne!(scores(5, 0.5, 1), scores(20, 0.5, 1));
    assert_eq!(together.fitted().threshold(), together.best_params().threshold);
}

/// One test for all that counts, since tests run side by side.
#[test]
fn the_longest_training_pays_for_all() {
    let data = yes_or_no();
    let report = Counted::search(Grid).cv(KFold::new(3)).train(train()).cross_validate(&data).expect("a report");
    assert_eq!(report.results().candidates().len(), 18);
    // 4 epochs of 6 batches on 3 folds, and after 2 and 4 epochs 3 and 7 passes over the rows of each fold.
    assert_eq!(PASSES.swap(0, Ordering::Relaxed), 3 * (4 * 6 + 2 * (3 + 7)));

    // A network whose training pass does more than drop is refused before any training.
    let search = || Normed::search(Grid).cv(KFold::new(3)).train(train());
    let error = search().mc_scoring(McDropout(5)).cross_validate(&data).expect_err("a batch normalisation");
    let expected = ["norm.running_mean", "norm.running_var"];
    assert!(matches!(&error, Error::Fit(Failure::NotDropoutAlone { tensors }) if *tensors == expected), "{error}");
    let passes = PASSES.swap(0, Ordering::Relaxed);
    assert_eq!(passes, 1, "the pass that shows it");
    search().cross_validate(&data).expect("dropout off is another thing");
}

#[test]
fn monte_carlo_scoring_is_the_setting_by_another_name() {
    let data = yes_or_no();
    let search = || Plain::search(Grid).cv(KFold::new(3)).scoring((LogLoss, Accuracy)).seed(5);
    // Whichever comes first, the recipe does not undo it.
    let named = search().mc_scoring(McDropout(20)).train(train()).cross_validate(&data).expect("a report");
    let set = search().train(train().mc_samples(20)).cross_validate(&data).expect("a report");
    assert_eq!(named.digest(), set.digest());
    let off = search().train(train()).cross_validate(&data).expect("a report");
    for (at, candidate) in named.results().candidates().iter().enumerate() {
        let without = &off.results().candidates()[at];
        assert!(without.spreads().iter().all(|spread| spread.is_nan()));
        let spread = candidate.spreads().into_iter().fold(0.0, f64::max);
        assert!(candidate.spreads().iter().all(|spread| spread.is_finite()));
        if candidate.params().dropout == 0.0 {
            assert_eq!(spread, 0.0);
            for (one, other) in candidate.scores(0).iter().zip(without.scores(0)) {
                // Both compute the same in single precision, one by dropgrid's step and one by dfdx's.
                assert!((one - other).abs() < 1e-5, "{one}, expected {other}");
            }
        } else {
            assert!(spread > 1e-3, "{spread}");
            assert_ne!(candidate.scores(0), without.scores(0));
        }
    }
    let words = "scores are those of the mean of passes with dropout on, which spread by";
    assert!(!off.to_string().contains(words) && !off.results().to_csv().contains("mc_std"), "{off}");
    assert!(named.to_string().contains(words), "{named}");
    let column = named.results().columns().into_iter().find(|(name, _)| name == "mean_mc_std");
    assert!(column.is_some());

    let error = search().mc_scoring(McDropout(0)).cross_validate(&data).expect_err("no passes");
    assert_eq!(error.to_string(), "McDropout is 0, expected at least 1 pass");
}

#[test]
fn an_architecture_of_which_no_candidate_samples_may_do_more_than_drop() {
    let report = Either::search(Grid).cv(KFold::new(3)).train(train()).cross_validate(&yes_or_no()).expect("a report");
    assert_eq!(report.results().candidates().len(), 3);
    assert_eq!(report.results().failures().count(), 0);
}

#[test]
fn out_of_fold_predictions_are_what_is_scored() {
    let data = yes_or_no();
    let params = MlpParams { dropout: 0.3, mc_samples: 5, threshold: 0.3 };
    let search =
        || Mlp::search(Only(params.clone())).cv(KFold::new(3)).scoring((Accuracy, LogLoss)).train(train()).seed(5);
    let scores = search().cross_validate(&data).expect("a report");
    let found = search().cross_val_predict(&data).expect("predictions");
    // Folds of equal size: the mean of their scores is the score of all rows, but for rounding.
    for (metric, all) in found.predictions().measure((Accuracy, LogLoss), &data).expect("scores").iter().enumerate() {
        let mean = scores.results().candidates()[0].mean(metric);
        assert!((all.value - mean).abs() < 1e-12, "{} {mean}", all.value);
    }
    let nested = search().nested_cross_validate(KFold::new(2), &data).expect("a report");
    for (fold, test) in nested.folds().iter().zip([(0..45).collect::<Vec<_>>(), (45..90).collect()]) {
        let test = data.select(&test).expect("rows");
        let fitted = fold.report.fitted();
        let seed = fitted.seed().expect("a search has one");
        let again = fitted.mc_predict(test.features(), McDropout(5), seed).expect("dropout alone");
        assert_eq!(again.predictions().score(Accuracy, &test).expect("a score"), fold.scores[0].value);
        assert_eq!(again.predictions().score(LogLoss, &test).expect("a score"), fold.scores[1].value);
    }
}

#[test]
fn a_study_keeps_the_spread() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, path) = (yes_or_no(), folder.path().join("spread.study"));
    let search = || Plain::search(Grid).cv(KFold::new(3)).train(train()).mc_scoring(McDropout(5)).study(path.as_path());
    let fresh = search().cross_validate(&data).expect("a report");
    let read = search().cross_validate(&data).expect("a report");
    for (fresh, read) in fresh.results().candidates().iter().zip(read.results().candidates()) {
        assert_eq!(fresh.records(), read.records());
        assert!(read.spreads().iter().all(|spread| *spread > 0.0) || read.params().dropout == 0.0);
    }
    // Scores with dropout on are another search than scores with dropout off.
    let error = Plain::search(Grid).cv(KFold::new(3)).train(train()).study(path.as_path()).cross_validate(&data);
    assert!(matches!(error, Err(Error::Study(StudyError::Differs { .. }))), "{error:?}");
}

#[test]
fn a_threshold_needs_something_to_decide() {
    let error =
        Three::search(Grid).cv(KFold::new(3)).cross_validate(&corners::corners(90, 1.0)).expect_err("three classes");
    assert_eq!(
        error.to_string(),
        "threshold is 0.3, but the targets are Classes<3>: expected 0.5, since no output is a yes or no"
    );
    let refused = |threshold: f64| {
        let search = Plain::search(Grid).cv(KFold::new(3)).train(train().threshold(threshold));
        search.cross_validate(&yes_or_no()).expect_err("no probability").to_string()
    };
    assert_eq!(refused(1.0), "threshold is 1, expected a number in [0, 1)");
    assert_eq!(refused(-0.1), "threshold is -0.1, expected a number in [0, 1)");
}
