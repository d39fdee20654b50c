//! Fits that were cut off go on from their checkpoints, with the bits of fits that ran through.

mod together;

use std::{
    env,
    fs::{self, File},
    io::Write,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use dropgrid::{
    Error,
    hook::FitInfo,
    prelude::*,
    study::{Sqlite, States, StudyFile},
};

use crate::{child, corners};

/// On dropgrid's own step.
#[searchable]
struct Own {
    hidden: (Linear<4, 8>, ReLU),
    norm: BatchNorm1D<8>,
    #[fixed(0.2)]
    dropout: Dropout,
    output: Linear<8, 3>,
}

/// On dfdx's tape.
#[searchable]
struct Tape {
    hidden: (Linear<4, 8>, Sin),
    norm: BatchNorm1D<8>,
    output: Linear<8, 3>,
}

/// Three candidates, which are one training.
#[searchable]
struct Several {
    hidden: (Linear<4, 8>, ReLU),
    output: Linear<8, 3>,
    #[train]
    #[fixed(Schedule::constant())]
    schedule: Schedule,
    #[train]
    #[grid(3, 6, 12)]
    epochs: usize,
}

fn data() -> Dataset<Classes<3>> {
    corners::corners(60, 0.5)
}

/// Everything of a recipe that has a state.
fn recipe() -> Train {
    Train::adam(0.02).batch_size(8).epochs(12).ema(0.8).schedule(Schedule::one_cycle())
}

macro_rules! search {
    ($model:ident) => {
        $model::search(Grid).cv(KFold::new(2)).scoring(LogLoss).train(recipe()).seed(5).workers(1).progress(false)
    };
}

/// The epochs that were trained, as (fold, epoch), in their order.
type Seen = Arc<Mutex<Vec<(u32, usize)>>>;

/// A hook that writes epochs down, and a request that it makes in one of them.
fn watch(seen: &Seen, end: (u32, usize)) -> (impl Fn(&FitInfo, &Epoch) + Send + Sync + use<>, Stop) {
    let (seen, stop) = (Arc::clone(seen), Stop::new());
    let asked = stop.clone();
    let hook = move |fit: &FitInfo, epoch: &Epoch| {
        let at = (fit.fold.expect("a fold"), epoch.number);
        seen.lock().expect("no panic").push(at);
        if at == end {
            asked.request(Duration::ZERO);
        }
    };
    (hook, stop)
}

const NEVER: (u32, usize) = (0, usize::MAX);

/// Runs a search on a study with checkpoints after every three epochs, until it ends or is asked to in an epoch.
macro_rules! run {
    ($model:ident, $path:expr, $seen:expr, $end:expr) => {{
        let (hook, stop) = watch($seen, $end);
        search!($model).study($path).checkpoint_every(3).hook(hook).stop(&stop).cross_validate(&data())
    }};
}

fn epochs(fold: u32, epochs: RangeInclusive<usize>) -> impl Iterator<Item = (u32, usize)> {
    epochs.map(move |epoch| (fold, epoch))
}

fn taken(seen: &Seen) -> Vec<(u32, usize)> {
    std::mem::take(&mut *seen.lock().expect("no panic"))
}

/// Interrupts a search in a fit of each fold and lets it go on.
macro_rules! goes_on {
    ($model:ident) => {{
        let whole = search!($model).cross_validate(&data()).expect("a report").digest();
        let folder = tempfile::tempdir().expect("a folder");
        let (path, seen) = (folder.path().join("x.study"), Seen::default());
        // The batch after such an epoch is not finished.
        for end in [(0, 7), (1, 4)] {
            let stopped = run!($model, &path, &seen, end).expect_err("no candidate is done on both folds");
            assert!(matches!(stopped, Error::Stopped { .. }), "{stopped}");
        }
        assert_eq!(run!($model, &path, &seen, NEVER).expect("a report").digest(), whole);
        let first = epochs(0, 1..=7).chain(epochs(0, 7..=12));
        let second = epochs(1, 1..=4).chain(epochs(1, 4..=12));
        assert_eq!(taken(&seen), first.chain(second).collect::<Vec<_>>());
        let mut store = Sqlite::open(&path).expect("a study");
        assert_eq!(store.states().expect("read"), [], "what is finished has none");
    }};
}

#[test]
fn an_interrupted_fit_goes_on_where_its_last_checkpoint_is() {
    goes_on!(Own);
    goes_on!(Tape);
}

#[test]
fn a_damaged_checkpoint_counts_as_none() {
    let whole = search!(Own).cross_validate(&data()).expect("a report").digest();
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = (folder.path().join("x.study"), Seen::default());
    run!(Own, &path, &seen, (0, 7)).expect_err("interrupted");
    let mut store = Sqlite::open(&path).expect("a study");
    let mut state = crate::longest_state(&mut store, 0).expect("a state");
    assert_eq!(state.epochs, 6);
    let middle = state.bytes.len() / 2;
    state.bytes[middle] ^= 1;
    crate::save(&mut store, &state);
    drop(store);
    taken(&seen);
    assert_eq!(run!(Own, &path, &seen, NEVER).expect("a report").digest(), whole);
    assert_eq!(taken(&seen), epochs(0, 1..=12).chain(epochs(1, 1..=12)).collect::<Vec<_>>());
}

/// A search is free in which of its folds it trains first.
fn one_fold() -> SplitList {
    SplitList::new([(0..40, 40..60)])
}

#[test]
fn candidates_of_one_training_are_kept_where_they_end() {
    let whole = search!(Several).cv(one_fold()).cross_validate(&data()).expect("a report").digest();
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = (folder.path().join("x.study"), Seen::default());
    let run = |end| {
        let (hook, stop) = watch(&seen, end);
        let search = search!(Several).cv(one_fold()).study(&path).checkpoint_every(3);
        search.hook(hook).stop(&stop).cross_validate(&data())
    };
    // Ends, and the candidates that are done by then: one that ends where a checkpoint is is known with the next one.
    for (end, kept) in [(2, 0), (4, 1), (8, 2), (10, 2)] {
        // Of candidates that are done on every fold there is a report.
        assert_eq!(run((0, end)).is_ok(), kept > 0);
        assert_eq!(StudyFile::open(&path).expect("a study").fits(), kept, "after {end} epochs");
    }
    assert_eq!(run(NEVER).expect("a report").digest(), whole);
    let went = epochs(0, 1..=2).chain(epochs(0, 1..=4)).chain(epochs(0, 4..=8));
    assert_eq!(taken(&seen), went.chain(epochs(0, 7..=10)).chain(epochs(0, 10..=12)).collect::<Vec<_>>());
}

#[test]
fn checkpoints_need_a_study_and_a_number_of_epochs() {
    let error = search!(Own).checkpoint_every(5).cross_validate(&data()).unwrap_err();
    assert!(matches!(error, Error::CheckpointsWithoutStudy { epochs: 5 }), "{error}");
    assert!(error.to_string().ends_with("have no study to stand in; give the search one by `.study(..)`"), "{error}");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let error = search!(Own).study(&path).checkpoint_every(0).cross_validate(&data()).unwrap_err();
    assert_eq!(error.to_string(), "checkpoint_every is 0, expected at least 1");
    assert!(!path.exists());
}

/// The variables that make a test process the search that is killed: its study, and the epoch in which it waits for
/// that.
const STUDY: &str = "DROPGRID_CHECKPOINTED_STUDY";
const WAITS: &str = "DROPGRID_WAITS_IN_EPOCH";
/// Beside the study: the epochs that the processes have trained.
const LOG: &str = "epochs";

/// The search that is killed, with a checkpoint after each epoch.
macro_rules! killed {
    ($path:expr) => {
        search!(Tape).cv(one_fold()).study($path).checkpoint_every(1)
    };
}

/// The search of a child process; nothing where there is no such variable.
#[test]
fn child() {
    let (Ok(path), Ok(waits)) = (env::var(STUDY), env::var(WAITS)) else { return };
    let path = PathBuf::from(path);
    let log = path.with_file_name(LOG);
    let hook = move |_: &FitInfo, epoch: &Epoch| {
        let mut log = File::options().create(true).append(true).open(&log).expect("a log");
        writeln!(log, "{}", epoch.number).expect("written");
        while epoch.number.to_string() == waits {
            thread::park();
        }
    };
    killed!(&path).hook(hook).cross_validate(&data()).expect("a report");
}

fn start(path: &Path, waits: &str) -> Child {
    let child = child::command(module_path!(), "child")
        .envs([(STUDY, path.as_os_str()), (WAITS, waits.as_ref())])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    child.expect("a child")
}

/// The epochs of the checkpoint; none where there is none.
fn at(path: &Path) -> Option<u32> {
    let mut store = Sqlite::open(path).ok()?;
    crate::longest_state(&mut store, 0).map(|state| state.epochs)
}

#[test]
fn a_killed_search_goes_on_in_the_middle_of_a_fit() {
    let whole = search!(Tape).cv(one_fold()).cross_validate(&data()).expect("a report").digest();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let log = || fs::read_to_string(path.with_file_name(LOG)).unwrap_or_default();
    // More often than a fit may end its process without getting further.
    let kills = [3, 5, 6, 10, 12];
    for epoch in kills {
        let mut child = start(&path, &epoch.to_string());
        // It waits in this epoch, and what it has handed over of the one before is in the file.
        while !(log().ends_with(&format!("{epoch}\n")) && at(&path) == Some(epoch - 1)) {
            assert!(child.try_wait().expect("a child").is_none(), "the search has ended before epoch {epoch}");
            thread::sleep(Duration::from_millis(2));
        }
        child.kill().expect("a child that runs");
        child.wait().expect("a child");
    }
    assert!(start(&path, "never").wait().expect("a child").success());
    assert_eq!(killed!(&path).cross_validate(&data()).expect("a report").digest(), whole);

    // Each process went on after the epoch that the one before it has finished.
    let (mut wanted, mut first) = (Vec::new(), 1);
    for last in kills.into_iter().chain([12]) {
        wanted.extend((first..=last).map(|epoch| epoch.to_string()));
        first = last;
    }
    assert_eq!(log().lines().collect::<Vec<_>>(), wanted);
}
