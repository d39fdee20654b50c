//! A search as plain data.

mod axis;
mod candidate;
mod effects;
mod front;
mod predictions;

pub use axis::{Axis, Domain};
pub use candidate::{Candidate, Curve, CurvePoint, Rung, State, Summary};
pub use effects::{Difference, Effect, Importance};
pub use front::Front;
pub use predictions::{CalibrationBin, Confusion, Predictions, Residuals, Roc};

use serde::{Deserialize, Serialize};

/// A search and what became of it, as plain data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SearchView {
    /// The name of the model.
    pub title: String,
    /// The metrics, the deciding one first.
    pub metrics: Vec<Metric>,
    /// The hyperparameters in the order of declaration.
    pub axes: Vec<Axis>,
    /// The candidates in the order of the space.
    pub candidates: Vec<Candidate>,
    /// The place of the best candidate in `candidates`.
    pub best: Option<usize>,
    /// The number of folds, those of all repeats.
    pub folds: usize,
    /// The numbers of fits.
    pub fits: Fits,
    /// The seconds from the call to the report, where they are known.
    pub seconds: Option<f64>,
    /// The rate of the fits and the time that is left, in words, where they are known.
    pub pace: Option<String>,
    /// The stage at which the search is.
    pub status: Status,
    /// Sentences on how sure the choice of the best is.
    pub certainty: Vec<String>,
    /// Warnings, each a sentence.
    pub warnings: Vec<String>,
    /// The quantity that the trainings monitored, by name.
    pub monitored: Option<String>,
    /// The part that each hyperparameter has in the scores.
    pub importance: Option<Importance>,
    /// The reason why there is no importance, as a sentence.
    pub importance_missing: Option<String>,
    /// Differences between values of a hyperparameter, everything else being equal.
    pub differences: Vec<Difference>,
    /// The candidates by several objectives.
    pub front: Option<Front>,
    /// The bounds on metrics, in words.
    pub constraints: Vec<String>,
    /// The out-of-fold predictions of the best candidate.
    pub predictions: Option<Predictions>,
    /// The reason why there are no predictions, as a sentence.
    pub predictions_missing: Option<String>,
    /// The model as its author declared it.
    pub declaration: Option<String>,
    /// Facts by which the search can be run again: seed, recipe, data, versions, machine.
    pub facts: Vec<Fact>,
}

/// A metric.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metric {
    /// The name.
    pub name: String,
    /// True where larger scores are better.
    pub maximize: bool,
}

/// Numbers of fits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fits {
    /// Finished fits.
    pub done: usize,
    /// Finished fits that failed.
    pub failed: usize,
    /// Fits of the whole search, where their number is known.
    pub planned: Option<usize>,
    /// Fits under way.
    pub running: usize,
}

/// The stage at which a search is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Status {
    /// The search has come to its end.
    #[default]
    Done,
    /// The search is under way.
    Running,
    /// The search ended before it was done, for this reason.
    Stopped(String),
    /// Not all of the search can be read, for this reason.
    Damaged(String),
}

/// A fact as a name and a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// The text, which may have several lines.
    pub text: String,
}

impl SearchView {
    /// The deciding metric.
    pub fn metric(&self) -> Option<&Metric> {
        self.metrics.first()
    }

    /// True where the first of two scores of the deciding metric is the better one.
    pub(crate) fn is_better(&self, score: f64, than: f64) -> bool {
        if self.metric().is_none_or(|metric| metric.maximize) { score > than } else { score < than }
    }

    /// The best candidate.
    pub fn best_candidate(&self) -> Option<&Candidate> {
        self.candidates.get(self.best?)
    }

    /// The places of the candidates, best first.
    pub(crate) fn ranked(&self) -> Vec<usize> {
        let rank = |at: usize| self.candidates[at].summaries.first().map_or(usize::MAX, |summary| summary.rank);
        // Ranks are read once: of many candidates each look takes longer than the comparison.
        let mut places: Vec<_> = (0..self.candidates.len()).map(|at| (Some(at) != self.best, rank(at), at)).collect();
        places.sort_unstable();
        places.into_iter().map(|(_, _, at)| at).collect()
    }

    /// The places of the axes that have several values among the candidates.
    pub(crate) fn varying(&self) -> Vec<usize> {
        let varies = |axis: &usize| {
            let mut values = self.candidates.iter().filter_map(|candidate| candidate.params.get(*axis));
            let first = values.next();
            values.any(|value| Some(value) != first)
        };
        (0..self.axes.len()).filter(varies).collect()
    }

    /// The hyperparameters of a candidate as text: those that vary, or all where none does.
    pub(crate) fn params_text(&self, at: usize) -> String {
        let mut axes = self.varying();
        if axes.is_empty() {
            axes = (0..self.axes.len()).collect();
        }
        let params = &self.candidates[at].params;
        let present = axes.into_iter().filter(|&axis| params.get(axis).is_some_and(|value| !value.is_null()));
        let pairs = present.map(|axis| format!("{} {}", self.axes[axis].name, crate::number::value(&params[axis])));
        pairs.collect::<Vec<_>>().join(", ")
    }
}
