//! What a failed fit counts as, which candidate is trained in the end, and what the search itself is worth.

use dropgrid::{
    Error, Failure, SplitError,
    prelude::*,
    report::Results,
    seed::Seed,
    split::{Folds, Rows, Split, Splitter},
};

use super::{Mlp, MlpParams, corners, one, recipe};
use crate::faulty::Faulty;

#[searchable]
struct Fragile {
    #[grid(0.0, 0.25, 1.0)]
    faulty: Faulty,
    output: Linear<4, 3>,
}

#[test]
fn a_failed_fit_counts_as_said() {
    let search = || Fragile::search(Grid).cv(KFold::new(3)).scoring((Accuracy, LogLoss)).train(recipe()).workers(2);
    let report = search().error_score(ErrorScore::Value(-1.0)).train_scores(true).fit(&corners()).expect("a report");
    let failed = &report.results().candidates()[2];
    assert_eq!((failed.scores(0), failed.scores(1)), (vec![-1.0; 3], vec![-1.0; 3]));
    assert_eq!((failed.mean(0), failed.rank(0), failed.train_mean(0)), (-1.0, 3, -1.0));
    // Where lower is better, -1 wins, as it would in scikit-learn: the number is the user's.
    assert_eq!(failed.rank(1), 1);
    assert!(report.to_string().contains("3 of 9 fits failed: 3 x panicked: the rate is 1"), "{report}");

    match search().error_score(ErrorScore::Raise).fit(&corners()).unwrap_err() {
        Error::FitFailed { params, failure, .. } => {
            assert_eq!(params, "FragileParams { faulty: 1.0 }");
            assert_eq!(failure, Failure::Panicked { message: "the rate is 1".to_owned() });
        }
        error => panic!("{error}"),
    }

    let bad = || Fragile::search(Only(FragileParams { faulty: 1.0 })).cv(KFold::new(3)).train(recipe());
    let error = bad().error_score(ErrorScore::Value(0.0)).fit(&corners()).unwrap_err();
    assert_eq!(error.to_string(), "all 3 fits failed: 3 x panicked: the rate is 1");
    assert!(matches!(bad().cross_val_predict(&corners()), Err(Error::FitFailed { .. })));
}

#[test]
fn the_refit_rule_chooses_the_model_that_is_trained() {
    let search = || Mlp::search(Grid).cv(KFold::new(5)).scoring(LogLoss).train(recipe());
    let best = search().fit(&corners()).expect("a report");
    assert_eq!(best.best().rank(0), 1);

    let chosen = search().refit(|results: &Results<MlpParams>| results.candidates().len() - 1).fit(&corners());
    let chosen = chosen.expect("a report");
    assert_eq!(chosen.best_params(), &MlpParams { hidden: 16, dropout: 0.5 });
    assert_eq!(chosen.fitted().params(), chosen.best_params());
    let error = search().refit(|_: &Results<MlpParams>| 6).fit(&corners()).unwrap_err();
    assert_eq!(error.to_string(), "the refit rule chose candidate 6, but there are 6, 0..6");

    let by_hand = |complexity: fn(&MlpParams) -> f64, is_deviation: bool| {
        let results = best.results();
        let winner = best.best();
        let scores = winner.scores(0);
        let mean = scores.iter().sum::<f64>() / 5.0;
        let variance = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / 4.0;
        // scikit-learn's `std_test_score` is divided by the number of folds.
        let limit = mean + if is_deviation { (variance * 4.0 / 5.0).sqrt() } else { (variance / 5.0).sqrt() };
        let within = results.candidates().iter().filter(|candidate| candidate.mean(0) <= limit);
        let simplest = within.min_by(|a, b| {
            let by_complexity = complexity(a.params()).total_cmp(&complexity(b.params()));
            by_complexity.then(a.mean(0).total_cmp(&b.mean(0)))
        });
        simplest.expect("the best itself").params().clone()
    };
    let fewest = search().refit(OneStandardError::new()).fit(&corners()).expect("a report");
    assert_eq!(fewest.best_params(), &by_hand(|params| params.hidden as f64, false));
    let most_dropped = search().refit(OneStandardError::simplest(|params: &MlpParams| -params.dropout));
    let most_dropped = most_dropped.fit(&corners()).expect("a report");
    assert_eq!(most_dropped.best_params(), &by_hand(|params| -params.dropout, false));
    assert_eq!(best.digest(), fewest.digest());

    let fewest = search().refit(OneStandardDeviation::new()).fit(&corners()).expect("a report");
    assert_eq!(fewest.best_params(), &by_hand(|params| params.hidden as f64, true));
    let most_dropped = search().refit(OneStandardDeviation::simplest(|params: &MlpParams| -params.dropout));
    let most_dropped = most_dropped.fit(&corners()).expect("a report");
    assert_eq!(most_dropped.best_params(), &by_hand(|params| -params.dropout, true));
}

#[test]
fn nested_cross_validation_scores_rows_that_the_search_has_not_seen() {
    let search = || Mlp::search(Grid).cv(StratifiedKFold::new(2)).scoring((Accuracy, LogLoss)).train(recipe()).seed(3);
    let nested = search().nested_cross_validate(StratifiedKFold::new(3), &corners()).expect("scores");
    assert_eq!(nested.folds().len(), 3);
    let test: Vec<usize> = (30..60).collect();
    let train: Vec<usize> = (0..30).chain(60..90).collect();
    let middle = &nested.folds()[1];
    // The outer fold by hand: its winner scored on the rows that its search was not given.
    let held_out = corners().select(&test).expect("rows");
    let scores = middle.report.fitted().scores((Accuracy, LogLoss), &held_out).expect("scores");
    assert_eq!(scores, middle.scores.iter().map(|score| score.value).collect::<Vec<_>>());
    assert_eq!(
        middle.report.results().fold_infos()[0].train + middle.report.results().fold_infos()[0].test,
        train.len()
    );
    let mean = nested.scores(1).iter().sum::<f64>() / 3.0;
    assert!((nested.mean(1) - mean).abs() < 1e-12);
    assert!(nested.mean(0) > 0.9, "{nested}");
    assert_eq!(nested.to_string().lines().count(), 5, "{nested}");

    let again = search().workers(3).nested_cross_validate(StratifiedKFold::new(3), &corners()).expect("scores");
    assert_eq!(nested.scores(1), again.scores(1));
    // With a study, each outer fold has a file of its own, from which the same bits come back.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    for _ in 0..2 {
        let kept = search().study(&path).nested_cross_validate(StratifiedKFold::new(3), &corners()).expect("scores");
        assert_eq!(kept.scores(1), nested.scores(1));
    }
    assert!(folder.path().join("x.study.2").exists() && !path.exists());

    let too_many = search().nested_cross_validate(KFold::new(91), &corners());
    assert!(matches!(too_many, Err(Error::Split(SplitError::MoreFoldsThanRows { folds: 91, rows: 90 }))));
}

/// A splitter of a user's own, which gives whatever it was given.
#[derive(Debug)]
struct Given(Vec<Split>);

impl Splitter for Given {
    fn split(&self, _rows: Rows<'_>, _seed: Seed) -> dropgrid::Result<Folds> {
        Ok(Folds { splits: self.0.clone(), warnings: Vec::new() })
    }
}

#[test]
fn folds_that_cannot_be_scored_are_refused_before_any_training() {
    let faults = [
        (vec![], "the splitter has no splits"),
        (vec![Split::new(0..60, 60..90), Split::new(0..90, 0..0)], "the test part of fold 1 is empty"),
        (vec![Split::new(0..0, 0..90)], "the training part of fold 0 is empty"),
        (vec![Split::new(0..60, vec![60, 90])], "fold 0 has row 90, but the data has 90 rows, 0..90"),
    ];
    for (splits, expected) in faults {
        let search = || Mlp::search(Grid).train(recipe());
        let error = search().cv(Given(splits.clone())).cross_validate(&corners()).expect_err(expected);
        assert_eq!(error.to_string(), expected);
        let error = search().nested_cross_validate(Given(splits), &corners()).err().expect(expected);
        assert_eq!(error.to_string(), expected);
    }
    let sound = Given(vec![Split::new(0..60, 60..90)]);
    Mlp::search(Only(one())).cv(sound).train(recipe()).cross_validate(&corners()).expect("a report");
}
