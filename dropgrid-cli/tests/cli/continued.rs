//! Studies that keep the checkpoints of their fits.

use dropgrid::{prelude::*, study::Study};
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
