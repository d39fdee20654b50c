//! Learning curves as the command exports them.

use std::fs;

use dropgrid::report::Format;
use serde_json::{Value, json};

use crate::{
    data::cells,
    support::{corners, dropgrid, search},
};

#[test]
fn learning_curves_are_exported_epoch_by_epoch_and_within_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = search(7).study(folder.path().join("x.study")).cross_validate(&corners()).expect("a report");
    let export = |args: &[&str]| dropgrid(folder.path(), &[&["export", "x.study"], args].concat()).ok();

    // A row an epoch, as the report has them.
    let curves = export(&["--curves"]);
    assert_eq!(curves, Format::named("csv").expect("a format").text(&report.results().curve_columns()));
    let rows = cells(&curves);
    assert_eq!(rows.len(), 1 + 6 * 3 * 3);
    let header =
        ["candidate", "param_dropout", "param_lr", "fold", "epoch", "train_loss", "learning_rate", "monitored"];
    assert_eq!(rows[0][..8], header);
    let record = &report.results().candidates()[1].records()[2];
    let last = &record.curve.epochs[2];
    // The second candidate's last fold.
    assert_eq!(rows[18][..5], ["1", "0.0", "0.02", "2", "3"]);
    assert_eq!(rows[18][5].parse::<f64>().expect("a number").to_bits(), last.train_loss.to_bits());

    // The same within the rows of fits and of candidates.
    let json = |args: &[&str]| serde_json::from_str::<Value>(&export(args)).expect("JSON");
    let (fits, candidates) = (json(&["--fits", "-f", "json"]), json(&["-f", "json"]));
    assert_eq!(fits[5]["curve"], candidates[1]["fits"][2]["curve"]);
    assert_eq!(
        fits[5]["curve"][2],
        json!({ "epoch": 3, "train_loss": last.train_loss, "learning_rate": last.lr, "monitored": null })
    );
    let whole = dropgrid(folder.path(), &["export", "x.study", "--curves", "--json"]).json();
    assert_eq!(
        (&whole["what"], &whole["rows"][17]["epoch"], &whole["rows"][17]["failure"]),
        (&json!("curves"), &json!(3), &Value::Null)
    );
    assert_eq!(export(&["--curves", "-o", "curves.csv"]), "");
    assert_eq!(fs::read_to_string(folder.path().join("curves.csv")).expect("a file"), curves);
    assert_eq!(dropgrid(folder.path(), &["export", "x.study", "--curves", "--fits"]).status, 2);
}
