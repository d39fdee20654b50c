//! Fits that end their process: the third time they have failed, as on one machine, and the other fits of the unit have
//! not.

use std::{
    env,
    process::{Command, Stdio, abort, id},
    thread::sleep,
    time::Duration,
};

use dropgrid::Failure;

use super::*;

/// The variable by which a test process is the program of a search: the danger, its study, and the words of a command.
const COMMAND: &str = "DROPGRID_TEST_DEADLY";

/// A candidate that a first plan does not try.
const UNTRIED: u64 = 2;

fn signal(name: &str) {
    let _ = Command::new("kill").args([name, &id().to_string()]).status();
}

fn overflow(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 1024]);
    if room[9] == u64::MAX {
        return 0;
    }
    overflow(depth + 1) + room[usize::from(depth > 7)]
}

/// The program; nothing where there is no such variable.
#[test]
fn program() {
    let Ok(command) = env::var(COMMAND) else { return };
    let [danger, study, words] = command.split('\n').collect::<Vec<_>>()[..] else { panic!("no command") };
    let (danger, of) = danger.split_once(" of ").unwrap_or(("", "0"));
    let (danger, of) = (danger.to_owned(), of.parse().expect("a candidate"));
    let deadly = search().hook(move |info: &FitInfo, epoch: &Epoch| {
        if !info.candidates.contains(&of) || epoch.number != 2 {
            return;
        }
        match &*danger {
            "abort" => abort(),
            "overflow" => drop(overflow(0)),
            "kill" if info.fold == Some(0) => {
                signal("-KILL");
                sleep(Duration::from_mins(1));
            }
            "request and kill" => {
                signal("-TERM");
                // The process has heard it.
                sleep(Duration::from_millis(700));
                signal("-KILL");
                sleep(Duration::from_mins(1));
            }
            _ => {}
        }
    });
    if words == "whole" {
        deadly.study(study).cross_validate(&data()).expect("a report");
        std::process::exit(0);
    }
    std::process::exit(i32::from(run(Path::new(study), deadly, words)));
}

/// The exit status of a process of the program; `None` where it died.
fn status(danger: &str, study: &Path, words: &str) -> Option<i32> {
    let mut command = child::command(module_path!(), "program");
    command.env(COMMAND, format!("{danger}\n{}\n{words}", study.display()));
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("a process").code()
}

/// Runs a command until it does not die, and returns the number of crashes.
fn crashes(danger: &str, study: &Path, words: &str) -> usize {
    (0..20).find(|_| status(danger, study, words) == Some(0)).expect("an end")
}

fn failures(study: &Path) -> Vec<Failure> {
    let report = search().study(study).cross_validate(&data()).expect("a report");
    report.results().failures().cloned().collect()
}

/// The digest of the search on one machine, whose process dies again and again.
fn whole_of(danger: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    assert!(crashes(danger, &study, "whole") >= 3);
    digest(&study, search())
}

#[test]
#[cfg(unix)]
fn a_fit_that_ends_its_process_three_times_has_failed() {
    let whole = whole_of(&format!("abort of {UNTRIED}"));
    for (danger, words) in [("abort", "run-unit 0"), ("overflow", "run-unit 0 --workers 2"), ("abort", "run")] {
        let danger = &format!("{danger} of {UNTRIED}");
        let folder = tempfile::tempdir().expect("a folder");
        let study = study_in(&folder);
        assert_eq!(status(danger, &study, "plan --unit-time 1000"), Some(0));
        assert_eq!(super::planned(&study)["units"].as_array().expect("units").len(), 1);
        let died = crashes(danger, &study, words);
        // Two fits, which may have been under way at once.
        assert!((3..=6).contains(&died), "{danger} {words}: {died}");
        assert_eq!(run(&study, search(), "collect"), 0, "nothing is missing");
        assert_eq!(failures(&study), [Failure::Killed { crashes: 3 }, Failure::Killed { crashes: 3 }]);
        assert_eq!(digest(&study, search()), whole, "{danger} {words}");
        assert_eq!(plan(&study, search(), ""), 0, "the search is over");
        // Where it is no danger, they are run when one asks for it.
        assert_eq!(plan(&study, search(), "--retry-failed --unit-time 0"), 2);
        assert_eq!(run(&study, search(), "run"), 0);
        assert_eq!(digest(&study, search()), super::whole());
    }
}

/// Nothing tells of such a death but the file of the process, which stands still.
#[test]
#[cfg(unix)]
fn so_has_one_whose_process_is_killed_for_what_it_takes() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    let danger = format!("kill of {UNTRIED}");
    assert_eq!(status(&danger, &study, "plan --unit-time 0"), Some(0));
    let units = super::planned(&study)["units"].clone();
    let is_it = |unit: &serde_json::Value| (&unit["fits"][0][0], &unit["fits"][0][2]) == (&UNTRIED.into(), &0.into());
    let unit = units.as_array().expect("units").iter().position(is_it).expect("the unit");
    assert_eq!(crashes(&danger, &study, &format!("run-unit {unit}")), 3);
    assert_eq!(run(&study, search(), "run"), 0);
    assert_eq!(failures(&study), [Failure::Killed { crashes: 3 }]);
}

#[test]
#[cfg(unix)]
fn a_kill_after_a_request_to_end_is_no_verdict_on_a_fit() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    assert_eq!(status("", &study, "plan --unit-time 1000"), Some(0));
    for _ in 0..4 {
        assert_eq!(status(&format!("request and kill of {UNTRIED}"), &study, "run-unit 0"), None);
    }
    assert_eq!(status("", &study, "run-unit 0"), Some(0));
    assert_eq!(run(&study, search(), "collect"), 0);
    assert_eq!(digest(&study, search()), whole());
}

#[test]
#[cfg(unix)]
fn a_plan_does_not_try_a_fit_again_in_which_it_died() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    // Of twelve fits, it tries the first, the last and two between them.
    assert_eq!(crashes("abort of 1", &study, "plan"), 1);
    assert!(crashes("abort of 1", &study, "run") >= 3);
    assert_eq!(failures(&study).len(), 2);
}
