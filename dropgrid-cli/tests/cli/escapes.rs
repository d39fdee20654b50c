//! What a terminal obeys, in every text that a study holds, and in the path of its file.

use std::{fs, path::Path, time::Duration};

use dropgrid::{
    Failure,
    metric::Direction,
    record::{Budget, Job, Record, Resource},
    report::{FoldInfo, MetricInfo},
    study::{FitName, Identity, Metadata, Records, Sqlite, StoredRecord},
};
use serde_json::Value;

use crate::support::{binary, dropgrid};

/// Clears the screen, sets the title, rings, hides, turns around, begins a line anew.
const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{2066}\u{200b}\rforged\nline";

/// A study that says it everywhere.
fn hostile(path: &Path, seed: &str) {
    let parts = ["model", "space", "metrics", "data", "folds", "recipe", "train scores", "arithmetic"];
    let identity =
        parts.into_iter().fold(Identity::new(), |identity, part| identity.with(part, format!("M {HOSTILE}")));
    let mut store = Sqlite::open(path).expect("a new study");
    store.set_identity(None, &identity.with("seed", seed)).expect("written");
    let metrics = vec![MetricInfo::new(format!("m{HOSTILE}"), Direction::Maximize)];
    let folds = vec![FoldInfo::new(2, 1); 2];
    let mut metadata = Metadata::new(metrics, folds);
    metadata.fits = Some(6);
    store.set_metadata(&metadata).expect("written");
    let mut fits = Vec::new();
    for (at, fold) in (0..3).flat_map(|at| [(at, 0), (at, 1)]) {
        let failure = Failure::Panicked { message: HOSTILE.to_owned() };
        let outcome = if at == 1 { Err(failure.clone()) } else { Ok(vec![0.5 + f64::from(at) / 10.0]) };
        let params = serde_json::json!({ "lr": at, format!("n{HOSTILE}"): HOSTILE, "formula": "=1+1" }).to_string();
        let job = Job { candidate: 0, params: (), fold, budget: Budget::Full };
        let mut record = Record::new(&job, outcome);
        record.fit_time = Duration::from_millis(u64::from(seed.len() as u32));
        record.details.retried = vec![failure];
        record.details.stopped_by = Some(HOSTILE.to_owned());
        fits.push(StoredRecord { name: FitName { params, fold, resource: Resource::full(20) }, record });
    }
    store.add(&fits, &[], &[]).expect("written");
}

/// Whether a terminal would obey something in a text of lines.
fn is_obeyed(text: &str) -> bool {
    let marks = ['\u{202e}', '\u{2066}', '\u{200b}'];
    text.chars().any(|letter| letter != '\n' && letter.is_control() || marks.contains(&letter))
}

#[test]
fn no_text_of_a_study_reaches_the_terminal_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let [first, second] = ["a", "b"].map(|name| format!("{name}\u{1b}[31m\n.study"));
    hostile(&folder.join(&first), "1");
    hostile(&folder.join(&second), "2 \u{1b}c");
    fs::write(folder.join("broken\u{1b}c.study"), "no study").expect("written");
    let commands: [&[&str]; 11] = [
        &["ls"],
        &["show", &first],
        &["best", &first],
        &["verify", &first, &second, "broken\u{1b}c.study"],
        &["diff", &first, &second],
        &["show", "none\u{1b}c.study"],
        &["best", &first, "--maximize", "no\u{1b}c"],
        &["export", &first, "--format", "md"],
        &["export", &first, "--output", "x\u{1b}c"],
        &["export", &first, "--format", "json"],
        &["export", &first, "--format", "jsonl", "--fits"],
    ];
    for args in commands {
        for columns in [None, Some("60")] {
            let mut command = binary(folder);
            if let Some(columns) = columns {
                command.env("COLUMNS", columns);
            }
            let run: crate::support::Run = command.args(args).output().expect("the binary").into();
            assert!(!is_obeyed(&run.stdout), "{args:?}: {:?}", run.stdout);
            assert!(!is_obeyed(&run.stderr), "{args:?}: {:?}", run.stderr);
            // No line but ours begins with what a name has after its line feed.
            let forged = |text: &str| text.lines().any(|line| line.starts_with("line") || line.starts_with(".study"));
            assert!(!forged(&run.stdout) && !forged(&run.stderr), "{args:?}: {}{}", run.stdout, run.stderr);
        }
    }
    let shown = dropgrid(folder, &["best", &first]).ok();
    assert!(
        shown.contains("\\u{1b}[2J\\u{1b}]0;x\\u{7}\\u{9b}31m\\u{202e}\\u{2066}\\u{200b}\\rforged\\nline"),
        "{shown}"
    );
}

/// Programs get the texts as they are; a terminal would not obey the JSON of them either.
#[test]
fn programs_get_the_texts_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    hostile(&folder.join("x.study"), "1");
    for command in ["ls", "show", "best", "export"] {
        let args: &[&str] = if command == "ls" { &["ls", "--json"] } else { &[command, "x.study", "--json"] };
        let run = dropgrid(folder, args);
        assert!(!is_obeyed(&run.stdout), "{command}: {:?}", run.stdout);
        drop(run.json());
    }
    let name = format!("n{HOSTILE}");
    let best = dropgrid(folder, &["best", "x.study", "--json"]).json();
    assert_eq!(best["best"]["params"][&name], HOSTILE);
    assert_eq!(best["best"]["metrics"][0]["name"], format!("m{HOSTILE}"));
    let list: Value =
        serde_json::from_str(&dropgrid(folder, &["export", "x.study", "--format", "json"]).stdout).expect("JSON");
    assert_eq!(list[0][format!("param_{name}")], HOSTILE);
    assert_eq!(list[0]["param_formula"], "=1+1");
    let csv = dropgrid(folder, &["export", "x.study", "--format", "csv"]).stdout;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|column| column == name).expect("a column");
    let (text, formula, lr) = (at(&format!("param_{name}")), at("param_formula"), at("param_lr"));
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!((&rows[0][text], &rows[0][formula], &rows[2][lr]), (HOSTILE, "'=1+1", "2"));
}

/// An export replaces a file whole, through a link, and is written to what is no file.
#[test]
#[cfg(unix)]
fn an_export_goes_where_its_path_leads() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    hostile(&folder.join("x.study"), "1");
    fs::write(folder.join("real.csv"), "old").expect("written");
    fs::set_permissions(folder.join("real.csv"), fs::Permissions::from_mode(0o600)).expect("a file of ours");
    symlink("real.csv", folder.join("link.csv")).expect("a link");
    let csv = dropgrid(folder, &["export", "x.study"]);
    let run = dropgrid(folder, &["export", "x.study", "--output", "link.csv"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert_eq!(fs::read_to_string(folder.join("real.csv")).expect("a file"), csv.stdout);
    assert_eq!(fs::metadata(folder.join("real.csv")).expect("a file").mode() & 0o777, 0o600);
    assert!(fs::symlink_metadata(folder.join("link.csv")).expect("a link").is_symlink());
    #[cfg(target_os = "linux")]
    {
        let run = dropgrid(folder, &["export", "x.study", "--format", "csv", "--output", "/dev/stdout"]);
        assert_eq!((run.status, &run.stdout), (0, &csv.stdout), "{}", run.stderr);
    }
    let run = dropgrid(folder, &["export", "x.study", "--format", "csv", "--output", "."]);
    assert_eq!(
        (run.status, run.stderr.as_str()),
        (2, "dropgrid: cannot write .: a folder stands there, expected a file\n")
    );
}
