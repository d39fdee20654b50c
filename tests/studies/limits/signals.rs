//! Processes that are asked to end by Ctrl-C and other signals.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::*;
use crate::child;

/// Searches with a handler of Ctrl-C in a process of its own; nothing where there is no such variable.
#[test]
fn interrupted_part() {
    let Some(study) = env::var_os("DROPGRID_TEST_STUDY") else { return };
    let grace = Duration::from_secs(if env::var_os("DROPGRID_TEST_LONG").is_some() { 600 } else { 10 });
    let stop = Stop::on_ctrl_c(grace).expect("a handler");
    assert!(matches!(Stop::on_ctrl_c(grace), Err(Error::CtrlC(_))), "a process has one handler");
    let slow = if env::var_os("DROPGRID_TEST_LONG").is_some() { 30.0 * LONG } else { 2.0 };
    println!("ready");
    let space = Patient::space().slow([slow]);
    let report = patient().space(space).stop(&stop).study(Path::new(&study)).cross_validate(&data()).expect("a report");
    println!("{report}");
}

fn start(study: &Path, long: bool) -> Child {
    // SIGHUP, SIGINT or SIGTERM, which `nohup` or a shell's background may have had ignored.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    let mut command = Command::new("env");
    if ignored.is_some_and(|ignored| ignored & 0x4003 != 0) {
        command.arg("--default-signal=HUP,INT,TERM");
    }
    command.arg(env::current_exe().expect("this program"));
    launch(command, study, long)
}

/// Starts the part by a command to which its arguments are given.
fn launch(mut command: Command, study: &Path, long: bool) -> Child {
    command.args(child::arguments(module_path!(), "interrupted_part")).env("DROPGRID_TEST_STUDY", study);
    if long {
        command.env("DROPGRID_TEST_LONG", "");
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process");
    // Until the handler is there, Ctrl-C is the end; until fits are in flight, there is nothing to wait for.
    let stdout = child.stdout.take().expect("a pipe");
    let mut lines = BufReader::new(stdout);
    let mut line = String::new();
    while !line.contains(if long { "in flight" } else { "ready" }) {
        line.clear();
        assert!(lines.read_line(&mut line).expect("text") > 0, "the process ended");
    }
    child.stdout = Some(lines.into_inner());
    child
}

fn interrupt(child: &Child) {
    signal(child, "-INT");
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().expect("kill");
    assert!(status.success());
}

/// What a process said on its streams until it ended well.
fn said(mut child: Child) -> (String, String) {
    let (mut output, mut errors) = (String::new(), String::new());
    child.stdout.take().expect("a pipe").read_to_string(&mut output).expect("text");
    child.stderr.take().expect("a pipe").read_to_string(&mut errors).expect("text");
    assert!(child.wait().expect("its end").success(), "{output}{errors}");
    (output, errors)
}

fn until_kept(study: &Path, fits: usize) {
    while kept(study) < fits {
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_once_finishes_and_twice_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("patient.study");

    let child = start(&study, false);
    until_kept(&study, 4);
    interrupt(&child);
    let (output, errors) = said(child);
    assert!(errors.contains("stopping: fits in flight have 10s; Ctrl-C again stops now"), "{errors}");
    assert!(output.contains("warning: stopped as asked: "), "{output}");
    let done = kept(&study);
    assert!((4..24).contains(&done), "{done}");

    let long = folder.path().join("long.study");
    let mut child = start(&long, true);
    let begun = Instant::now();
    interrupt(&child);
    thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().expect("its state").is_none(), "it waits for what is in flight");
    interrupt(&child);
    let status = child.wait().expect("its end");
    assert_eq!(status.code(), Some(130));
    assert!(begun.elapsed() < Duration::from_mins(1), "it did not wait for its fits");

    let report = patient().study(study).cross_validate(&data()).expect("a report");
    assert_eq!(report.digest(), whole());
}

#[test]
#[cfg(target_os = "linux")]
fn whoever_asks_for_the_end_gets_it_unless_that_is_ignored() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["-TERM", "-HUP"] {
        let study = folder.path().join(format!("{name}.study"));
        let child = start(&study, false);
        until_kept(&study, 4);
        signal(&child, name);
        // systemd sends both.
        signal(&child, "-HUP");
        let (output, errors) = said(child);
        assert!(errors.contains("stopping: fits in flight have 10s"), "{name}: {errors}");
        assert!(output.contains("warning: stopped as asked: "), "{name}: {output}");
        let report = patient().study(study).cross_validate(&data()).expect("a report");
        assert_eq!(report.digest(), whole(), "{name}");
    }

    // As `nohup` starts it.
    let study = folder.path().join("nohup.study");
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' HUP; exec \"$0\" \"$@\""]).arg(env::current_exe().expect("this program"));
    let child = launch(command, &study, false);
    until_kept(&study, 4);
    signal(&child, "-HUP");
    let (output, errors) = said(child);
    assert!(!output.contains("stopped as asked") && !errors.contains("stopping"), "{output}{errors}");
    assert_eq!(kept(&study), 24);

    let long = folder.path().join("long.study");
    let mut child = start(&long, true);
    for (name, pause) in [("-TERM", 0), ("-HUP", 1200), ("-TERM", 0)] {
        assert!(child.try_wait().expect("its state").is_none(), "it waits for what is in flight");
        signal(&child, name);
        thread::sleep(Duration::from_millis(pause));
    }
    assert_eq!(child.wait().expect("its end").code(), Some(143));
}
