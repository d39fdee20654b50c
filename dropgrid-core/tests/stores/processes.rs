//! Several processes on one file.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
};

use super::*;

#[test]
fn one_process_runs_what_another_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let open = || Sqlite::open(&path).expect("a study");
    let (a, b) = ([fit("{}", 0)], [fit("{}", 1)]);
    let all: [&[FitName]; 2] = [&a, &b];
    let claim = |store: &mut Sqlite, most| store.claim(&all, most, true).expect("an answer");
    let mut first = open();
    first.set_metadata(&metadata(None)).expect("written");
    // By another name it is the same study.
    let link = folder.path().join("link.study");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&path, &link).expect("a link");
    let mut second = Sqlite::open(if cfg!(unix) { &link } else { &path }).expect("the study");
    assert_eq!(claim(&mut first, 1), [ClaimStatus::Claimed, ClaimStatus::Free { crashes: 0 }]);
    let elsewhere = ClaimStatus::Elsewhere { process: 1 };
    assert_eq!(claim(&mut second, 2), [elsewhere.clone(), ClaimStatus::Claimed]);
    assert!(!second.has_news().expect("an answer"));
    assert!(first.has_news().expect("an answer"));
    assert_eq!(claim(&mut first, 0)[1], ClaimStatus::Elsewhere { process: 2 });
    let running = StudyFile::open(&path).expect("read").info().running;
    assert_eq!((running.processes, running.fits, running.workers), (2, 2, 2));

    // What one keeps, the other hears of; what one gives back, the other can have.
    let done = stored("{}", 0, Ok(vec![0.5]));
    first.add(std::slice::from_ref(&done), &[], &[]).expect("written");
    assert!(second.has_news().expect("an answer"));
    assert_eq!(claim(&mut second, 0)[0], ClaimStatus::Finished(vec![done.record.clone()]));
    drop(second);
    assert!(first.has_news().expect("an answer"));
    assert_eq!(claim(&mut first, 2), [ClaimStatus::Finished(vec![done.record]), ClaimStatus::Claimed]);
    assert!(!folder.path().join("x.study-lock-2").exists());

    // A process that lives and does not move loses its fits with its lease, and may keep what comes of them all the same.
    first.give_back(&b).expect("written");
    let mut slow = Sqlite::open(Study::at(&path).lease(Duration::ZERO)).expect("a study");
    assert_eq!(claim(&mut slow, 1)[1], ClaimStatus::Claimed);
    assert!(first.has_news().expect("an answer"));
    assert_eq!(claim(&mut first, 1)[1], ClaimStatus::Claimed);
    slow.add(&[stored("{}", 1, Ok(vec![0.25]))], &[], &[]).expect("written");
    first.add(&[stored("{}", 1, Ok(vec![0.75]))], &[], &[]).expect("written");
    let records = sorted(&mut first);
    assert_eq!(records[1].record.outcome, Ok(vec![0.25]), "nobody's result is counted twice");
    assert_eq!(records.len(), 2);
    drop((first, slow));
    assert_eq!(StudyFile::open(&path).expect("read").info().running, RunningFits::default());
}

/// The variable that makes a test process one that claims fits and dies, or is asked to end before.
const DYING: &str = "DROPGRID_STORE_DYING";

#[test]
fn dying() {
    let Ok(task) = std::env::var(DYING) else { return };
    let (how, path) = task.split_once(' ').expect("a task");
    let mut store = Sqlite::open(path).expect("a study");
    let fits = [fit("{\"x\":1}", 0), fit("{\"x\":2}", 0)];
    // As a search would: what no process ended over ahead, the rest as far as it may.
    let fits: [&[FitName]; 2] = [&fits[..1], &fits[1..]];
    store.claim(&fits, 2, true).expect("an answer");
    store.claim(&fits, 2, false).expect("an answer");
    match how {
        "leaving" => store.leave().expect("written"),
        "waiting" => {
            println!("\nclaimed");
            std::io::stdin().read_line(&mut String::new()).expect("a line");
        }
        "stack" => assert_eq!(deep(0), 0),
        "memory" => assert_eq!(Vec::<u8>::with_capacity(isize::MAX as usize).len(), 0),
        "panic" => {
            let _panics = Panics;
            panic!("the first");
        }
        _ => {}
    }
    std::process::abort();
}

/// Takes more stack than there is.
fn deep(depth: u64) -> u64 {
    let taken = std::hint::black_box([depth; 64]);
    if depth == u64::MAX { 0 } else { deep(depth + 1) + taken[(depth % 64) as usize] }
}

/// Panics while a panic unwinds, which ends a process.
struct Panics;

impl Drop for Panics {
    fn drop(&mut self) {
        panic!("the second");
    }
}

fn dying_command(how: &str, path: &Path) -> Command {
    let mut command = child::command(module_path!(), "dying");
    command.env(DYING, format!("{how} {}", path.display()));
    command
}

fn die(how: &str, path: &Path) {
    let output = dying_command(how, path).output().expect("a child");
    assert!(!output.status.success(), "{how}: {output:?}");
}

/// A process that has claimed both fits and waits to be killed.
fn waiting(path: &Path) -> Child {
    let mut command = dying_command("waiting", path);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a child");
    let mut lines = BufReader::new(child.stdout.as_mut().expect("a pipe"));
    let mut line = String::new();
    while !line.contains("claimed") {
        line.clear();
        assert!(lines.read_line(&mut line).expect("text") > 0, "it ended");
    }
    child
}

fn kill(mut child: Child) {
    child.kill().expect("a process");
    child.wait().expect("its end");
}

#[test]
fn who_waits_hears_of_a_death_that_another_call_has_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let a = [fit("{\"x\":1}", 0)];
    let mut store = Sqlite::open(&path).expect("a study");
    let child = waiting(&path);
    let elsewhere = ClaimStatus::Elsewhere { process: 1 };
    assert_eq!(store.claim(&[&a], 1, true).expect("an answer"), [elsewhere]);
    assert!(!store.has_news().expect("an answer"));
    kill(child);
    // A heartbeat frees the fits of the dead, and then nothing changes any more.
    store.claim(&[], 0, true).expect("an answer");
    assert!(store.has_news().expect("an answer"), "{a:?} is free");
    let other = [fit("{\"x\":7}", 0)];
    assert_eq!(store.claim(&[&other], 1, true).expect("an answer"), [ClaimStatus::Claimed]);
    assert!(store.has_news().expect("an answer"), "it was asked for another fit");
    assert_eq!(store.claim(&[&a], 1, true).expect("an answer"), [ClaimStatus::Claimed]);
    assert!(!store.has_news().expect("an answer"));

    // What another process keeps between two questions is found by any call as well.
    drop(store);
    let mut store = Sqlite::open(&path).expect("a study");
    let mut other = Sqlite::open(&path).expect("the study");
    assert_eq!(other.claim(&[&a], 1, true).expect("an answer"), [ClaimStatus::Claimed]);
    assert!(matches!(store.claim(&[&a], 1, true).expect("an answer")[0], ClaimStatus::Elsewhere { .. }));
    other.add(&[stored("{\"x\":1}", 0, Ok(vec![0.5]))], &[], &[]).expect("written");
    store.claim(&[], 0, true).expect("an answer");
    assert!(store.has_news().expect("an answer"));
    assert!(matches!(store.claim(&[&a], 1, true).expect("an answer")[0], ClaimStatus::Finished(_)));
    assert!(!store.has_news().expect("an answer"));
}

#[test]
#[cfg(unix)]
fn only_a_death_from_within_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let a = [fit("{\"x\":1}", 0)];
    let stand = || Sqlite::open(&path).and_then(|mut store| store.claim(&[&a], 0, true)).expect("an answer");
    for _ in 0..5 {
        kill(waiting(&path));
        assert_eq!(stand(), [ClaimStatus::Free { crashes: 0 }]);
    }
    for (crashes, how) in (1..).zip(["stack", "memory", "panic"]) {
        die(how, &path);
        let standing = stand();
        if crashes < 3 {
            assert_eq!(standing, [ClaimStatus::Free { crashes }], "{how}");
            kill(waiting(&path));
        } else {
            assert!(matches!(standing[0], ClaimStatus::Finished(_)), "{how}: {standing:?}");
        }
    }
}

#[test]
fn what_a_dead_process_had_is_free_at_once_and_fails_the_third_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let (a, b) = ([fit("{\"x\":1}", 0)], [fit("{\"x\":2}", 0)]);
    let all: [&[FitName]; 2] = [&a, &b];
    let claim =
        |most, ahead| Sqlite::open(&path).and_then(|mut store| store.claim(&all, most, ahead)).expect("an answer");
    let free = |crashes| ClaimStatus::Free { crashes };
    die("leaving", &path);
    assert_eq!(claim(2, true), [ClaimStatus::Claimed, ClaimStatus::Claimed]);
    die("", &path);
    assert_eq!(claim(2, true), [free(1), free(1)], "not ahead of its time");
    assert_eq!(claim(2, false), [ClaimStatus::Claimed, ClaimStatus::Claimed]);
    die("", &path);
    assert_eq!(claim(2, false), [ClaimStatus::Claimed, free(2)], "alone, to see whether it is this one");
    // A training that gets further is no danger.
    let mut store = Sqlite::open(&path).expect("a study");
    let state = State { trajectory: "x".to_owned(), fold: 0, epochs: 7, bytes: vec![1], lasting: false };
    save(&mut store, &state, &b);
    drop(store);
    die("", &path);
    let killed = claim(2, false);
    let ClaimStatus::Finished(records) = &killed[0] else { panic!("{killed:?}") };
    assert_eq!(records[0].outcome, Err(Failure::Killed { crashes: 3 }));
    assert_eq!(killed[1], ClaimStatus::Claimed);
    let files: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").map(|file| file.expect("a file").file_name()).collect();
    assert_eq!(files.len(), 2, "the study and its lock: {files:?}");

    let mut store = Sqlite::open(&path).expect("a study");
    assert_eq!(sorted(&mut store).len(), 1);
    store.remove_failed().expect("written");
    assert_eq!(store.claim(&all, 2, true).expect("an answer"), [ClaimStatus::Claimed, ClaimStatus::Claimed]);
}
