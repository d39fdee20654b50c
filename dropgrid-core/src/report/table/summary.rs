//! The candidates of a search as columns of text for people.

use serde_json::Value;

use super::digits::{Decimals, of_axis};
use crate::{
    escape::escaped,
    record::Budget,
    report::{CandidateScores, Column, CvResults, lines::text_width},
};

/// The kind of a column. A metric is given by its position; the deciding one has 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Rank,
    /// The budget by which the candidate is judged, and its folds where it lacks some.
    Budget,
    /// A hyperparameter.
    Axis {
        varies: bool,
    },
    /// All hyperparameters in one cell.
    Candidate,
    Mean(usize),
    Std(usize),
    /// The part of a standard deviation that comes from the draws of trainings.
    SeedStd(usize),
    Train(usize),
    /// The deciding metric's score on a fold.
    Fold,
    Epochs,
    Time,
}

#[derive(Debug, Clone)]
pub(super) struct TextColumn {
    pub(super) kind: Kind,
    pub(super) header: String,
    pub(super) cells: Vec<String>,
}

impl TextColumn {
    /// The width of the widest cell, plus a space on either side and a border.
    pub(super) fn width(&self) -> usize {
        let widest = |text: &String| text.lines().map(text_width).max().unwrap_or(0);
        self.cells.iter().map(widest).max().unwrap_or(0).max(widest(&self.header)) + 3
    }
}

impl CvResults {
    /// For each hyperparameter, true where it has several values among the candidates.
    fn varying(&self) -> Vec<bool> {
        let mut fields = self.candidates().iter().map(|candidate| candidate.fields());
        let first = fields.next().unwrap_or_default();
        let mut varies = vec![false; first.len()];
        for fields in fields {
            for ((varies, first), field) in varies.iter_mut().zip(&first).zip(&fields) {
                *varies |= first.1 != field.1;
            }
            if varies.iter().all(|&varies| varies) {
                break;
            }
        }
        varies
    }

    /// The budget of a candidate in words, and its folds where it lacks some: `6 epochs, 2 of 5 folds`.
    fn budget(&self, candidate: &CandidateScores) -> String {
        let folds = format!("{} of {} folds", candidate.records().len(), self.folds());
        match (self.has_budgets(), candidate.is_complete()) {
            (true, true) => candidate.budget().to_string(),
            (true, false) => format!("{}, {folds}", candidate.budget()),
            (false, true) => "all".to_owned(),
            (false, false) => folds,
        }
    }

    /// The columns of all candidates, best first, as text for people.
    pub(in crate::report) fn summary(&self) -> Vec<(String, Column)> {
        let values = |cells: Vec<String>| Column::Values(cells.into_iter().map(Value::from).collect());
        self.shown(usize::MAX, false).into_iter().map(|column| (column.header, values(column.cells))).collect()
    }

    /// All columns of the best candidates, with the scores of each fold where they are asked for.
    pub(super) fn shown(&self, shown: usize, has_folds: bool) -> Vec<TextColumn> {
        let candidates: Vec<&CandidateScores> = ordered(self).into_iter().take(shown).collect();
        let mut columns = Vec::new();
        let mut add = |kind, header: &str, cells: Vec<String>| {
            let cells = cells.iter().map(|cell| escaped(cell).into_owned()).collect();
            columns.push(TextColumn { kind, header: escaped(header).into_owned(), cells });
        };
        add(Kind::Rank, "rank", candidates.iter().map(|candidate| candidate.rank(0).to_string()).collect());

        let fields: Vec<Vec<(&str, Value)>> = candidates.iter().map(|candidate| candidate.fields()).collect();
        let varies = self.varying();
        for (at, (name, _)) in fields.first().into_iter().flatten().enumerate() {
            let varies = varies[at];
            let values: Vec<Value> = fields.iter().map(|fields| fields[at].1.clone()).collect();
            add(Kind::Axis { varies }, name, of_axis(&values));
        }

        for (at, metric) in self.metrics().iter().enumerate() {
            let means: Vec<f64> = candidates.iter().map(|candidate| candidate.mean(at)).collect();
            let decimals = Decimals::of(&means);
            let cells = |score: &dyn Fn(&CandidateScores) -> f64| {
                candidates.iter().map(|candidate| text(candidate, score(candidate), decimals)).collect()
            };
            add(Kind::Mean(at), &format!("mean {}", metric.name), cells(&|candidate| candidate.mean(at)));
            add(Kind::Std(at), "std", cells(&|candidate| candidate.std(at)));
            if self.repeats() > 1 {
                add(Kind::SeedStd(at), "seed std", cells(&|candidate| candidate.seed_std(at)));
            }
            if self.has_train_scores() {
                add(Kind::Train(at), "train", cells(&|candidate| candidate.train_mean(at)));
            }
            for fold in (0..self.folds()).filter(|_| has_folds && at == 0) {
                let score = |candidate: &CandidateScores| candidate.scores(at).get(fold).copied().unwrap_or(f64::NAN);
                add(Kind::Fold, &format!("fold {fold}"), cells(&score));
            }
        }
        let is_partly = |candidate: &&CandidateScores| candidate.budget() != Budget::Full || !candidate.is_complete();
        if (self.has_budgets() || self.has_gaps()) && candidates.iter().any(is_partly) {
            let cells = candidates.iter().map(|candidate| self.budget(candidate));
            add(Kind::Budget, "trained", cells.collect());
        }
        if self.has_epochs() {
            let mean =
                |candidate: &&CandidateScores| candidate.summary(&candidate.epochs(), &vec![1.0; self.folds()]).0;
            let cell = |mean: f64| if mean.is_nan() { "-".to_owned() } else { format!("{mean:.1}") };
            add(Kind::Epochs, "epochs", candidates.iter().map(mean).map(cell).collect());
        }
        add(Kind::Time, "fit time", candidates.iter().map(|candidate| time(candidate)).collect());
        columns
    }
}

/// A score as text; `failed` or `undefined` where there is none.
fn text(candidate: &CandidateScores, score: f64, decimals: Decimals) -> String {
    if !score.is_nan() {
        return decimals.text(score);
    }
    let failed = candidate.records().iter().any(|record| record.outcome.is_err());
    if failed { "failed".to_owned() } else { "undefined".to_owned() }
}

/// The candidates, best first.
pub(super) fn ordered(results: &CvResults) -> Vec<&CandidateScores> {
    let mut order: Vec<&CandidateScores> = results.candidates().iter().map(|candidate| &**candidate).collect();
    order.sort_by_key(|candidate| candidate.rank(0));
    order
}

/// The mean time of a candidate's fits, in seconds or, below 0.1 s, in milliseconds.
fn time(candidate: &CandidateScores) -> String {
    let seconds: f64 = candidate.records().iter().map(|record| record.fit_time.as_secs_f64()).sum();
    let seconds = seconds / candidate.records().len().max(1) as f64;
    if seconds < 0.1 { format!("{:.2} ms", seconds * 1e3) } else { format!("{seconds:.3} s") }
}
