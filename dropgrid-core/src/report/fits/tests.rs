//! Fits and curves as other programs read them.

use std::time::Duration;

use serde_json::json;

use super::*;
use crate::{
    error::Failure,
    metric::Direction,
    record::{Curve, Details, FoldInfo},
    report::{Entry, ErrorScore, FORMATS, Results},
};

/// Hyperparameters by their names.
#[derive(Debug, Clone)]
struct Named(Vec<(&'static str, Value)>);

impl Fields for Named {
    fn fields(&self) -> Vec<(&str, Value)> {
        self.0.clone()
    }
}

fn epoch(number: usize, train_loss: f64, monitored: Option<f64>) -> Epoch {
    Epoch { number, train_loss, monitored, lr: 1e-3 / number as f64, ..Epoch::default() }
}

fn record(budget: Budget, fold: u32, outcome: Result<Vec<f64>, Failure>, epochs: Vec<Epoch>) -> Record {
    Record {
        candidate: 0,
        fold,
        budget,
        warnings: vec![Vec::new(); outcome.iter().flatten().count()],
        outcome,
        train_scores: None,
        fit_time: Duration::from_millis(1500),
        score_time: Duration::from_millis(250),
        curve: Curve { epochs },
        details: Details::default(),
    }
}

/// A candidate with an epoch on the first fold and then the whole training, and one that a strategy left after an
/// epoch; each failed on the second fold.
fn results() -> Results<Named> {
    let diverged = |epoch| Err(Failure::Diverged { epoch, batch: 1, loss: f32::NAN });
    let first = Budget::epochs(1).expect("a budget");
    let of = |hidden, momentum| Named(vec![("hidden", json!(hidden)), ("act", json!("ReLU")), ("momentum", momentum)]);
    let whole = WholeTraining { epochs: 3, rows: None };
    let trained = [epoch(1, 0.1 + 0.2, None), epoch(2, 1e-300, Some(0.5)), epoch(3, 2.0 / 3.0, Some(f64::INFINITY))];
    let records = vec![
        record(first, 0, Ok(vec![0.25]), trained[..1].to_vec()),
        record(Budget::Full, 0, Ok(vec![0.75]), trained.to_vec()),
        record(Budget::Full, 1, diverged(2), vec![epoch(1, 9.5, None)]),
    ];
    let left = vec![record(first, 0, Ok(vec![0.5]), vec![epoch(1, 0.5, None)]), record(first, 1, diverged(1), vec![])];
    let entries = [
        Entry::judged(of(64, json!(0.9)), records, 2, whole, true),
        Entry::judged(of(8, Value::Null), left, 2, whole, false),
    ];
    let metrics = vec![MetricInfo { name: "accuracy".to_owned(), direction: Direction::Maximize }];
    Results::new(entries, metrics, vec![FoldInfo { repeat: 0, train: 20, test: 10, weight: 1.0 }; 2], ErrorScore::Nan)
}

/// `tests/golden/curves.py` checks by pandas what it reads in these files.
#[test]
fn curves_are_exported_as_pandas_reads_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a file");
    results().write_curves(folder.path().join("curves.csv")).expect("written");
    results().write_fits(folder.path().join("fits.json")).expect("written");
    results().write(folder.path().join("candidates.json")).expect("written");
    assert_eq!(read("curves.csv"), include_str!("../../../../tests/golden/curves.csv"));
    assert_eq!(read("candidates.json"), include_str!("../../../../tests/golden/candidates.json"));
    assert_eq!(read("fits.json"), include_str!("../../../../tests/golden/fits.json"));
}

#[test]
fn a_table_within_a_row_is_in_json_only() {
    let columns = results().nested_columns();
    for format in FORMATS {
        let text = format.text(&columns);
        assert_eq!(text.contains("train_loss"), format.name.starts_with("json"), "{text}");
    }
    let flat: Vec<&String> = columns.iter().map(|(name, _)| name).filter(|name| *name != "fits").collect();
    assert_eq!(flat, results().columns().iter().map(|(name, _)| name).collect::<Vec<_>>());
    assert_eq!(results().to_csv(), FORMATS[0].text(&results().columns()));
}

#[test]
fn budgets_have_no_columns_where_every_fit_had_the_whole_training() {
    let records = vec![record(Budget::Full, 0, Ok(vec![0.5]), vec![epoch(1, 0.5, None)])];
    let folds = vec![FoldInfo { repeat: 0, train: 20, test: 10, weight: 1.0 }];
    let metrics = vec![MetricInfo { name: "accuracy".to_owned(), direction: Direction::Maximize }];
    let whole = Results::new([(Named(vec![("lr", json!(0.1))]), records)], metrics, folds, ErrorScore::Nan);
    let names: Vec<String> = whole.curve_columns().into_iter().map(|(name, _)| name).collect();
    let expected = ["candidate", "param_lr", "fold", "epoch", "train_loss", "learning_rate", "monitored", "failure"];
    assert_eq!(names, expected);
    assert!(whole.fit_columns().iter().all(|(name, _)| name != "n_epochs" && name != "rows_share"));
}

#[test]
fn a_repeat_has_a_number_beside_its_folds() {
    let folds = [0, 0, 1, 1].map(|repeat| FoldInfo { repeat, train: 20, test: 10, weight: 1.0 });
    let records: Vec<Record> =
        (0..4).map(|fold| record(Budget::Full, fold, Ok(vec![0.5]), vec![epoch(1, 0.5, None)])).collect();
    let metrics = vec![MetricInfo { name: "accuracy".to_owned(), direction: Direction::Maximize }];
    let results = Results::new([(Named(Vec::new()), records)], metrics, folds.to_vec(), ErrorScore::Nan);
    for columns in [results.fit_columns(), results.curve_columns()] {
        let column = |name| columns.iter().find(|(other, _)| other == name).map(|(_, column)| column.clone());
        assert_eq!(column("fold"), Some(Column::Integers(vec![0, 1, 2, 3])));
        assert_eq!(column("repeat"), Some(Column::Integers(vec![0, 0, 1, 1])));
    }
}

#[test]
fn scores_of_epochs_have_columns_where_any_epoch_has_them() {
    let scored = |number, train: f64, validation: &[f64]| Epoch {
        train_scores: vec![train],
        validation_scores: validation.to_vec(),
        ..epoch(number, 0.5, None)
    };
    let curves = [vec![scored(1, 0.25, &[0.5]), scored(2, 0.75, &[0.625])], vec![epoch(1, 0.5, None)]];
    let records = (0..).zip(curves).map(|(fold, curve)| record(Budget::Full, fold, Ok(vec![0.5]), curve)).collect();
    let folds = vec![FoldInfo { repeat: 0, train: 20, test: 10, weight: 1.0 }; 2];
    let metrics = vec![MetricInfo { name: "accuracy".to_owned(), direction: Direction::Maximize }];
    let results = Results::new([(Named(vec![("lr", json!(0.1))]), records)], metrics, folds, ErrorScore::Nan);
    let text = FORMATS[0].text(&results.curve_columns());
    assert_eq!(
        text.lines().collect::<Vec<_>>(),
        [
            "candidate,param_lr,fold,epoch,train_loss,learning_rate,monitored,train_accuracy,validation_accuracy,failure",
            "0,0.1,0,1,0.5,0.001,,0.25,0.5,",
            "0,0.1,0,2,0.5,0.0005,,0.75,0.625,",
            "0,0.1,1,1,0.5,0.001,,,,",
        ]
    );
}
