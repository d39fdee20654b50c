//! One candidate: its scores, its out-of-fold predictions, curves, a permutation test.

use dropgrid::{Error, error::SpaceError, prelude::*};

use super::{Mlp, MlpParams, corners, one, recipe};

#[test]
fn one_candidate_is_cross_validated_as_in_a_grid() {
    let grid = Mlp::search(Grid).cv(KFold::new(3)).train(recipe()).cross_validate(&corners()).expect("a report");
    let alone =
        Mlp::search(Only(one())).cv(KFold::new(3)).train(recipe()).cross_validate(&corners()).expect("a report");
    let in_grid = grid.results().candidates().iter().find(|candidate| *candidate.params() == one());
    assert_eq!(in_grid.map(|candidate| candidate.scores(0)), Some(alone.results().candidates()[0].scores(0)));

    let off_the_grid = MlpParams { hidden: 4, dropout: 0.33 };
    let listed = Mlp::search(Candidates::new([off_the_grid.clone(), one()])).train(recipe());
    let listed = listed.cross_validate(&corners()).expect("a report");
    assert_eq!(listed.results().candidates()[0].params(), &off_the_grid);
    assert_eq!(listed.results().candidates().len(), 2);
    let nothing = Mlp::search(Candidates::new([])).cross_validate(&corners());
    assert!(matches!(nothing, Err(Error::NoCandidates)));

    // Refused before any training, though no axis has the value.
    let out_of_range = Mlp::search(Only(MlpParams { hidden: 4, dropout: 1.5 })).cross_validate(&corners());
    assert!(out_of_range.unwrap_err().to_string().contains("1.5"));
    let not_compiled = Mlp::search(Only(MlpParams { hidden: 5, dropout: 0.5 })).cross_validate(&corners());
    assert!(matches!(not_compiled, Err(Error::Space(SpaceError::NotCompiled { .. }))));
}

#[test]
fn out_of_fold_predictions_are_those_of_each_fold() {
    let search = || Mlp::search(Only(one())).cv(StratifiedKFold::new(3).shuffle()).train(recipe()).seed(5);
    let out_of_fold = search().cross_val_predict(&corners()).expect("predictions");
    let report = search().cross_validate(&corners()).expect("a report");
    let classes = out_of_fold.predictions().classes();
    for (fold, score) in report.results().candidates()[0].scores(0).into_iter().enumerate() {
        let rows: Vec<usize> = (0..90).filter(|&row| out_of_fold.folds()[row] == fold).collect();
        let right = rows.iter().filter(|&&row| classes[row] == row % 3).count();
        assert_eq!(score, right as f64 / rows.len() as f64);
    }
    for row in out_of_fold.predictions().probabilities() {
        assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-6);
    }
    let all = out_of_fold.predictions().score(Accuracy, &corners()).expect("a score");
    assert_eq!(all, classes.iter().enumerate().filter(|&(row, &class)| class == row % 3).count() as f64 / 90.0);

    let twice = Mlp::search(Only(one())).cv(RepeatedKFold::new(3)).cross_val_predict(&corners()).unwrap_err();
    assert!(twice.to_string().starts_with("row ") && twice.to_string().contains("scored twice"), "{twice}");
    let never = Mlp::search(Only(one())).cv(TimeSeriesSplit::new(3)).cross_val_predict(&corners()).unwrap_err();
    assert!(never.to_string().starts_with("row 0 is scored never"), "{never}");
}

#[test]
fn a_permutation_test_tells_learning_from_chance() {
    let search = || Mlp::search(Only(one())).cv(StratifiedKFold::new(3)).train(recipe()).seed(1);
    let learnt = search().permutation_test_score(19, &corners()).expect("a test");
    assert_eq!(learnt.permutation_scores.len(), 19);
    assert_eq!(learnt.p_value, 1.0 / 20.0, "{learnt}");
    assert_eq!(learnt.score, search().cross_validate(&corners()).expect("a report").best_score());
    assert!(learnt.permutation_scores.iter().all(|&score| (0.1..0.6).contains(&score)), "{learnt:?}");
    assert_eq!(learnt, search().workers(3).permutation_test_score(19, &corners()).expect("a test"));

    // Lower is better here: the shuffled ones are as good where they are as low.
    let by_loss = search().scoring(LogLoss).permutation_test_score(9, &corners()).expect("a test");
    assert_eq!(by_loss.p_value, 1.0 / 10.0, "{by_loss}");

    // Noise: the targets are shuffled within groups that know them, so every shuffle scores the same.
    let known = corners().with_groups((0..90).map(|row| row % 3)).expect("groups");
    let chance = search().permutation_test_score(4, &known).expect("a test");
    assert_eq!(chance.p_value, 1.0, "{chance:?}");
    assert!(matches!(search().permutation_test_score(0, &corners()), Err(Error::Setting { .. })));
}

#[test]
fn a_learning_curve_trains_on_ever_more_rows() {
    let search = || Mlp::search(Only(one())).cv(StratifiedKFold::new(3)).train(recipe());
    let curve = search().learning_curve(&TrainSizes::default(), &corners()).expect("a curve");
    // numpy's linspace(0.1, 1, 5) of the 60 rows of a training part, cut to whole numbers.
    assert_eq!(curve.points(), [6, 19, 33, 46, 60]);
    let whole = search().cross_validate(&corners()).expect("a report");
    assert_eq!(curve.test_scores()[4], whole.results().candidates()[0].scores(0));
    assert_eq!((curve.test_scores().len(), curve.train_scores()[0].len()), (5, 3));
    assert!(curve.test_summary(0).0 <= curve.test_summary(4).0, "{curve}");
    // Another point is another training: a loss shows what an accuracy of 1 does not.
    let losses = search().scoring(LogLoss).learning_curve(&TrainSizes::default(), &corners()).expect("a curve");
    assert!(losses.test_summary(0).0 > losses.test_summary(4).0, "{losses}");
    assert!(curve.to_string().starts_with("rows  train accuracy, test accuracy (mean ± std)\n   6  "), "{curve}");

    let rows = search().learning_curve(&TrainSizes::rows([60, 12, 12]).shuffle(), &corners()).expect("a curve");
    assert_eq!(rows.points(), [12, 60]);
    let error = search().learning_curve(&TrainSizes::rows([61]), &corners()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a train size is 61 rows, expected 1 to 60, the size of the first fold's training part"
    );
    assert!(matches!(search().learning_curve(&TrainSizes::fractions([0.0]), &corners()), Err(Error::Setting { .. })));
    assert!(matches!(search().learning_curve(&TrainSizes::fractions([]), &corners()), Err(Error::Setting { .. })));
}

#[test]
fn a_validation_curve_changes_one_hyperparameter() {
    let search = || Mlp::search(Only(one())).cv(StratifiedKFold::new(3)).train(recipe());
    let curve = search().validation_curve([0.0, 0.2, 0.9], |params, &rate| params.dropout = rate, &corners());
    let curve = curve.expect("a curve");
    assert_eq!(curve.points(), [0.0, 0.2, 0.9]);
    let report = search().train_scores(true).cross_validate(&corners()).expect("a report");
    assert_eq!(curve.test_scores()[1], report.results().candidates()[0].scores(0));
    assert_eq!(curve.train_scores()[1], report.results().candidates()[0].train_scores(0));
    let error = search().validation_curve([0.1, 1.0], |params, &rate| params.dropout = rate, &corners()).unwrap_err();
    assert!(matches!(error, Error::OutOfRange { .. }), "{error}");
}
