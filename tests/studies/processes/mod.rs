//! Several processes on one study: each fit is run once, the dead are replaced, and what kills them is found.

mod crashes;
mod strategies;
mod watchdog;

use std::{
    env,
    fs::File,
    io::{BufRead, BufReader, Read, Seek, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use dropgrid::{
    Tunable,
    error::StopReason,
    nn::Range,
    prelude::*,
    record::Resource,
    search::Search,
    study::{ClaimStatus, Claims, FitName, Sqlite, Study, StudyFile},
};

use crate::{child, corners, kept, own_layer::own_layer};

/// Training passes of this process.
static PASSES: AtomicUsize = AtomicUsize::new(0);

/// Takes a millisecond for each training pass, or the whole process with it.
#[derive(Debug, Clone, Default)]
struct Dangerous {
    danger: f64,
}

impl Tunable for Dangerous {
    const SETTING: &'static str = "danger";
    const RANGE: Range = Range { low: 0.0, high: 1.0, closed: true, text: "[0, 1]" };

    fn tune(&mut self, value: f64) {
        self.danger = value;
    }
}

/// The variable by which danger is real.
const DANGER: &str = "DROPGRID_TEST_DANGER";

own_layer!(Dangerous, |layer, input| train: {
    PASSES.fetch_add(1, Ordering::Relaxed);
    thread::sleep(Duration::from_millis(1));
    if layer.danger == 1.0 && env::var_os(DANGER).is_some() {
        std::process::abort();
    }
    input
}, evaluate: input);

#[searchable]
struct Mlp {
    #[grid(0.0, 0.5, 1.0)]
    dangerous: Dangerous,
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[train]
    #[grid(1e-2, 3e-2)]
    lr: f64,
}

/// Ten epochs of two batches, twelve candidates on two folds.
const PASSES_OF_A_FIT: usize = 20;
const FITS: usize = 24;

fn search() -> Search<Mlp, Grid> {
    let recipe = Train::adam(1e-2).epochs(10).batch_size(10);
    Mlp::search(Grid).cv(KFold::new(2)).train(recipe).progress(false).seed(5)
}

fn data() -> Dataset<Classes<3>> {
    corners::corners(40, 1.0)
}

/// The digest of a search that nothing disturbs.
fn whole() -> String {
    search().workers(2).cross_validate(&data()).expect("a report").digest()
}

/// The variable that makes a test process one of several.
const PART: &str = "DROPGRID_TEST_PART";

/// One of several processes; nothing where there is no such variable.
#[test]
fn part() {
    let Ok(task) = env::var(PART) else { return };
    let (what, path) = task.split_once(' ').expect("a task");
    // All begin when all are there.
    println!("\nready");
    std::io::stdin().read_line(&mut String::new()).expect("a line");
    let said = match what {
        "nested" => {
            let nested = search().workers(1).study(path).nested_cross_validate(KFold::new(2), &data()).expect("nested");
            nested.folds().iter().map(|fold| fold.report.digest()).collect::<Vec<_>>().join(" ")
        }
        "slow" => {
            let study = Study::at(path).lease(Duration::from_millis(200));
            search().workers(1).study(study).cross_validate(&data()).expect("a report").digest()
        }
        "again" => {
            let study = Study::at(path).retry_failed();
            crashes::dangerous().study(study).cross_validate(&data()).expect("a report").digest()
        }
        "long" => crashes::long().study(path).cross_validate(&data()).expect("a report").digest(),
        "dangerous" => crashes::dangerous().workers(2).study(path).cross_validate(&data()).expect("a report").digest(),
        strategy if strategies::NAMES.contains(&strategy) => strategies::digest(strategy, Some(path.as_ref())),
        workers => {
            let workers = workers.parse().expect("a number");
            search().workers(workers).study(path).cross_validate(&data()).expect("a report").digest()
        }
    };
    println!("\nsaid {} {said}", PASSES.load(Ordering::Relaxed));
}

/// A process that is a part, and waits for its beginning; its output and its messages.
struct Part(Child, BufReader<std::process::ChildStdout>, File);

impl Part {
    fn new(what: &str, study: &Path, danger: Option<(&str, &str)>) -> Self {
        let mut command = child::command(module_path!(), "part");
        command.env(PART, format!("{what} {}", study.display())).envs(danger);
        let messages = tempfile::tempfile().expect("a file");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(messages.try_clone().expect("a file"));
        let mut child = command.spawn().expect("a process");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        while !line.contains("ready") {
            line.clear();
            assert!(lines.read_line(&mut line).expect("text") > 0, "the process ended");
        }
        Self(child, lines, messages)
    }

    fn begin(&mut self) {
        self.0.stdin.as_mut().expect("a pipe").write_all(b"\n").expect("it waits");
    }

    fn kill(mut self) {
        self.0.kill().expect("a process");
        self.0.wait().expect("its end");
    }

    #[cfg(unix)]
    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.0.id().to_string()]).status().expect("kill");
        assert!(status.success());
    }

    /// Whether it was started with a signal ignored.
    #[cfg(unix)]
    fn ignores(&self, signal: &str) -> bool {
        let number = match signal {
            "-HUP" => 1,
            "-INT" => 2,
            _ => 15,
        };
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        ignored.is_some_and(|set| u64::from_str_radix(set.trim(), 16).is_ok_and(|set| set >> (number - 1) & 1 == 1))
    }

    fn is_running(&mut self) -> bool {
        self.0.try_wait().expect("its state").is_none()
    }

    /// Passes that it has trained, and its digest; nothing where a signal ended it.
    fn end(mut self) -> Option<(usize, String)> {
        let mut text = String::new();
        self.1.read_to_string(&mut text).expect("text");
        let status = self.0.wait().expect("its end");
        status.code()?;
        self.2.rewind().expect("a file");
        self.2.read_to_string(&mut text).expect("text");
        assert!(status.success(), "{text}");
        let said =
            text.lines().find_map(|line| line.strip_prefix("said ")).unwrap_or_else(|| panic!("no report: {text}"));
        let (passes, digest) = said.split_once(' ').expect("both");
        Some((passes.parse().expect("a number"), digest.to_owned()))
    }
}

fn parts(count: usize, what: &str, study: &Path) -> Vec<Part> {
    let mut parts: Vec<Part> = (0..count).map(|_| Part::new(what, study, None)).collect();
    parts.iter_mut().for_each(Part::begin);
    parts
}

#[test]
fn two_and_four_processes_share_a_search_and_report_the_same() {
    let whole = whole();
    for count in [2, 4] {
        let folder = tempfile::tempdir().expect("a folder");
        let study = folder.path().join("shared.study");
        let ends: Vec<_> = parts(count, "1", &study).into_iter().map(|part| part.end().expect("a report")).collect();
        for (passes, digest) in &ends {
            assert_eq!(*digest, whole);
            assert!(*passes > 0, "one has done nothing: {ends:?}");
        }
        let passes: usize = ends.iter().map(|(passes, _)| passes).sum();
        assert_eq!(passes, FITS * PASSES_OF_A_FIT, "each fit is run once");
        assert_eq!(kept(&study), FITS);
        let files: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
        assert_eq!(files.len(), 2, "the study and its lock: {files:?}");
    }
}

#[test]
fn processes_share_a_nested_search() {
    let folder = tempfile::tempdir().expect("a folder");
    let nested = search().nested_cross_validate(KFold::new(2), &data()).expect("nested");
    let whole = nested.folds().iter().map(|fold| fold.report.digest()).collect::<Vec<_>>().join(" ");
    let parts = parts(2, "nested", &folder.path().join("shared.study"));
    for part in parts {
        assert_eq!(part.end().expect("a report").1, whole);
    }
}

/// By what a study knows the fit of the first candidate on the first fold.
fn first() -> FitName {
    let params = Mlp::space().into_iter().next().expect("a candidate");
    FitName { params: serde_json::to_string(&params).expect("JSON"), fold: 0, resource: Resource::full(10) }
}

/// A study on which all fits are done but one, which another has claimed.
fn with_one_claimed(study: &Path) -> Sqlite {
    // A search that has no time leaves what the study is of.
    search().time_budget(Duration::ZERO).study(study).cross_validate(&data()).expect_err("no time");
    let mut store = Sqlite::open(study).expect("the study");
    assert_eq!(store.claim(&[&[first()]], 1, true).expect("an answer"), [ClaimStatus::Claimed]);
    store
}

#[test]
fn a_search_waits_for_what_others_run() {
    let whole = whole();
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("shared.study");
    let store = with_one_claimed(&study);
    let budget = Duration::from_millis(400);
    let report = search().workers(2).time_budget(budget).study(&study).cross_validate(&data()).expect("a report");
    let stopped = report.stopped().expect("it had no more time");
    assert_eq!((stopped.why, stopped.done), (StopReason::OutOfTime { budget }, kept(&study)));

    let waiting = thread::spawn({
        let study = study.clone();
        move || search().workers(2).study(&study).cross_validate(&data()).expect("a report").digest()
    });
    while kept(&study) < FITS - 1 {
        thread::yield_now();
    }
    assert!(!waiting.is_finished());
    drop(store);
    assert_eq!(waiting.join().expect("a digest"), whole);
}

#[test]
#[cfg(unix)]
fn a_process_that_stands_still_is_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("slow.study");
    let mut part = parts(1, "slow", &study).remove(0);
    while kept(&study) < 2 {
        assert!(part.is_running());
        thread::yield_now();
    }
    part.signal("-STOP");
    let report = search().workers(1).study(&study).cross_validate(&data()).expect("a report");
    assert_eq!(report.digest(), whole());
    part.signal("-CONT");
    assert_eq!(part.end().expect("a report").1, whole());
    assert_eq!(kept(&study), FITS);
}
