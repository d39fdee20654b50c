//! What a machine can do to a search: no memory, no room on the disk, a disk that may not be written.

use std::{
    env,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use dropgrid::{
    Error, Failure,
    error::{FileError, StudyError},
    hook::FitInfo,
    prelude::*,
};

use crate::{child, corners, kept};

/// One width of which there is no memory for the weights.
#[searchable]
struct Enormous<#[grid(8, 4_000_000_000_000)] const HIDDEN: usize> {
    hidden: (Linear<4, HIDDEN>, ReLU),
    output: Linear<HIDDEN, 3>,
}

#[test]
fn a_network_without_memory_is_a_failed_fit() {
    let recipe = Train::adam(1e-2).epochs(1);
    let data = corners::corners(30, 1.0);
    let report = Enormous::search(Grid).cv(KFold::new(2)).train(recipe).progress(false).fit(&data).expect("a report");
    assert_eq!(report.best_params().hidden, 8);
    let failures: Vec<&Failure> = report.results().failures().collect();
    assert_eq!(failures.len(), 2);
    for failure in failures {
        assert!(matches!(failure, Failure::Device { .. }), "{failure}");
        let said = "the device failed: there is no memory for a tensor; a smaller network, smaller batches or fewer workers \
                    take less";
        assert_eq!(failure.to_string(), said);
    }
}

#[test]
fn nothing_asks_what_time_it_is() {
    // Times are differences of a clock that never goes back, so what sets the wall clock back changes nothing. Events
    // for TensorBoard and runs for MLflow say when they were, which nothing of ours reads.
    const MAY: [&str; 2] = ["hook/tensorboard/event_file.rs", "report/mlflow/mod.rs"];
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("dropgrid-core/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).expect("a source");
                let is_free = MAY.iter().any(|file| path.ends_with(file)) || !text.contains("SystemTime::now");
                assert!(is_free, "{} reads the wall clock", path.display());
            }
        }
    }
}

#[searchable]
struct Mlp {
    #[grid(0.0, 0.1, 0.2, 0.3)]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[train]
    #[grid(1e-2, 2e-2, 3e-2)]
    lr: f64,
}

fn search() -> dropgrid::search::Search<Mlp, Grid> {
    Mlp::search(Grid).cv(KFold::new(5)).train(Train::adam(1e-2).epochs(1)).workers(2).progress(false)
}

/// The folder of a small disk that this process may fill; nothing where the test below did not start it.
const DISK: &str = "DROPGRID_TEST_DISK";

/// The search on a disk of its own: as it fills, as there is room again, and as it may not be written.
#[test]
fn on_a_small_disk() {
    let Some(disk) = env::var_os(DISK).map(PathBuf::from) else { return };
    let data = corners::corners(60, 1.0);
    let study = disk.join("mlp.study");
    let filler = disk.join("filler");

    // What else is on the disk leaves room to begin, not to end.
    let mut file = File::create(&filler).expect("a file");
    let room = 48 * 1024;
    file.write_all(&vec![1; 256 * 1024 - room]).expect("room");
    drop(file);
    let error = search().study(&study).cross_validate(&data).expect_err("a full disk");
    assert!(matches!(error, Error::Study(StudyError::Store { .. })), "{error}");
    assert!(error.to_string().contains("the disk is full; what was finished before is kept"), "{error}");
    let before = kept(&study);
    assert!(before < 60, "{before} fits are kept on a full disk");
    // With as many fits, the first candidate is done on every fold.
    let told = error
        .report::<Mlp, Classes<3>>()
        .map(|report| report.results().candidates().iter().map(|candidate| candidate.records().len()).sum::<usize>());
    assert!(before < 10 || told >= Some(before), "{before} fits are kept, and the report has {told:?}");

    let model = disk.join("model");
    fs::write(&model, "old").expect("room for three letters");
    a_file_stays_where_there_is_no_room(&model, 300 * 1024);

    fs::remove_file(&filler).expect("room again");
    let report = search().study(&study).cross_validate(&data).expect("a report");
    assert_eq!(report.digest(), search().cross_validate(&data).expect("a report").digest());
    assert_eq!(kept(&study), 60);

    let status = Command::new("mount").args(["-o", "remount,ro"]).arg(&disk).status().expect("mount");
    assert!(status.success());
    let error = search().study(&study).cross_validate(&data).expect_err("a disk that may not be written");
    assert!(matches!(error, Error::Study(StudyError::Store { .. })), "{error}");
    assert!(error.to_string().contains("mlp.study"), "{error}");
    println!("{error}");
    a_file_stays_where_there_is_no_room(&model, 3);
    println!("the small disk was full");
}

/// Writing so many bytes fails, and leaves the old file and no other.
fn a_file_stays_where_there_is_no_room(path: &Path, bytes: usize) {
    let names = || {
        let folder = path.parent().expect("a folder");
        let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    };
    let before = names();
    let error = dropgrid::file::write(path, vec![b'x'; bytes]).expect_err("no room");
    assert!(matches!(&error, Error::File(FileError::Write { path: at, .. }) if at == path), "{error}");
    assert_eq!(fs::read_to_string(path).expect("a file"), "old");
    assert_eq!(names(), before);
}

/// The folder of a process whose files may not grow; nothing where the test below did not start it.
const LIMITED: &str = "DROPGRID_TEST_LIMITED";

/// The search in a process whose files may not grow over a few pages.
#[test]
fn in_a_file_that_may_not_grow() {
    let Some(folder) = env::var_os(LIMITED).map(PathBuf::from) else { return };
    let model = folder.join("model");
    fs::write(&model, "old").expect("room for three letters");
    a_file_stays_where_there_is_no_room(&model, 300 * 1024);
    let error =
        search().study(folder.join("mlp.study")).cross_validate(&corners::corners(60, 1.0)).expect_err("no room");
    assert!(matches!(error, Error::Study(StudyError::Store { .. })), "{error}");
    assert!(error.to_string().contains("what was finished before is kept: see whether"), "{error}");
    println!("the file was full");
}

fn a_file_that_may_not_grow(folder: &Path) {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -f 48; exec \"$0\" \"$@\""]).arg(env::current_exe().expect("this program"));
    command.args(child::arguments(module_path!(), "in_a_file_that_may_not_grow"));
    let output = command.env(LIMITED, folder).output().expect("a shell");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("the file was full"), "{text}");
    let (study, data) = (folder.join("mlp.study"), corners::corners(60, 1.0));
    assert!(kept(&study) < 60);
    let report = search().study(&study).cross_validate(&data).expect("a report");
    assert_eq!(report.digest(), search().cross_validate(&data).expect("a report").digest());
}

#[test]
#[cfg(unix)]
fn a_limited_file_loses_nothing_that_was_finished() {
    let folder = tempfile::tempdir().expect("a folder");
    a_file_that_may_not_grow(folder.path());
}

/// A disk of 256 KiB in memory, which only this test's own process sees. Where the system lets nobody have one, the
/// limit that it sets to a file's size has to do.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_loses_nothing_that_was_finished() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = env::current_exe().expect("this program");
    let script = "mount -t tmpfs -o size=256k tmpfs \"$0\" || exit 77; exec \"$@\"";
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]).arg(folder.path()).arg(program);
    command.args(child::arguments(module_path!(), "on_a_small_disk"));
    let output = command.env(DISK, folder.path()).output();
    match output {
        Ok(output) if output.status.code() != Some(77) => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
            if text.contains("unshare failed") || text.contains("unshare: ") {
                return a_file_that_may_not_grow(folder.path());
            }
            assert!(output.status.success() && text.contains("the small disk was full"), "{text}");
        }
        _ => a_file_that_may_not_grow(folder.path()),
    }
}

/// A study whose file somebody takes away: nothing of it can be kept any more, and nothing that was computed is lost.
#[test]
#[cfg(unix)]
fn a_study_that_is_taken_away_is_told_of_with_the_report() {
    type Deed = fn(&Path) -> std::io::Result<()>;
    let deeds: [(&str, Deed); 3] = [
        ("removed or renamed", |study| fs::remove_file(study)),
        ("removed or renamed", |study| fs::rename(study, study.with_extension("old"))),
        ("replaced", |study| {
            fs::copy(study, study.with_extension("new")).and_then(|_| fs::rename(study.with_extension("new"), study))
        }),
    ];
    let data = corners::corners(60, 1.0);
    let whole = search().cross_validate(&data).expect("a report");
    for (said, deed) in deeds {
        let folder = tempfile::tempdir().expect("a folder");
        let study = folder.path().join("mlp.study");
        let (path, done) = (study.clone(), AtomicBool::new(false));
        // On the second candidate, once the study has the first: on a slow disk a worker is ahead of it.
        let hook = move |fit: &FitInfo, _: &Epoch| {
            if fit.candidates != [0] && !done.swap(true, Ordering::SeqCst) {
                let start = Instant::now();
                while kept(&path) < 5 {
                    assert!(start.elapsed() < Duration::from_mins(2), "the first candidate is not kept");
                    thread::sleep(Duration::from_millis(1));
                }
                deed(&path).expect("done");
            }
        };
        let error = search().workers(1).study(&study).hook(hook).fit(&data).expect_err("the study is gone");
        let Error::Study(StudyError::Lost { path, fault, .. }) = &error else { panic!("{error}") };
        assert_eq!((path, *fault), (&study, said));
        let text = error.to_string();
        assert!(text.contains(&format!("{} was {said} while the search was writing", study.display())), "{text}");
        assert!(text.contains("error.report::<Model, Targets>()"), "{text}");
        let report = error.report::<Mlp, Classes<3>>().expect("what was done");
        let found = report.results().candidates();
        assert!((1..=12).contains(&found.len()), "{report}");
        assert!(found.iter().any(|candidate| candidate.is_complete()), "{report}");
        for (is, was) in found.iter().zip(whole.results().candidates()) {
            assert_eq!(is.params(), was.params());
            // The search ended in the middle of a candidate.
            for record in is.records() {
                let same = was.records().iter().find(|same| same.fold == record.fold).expect("every fold");
                assert_eq!(record.outcome, same.outcome);
            }
            assert!(is.is_complete() || !is.is_finalist(), "{report}");
        }
    }
}

#[test]
fn names_that_keep_nothing_are_refused_before_any_training() {
    let data = corners::corners(60, 1.0);
    let search = || search().hook(|_: &FitInfo, _: &Epoch| panic!("it trains"));
    for name in ["", ":memory:", "file:x?mode=memory", "no-such-folder/"] {
        for error in [
            search().study(name).cross_validate(&data).expect_err("no file"),
            search().study(name).nested_cross_validate(KFold::new(2), &data).map(drop).expect_err("no file"),
        ] {
            assert!(matches!(error, Error::Study(StudyError::Name { .. })), "{error}");
        }
    }
}
