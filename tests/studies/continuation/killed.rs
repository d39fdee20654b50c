//! Searches that are killed between an end state and the records of its fits.

use std::{
    env,
    fs::{self, File},
    io::Write,
    path::PathBuf,
    process::{Child, Stdio},
    thread,
    time::Duration,
};

use dropgrid::search::Search;

use super::*;
use crate::child;

/// The variables that make a test process the search that is killed: its study, its longest training, and the epoch of
/// the second fold in which it waits for that.
const STUDY: &str = "DROPGRID_CONTINUED_STUDY";
const LONGEST: &str = "DROPGRID_CONTINUED_EPOCHS";
const WAITS: &str = "DROPGRID_CONTINUED_WAITS";
/// Beside the study: the epochs that the processes have trained.
const LOG: &str = "epochs";

/// The search of a child process; nothing where there is no such variable.
#[test]
fn child() {
    let (Ok(path), Ok(longest), Ok(waits)) = (env::var(STUDY), env::var(LONGEST), env::var(WAITS)) else { return };
    let path = PathBuf::from(path);
    let log = path.with_file_name(LOG);
    let hook = move |fit: &FitInfo, epoch: &Epoch| {
        let mut log = File::options().create(true).append(true).open(&log).expect("a log");
        writeln!(log, "{} {}", fit.fold.expect("a fold"), epoch.number).expect("written");
        while fit.fold == Some(1) && epoch.number.to_string() == waits {
            thread::park();
        }
    };
    killed(&longest)
        .study(extended(&path))
        .keep_final_checkpoints(true)
        .hook(hook)
        .cross_validate(&data())
        .expect("a report");
}

fn killed(longest: &str) -> Search<Own, Grid, LogLoss> {
    let longest = longest.parse().expect("a number");
    search!(Own, recipe()).space(Own::space().epochs([4, longest]))
}

fn start(path: &Path, longest: &str, waits: &str) -> Child {
    let child = child::command(module_path!(), "child")
        .envs([(STUDY, path.as_os_str()), (LONGEST, longest.as_ref()), (WAITS, waits.as_ref())])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    child.expect("a child")
}

#[test]
fn killed_searches_keep_the_ends_that_they_have_come_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let log = || fs::read_to_string(path.with_file_name(LOG)).unwrap_or_default();
    let has = |fold: u32, epochs: u32| {
        let ends = Sqlite::open(&path).and_then(|mut store| store.states()).unwrap_or_default();
        ends.iter().any(|end| (end.name.fold, end.name.epochs) == (fold, epochs))
    };
    // Killed after an end state of the second fold is in the file, and before any fit of it is kept.
    for (longest, waits, end) in [("8", 6, (1, 4)), ("14", 11, (0, 14))] {
        let mut child = start(&path, longest, &waits.to_string());
        while !(log().ends_with(&format!("1 {waits}\n")) && has(end.0, end.1)) {
            assert!(child.try_wait().expect("a child").is_none(), "the search has ended before epoch {waits}");
            thread::sleep(Duration::from_millis(2));
        }
        child.kill().expect("a child that runs");
        child.wait().expect("a child");
        assert!(start(&path, longest, "never").wait().expect("a child").success());
        let whole = killed(longest).cross_validate(&data()).expect("a report").digest();
        assert_eq!(killed(longest).study(extended(&path)).cross_validate(&data()).expect("a report").digest(), whole);
    }
    let went = [(0, 1..=8), (1, 1..=6), (1, 5..=8), (0, 9..=14), (1, 9..=11), (1, 9..=14)];
    let went = went.into_iter().flat_map(|(fold, epochs)| epochs.map(move |epoch| format!("{fold} {epoch}")));
    assert_eq!(log().lines().collect::<Vec<_>>(), went.collect::<Vec<_>>());
}
