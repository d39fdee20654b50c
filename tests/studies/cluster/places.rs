//! Folders of every name, and copies of studies whose process is killed.

use std::{
    env,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use dropgrid::strategy::SuccessiveHalving;

use super::*;

/// The variable by which a test process is the program of a search: its study, and the words of a command, a line each.
const COMMAND: &str = "DROPGRID_TEST_PLACE";

/// The program; nothing where there is no such variable.
#[test]
fn program() {
    let Ok(command) = env::var(COMMAND) else { return };
    let mut words = command.lines();
    let study = words.next().expect("a study");
    let slow = search_by(SuccessiveHalving::new(Grid))
        .hook(|_: &FitInfo, _: &Epoch| std::thread::sleep(Duration::from_millis(2)));
    std::process::exit(i32::from(Program::new(Path::new(study), || slow.on(data())).run(words)));
}

fn child_of(study: &Path, words: &[&str]) -> Command {
    let mut command = child::command(module_path!(), "program");
    command.current_dir(study.parent().expect("a folder"));
    command.env(COMMAND, format!("{}\n{}", study.display(), words.join("\n")));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn a_search_on_a_copy_is_killed_at_any_moment_and_comes_to_the_same_bits() {
    let halving = || search_by(SuccessiveHalving::new(Grid));
    let whole = halving().cross_validate(&data()).expect("a report").digest();
    let (folder, scratch) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let (study, copy) = (study_in(&folder), scratch.path().to_string_lossy().into_owned());
    let words = ["run", "--scratch", &copy, "--unit-time", "0"];
    let round = || {
        let plan = fs::read_to_string(units_of(&study).join("plan.json")).unwrap_or_default();
        plan.split("\"round\":").nth(1).map_or(0, |text| text.split(',').next().unwrap_or("0").parse().unwrap_or(0))
    };
    let mut known = 0;
    // As the second round is planned, as the third one is, and at some moments of each.
    for (wanted, wait) in [(0, 40), (1, 1), (2, 0), (2, 30), (3, 0), (3, 30)] {
        let mut process = child_of(&study, &words).spawn().expect("a process");
        let mut since = None;
        while process.try_wait().expect("a state").is_none() {
            if round() >= wanted {
                let since = *since.get_or_insert_with(Instant::now);
                if since.elapsed() >= Duration::from_millis(wait) {
                    break;
                }
            }
            std::thread::yield_now();
        }
        let _ = process.kill();
        let _ = process.wait();
        let now = kept(&study);
        assert!(now >= known, "no record is lost");
        known = now;
    }
    let output = child_of(&study, &words).output().expect("a process");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(digest(&study, halving()), whole);
}

#[test]
fn names_of_folders_are_taken_as_they_are() {
    let whole = search_by(SuccessiveHalving::new(Grid)).cross_validate(&data()).expect("a report").digest();
    let names: &[&str] = if cfg!(windows) {
        &["two words", "50%", "it's", "größe 図"]
    } else {
        &["two words", "50% %a %A", "it's \"quoted\"", "größe 図", "$HOME `x` \\n", "-- --units=x"]
    };
    for name in names {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join(name);
        fs::create_dir(&folder).expect("made");
        let study = folder.join(format!("{name}.study"));
        let shared = folder.join(format!("{name} units"));
        let units = ["--units", &shared.to_string_lossy()];
        let status = |words: &[&str]| {
            let output = child_of(&study, &[words, &units].concat()).output().expect("a process");
            let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
            (output.status.code(), text.into_owned())
        };
        assert_eq!(status(&["plan", "--unit-time", "0"]).0, Some(0), "{name}");
        let (code, text) = status(&["status"]);
        assert!(code == Some(1) && text.contains("missing: 0-"), "{name}: {text}");
        assert_eq!(status(&["run-unit", "0"]).0, Some(0), "{name}");
        assert_eq!(status(&["collect"]).0, Some(1), "{name}");
        check_scripts(&shared, &status);
        assert_eq!(status(&["run"]).0, Some(0), "{name}");
        assert_eq!(digest(&study, search_by(SuccessiveHalving::new(Grid))), whole, "{name}");
    }
}

/// The exit status of a process, and all that it said.
type Answer = (Option<i32>, String);

/// The scripts of all schedulers are such that a shell reads them.
fn check_scripts(shared: &Path, status: &dyn Fn(&[&str]) -> Answer) {
    for scheduler in ["slurm --dry-run", "hyperqueue", "parallel", "kubernetes --image i --claim c"] {
        let words: Vec<&str> = ["submit"].into_iter().chain(scheduler.split(' ')).collect();
        let (code, text) = status(&words);
        assert_eq!(code, Some(0), "{scheduler}: {text}");
    }
    for script in ["slurm/unit.sbatch", "slurm/next.sbatch", "hyperqueue/run.sh", "parallel/run.sh"] {
        let path = shared.join(script);
        let text = fs::read_to_string(&path).expect("a script");
        assert!(text.starts_with("#!/bin/bash\n"), "{text}");
        if let Ok(output) = Command::new("bash").arg("-n").arg(&path).output() {
            assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
        }
    }
    let text = fs::read_to_string(shared.join("kubernetes/round-1.yaml")).expect("a job");
    let command = text.lines().find_map(|line| line.trim().strip_prefix("command: ")).expect("a command");
    let command: Vec<String> = serde_json::from_str(command).expect("a list");
    if let Ok(output) = Command::new("sh").args(["-n", "-c", &command[2]]).output() {
        assert!(output.status.success(), "{command:?}");
    }
}
