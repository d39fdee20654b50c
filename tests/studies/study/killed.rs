//! Searches that are killed at any moment.

use std::{
    env,
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use super::*;
use crate::child;

fn killed() -> dropgrid::search::Search<Mlp, Grid, (Accuracy, LogLoss)> {
    Mlp::search(Grid).cv(StratifiedKFold::new(4).shuffle()).scoring((Accuracy, LogLoss)).seed(11).workers(2)
}

/// The variable that makes a test process the search that is killed.
const CHILD: &str = "DROPGRID_KILLED_STUDY";

/// The search of a child process; nothing where there is no such variable.
#[test]
fn child() {
    if let Ok(path) = env::var(CHILD) {
        killed().study(path).cross_validate(&corners(120)).expect("a report");
    }
}

/// Searches of child processes that have been started.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// Kills a search with SIGKILL again and again, each time somewhere else, until one comes through. Gives how many fits
/// were kept at each kill.
fn kill_until_done(path: &Path, kills: u32) -> Vec<usize> {
    let mut survived = Vec::new();
    for attempt in 0_u32.. {
        let child = child::command(module_path!(), "child")
            .env(CHILD, path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.expect("a child");
        // Anywhere from the opening of the file to the last commit.
        let number = STARTED.fetch_add(1, Ordering::Relaxed) as u32;
        let delay = Duration::from_millis(u64::from(number.wrapping_mul(2_654_435_761) >> 16) % 250);
        let start = Instant::now();
        while attempt >= kills || start.elapsed() < delay {
            if child.try_wait().expect("a child").is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        // A child that is done cannot be killed any more.
        let running = child.try_wait().expect("a child").is_none();
        if running {
            child.kill().expect("a child that runs");
        }
        let status = child.wait().expect("a child");
        if !running {
            assert!(status.success(), "the search itself failed");
            return survived;
        }
        survived.push(kept(path));
    }
    survived
}

fn survives(kills: u32) -> Vec<usize> {
    let whole = killed().cross_validate(&corners(120)).expect("a report").digest();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("killed.study");
    let survived = kill_until_done(&path, kills);
    assert_eq!(kept(&path), 24 * 4);
    assert!(survived.is_sorted(), "a kill took away what was kept: {survived:?}");
    // The report is made of what the file keeps, and has the bits of a search that was never killed.
    assert_eq!(killed().study(&path).cross_validate(&corners(120)).expect("a report").digest(), whole);
    survived
}

/// Kills of one study. They come from outside, so however often they find the same fit in flight, it has not failed.
const KILLS: u32 = 5;

#[test]
fn a_killed_search_continues_with_the_same_bits() {
    (0..2).for_each(|_| drop(survives(KILLS)));
}

#[test]
#[ignore = "takes a minute: the long form of the test above"]
fn a_search_survives_fifty_kills() {
    let mut kept = Vec::new();
    while kept.len() < 50 {
        kept.extend(survives(KILLS));
    }
    println!("fits kept at each kill: {kept:?}");
    assert!(kept.iter().any(|&kept| 0 < kept && kept < 24 * 4), "no kill came in the middle: {kept:?}");
}
