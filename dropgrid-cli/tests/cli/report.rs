//! `report`: pages, pictures and databases of studies at every stage.

use std::fs;

use dropgrid::{
    study::{Identity, Records, Sqlite},
    view::Fact,
};
use rusqlite::Connection;

use crate::support::{Run, again, binary, corners, dropgrid, handmade, names, search};

#[test]
fn a_study_becomes_a_page_pictures_and_a_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    handmade(&folder.join("x.study"));
    let before = fs::read(folder.join("x.study")).expect("the study");
    let told = dropgrid(folder, &["report", "x.study", "--plots", "plots", "--optuna", "x.db"]).ok();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!((lines[0], lines[lines.len() - 1]), ("x.html", "x.db"));
    assert!(lines.contains(&"plots/score-by-width.svg") && lines.contains(&"plots/parallel-coordinates.svg"), "{told}");
    let page = fs::read_to_string(folder.join("x.html")).expect("the page");
    // One fit failed, and one candidate is in the middle of its folds.
    for text in [
        ">failed<",
        "unfinished, 2 of 3 folds",
        "71 of 72 fits are done, and no process works on it",
        "Train { optimizer",
        // Neither predictions nor training scores were kept.
        "There are no pictures of predictions: a record keeps a summary of them where the truth is a class or",
        "by dropout: <code>.train_scores(true)</code> on the search adds it.",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert_eq!(page.matches("<tr data-c=").count(), 24);
    assert_eq!(fs::read(folder.join("x.study")).expect("the study"), before);

    let written = dropgrid(folder, &["report", "x.study", "--output", "y.html", "--json"]).json();
    assert_eq!(written["written"], serde_json::json!(["y.html"]));
    let refused = dropgrid(folder, &["report", "x.study", "-o", "x.study"]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("is the study or a part of it"), "{}", refused.stderr);
    assert_eq!(dropgrid(folder, &["report", "none.study"]).status, 2);
    assert_eq!(names(folder), ["plots", "x.db", "x.html", "x.study", "x.study-lock", "y.html"]);
}

#[test]
fn a_page_compares_candidates_by_what_it_is_asked_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    handmade(&folder.join("x.study"));
    let page = |args: &[&str]| {
        let run = dropgrid(folder, &[&["report", "x.study"], args].concat());
        assert_eq!(run.status, 0, "{}", run.stderr);
        (fs::read_to_string(folder.join("x.html")).expect("the page"), run.stderr)
    };
    assert!(page(&[]).0.contains("id=\"plot-front-log_loss\""));
    let (text, remarks) = page(&["--objectives", "accuracy,fit_time"]);
    assert!(text.contains(">accuracy against fit time in s<") && !text.contains("plot-front-log_loss"));
    assert_eq!(remarks, "");
    // A study that was written by hand has no numbers of parameters.
    let (text, remarks) = page(&["--objectives", "accuracy,parameters"]);
    assert!(!text.contains("id=\"plot-front"), "{remarks}");
    assert!(remarks.contains("no candidate has a value of each objective"), "{remarks}");
    let unknown = dropgrid(folder, &["report", "x.study", "--objectives", "accuracy,f1"]);
    assert!(unknown.status == 2 && unknown.stderr.contains("f1"), "{}", unknown.stderr);
}

/// The machine of the search may be another one than that of the command.
#[test]
fn a_page_names_the_versions_of_the_search() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    handmade(&folder.join("x.study"));
    let made_by = |path: &str| {
        dropgrid(folder, &["report", path, "-o", "x.html"]).ok();
        let page = fs::read_to_string(folder.join("x.html")).expect("the page");
        page.split("<dt>made by</dt><dd>").nth(1).and_then(|rest| rest.split("</dd>").next()).map(str::to_owned)
    };
    assert_eq!(made_by("x.study"), None, "nobody has said it");
    let mut store = again(|| Sqlite::open(folder.join("x.study")));
    let mut metadata = store.metadata().expect("read").expect("metadata");
    let fact = Fact { name: "made by".to_owned(), text: "dropgrid 0.0.9 and dfdx 0.12.1\nriscv64 hurd".to_owned() };
    metadata.facts = vec![fact];
    store.set_metadata(&metadata).expect("written");
    drop(store);
    assert_eq!(made_by("x.study").as_deref(), Some("dropgrid 0.0.9 and dfdx 0.12.1\nriscv64 hurd"));
    search(1).study(folder.join("y.study")).cross_validate(&corners()).expect("a report");
    let text = made_by("y.study").expect("a search says it");
    let manifest = include_str!("../../../Cargo.toml");
    let dfdx = manifest.split("\ndfdx = { version = \"=").nth(1).and_then(|rest| rest.split('"').next());
    let wanted = format!("dropgrid {} and dfdx {}, ", env!("CARGO_PKG_VERSION"), dfdx.expect("a release"));
    assert!(text.starts_with(&wanted) && text.contains(std::env::consts::ARCH), "{text}");
    let compiler = std::process::Command::new("rustc").arg("--version").output().expect("the compiler");
    let compiler = String::from_utf8(compiler.stdout).expect("text");
    assert!(compiler.starts_with("rustc 1.") && text.lines().nth(1) == Some(compiler.trim()), "{text}, not {compiler}");
}

#[test]
fn a_database_has_the_trials_of_the_study() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    handmade(&folder.join("x.study"));
    assert_eq!(dropgrid(folder, &["export", "x.study", "--optuna", "x.db"]).ok(), "");
    let database = Connection::open(folder.join("x.db")).expect("a database");
    let number = |query: &str| database.query_row(query, [], |row| row.get::<_, i64>(0)).expect("a number");
    let text = |query: &str| database.query_row(query, [], |row| row.get::<_, String>(0)).expect("a text");
    assert_eq!(number("SELECT count(*) FROM trials WHERE state = 'COMPLETE'"), 22);
    assert_eq!(number("SELECT count(*) FROM trials WHERE state = 'FAIL'"), 2);
    assert_eq!(number("SELECT count(*) FROM trial_params"), 96);
    assert_eq!(number("SELECT count(*) FROM trial_values"), 22);
    assert_eq!(number("SELECT count(DISTINCT distribution_json) FROM trial_params"), 4);
    assert_eq!(text("SELECT direction FROM study_directions"), "MAXIMIZE");
    let width = text("SELECT distribution_json FROM trial_params WHERE param_name = 'width'");
    assert!(width.contains("CategoricalDistribution") && width.contains("[32,64,128]"), "{width}");
    let dropout = text("SELECT distribution_json FROM trial_params WHERE param_name = 'dropout'");
    assert!(dropout.contains("FloatDistribution") && dropout.contains("\"step\":0.1"), "{dropout}");
    let reasons = "SELECT group_concat(value_json, ' ') FROM trial_system_attributes WHERE \"key\" = 'fail_reason'";
    assert!(text(reasons).contains("not done on every fold"), "{}", text(reasons));
    assert_eq!(dropgrid(folder, &["export", "x.study", "--optuna", "y.db", "--fits"]).status, 2);

    assert_eq!(dropgrid(folder, &["export", "x.study", "--mlflow", "mlruns"]).ok(), "");
    let experiments = names(&folder.join("mlruns"));
    assert_eq!(experiments.len(), 1, "{experiments:?}");
    let runs = names(&folder.join("mlruns").join(&experiments[0]));
    // Beside the experiment's own file and its tags.
    assert_eq!(runs.len(), 24 + 2, "{runs:?}");
    let told = dropgrid(folder, &["report", "x.study", "--mlflow", "mlruns"]).ok();
    assert!(told.ends_with(&format!("mlruns/{}\n", experiments[0])), "{told}");
    assert_eq!(names(&folder.join("mlruns")), experiments, "the same search is one experiment");
    assert_eq!(dropgrid(folder, &["export", "x.study", "--mlflow", "mlruns", "--optuna", "y.db"]).status, 2);

    let shown =
        |args: &[&str]| Run::from(binary(folder).args(args).env("COLUMNS", "200").output().expect("the binary")).ok();
    let text = shown(&["show", "x.study", "--folds"]);
    let header = text.lines().find(|line| line.contains("┆ mean accuracy ┆")).expect("a header");
    assert!(["┆ fold 0", "┆ fold 1", "┆ fold 2"].iter().all(|fold| header.contains(fold)), "{text}");
    assert!(!shown(&["show", "x.study"]).contains("┆ fold 0"));
    assert_eq!(dropgrid(folder, &["export", "x.study", "--optuna", "x.study-lock"]).status, 2);
}

#[test]
fn a_study_without_fits_and_a_damaged_one_have_pages_that_say_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    {
        let mut store = Sqlite::open(folder.join("empty.study")).expect("a new study");
        store.set_identity(None, &Identity::new().with("model", "Net")).expect("written");
    }
    dropgrid(folder, &["report", "empty.study"]).ok();
    let page = fs::read_to_string(folder.join("empty.html")).expect("the page");
    assert!(page.contains("No candidate has been tried yet."));

    // A process that was killed at once leaves a file without a byte, or a database without a table.
    let mut page = b"SQLite format 3\0".to_vec();
    page.resize(4096, 0);
    for (name, bytes) in [("nothing", Vec::new()), ("header", page)] {
        fs::write(folder.join(format!("{name}.study")), bytes).expect("written");
        let run = dropgrid(folder, &["report", &format!("{name}.study")]);
        assert_eq!(run.status, 1, "{}{}", run.stdout, run.stderr);
        let page = fs::read_to_string(folder.join(format!("{name}.html"))).expect("the page");
        assert!(
            page.contains("No candidate can be read.") && page.contains("nothing has been written to this file yet")
        );
    }
    fs::write(folder.join("other.study"), "a letter").expect("written");
    assert_eq!(dropgrid(folder, &["report", "other.study"]).status, 2);

    handmade(&folder.join("x.study"));
    let connection = Connection::open(folder.join("x.study")).expect("a database");
    connection.execute_batch("UPDATE record SET fit_nanoseconds = 7 WHERE fold = 1").expect("written");
    drop(connection);
    let run = dropgrid(folder, &["report", "x.study"]);
    assert_eq!(run.status, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("not all of x.study can be read"), "{}", run.stderr);
    let page = fs::read_to_string(folder.join("x.html")).expect("the page");
    assert!(page.contains("Not all of this search can be read: the record of") && page.contains("more"));
    // What is left of each candidate is two folds.
    assert!(page.contains("unfinished, 2 of 3 folds"));
}

#[test]
fn a_search_that_is_over_is_watched_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    again(|| search(1).study(folder.join("x.study")).cross_validate(&corners()));
    let told = dropgrid(folder, &["watch", "x.study"]).ok();
    assert!(told.starts_with("18 of 18 fits, best accuracy ") && told.ends_with(", done\n"), "{told}");
    assert_eq!(told.lines().count(), 1);
    // No colour and no cursor where nobody looks.
    assert!(!told.contains('\u{1b}'));
    assert_eq!(binary(folder).args(["watch", "none.study"]).output().expect("the binary").status.code(), Some(2));
}
