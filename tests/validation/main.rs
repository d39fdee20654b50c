//! What cross-validation answers beside the best candidate: one candidate's scores, out-of-fold predictions, the score of
//! the search itself, curves, a permutation test; what a failed fit counts as; which candidate is trained in the end; the
//! results as data.

use dropgrid::{
    Error, Failure,
    nn::{InputShape, Range},
    prelude::*,
    report::{Column, Results},
};

#[searchable]
struct Mlp<#[grid(4, 16)] const HIDDEN: usize> {
    hidden: (Linear<4, HIDDEN>, ReLU),
    #[grid(0.0, 0.2, 0.5)]
    dropout: Dropout,
    output: Linear<HIDDEN, 3>,
}

fn wobble(row: usize, column: usize) -> f32 {
    ((row * 37 + column * 101) % 17) as f32 / 17.0 - 0.5
}

/// Three classes around three corners, 30 rows each, in turn.
fn corners() -> Dataset<Classes<3>> {
    let rows = (0..90).map(|row| {
        let mut features = [0, 1, 2, 3].map(|column| wobble(row, column));
        features[row % 3] += 2.0;
        features
    });
    Dataset::new(rows, Classes::new((0..90).map(|row| row % 3).collect::<Vec<_>>()).expect("labels")).expect("data")
}

fn recipe() -> Train {
    Train::adam(2e-2).epochs(8).batch_size(16)
}

fn one() -> MlpParams {
    MlpParams { hidden: 16, dropout: 0.2 }
}

#[test]
fn train_scores_stand_beside_test_scores_and_change_nothing() {
    let search = || Mlp::search(Grid).cv(KFold::new(3)).scoring((LogLoss, Accuracy)).train(recipe());
    let (with, without) = (search().train_scores(true).fit(&corners()), search().fit(&corners()));
    let (with, without) = (with.expect("a report"), without.expect("a report"));
    assert_eq!(with.digest(), without.digest());
    assert!(with.results().has_train_scores() && !without.results().has_train_scores());
    let candidate = &with.results().candidates()[0];
    assert_eq!(candidate.train_scores(1).len(), 3);
    let mean = candidate.train_scores(1).iter().sum::<f64>() / 3.0;
    assert!((candidate.train_mean(1) - mean).abs() < 1e-12);
    assert!(without.results().candidates()[0].train_mean(0).is_nan());

    // What is scored is the training part of the fold, with dropout off.
    let rows: Vec<usize> = (30..90).collect();
    let by_hand = Mlp::search(Only(candidate.params().clone()))
        .cv(SplitList::new([(rows.clone(), rows.clone())]))
        .scoring((LogLoss, Accuracy))
        .train(recipe())
        .evaluate(&corners())
        .expect("a report");
    assert_eq!(by_hand.results().candidates()[0].scores(0)[0], candidate.train_scores(0)[0]);
}

#[test]
fn the_columns_are_those_of_scikit_learn() {
    let search = Mlp::search(Grid).cv(KFold::new(2)).scoring((Accuracy, LogLoss)).train(recipe());
    let report = search.train_scores(true).fit(&corners()).expect("a report");
    let columns = report.results().columns();
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "mean_fit_time",
            "std_fit_time",
            "mean_score_time",
            "std_score_time",
            "param_hidden",
            "param_dropout",
            "params",
            "split0_test_accuracy",
            "split1_test_accuracy",
            "mean_test_accuracy",
            "std_test_accuracy",
            "rank_test_accuracy",
            "split0_test_log_loss",
            "split1_test_log_loss",
            "mean_test_log_loss",
            "std_test_log_loss",
            "rank_test_log_loss",
            "split0_train_accuracy",
            "split1_train_accuracy",
            "mean_train_accuracy",
            "std_train_accuracy",
            "split0_train_log_loss",
            "split1_train_log_loss",
            "mean_train_log_loss",
            "std_train_log_loss",
        ]
    );
    let numbers = |wanted: &str| {
        let column = columns.iter().find(|(name, _)| name == wanted).map(|(_, column)| column);
        if let Some(Column::Numbers(numbers)) = column { numbers.clone() } else { panic!("no numbers in {wanted}") }
    };
    for row in 0..6 {
        let (first, second) = (numbers("split0_test_log_loss")[row], numbers("split1_test_log_loss")[row]);
        let mean = f64::midpoint(first, second);
        assert!((numbers("mean_test_log_loss")[row] - mean).abs() < 1e-12);
        // Divided by the number of folds: ddof = 0.
        assert!((numbers("std_test_log_loss")[row] - (first - second).abs() / 2.0).abs() < 1e-12);
    }

    // Each file read back by a reader that is not ours.
    let text = report.results().to_csv();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(names.join(",").as_str()));
    assert!(lines.next().expect("a row").contains(r#""{""dropout"":0.0,""hidden"":4}""#), "{text}");
    let rows: Vec<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(&report.results().to_json()).expect("JSON");
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[5]["param_dropout"], 0.5);
    assert_eq!(rows[5]["params"]["hidden"], 16);
    assert_eq!(
        rows[2]["mean_test_accuracy"].as_f64().map(f64::to_bits),
        Some(numbers("mean_test_accuracy")[2].to_bits())
    );
    let markdown = report.results().to_markdown();
    assert!(markdown.starts_with("| rank | hidden | dropout | mean accuracy | std | train |"), "{markdown}");
    assert_eq!(markdown.lines().count(), 8);

    let folder = tempfile::tempdir().expect("a folder");
    report.results().write(folder.path().join("results.csv")).expect("written");
    assert_eq!(std::fs::read_to_string(folder.path().join("results.csv")).expect("read"), text);
    let error = report.results().write(folder.path().join("results.xlsx")).unwrap_err();
    assert!(error.to_string().ends_with("expected csv, json or md"), "{error}");
    assert!(matches!(report.results().write(folder.path().join("no/where.md")), Err(Error::Write { .. })));
}

/// Panics while training at a rate of 1.
#[derive(Debug, Clone, Default)]
struct Faulty {
    rate: f64,
}

mod faulty {
    use dfdx::{
        nn::{Module, ModuleMut, ZeroSizedModule},
        shapes::Shape,
        tensor::{Cpu, CpuError, NoneTape, OwnedTape, Tensor},
    };
    use dropgrid::{TakesInput, Tunable};

    use super::{Faulty, InputShape, Range};

    impl ZeroSizedModule for Faulty {}

    impl Tunable for Faulty {
        const SETTING: &'static str = "rate";
        const RANGE: Range = Range { low: 0.0, high: 1.0, closed: true, text: "[0, 1]" };

        fn tune(&mut self, value: f64) {
            self.rate = value;
        }
    }

    impl<Rest: InputShape> TakesInput<Rest> for Faulty {
        type Sample = Rest::Sample;
    }

    impl<S: Shape> Module<Tensor<S, f32, Cpu, NoneTape>> for Faulty {
        type Output = Tensor<S, f32, Cpu, NoneTape>;
        type Error = CpuError;

        fn try_forward(&self, input: Tensor<S, f32, Cpu, NoneTape>) -> Result<Self::Output, CpuError> {
            Ok(input)
        }
    }

    impl<S: Shape> ModuleMut<Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>> for Faulty {
        type Output = Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>;
        type Error = CpuError;

        fn try_forward_mut(
            &mut self,
            input: Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>,
        ) -> Result<Self::Output, CpuError> {
            assert!(self.rate < 1.0, "the rate is 1");
            Ok(input)
        }
    }
}

#[searchable]
struct Fragile {
    #[grid(0.0, 0.5, 1.0)]
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

    let by_hand = |complexity: fn(&MlpParams) -> f64| {
        let results = best.results();
        let winner = best.best();
        let scores = winner.scores(0);
        let mean = scores.iter().sum::<f64>() / 5.0;
        let variance = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / 4.0;
        let limit = mean + (variance / 5.0).sqrt();
        let within = results.candidates().iter().filter(|candidate| candidate.mean(0) <= limit);
        let simplest = within.min_by(|a, b| {
            let by_complexity = complexity(a.params()).total_cmp(&complexity(b.params()));
            by_complexity.then(a.mean(0).total_cmp(&b.mean(0)))
        });
        simplest.expect("the best itself").params().clone()
    };
    let fewest = search().refit(OneStandardError::new()).fit(&corners()).expect("a report");
    assert_eq!(fewest.best_params(), &by_hand(|params| params.hidden as f64));
    let most_dropped = search().refit(OneStandardError::simplest(|params: &MlpParams| -params.dropout));
    let most_dropped = most_dropped.fit(&corners()).expect("a report");
    assert_eq!(most_dropped.best_params(), &by_hand(|params| -params.dropout));
    assert_eq!(best.digest(), fewest.digest());
}

#[test]
fn one_candidate_is_cross_validated_as_in_a_grid() {
    let grid = Mlp::search(Grid).cv(KFold::new(3)).train(recipe()).evaluate(&corners()).expect("a report");
    let alone = Mlp::search(Only(one())).cv(KFold::new(3)).train(recipe()).evaluate(&corners()).expect("a report");
    let in_grid = grid.results().candidates().iter().find(|candidate| *candidate.params() == one());
    assert_eq!(in_grid.map(|candidate| candidate.scores(0)), Some(alone.results().candidates()[0].scores(0)));

    let off_the_grid = MlpParams { hidden: 4, dropout: 0.33 };
    let listed = Mlp::search(Candidates::new([off_the_grid.clone(), one()])).train(recipe());
    let listed = listed.evaluate(&corners()).expect("a report");
    assert_eq!(listed.results().candidates()[0].params(), &off_the_grid);
    assert_eq!(listed.results().candidates().len(), 2);
    let nothing = Mlp::search(Candidates::new([])).evaluate(&corners());
    assert!(matches!(nothing, Err(Error::NoCandidates)));

    // Refused before any training, though no axis has the value.
    let out_of_range = Mlp::search(Only(MlpParams { hidden: 4, dropout: 1.5 })).evaluate(&corners());
    assert!(out_of_range.unwrap_err().to_string().contains("1.5"));
    let not_compiled = Mlp::search(Only(MlpParams { hidden: 5, dropout: 0.5 })).evaluate(&corners());
    assert!(matches!(not_compiled, Err(Error::NotCompiled { .. })));
}

#[test]
fn out_of_fold_predictions_are_those_of_each_fold() {
    let search = || Mlp::search(Only(one())).cv(StratifiedKFold::new(3).shuffle()).train(recipe()).seed(5);
    let out_of_fold = search().cross_val_predict(&corners()).expect("predictions");
    let report = search().evaluate(&corners()).expect("a report");
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
fn nested_cross_validation_scores_rows_that_the_search_has_not_seen() {
    let search = || Mlp::search(Grid).cv(StratifiedKFold::new(2)).scoring((Accuracy, LogLoss)).train(recipe()).seed(3);
    let nested = search().nested(StratifiedKFold::new(3), &corners()).expect("scores");
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

    let again = search().workers(3).nested(StratifiedKFold::new(3), &corners()).expect("scores");
    assert_eq!(nested.scores(1), again.scores(1));
    // With a study, each outer fold has a file of its own, from which the same bits come back.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    for _ in 0..2 {
        let kept = search().study(&path).nested(StratifiedKFold::new(3), &corners()).expect("scores");
        assert_eq!(kept.scores(1), nested.scores(1));
    }
    assert!(folder.path().join("x.study.2").exists() && !path.exists());

    let too_many = search().nested(KFold::new(91), &corners());
    assert!(matches!(too_many, Err(Error::MoreFoldsThanRows { folds: 91, rows: 90 })));
}

#[test]
fn a_permutation_test_tells_learning_from_chance() {
    let search = || Mlp::search(Only(one())).cv(StratifiedKFold::new(3)).train(recipe()).seed(1);
    let learnt = search().permutation_test_score(19, &corners()).expect("a test");
    assert_eq!(learnt.permutation_scores.len(), 19);
    assert_eq!(learnt.p_value, 1.0 / 20.0, "{learnt}");
    assert_eq!(learnt.score, search().evaluate(&corners()).expect("a report").best_score());
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
    assert_eq!(curve.sizes(), [6, 19, 33, 46, 60]);
    let whole = search().evaluate(&corners()).expect("a report");
    assert_eq!(curve.test_scores()[4], whole.results().candidates()[0].scores(0));
    assert_eq!((curve.test_scores().len(), curve.train_scores()[0].len()), (5, 3));
    assert!(curve.test_summary(0).0 <= curve.test_summary(4).0, "{curve}");
    // Another point is another training: a loss shows what an accuracy of 1 does not.
    let losses = search().scoring(LogLoss).learning_curve(&TrainSizes::default(), &corners()).expect("a curve");
    assert!(losses.test_summary(0).0 > losses.test_summary(4).0, "{losses}");
    assert!(curve.to_string().starts_with("rows  train accuracy, test accuracy (mean ± std)\n   6  "), "{curve}");

    let rows = search().learning_curve(&TrainSizes::rows([60, 12, 12]).shuffle(), &corners()).expect("a curve");
    assert_eq!(rows.sizes(), [12, 60]);
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
    assert_eq!(curve.values(), [0.0, 0.2, 0.9]);
    let report = search().train_scores(true).evaluate(&corners()).expect("a report");
    assert_eq!(curve.test_scores()[1], report.results().candidates()[0].scores(0));
    assert_eq!(curve.train_scores()[1], report.results().candidates()[0].train_scores(0));
    let error = search().validation_curve([0.1, 1.0], |params, &rate| params.dropout = rate, &corners()).unwrap_err();
    assert!(matches!(error, Error::OutOfRange { .. }), "{error}");
}

#[test]
fn candidates_that_differ_by_chance_are_not_called_better() {
    let report = Mlp::search(Grid).cv(StratifiedKFold::new(5)).scoring(LogLoss).train(recipe()).evaluate(&corners());
    let report = report.expect("a report");
    let results = report.results();
    let best = results.best().expect("one that finished");
    let alike = results.indistinguishable(0.05);
    assert!(alike.contains(&best) && !alike.is_empty());
    let worst = (0..6).max_by_key(|&at| results.candidates()[at].rank(0)).expect("six candidates");
    let comparison = results.compare(best, worst, 0).expect("five folds");
    assert_eq!(comparison.degrees_of_freedom, 4);
    assert!(comparison.difference < 0.0 && comparison.t < 0.0);
    let (low, high) = comparison.interval(0.95);
    assert!(low < comparison.difference && comparison.difference < high);
    // Stricter levels tell fewer apart.
    assert!(results.indistinguishable(1e-9).len() >= alike.len());
}
