//! Units in processes of their own: side by side, killed, and asked to end by signals.

use std::{
    env,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use dropgrid::limit::Stop;

use super::*;

/// The variable by which a test process is the program of a search: its study, and the words of a command.
const COMMAND: &str = "DROPGRID_TEST_COMMAND";

/// The program; nothing where there is no such variable.
#[test]
fn program() {
    let Ok(command) = env::var(COMMAND) else { return };
    let (study, words) = command.split_once('\n').expect("a command");
    let (stop, words) = words.split_once('\t').unwrap_or(("", words));
    let program = Program::new(Path::new(study), || {
        let slow = search().hook(|_: &FitInfo, _: &Epoch| std::thread::sleep(Duration::from_millis(3)));
        let slow = match stop {
            "stop" => slow.stop(&Stop::new()),
            "ctrl_c" => slow.stop(&Stop::on_ctrl_c(Duration::from_secs(9))?),
            _ => slow,
        };
        slow.on(data())
    });
    std::process::exit(i32::from(program.run(words.split_whitespace())));
}

fn begin(study: &Path, words: &str) -> Child {
    let mut command = child::command(module_path!(), "program");
    command.env(COMMAND, format!("{}\n{words}", study.display())).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("a process")
}

fn status(mut child: Child) -> Option<i32> {
    child.wait().expect("an end").code()
}

/// A plan that the program itself has made: units ask for the same program.
fn planned(folder: &tempfile::TempDir, options: &str) -> PathBuf {
    let study = study_in(folder);
    assert_eq!(status(begin(&study, &format!("plan {options}"))), Some(0));
    study
}

#[test]
fn units_side_by_side_and_twice_at_once_need_no_lock() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = planned(&folder, "--unit-time 0");
    for units in (0..FITS).collect::<Vec<_>>().chunks(3) {
        let twice = units.iter().chain(units).map(|unit| begin(&study, &format!("run-unit {unit}")));
        for child in twice.collect::<Vec<_>>() {
            assert_eq!(status(child), Some(0));
        }
    }
    assert_eq!(run(&study, search(), "collect"), 0);
    assert_eq!(digest(&study, search()), whole());
    let left = fs::read_dir(result(&study, 1, 0).parent().expect("a folder")).expect("a folder");
    let names: Vec<String> =
        left.map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(names.len(), 2 * FITS, "results and times alone: {names:?}");
}

#[test]
fn a_killed_unit_leaves_nothing_and_is_run_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = planned(&folder, "--unit-time 1000");
    for wait in [0, 40, 160] {
        let mut child = begin(&study, "run-unit 0");
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(wait) && child.try_wait().expect("a state").is_none() {
            std::thread::yield_now();
        }
        let _ = child.kill();
        let ended = status(child);
        // A process may be killed between its result and its end.
        let has_result = result(&study, 1, 0).exists();
        assert!(has_result || ended != Some(0));
        let expected = u8::from(!has_result);
        assert_eq!(run(&study, search(), "status"), expected, "whole or not at all");
    }
    assert_eq!(status(begin(&study, "run-unit 0")), Some(0));
    assert_eq!(run(&study, search(), "collect"), 0);
    assert_eq!(digest(&study, search()), whole());
}

#[test]
#[cfg(target_os = "linux")]
fn signals_of_schedulers_leave_a_checkpoint() {
    // By their own request, by one that the program makes, and by its handler of Ctrl-C.
    for (signal, stop) in [("-TERM", ""), ("-USR1", "stop\t"), ("-USR1", "ctrl_c\t"), ("-TERM", "ctrl_c\t")] {
        let folder = tempfile::tempdir().expect("a folder");
        let study = planned(&folder, "--unit-time 1000");
        let mut statuses = Vec::new();
        while statuses.last() != Some(&Some(0)) {
            assert!(statuses.len() < 50, "each process gets further: {statuses:?}");
            let mut child = begin(&study, &format!("{stop}run-unit 0"));
            // Once the process listens to signals.
            let id = child.id().to_string();
            let listens = || {
                let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
                let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
                caught.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).is_ok_and(|mask| mask >> 9 & 1 == 1))
            };
            while !listens() && child.try_wait().expect("a state").is_none() {
                std::thread::yield_now();
            }
            let begun = Instant::now();
            // Longer each time, until it is long enough to begin a training, and to end the last one.
            let wait = Duration::from_millis(60 * statuses.len() as u64);
            while begun.elapsed() < wait && child.try_wait().expect("a state").is_none() {
                std::thread::yield_now();
            }
            let _ = std::process::Command::new("kill").args([signal, &id]).status();
            statuses.push(status(child));
        }
        assert!(statuses.contains(&Some(75)), "{signal} {stop}: {statuses:?}");
        assert!(statuses.iter().all(|status| [Some(0), Some(75)].contains(status)), "{signal} {stop}: {statuses:?}");
        assert_eq!(run(&study, search(), "collect"), 0);
        assert_eq!(digest(&study, search()), whole(), "{signal} {stop}");
    }
}

/// The resident memory of a plan, a status and a collection of ten thousand units, the results of which are missing.
#[test]
#[cfg(target_os = "linux")]
fn ten_thousand_units_need_no_more_memory_than_a_small_machine_has() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    for (words, expected) in [("many plan --unit-time 0", 0), ("many status", 1), ("many collect", 1)] {
        let mut command = child::command(module_path!(), "many");
        command.env(COMMAND, format!("{}\n{words}", study.display())).stderr(Stdio::null());
        let output = command.output().expect("a process");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = text.lines().find_map(|line| line.strip_prefix("said ")).expect("an answer");
        let (status, kilobytes) = said.split_once(' ').expect("two numbers");
        assert_eq!(status, expected.to_string(), "{words}");
        let megabytes = kilobytes.parse::<usize>().expect("a number") / 1000;
        assert!(megabytes < 200, "{words}: {megabytes} MB");
    }
    assert_eq!(super::planned(&study)["units"].as_array().expect("units").len(), 10_000);
}

/// The program of a search of ten thousand fits; nothing where there is no variable.
#[test]
#[cfg(target_os = "linux")]
fn many() {
    let Ok(command) = env::var(COMMAND) else { return };
    let (study, words) = command.split_once('\n').expect("a command");
    let words = words.strip_prefix("many ").expect("the words");
    let dropout = (0..5000).map(|number| f64::from(number) / 10_000.0);
    let space = Mlp::space().dropout(dropout.collect::<Vec<_>>()).lr([1e-2]);
    let status = run(Path::new(study), search().space(space), words);
    let own = fs::read_to_string("/proc/self/status").expect("a status");
    let peak = own.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    println!("\nsaid {status} {}", peak.expect("a peak"));
}
