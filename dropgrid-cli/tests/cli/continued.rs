//! Studies that keep the checkpoints of their fits.

use std::path::Path;

use dropgrid::{
    metric::Direction,
    prelude::*,
    record::{Job, Record, Resource},
    report::{FoldInfo, MetricInfo},
    study::{FitName, Identity, Metadata, Records, Sqlite, StoredRecord, Study},
};
use serde_json::json;

use crate::support::{corners, dropgrid};

#[searchable]
struct Longer {
    hidden: (Linear<4, 8>, ReLU),
    output: Linear<8, 3>,
    #[train]
    #[grid(2, 4)]
    epochs: usize,
}

fn search(epochs: &[usize]) -> dropgrid::search::Search<Longer, Grid, Accuracy> {
    let space = Longer::space().epochs(epochs.to_vec());
    Longer::search(Grid).space(space).cv(KFold::new(3)).scoring(Accuracy).progress(false)
}

#[test]
fn checkpoints_are_counted_and_the_rest_is_as_in_every_study() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let run = |args: &[&str]| dropgrid(folder.path(), args);
    search(&[2, 4]).study(&path).cross_validate(&corners()).expect("a report");
    assert!(!run(&["show", "x.study"]).ok().contains("checkpoints"), "there are none");
    let none = &run(&["show", "x.study", "--json"]).json()["study"]["checkpoints"];
    assert_eq!(none, &json!({ "count": 0, "lasting": 0, "bytes": 0 }));

    // What is finished is not trained again, so only the fits that are new leave a state.
    let study = Study::at(&path).extend();
    let report =
        search(&[2, 4, 7]).study(study).keep_final_checkpoints(true).cross_validate(&corners()).expect("a report");
    let shown = run(&["show", "x.study", "--json"]).json();
    let states = &shown["study"]["checkpoints"];
    assert_eq!(states["count"], 3);
    // Weights and Adam's two moments, in single precision: 4 * 8 + 8 + 8 * 3 + 3 numbers each, and some more in between.
    let whole = 3 * (3 * 67 * 4);
    let bytes = states["bytes"].as_u64().expect("a number");
    assert!((whole..2 * whole).contains(&bytes), "{bytes} bytes");
    assert!(run(&["show", "x.study"]).ok().contains("3, 0.0 MB"));
    let best = run(&["best", "x.study", "--json"]).json();
    assert_eq!(best["best"]["metrics"][0]["mean"], report.best_score());
    assert_eq!(run(&["verify", "x.study"]).ok(), "x.study is sound: format 1, 9 fits\n");
    let listed = run(&["ls", "--json"]).json();
    assert_eq!(listed["studies"][0]["fits"], json!({ "done": 9, "failed": 0, "planned": 9 }));
    let rows = run(&["export", "x.study", "--format", "json"]).ok();
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&rows).expect("rows").len(), 3);
}

/// A study of a candidate of 9 epochs, and of one with 27 that has had 9 of them, on one fold.
fn parts(path: &Path) {
    let mut store = Sqlite::open(path).expect("a new study");
    store.set_identity(None, &Identity::new().with("seed", "1")).expect("written");
    let metrics = vec![MetricInfo::new("accuracy", Direction::Maximize)];
    let folds = vec![FoldInfo::new(10, 5)];
    let mut metadata = Metadata::new(metrics, folds);
    metadata.fits = Some(2);
    store.set_metadata(&metadata).expect("written");
    let fit = |resource: &str, score: f64| {
        let resource: Resource = resource.parse().expect("a resource");
        let job = Job { candidate: 0, params: (), fold: 0, budget: resource.budget() };
        let record = Record::new(&job, Ok(vec![score]));
        StoredRecord { name: FitName { params: "{\"lr\":0.1}".to_owned(), fold: 0, resource }, record }
    };
    store.add(&[fit("9", 0.25), fit("9/27", 0.75)], &[], &[]).expect("written");
}

#[test]
fn a_part_of_a_training_is_told_as_one() {
    let folder = tempfile::tempdir().expect("a folder");
    parts(&folder.path().join("x.study"));
    let run = |args: &[&str]| dropgrid(folder.path(), args);
    let shown = &run(&["show", "x.study", "--json"]).json()["study"];
    assert_eq!(shown["epochs"], json!([9, 27]));
    assert_eq!(shown["candidates"], json!({ "tried": 2, "done": 1 }));
    let told = |at: usize| [&shown["ranked"][at]["params"], &shown["ranked"][at]["budget"]].map(Clone::clone);
    assert_eq!(told(0), [json!({ "lr": 0.1, "epochs": 9 }), json!("9 epochs")]);
    assert_eq!(told(1), [json!({ "lr": 0.1, "epochs": 27 }), json!("9 of 27 epochs")]);
    let best = run(&["best", "x.study", "--json"]).json();
    assert_eq!(best["best"]["metrics"][0]["mean"], 0.25, "the other one has not had its whole training");
    let rows = run(&["export", "x.study", "--fits", "--format", "json"]).ok();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&rows).expect("rows");
    let epochs: Vec<_> = rows.iter().map(|row| (&row["param_epochs"], &row["n_epochs"])).collect();
    assert_eq!(epochs, [(&json!(9), &json!(9)), (&json!(27), &json!(9))]);
}
