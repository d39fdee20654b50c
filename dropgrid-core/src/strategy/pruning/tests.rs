//! The rules against optuna's.

use super::*;
use crate::{metric::Direction, record::MetricInfo};

/// `tests/golden/pruning.py` writes the table: a rule with its settings, the direction, the values of the trial, those
/// of the complete trials, and whether optuna prunes.
#[test]
fn prunes_where_optuna_prunes() {
    let table = include_str!("../../../../tests/golden/pruning.txt");
    let (mut cases, mut pruned) = (0, 0);
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [rule, mode, values, others, expected] = parts[..] else { panic!("a line of the table: {line}") };
        let numbers = |text: &str| -> Vec<f64> {
            text.split_whitespace().map(|number| number.parse().expect("a number")).collect()
        };
        let direction = if mode == "min" { Direction::Minimize } else { Direction::Maximize };
        let monitored = MetricInfo { name: "loss".to_owned(), direction };
        let (values, others): (Vec<f64>, Vec<Vec<f64>>) =
            (numbers(values), others.split(';').map(numbers).filter(|values| !values.is_empty()).collect());
        let rule = pruner(rule);
        rule.check().expect("settings");
        let others = Others::new(&others);
        let watched = Watched { monitored: &monitored, values: &values, others };
        let is = rule.is_due(values.len() as u32, others).then(|| rule.prunes(&watched)).flatten();
        assert_eq!(is.is_some(), expected == "prune", "{line}: {is:?}");
        cases += 1;
        pruned += usize::from(is.is_some());
    }
    assert!(cases == 943 && (240..700).contains(&pruned), "{pruned} of {cases}");
}

/// The rule of a text such as `median 5 1 2 1`.
fn pruner(text: &str) -> Box<dyn Pruner> {
    if let Some((patient, rule)) = text.split_once(" of ") {
        let settings: Vec<&str> = patient.split(' ').collect();
        let min_delta = settings[2].parse().expect("a number");
        let patient = PatientPruner::new(settings[1].parse().expect("a number")).min_delta(min_delta);
        return if rule == "none" { Box::new(patient) } else { Box::new(patient.of(median(rule))) };
    }
    let settings: Vec<&str> = text.split(' ').collect();
    let count = |at: usize| settings[at].parse::<usize>().expect("a number");
    let number = |at: usize| settings[at].parse::<f64>().expect("a number");
    match settings[0] {
        "median" => Box::new(median(text)),
        "percentile" => {
            let rule = PercentilePruner::new(number(5)).n_startup_trials(count(1)).n_min_trials(count(4));
            Box::new(rule.n_warmup_steps(count(2) as u32).interval_steps(count(3) as u32))
        }
        "threshold" => {
            let rule = ThresholdPruner::between(number(1), number(2));
            Box::new(rule.n_warmup_steps(count(3) as u32).interval_steps(count(4) as u32))
        }
        other => panic!("{other}"),
    }
}

fn median(text: &str) -> MedianPruner {
    let settings: Vec<usize> = text.split(' ').skip(1).map(|number| number.parse().expect("a number")).collect();
    let rule = MedianPruner::new().n_startup_trials(settings[0]).n_min_trials(settings[3]);
    rule.n_warmup_steps(settings[1] as u32).interval_steps(settings[2] as u32)
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    for (rule, message) in [
        (
            Box::new(PercentilePruner::new(101.0)) as Box<dyn Pruner>,
            "percentile is 101, expected a number from 0 to 100",
        ),
        (Box::new(PercentilePruner::new(f64::NAN)), "percentile is NaN, expected a number from 0 to 100"),
        (Box::new(MedianPruner::new().n_min_trials(0)), "n_min_trials is 0, expected at least 1"),
        (Box::new(MedianPruner::new().interval_steps(0)), "interval_steps is 0, expected at least 1"),
        (Box::new(PatientPruner::new(1).min_delta(-1.0)), "min_delta is -1, expected a number that is at least 0"),
        (
            Box::new(ThresholdPruner::between(2.0, 1.0)),
            "bounds of ThresholdPruner is 2 and 1, expected numbers of which the lower is not above the upper",
        ),
    ] {
        assert_eq!(rule.check().expect_err("it makes no sense").to_string(), message);
    }
}
