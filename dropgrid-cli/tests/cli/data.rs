//! What the commands print for programs.

use std::{
    fs,
    process::{Command, Stdio},
};

use dropgrid::{
    report::{Average, ErrorScore},
    study::Sqlite,
};
use serde_json::{Value, json};

use crate::support::{FROZEN, again, binary, corners, dropgrid, handmade, names, search};

/// A study that a search has written, and what its report says as CSV.
fn searched(folder: &std::path::Path) -> String {
    let path = folder.join("x.study");
    again(|| search(7).study(&path).cross_validate(&corners())).results().to_csv()
}

/// A search writes down by what its scores are read.
#[test]
fn a_study_of_a_search_can_be_ranked_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = corners();
    let search = || search(7).average(Average::Rows).error_score(ErrorScore::Value(0.0));
    let report = search().study(folder.path().join("x.study")).cross_validate(&data).expect("a report");
    let show = dropgrid(folder.path(), &["show", "x.study", "--json"]).json();
    assert_eq!(show["study"]["best_score"], report.best_score());
    assert_eq!(
        (&show["study"]["fold_weights"], &show["study"]["error_score"]),
        (&json!([20.0, 20.0, 20.0]), &json!(0.0))
    );
    assert_eq!(dropgrid(folder.path(), &["export", "x.study"]).ok(), report.results().to_csv());
}

/// Every cell, by the `csv` crate.
pub(crate) fn cells(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.expect("CSV").iter().map(str::to_owned).collect()).collect()
}

#[test]
fn an_export_is_what_the_report_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = searched(folder.path());
    let export = |args: &[&str]| dropgrid(folder.path(), &[&["export", "x.study"], args].concat()).ok();
    assert_eq!(cells(&export(&[])), cells(&report));
    assert_eq!(export(&["--format", "csv"]), report);

    // The same rows in every format, to the standard output and to files.
    let rows: Value = serde_json::from_str(&export(&["--format", "json"])).expect("JSON");
    let lines: Vec<Value> =
        export(&["-f", "jsonl"]).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(rows, Value::from(lines));
    assert_eq!(rows.as_array().map(Vec::len), Some(6));
    let whole = dropgrid(folder.path(), &["export", "x.study", "--json"]).json();
    assert_eq!((&whole["rows"], &whole["what"]), (&rows, &json!("candidates")));
    assert!(export(&["-f", "md"]).starts_with("| mean_fit_time | "));
    for (file, format) in [("a.csv", "csv"), ("a.json", "json"), ("a.jsonl", "jsonl"), ("a.md", "md")] {
        assert_eq!(export(&["--output", file]), "");
        let written = fs::read_to_string(folder.path().join(file)).expect("a file");
        assert_eq!(written, export(&["-f", format]), "{file}");
    }

    let fits = cells(&export(&["--fits"]));
    assert_eq!(fits.len(), 1 + 6 * 3);
    let header = "candidate,param_dropout,param_lr,params,fold,test_accuracy,test_log_loss,train_accuracy,train_log_loss,fit_time,\
                  score_time,failure,warnings,attempts,retried";
    assert_eq!(fits[0].join(","), header);
    // Equal to the last digit: the second candidate's last fold.
    assert_eq!((fits[6][0].as_str(), fits[6][4].as_str()), ("1", "2"));
    let column = cells(&report)[0].iter().position(|name| name == "split2_test_log_loss").expect("the column");
    assert_eq!(fits[6][6], cells(&report)[2][column]);
}

#[test]
fn show_and_best_say_what_the_report_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    searched(folder.path());
    let report = again(|| search(7).study(&path).cross_validate(&corners()));
    let best = dropgrid(folder.path(), &["best", "x.study", "--json"]).json();
    assert_eq!(best["best"]["params"], serde_json::to_value(report.best_params()).expect("params"));
    assert_eq!(best["best"]["metrics"][0]["mean"], report.best_score());
    assert_eq!(best["best"]["metrics"][1]["std"], report.best().std(1));
    assert_eq!(best["best"]["metrics"][1]["train_mean"], report.best().train_mean(1));

    let show = dropgrid(folder.path(), &["show", "x.study", "--json"]).json();
    let study = &show["study"];
    assert_eq!(study["hyperparameters"], json!(["dropout", "lr"]));
    assert_eq!(study["identity"]["seed"], "7");
    assert_eq!(study["metrics"][1], json!({ "name": "log_loss", "direction": "minimize" }));
    assert_eq!(study["fits"], json!({ "done": 18, "failed": 0, "planned": 18 }));
    assert_eq!((&study["folds"], &study["fold_weights"]), (&json!(3), &json!([1.0, 1.0, 1.0])));
    let ranked = study["ranked"].as_array().expect("a list");
    let mut expected: Vec<_> = report.results().candidates().iter().collect();
    expected.sort_by_key(|candidate| candidate.rank(0));
    assert_eq!(ranked.len(), 6);
    for (found, expected) in ranked.iter().zip(expected) {
        assert_eq!(found["params"], serde_json::to_value(expected.params()).expect("params"));
        assert_eq!(found["metrics"][0]["rank"], expected.rank(0));
        assert_eq!(found["metrics"][1]["rank"], expected.rank(1));
        assert_eq!(found["metrics"][1]["scores"], json!(expected.scores(1)));
    }
    let text = dropgrid(folder.path(), &["show", "x.study"]).ok();
    let table = report.to_string();
    let row = table.lines().nth(3).expect("the first candidate");
    assert!(text.contains(row), "{row} is not in\n{text}");
}

#[test]
fn a_study_that_has_just_begun_has_nothing_to_tell() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(Sqlite::open(folder.path().join("x.study")).expect("a new study"));
    let run = |args: &[&str]| dropgrid(folder.path(), args);
    let listed = run(&["ls", "--json"]).json();
    assert_eq!((&listed["studies"][0]["metrics"], &listed["studies"][0]["folds"]), (&json!([]), &json!(0)));
    assert_eq!(run(&["show", "x.study", "--json"]).json()["study"]["ranked"], json!([]));
    assert_eq!(run(&["export", "x.study", "--fits", "-f", "json"]).ok(), "[]\n");
    let none = run(&["best", "x.study"]);
    assert_eq!((none.status, none.stdout.as_str()), (1, ""));
    assert_eq!(run(&["best", "x.study", "--json"]).json()["best"], Value::Null);
    for command in ["ls", "show", "export"] {
        assert_eq!(run(&[command, "x.study"]).status, 0, "{command}");
    }
}

#[test]
fn a_difference_is_named_and_equal_bits_are_said() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, seed) in [("a.study", 7), ("b.study", 7), ("c.study", 8)] {
        search(seed).study(folder.path().join(name)).cross_validate(&corners()).expect("a report");
    }
    let run = |args: &[&str]| dropgrid(folder.path(), args);
    assert_eq!(run(&["diff", "a.study", "b.study"]).ok(), "the same study: 18 fits with the same bits\n");
    let other = run(&["diff", "a.study", "c.study", "--json"]);
    assert_eq!(other.status, 1);
    let other = other.json();
    assert_eq!(other["identity"], json!([{ "part": "seed", "first": "7", "second": "8" }]));
    let (same, different) = (other["same"].as_u64(), other["different"].as_array().map(Vec::len));
    assert_eq!(same.expect("a number") as usize + different.expect("a list"), 18);
    assert!(different > Some(0));
    assert!(other["different"][0]["first"]["scores"].is_array());

    handmade(&folder.path().join("d.study"));
    let apart = run(&["diff", "a.study", "d.study"]);
    assert_eq!(apart.status, 1);
    assert!(apart.stdout.contains("no fit is in both\n"), "{}", apart.stdout);
    assert!(apart.stdout.contains("18 fits in the first only\n71 fits in the second only\n"), "{}", apart.stdout);
}

#[test]
fn folders_are_listed_by_what_is_in_them() {
    let folder = tempfile::tempdir().expect("a folder");
    handmade(&folder.path().join("b.study"));
    handmade(&folder.path().join("a.study.0"));
    fs::copy(FROZEN, folder.path().join("marked.db")).expect("a copy");
    fs::write(folder.path().join("notes.txt"), "no study").expect("written");
    fs::create_dir(folder.path().join("sub.study")).expect("a folder");
    let before = names(folder.path());
    let listed = dropgrid(folder.path(), &["ls", "--json"]).json();
    let paths: Vec<&Value> = listed["studies"].as_array().expect("a list").iter().map(|study| &study["path"]).collect();
    assert_eq!(paths, ["a.study.0", "b.study", "marked.db"]);
    assert_eq!(listed["studies"][1]["candidates"], json!({ "tried": 24, "done": 23 }));
    assert_eq!(listed["studies"][1]["fits"], json!({ "done": 71, "failed": 1, "planned": 72 }));
    assert_eq!(listed["studies"][1]["changed"], "2024-03-09T16:00:07Z");
    fs::write(folder.path().join("broken.study"), [7; 5000]).expect("written");
    let broken = dropgrid(folder.path(), &["ls"]);
    assert_eq!((broken.status, broken.stdout.lines().count()), (1, 7));
    assert_eq!(
        broken.stderr,
        "dropgrid: ./broken.study is no study of dropgrid; name another file\n".replace("./", "")
    );
    fs::remove_file(folder.path().join("broken.study")).expect("there");
    assert_eq!(dropgrid(folder.path(), &["ls", "sub.study"]).ok(), "no studies\n");
    assert_eq!(names(folder.path()), before);
}

#[test]
fn usage_is_status_2_and_an_export_never_writes_onto_a_study() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    handmade(&path);
    let bytes = fs::read(&path).expect("the study");
    for args in [
        &[] as &[&str],
        &["list"],
        &["show"],
        &["show", "missing.study"],
        &["verify"],
        &["export", "x.study", "-f", "xls"],
        &["export", "x.study", "-o", "x.xls"],
        &["export", "x.study", "-o", "no/such/folder.csv"],
        &["completions", "cobol"],
        &["man", "list"],
    ] {
        let run = dropgrid(folder.path(), args);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{args:?}");
        assert!(!run.stderr.is_empty() && !run.stderr.contains("panicked"), "{args:?}: {}", run.stderr);
    }
    // What is there of a study, and what a search puts there.
    fs::write(folder.path().join("x.study-lock-12"), "").expect("written");
    for part in ["x.study", "./x.study-lock", "x.study-lock-12", "x.study-lock-3", "x.study-wal", "x.study-shm"] {
        let run = dropgrid(folder.path(), &["export", "x.study", "-f", "csv", "-o", part]);
        let said = format!("dropgrid: {part} is the study or a part of it; write the export to another file\n");
        assert_eq!((run.status, run.stderr), (2, said));
    }
    assert_eq!(fs::read(&path).expect("the study"), bytes);
    assert_eq!(names(folder.path()), ["x.study", "x.study-lock", "x.study-lock-12"]);
    // Names that only look like them are free.
    for other in ["x.study-lock-1.csv", "x.study.csv", "y.study-lock-1"] {
        dropgrid(folder.path(), &["export", "x.study", "--fits", "-f", "csv", "-o", other]).ok();
    }
}

#[test]
fn a_reader_that_leaves_is_no_fault() {
    let folder = tempfile::tempdir().expect("a folder");
    handmade(&folder.path().join("x.study"));
    let mut child = binary(folder.path())
        .args(["export", "x.study", "--fits"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the binary");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn completions_and_manuals_name_every_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |args: &[&str]| dropgrid(folder.path(), args).ok();
    let commands = ["ls", "show", "best", "export", "verify", "diff", "completions", "man"];
    for text in ["bash", "zsh", "fish", "elvish", "powershell"]
        .map(|shell| run(&["completions", shell]))
        .iter()
        .chain([&run(&["man"])])
    {
        for command in commands {
            assert!(text.contains(command), "{command} is not in {}", text.lines().next().unwrap_or_default());
        }
    }
    for command in commands {
        let page = run(&["man", command]);
        assert!(page.contains(&format!("dropgrid\\-{command}")) && page.contains(".SH SYNOPSIS"), "{page}");
    }
    // The script is one that its shell can read.
    if let Ok(mut shell) = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn() {
        use std::io::Write;

        let script = run(&["completions", "bash"]);
        shell.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("written");
        assert!(shell.wait().expect("bash").success());
    }
}
