//! The results as data: train scores, the columns of scikit-learn, what is told apart from the best.

use dropgrid::{Error, error::FileError, prelude::*, report::Column};

use super::{Mlp, corners, recipe};

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
        .cross_validate(&corners())
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
    assert_eq!(rows[5]["fits"][1]["curve"].as_array().map(Vec::len), Some(recipe().epochs));
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
    assert!(error.to_string().ends_with("expected csv, json, jsonl or md"), "{error}");
    report.results().write(folder.path().join("results.jsonl")).expect("written");
    assert_eq!(std::fs::read_to_string(folder.path().join("results.jsonl")).expect("read").lines().count(), 6);
    assert!(matches!(
        report.results().write(folder.path().join("no/where.md")),
        Err(Error::File(FileError::Write { .. }))
    ));
}

#[test]
fn metrics_are_known_by_position_and_by_name() {
    let search = || Mlp::search(Only(super::one())).cv(KFold::new(3)).scoring((LogLoss, Accuracy)).train(recipe());
    let report = search().train_scores(true).cross_validate(&corners()).expect("a report");
    let best = report.best();
    assert_eq!(best.scores("accuracy").expect("a metric"), best.scores(1));
    assert_eq!(best.train_scores("accuracy").expect("a metric"), best.train_scores(1));
    assert_eq!(best.mean("log_loss").expect("a metric"), best.mean(0));
    assert_eq!(best.std("log_loss").expect("a metric"), best.std(0));
    assert_eq!(best.rank("accuracy").expect("a metric"), 1);
    assert_eq!(best.train_mean("accuracy").expect("a metric"), best.train_mean(1));
    assert_eq!(best.train_std("accuracy").expect("a metric"), best.train_std(1));
    let equal = report.results().compare(0, 0, "accuracy").expect("a metric").expect("three folds");
    assert_eq!(equal.difference, 0.0);
    let error = best.mean("acuracy").unwrap_err().to_string();
    assert_eq!(error, "no metric is called `acuracy`, did you mean `accuracy`? the metrics are log_loss, accuracy");

    let nested = search().nested_cross_validate(KFold::new(2), &corners()).expect("scores");
    assert_eq!(nested.mean("accuracy").expect("a metric"), nested.mean(1));
    assert!(nested.std("f1").is_err());
}

#[test]
fn candidates_that_differ_by_chance_are_not_called_better() {
    let report =
        Mlp::search(Grid).cv(StratifiedKFold::new(5)).scoring(LogLoss).train(recipe()).cross_validate(&corners());
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
