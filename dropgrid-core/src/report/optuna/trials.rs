//! Candidates as trials.

use std::collections::BTreeMap;

use dropgrid_view::{Candidate, CurvePoint, SearchView, State, Status};
use rusqlite::{Transaction, params};
use serde_json::{Value, json};

use super::distribution::Distribution;

/// A number of an epoch.
type Quantity = fn(&CurvePoint) -> Option<f64>;

/// The reason that a trial has where its candidate has none.
const UNFINISHED: &str = "not done on every fold";
const UNDEFINED: &str = "the score is undefined";

pub(super) fn trials(to: &Transaction<'_>, view: &SearchView, distributions: &[Distribution]) -> rusqlite::Result<()> {
    // Julian days, counted back from now, so that fits that follow each other end now. Optuna takes local times.
    let mut trial = to.prepare(
        "INSERT INTO trials (trial_id, number, study_id, state, datetime_start, datetime_complete) VALUES (?1, ?2, 1, ?3, \
         strftime('%Y-%m-%d %H:%M:%f', ?4) || '000', strftime('%Y-%m-%d %H:%M:%f', ?5) || '000')",
    )?;
    let now: f64 = to.query_row("SELECT julianday('now', 'localtime')", [], |row| row.get(0))?;
    let mut start = now - view.candidates.iter().map(days).sum::<f64>();
    let mut param = to.prepare(
        "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut value =
        to.prepare("INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?1, 0, ?2, ?3)")?;
    let mut step = to.prepare(
        "INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type) \
         VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut user =
        to.prepare("INSERT INTO trial_user_attributes (trial_id, \"key\", value_json) VALUES (?1, ?2, ?3)")?;
    let mut system = to.prepare(
        "INSERT OR REPLACE INTO trial_system_attributes (trial_id, \"key\", value_json) VALUES (?1, ?2, ?3)",
    )?;
    let intermediate = intermediate(view);
    for (id, candidate) in (1_i64..).zip(&view.candidates) {
        // In the order of the numbers, which Optuna relies on.
        let (state, reason) = state(view, candidate);
        let end = start + days(candidate);
        trial.execute(params![id, id - 1, state, start, Some(end).filter(|_| state != "RUNNING")])?;
        start = end;
        for ((axis, distribution), raw) in view.axes.iter().zip(distributions).zip(&candidate.params) {
            // A hyperparameter that a candidate does not have has no row.
            if let Some(number) = Some(raw).filter(|raw| !raw.is_null()).and_then(|raw| distribution.number(raw)) {
                param.execute(params![id, axis.name, number, distribution.json])?;
            }
        }
        if let Some(mean) = score(candidate).filter(|_| matches!(state, "COMPLETE" | "PRUNED")) {
            let (number, kind) = stored(mean);
            value.execute(params![id, number, kind])?;
        }
        for (epoch, number) in intermediate.values(candidate) {
            let (number, kind) = stored(number);
            step.execute(params![id, epoch, number, kind])?;
        }
        for (name, attribute) in attributes(view, candidate) {
            user.execute(params![id, name, attribute.to_string()])?;
        }
        // Optuna takes a trial for feasible where none of its constraints is above 0.
        for (constraint, violation) in view.constraints.iter().zip(&candidate.violations) {
            if let Some(violation) = violation {
                let key = format!("constraints:{constraint}").chars().take(512).collect::<String>();
                system.execute(params![id, key, Value::from(*violation).to_string()])?;
            }
        }
        if let Some(reason) = reason {
            system.execute(params![id, "fail_reason", Value::from(reason).to_string()])?;
        }
    }
    Ok(())
}

/// The days that the fits of a candidate took.
fn days(candidate: &Candidate) -> f64 {
    let fits = candidate.deciding().map_or(0, |summary| summary.scores.iter().flatten().count());
    fits as f64 * candidate.fit_seconds.unwrap_or(0.0) / 86_400.0
}

/// The mean score, which may be infinite.
fn score(candidate: &Candidate) -> Option<f64> {
    candidate.deciding()?.mean.filter(|mean| !mean.is_nan())
}

/// A number and its type, as Optuna stores them: an infinite one is a type without a number.
fn stored(number: f64) -> (Option<f64>, &'static str) {
    match number {
        f64::INFINITY => (None, "INF_POS"),
        f64::NEG_INFINITY => (None, "INF_NEG"),
        number => (Some(number), "FINITE"),
    }
}

/// The state of a trial, and the reason why it failed.
fn state(view: &SearchView, candidate: &Candidate) -> (&'static str, Option<String>) {
    let reason = |otherwise: &str| Some(candidate.reason.clone().unwrap_or_else(|| otherwise.to_owned()));
    match candidate.state {
        State::Complete if score(candidate).is_some() => ("COMPLETE", None),
        State::Complete => ("FAIL", reason(UNDEFINED)),
        State::Pruned => ("PRUNED", None),
        State::Failed => ("FAIL", reason("a fit failed")),
        State::Unfinished if view.status == Status::Running => ("RUNNING", None),
        State::Unfinished => ("FAIL", reason(UNFINISHED)),
    }
}

/// The other facts about a candidate.
fn attributes(view: &SearchView, candidate: &Candidate) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    let mut add = |name: String, value: Value| all.push((name, value));
    for (at, (metric, summary)) in view.metrics.iter().zip(&candidate.summaries).enumerate() {
        let of = |name: &str| if at == 0 { name.to_owned() } else { format!("{name} {}", metric.name) };
        add(of("fold_scores"), json!(summary.scores));
        add(of("std"), json!(summary.std));
        if at > 0 {
            add(of("mean"), json!(summary.mean));
        }
        if summary.train_mean.is_some() {
            add(of("train_mean"), json!(summary.train_mean));
        }
    }
    add("rank".to_owned(), json!(candidate.deciding().map(|summary| summary.rank)));
    add("fit_seconds".to_owned(), json!(candidate.fit_seconds));
    if let (State::Pruned, Some(reason)) = (candidate.state, &candidate.reason) {
        add("pruned".to_owned(), json!(reason));
    }
    all
}

/// The source of intermediate values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Intermediate {
    /// The scores at the budgets, in epochs.
    Rungs,
    /// The score on the validation rows.
    ValidationScore,
    Monitored,
    TrainingLoss,
}

fn intermediate(view: &SearchView) -> Intermediate {
    let any = |of: Quantity| {
        let mut points = view.candidates.iter().flat_map(|it| &it.curves).flat_map(|curve| &curve.points);
        points.any(|point| of(point).is_some())
    };
    let is_epochs = || view.candidates.iter().flat_map(|it| &it.rungs).all(|rung| rung.resource >= 1.0);
    // A pruned candidate has one score, at its end: what was monitored tells how it came there.
    let has_rungs = view.candidates.iter().any(|candidate| candidate.rungs.len() > 1);
    match () {
        () if any(|point| point.validation_score) => Intermediate::ValidationScore,
        () if has_rungs && is_epochs() => Intermediate::Rungs,
        () if any(|point| point.monitored) => Intermediate::Monitored,
        () => Intermediate::TrainingLoss,
    }
}

/// The name of the quantity that intermediate values are of.
pub(super) fn intermediate_name(view: &SearchView) -> String {
    let metric = view.metric().map_or("score", |metric| &metric.name);
    match intermediate(view) {
        Intermediate::Rungs => metric.to_owned(),
        Intermediate::ValidationScore => format!("validation {metric}"),
        Intermediate::Monitored => view.monitored.clone().unwrap_or_else(|| "monitored quantity".to_owned()),
        Intermediate::TrainingLoss => "training loss".to_owned(),
    }
}

impl Intermediate {
    /// The values by epoch, each the mean over the folds.
    fn values(self, candidate: &Candidate) -> BTreeMap<i64, f64> {
        let of: Quantity = match self {
            Self::Rungs => {
                let scored = candidate.rungs.iter().filter_map(|rung| Some((rung.resource as i64, rung.score?)));
                return scored.filter(|(_, score)| !score.is_nan()).collect();
            }
            Self::ValidationScore => |point| point.validation_score,
            Self::Monitored => |point| point.monitored,
            Self::TrainingLoss => |point| point.loss,
        };
        let mut sums: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
        for point in candidate.curves.iter().flat_map(|curve| &curve.points) {
            if let Some(number) = of(point).filter(|number| number.is_finite()) {
                let sum = sums.entry(i64::from(point.epoch)).or_default();
                *sum = (sum.0 + number, sum.1 + 1.0);
            }
        }
        sums.into_iter().map(|(epoch, (sum, count))| (epoch, sum / count)).collect()
    }
}

#[cfg(test)]
mod tests {
    use dropgrid_view::Summary;

    use super::*;

    #[test]
    fn an_infinite_score_is_a_score() {
        let of = |mean: f64| Candidate {
            summaries: vec![Summary { mean: Some(mean), ..Summary::default() }],
            ..Candidate::default()
        };
        for (mean, expected) in [
            (0.5, Some((Some(0.5), "FINITE"))),
            (f64::INFINITY, Some((None, "INF_POS"))),
            (f64::NEG_INFINITY, Some((None, "INF_NEG"))),
            (f64::NAN, None),
        ] {
            let candidate = of(mean);
            assert_eq!(score(&candidate).map(stored), expected);
            let word = if expected.is_some() { "COMPLETE" } else { "FAIL" };
            assert_eq!(state(&SearchView::default(), &candidate).0, word, "{mean}");
        }
    }
}
