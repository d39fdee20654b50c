//! Tests of command lines.

use super::*;

fn read(line: &str) -> Result<Command> {
    let words = line.split_whitespace().map(str::to_owned).collect();
    Arguments::read(words, |name| (name == "HQ_TASK_ID").then(|| "4".to_owned())).map(|arguments| arguments.command)
}

fn unit(unit: usize, round: Option<u32>, workers: usize) -> Command {
    Command::RunUnit { unit, round, workers }
}

#[test]
fn units_are_named_by_word_variable_and_place() {
    for (line, expected) in [
        ("run-unit 7", unit(7, None, 1)),
        ("run-unit", unit(4, None, 1)),
        ("run-unit 3 --of 1-3,7 --round=2 --workers 8", unit(7, Some(2), 8)),
        ("--units /shared run-unit --of 5-9", unit(9, None, 1)),
    ] {
        assert_eq!(read(line).expect(line), expected, "{line}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    for (line, message) in [
        ("frob", "there is no command `frob`"),
        ("run-unit x", "`x` is no unit"),
        ("run-unit 9 --of 1-3", "the list has 3 units, and none at place 9"),
        ("run-unit 0 --of 3-1", "`3-1` is no list of units"),
        ("run-unit 1 2", "`run-unit` takes no `2`"),
        ("plan --unit-time", "`--unit-time` needs a value"),
        ("plan --unit-time soon", "`soon` is none"),
        ("plan --unit-time -1", "`--unit-time` takes seconds"),
        ("submit", "name a scheduler"),
        ("collect -- --x", "`collect` takes no `--x`"),
    ] {
        let error = read(line).expect_err(line).to_string();
        assert!(error.contains(message) && error.ends_with("`help` lists the commands"), "{line}: {error}");
    }
}

#[test]
fn a_submission_has_its_own_options_and_those_of_the_scheduler() {
    let Command::Submit(settings) =
        read("submit slurm --limit 50 --unit-time 90 --lacking 2:7:3:40:1 -- --partition=short --mem 2G")
            .expect("a command")
    else {
        panic!("no submission");
    };
    let lacking = Shortfall { round: 2, missing: 7, progress: UnitProgress { fits: 3, epochs: 40, attempts: 1 } };
    assert_eq!((settings.scheduler, settings.limit, settings.lacking), (Scheduler::Slurm, Some(50), Some(lacking)));
    assert_eq!(lacking.to_string(), "2:7:3:40:1");
    assert_eq!((settings.plan.unit_time, settings.cpus), (Duration::from_secs(90), 1));
    assert_eq!(settings.options, ["--partition=short", "--mem", "2G"]);
}

#[test]
fn the_help_names_every_command() {
    for command in ["plan", "run-unit", "collect", "status", "run", "report", "submit", "help"] {
        assert!(HELP.contains(&format!("\n  {command} ")), "{command}");
    }
    assert_eq!(read("").expect("help"), Command::Help);
}

#[test]
fn a_result_a_grown_checkpoint_and_a_death_are_progress() {
    let lacking = |text: &str| Shortfall::from_text(text).expect("a state");
    for (now, is_still) in [
        ("2:7:3:40:1", true),
        ("2:7:3:39:0", true),
        ("2:8:3:40:1", true),
        ("2:7:3:41:1", false),
        ("2:7:4:8:0", false),
        ("2:7:3:40:2", false),
        ("2:6:0:0:0", false),
        ("3:9:0:0:0", false),
    ] {
        assert_eq!(lacking("2:7:3:40:1").still(lacking(now)), is_still, "{now}");
    }
}
