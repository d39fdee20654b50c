//! Descriptions of plans and their results.

use serde_json::json;

use super::{
    plan::Plan,
    ranges,
    survey::{Survey, UnitProgress},
    unit::UnitEnd,
};
use crate::{escape::escaped, study::Study};

/// Describes a plan that was just written.
pub(super) fn plan_in_words(plan: &Plan) -> String {
    let Plan { round, done, planned, units, .. } = plan;
    let Some(last) = units.len().checked_sub(1) else {
        return format!("the search is over after {done} fits: `report` has its result");
    };
    let each = units.iter().map(|unit| unit.seconds).sum::<f64>() / units.len() as f64;
    let of = planned.map_or(String::new(), |planned| format!(" of {planned}"));
    let units = match last {
        0 => "1 unit, number 0".to_owned(),
        last => format!("{} units, numbered from 0 to {last}", units.len()),
    };
    let (fits, each) = (plan.fits(), seconds_in_words(each));
    format!("planned round {round}: {fits} fits in {units}, {each}; {done}{of} fits are done")
}

/// Describes how the process of a unit ended.
pub(super) fn unit_in_words(plan: &Plan, unit: usize, end: UnitEnd) -> String {
    let of = format!("unit {unit} of round {}", plan.round);
    match end {
        UnitEnd::Known => format!("{of} has its result already"),
        UnitEnd::Written => {
            let fits = plan.units.get(unit).map_or(0, |unit| unit.fits.len());
            format!("{of} is done: {fits} {}", if fits == 1 { "fit" } else { "fits" })
        }
        UnitEnd::CutOff => format!("{of} was asked to end: run it again, and it goes on from its checkpoint"),
    }
}

/// Describes the status of a round: which results exist, which are missing, and how to run just those.
pub(super) fn status_in_words(study: &Study, plan: &Plan, survey: &Survey) -> String {
    let Survey { done, missing, faulty, begun, progress, attempted } = survey;
    let (round, units) = (plan.round, plan.units.len());
    let study = escaped(&study.path().to_string_lossy()).into_owned();
    if units == 0 {
        return format!("the search of {study} is over after {} fits: `report` has its result", plan.done);
    }
    let mut lines =
        vec![format!("round {round} of {study}: {done} of {units} units are done, of {} fits", plan.fits())];
    for (unit, fault) in faulty {
        lines.push(format!("the result of unit {unit} is not taken: {}", escaped(&fault.to_string())));
    }
    if missing.is_empty() {
        lines.push("nothing is missing: `plan` has the next round, or says that the search is over".to_owned());
        return lines.join("\n");
    }
    lines.push(format!("missing: {}", survey.missing_text()));
    if !begun.is_empty() {
        let (begun, UnitProgress { fits, epochs, .. }) = (ranges::to_text(begun), progress);
        lines.push(format!(
            "of these have a checkpoint: {begun}, with {fits} finished fits, and states of {epochs} epochs"
        ));
    }
    if !attempted.is_empty() {
        let (attempts, units) = (progress.attempts, ranges::to_text(attempted));
        lines.push(format!("processes that are at work on these, or died: {attempts}, of the units {units}"));
    }
    lines.push(format!(
        "run just these again: `submit`, an array of tasks {}, or here `run-unit {}`",
        survey.missing_text(),
        missing[0]
    ));
    lines.join("\n")
}

fn seconds_in_words(seconds: f64) -> String {
    match seconds {
        0.0 => "of a time that is not known".to_owned(),
        short if short < 10.0 => format!("about {short:.2} s each"),
        long => format!("about {long:.0} s each"),
    }
}

/// Returns the status of a round as one JSON object.
pub(super) fn status_in_json(plan: &Plan, survey: &Survey) -> String {
    let Survey { done, missing, faulty, begun, progress, attempted } = survey;
    let faulty = faulty.iter().map(|(unit, fault)| json!({ "unit": unit, "fault": fault.to_string() }));
    let status = json!({
        "schema": 1,
        "round": plan.round,
        "units": plan.units.len(),
        "fits": plan.fits(),
        "done": done,
        "missing": missing,
        "faulty": faulty.collect::<Vec<_>>(),
        "checkpoints": begun,
        "attempted": attempted,
        "progress": { "fits": progress.fits, "epochs": progress.epochs, "attempts": progress.attempts },
    });
    status.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cluster::{plan::Unit, unit_file::ResultFault},
        study::Identity,
    };

    #[test]
    fn a_status_names_what_is_missing_and_how_to_run_it() {
        let unit = || Unit { seconds: 61.2, states: None, fits: Vec::new() };
        let plan = |units: usize| Plan {
            round: 2,
            program: String::new(),
            identity: Identity::new(),
            done: 30,
            planned: Some(90),
            units: (0..units).map(|_| unit()).collect(),
            id: [0; 32],
        };
        let survey = Survey {
            done: 5,
            missing: vec![1, 2, 3, 7],
            faulty: vec![(3, ResultFault::Damaged)],
            begun: vec![7],
            progress: UnitProgress { fits: 2, epochs: 40, attempts: 3 },
            attempted: vec![1, 3],
        };
        let text = status_in_words(&Study::at("digits.study"), &plan(9), &survey);
        for part in [
            "round 2 of digits.study: 5 of 9 units are done",
            "unit 3 is not taken: its bytes are not those that were written",
            "\nmissing: 1-3,7\nof these have a checkpoint: 7, with 2 finished fits, and states of 40 epochs\n\
             processes that are at work on these, or died: 3, of the units 1,3\n",
            "an array of tasks 1-3,7, or here `run-unit 1`",
        ] {
            assert!(text.contains(part), "{text}");
        }
        let json: serde_json::Value = serde_json::from_str(&status_in_json(&plan(9), &survey)).expect("JSON");
        assert_eq!((&json["missing"], &json["faulty"][0]["unit"]), (&json!([1, 2, 3, 7]), &json!(3)));
        assert!(
            plan_in_words(&plan(9)).contains("9 units, numbered from 0 to 8, about 61 s each; 30 of 90 fits are done")
        );
        assert!(plan_in_words(&plan(0)).contains("the search is over after 30 fits"));
        assert_eq!(unit_in_words(&plan(9), 3, UnitEnd::Written), "unit 3 of round 2 is done: 0 fits");
        assert!(unit_in_words(&plan(9), 3, UnitEnd::CutOff).contains("run it again"));
    }
}
