//! The candidates as a picture needs them.

use std::sync::Arc;

use dropgrid_view::{Candidate as CandidateView, Curve, CurvePoint, Rung, State, Summary};

use crate::{
    error::group,
    record::{Budget, Constraint, Epoch, Record, mean_and_std},
    report::{CandidateScores, CvResults},
};

pub(super) fn candidates(results: &CvResults) -> Vec<CandidateView> {
    let has_budgets =
        results.candidates().iter().any(|it| !it.other_records().is_empty() || it.budget() != Budget::Full);
    let names: Vec<String> = results
        .candidates()
        .first()
        .map_or_else(Vec::new, |first| first.fields().iter().map(|(name, _)| (*name).to_owned()).collect());
    let view = |(number, candidate): (usize, &Arc<CandidateScores>)| {
        let mut fields = candidate.fields().into_iter();
        // Every candidate has the same names, in the same order.
        let params = names.iter().map(|_| fields.next().map_or(serde_json::Value::Null, |(_, value)| value)).collect();
        let seconds = |record: &Record| record.fit_time.as_secs_f64();
        let count = candidate.records().len();
        let (state, reason) = state(candidate);
        CandidateView {
            number,
            params,
            summaries: (0..results.metrics().len()).map(|metric| summary(candidate, metric)).collect(),
            fit_seconds: (count > 0).then(|| candidate.records().iter().map(seconds).sum::<f64>() / count as f64),
            state,
            reason,
            stage: candidate.elimination().map(|elimination| elimination.after.clone()),
            violations: violations(results, candidate),
            budget: budget(candidate, results.folds()),
            rungs: if has_budgets { rungs(candidate) } else { Vec::new() },
            curves: candidate.records().iter().map(curve).collect(),
        }
    };
    results.candidates().iter().enumerate().map(view).collect()
}

fn finite(number: f64) -> Option<f64> {
    Some(number).filter(|number| number.is_finite())
}

fn summary(candidate: &CandidateScores, metric: usize) -> Summary {
    Summary {
        // An infinite mean is a score, by which the candidate ranks; NaN is none.
        mean: Some(candidate.mean(metric)).filter(|mean| !mean.is_nan()),
        std: finite(candidate.std(metric)),
        train_mean: finite(candidate.train_mean(metric)),
        rank: candidate.rank(metric),
        scores: candidate.scores(metric).into_iter().map(finite).collect(),
    }
}

/// The distance of the candidate to each constraint.
fn violations(results: &CvResults, candidate: &CandidateScores) -> Vec<Option<f64>> {
    let distance = |constraint: &Constraint| finite(constraint.violation(candidate.mean(constraint.metric)));
    results.constraints().iter().map(distance).collect()
}

/// The stage at which a candidate is, and the reason.
fn state(candidate: &CandidateScores) -> (State, Option<String>) {
    let failures: Vec<_> = candidate.records().iter().filter_map(|record| record.outcome.as_ref().err()).collect();
    if !failures.is_empty() {
        return (State::Failed, Some(group(failures)));
    }
    if let Some(elimination) = candidate.elimination() {
        return (State::Pruned, Some(elimination.to_string()));
    }
    let is_part = candidate.budget() != Budget::Full && !candidate.is_finalist();
    match (is_part, candidate.is_complete()) {
        (true, _) => (State::Pruned, None),
        (false, true) => (State::Complete, None),
        (false, false) => (State::Unfinished, None),
    }
}

/// The part of the whole training that the candidate had, where it had not all of it.
fn budget(candidate: &CandidateScores, folds: usize) -> Option<String> {
    let mut words = Vec::new();
    if candidate.budget() != Budget::Full {
        words.push(candidate.budget().to_string());
    }
    if !candidate.is_complete() {
        words.push(format!("{} of {folds} folds", candidate.records().len()));
    }
    (!words.is_empty()).then(|| words.join(", "))
}

/// The mean score at each budget that the candidate had.
fn rungs(candidate: &CandidateScores) -> Vec<Rung> {
    let mut records: Vec<&Record> = candidate.other_records().iter().chain(candidate.records()).collect();
    records.sort_by_key(|record| (record.budget, record.fold));
    let rung = |of: &[&Record]| {
        let scores: Option<Vec<f64>> = of.iter().map(|record| record.outcome.as_ref().ok()?.first().copied()).collect();
        let resource = match of[0].budget {
            Budget::Rows(share) => share.get(),
            Budget::Full if records[0].is_share() => 1.0,
            budget => candidate.whole.epochs(budget) as f64,
        };
        let score =
            scores.map(|scores| mean_and_std(&scores, &vec![1.0; scores.len()]).0).filter(|mean| !mean.is_nan());
        Rung { resource, score }
    };
    records.chunk_by(|a, b| a.budget == b.budget).map(rung).collect()
}

impl Record {
    /// True of a training on a share of the rows.
    fn is_share(&self) -> bool {
        matches!(self.budget, Budget::Rows(_))
    }
}

fn curve(record: &Record) -> Curve {
    let first = |scores: &[f64]| scores.first().copied().and_then(finite);
    let point = |epoch: &Epoch| CurvePoint {
        epoch: epoch.number as u32,
        loss: finite(epoch.train_loss),
        monitored: epoch.monitored.and_then(finite),
        train_score: first(&epoch.train_scores),
        validation_score: first(&epoch.validation_scores),
    };
    Curve { fold: record.fold, points: record.curve.epochs.iter().map(point).collect() }
}
