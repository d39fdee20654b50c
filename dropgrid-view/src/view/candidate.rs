//! Candidates, their scores and their trainings.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A candidate. A number that there is none of, or that is no number, is `None`. Means may be infinite.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Candidate {
    /// The number in the space, which no other candidate has.
    pub number: usize,
    /// The value of each axis; null where the candidate does not have it.
    pub params: Vec<Value>,
    /// The scores by each metric.
    pub summaries: Vec<Summary>,
    /// The mean seconds of a fit.
    pub fit_seconds: Option<f64>,
    /// The stage at which the candidate is.
    pub state: State,
    /// The reason of a state: why fits failed, or why the candidate was given up.
    pub reason: Option<String>,
    /// The stage of the search after which the candidate was given up, where it was.
    pub stage: Option<String>,
    /// The distance to the nearest feasible score of each constraint, 0 of a feasible score; `None` where there is no
    /// score.
    pub violations: Vec<Option<f64>>,
    /// The part of the whole training that the candidate had, in words; `None` where it had all of it.
    pub budget: Option<String>,
    /// The scores at each part of the training that the candidate had, the smallest part first.
    pub rungs: Vec<Rung>,
    /// The learning curves by fold.
    pub curves: Vec<Curve>,
}

/// The scores of a candidate by one metric.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// The mean over the folds.
    pub mean: Option<f64>,
    /// The standard deviation over the folds.
    pub std: Option<f64>,
    /// The mean score on the rows trained on.
    pub train_mean: Option<f64>,
    /// The rank, from 1.
    pub rank: usize,
    /// The score on each fold.
    pub scores: Vec<Option<f64>>,
}

/// The stage at which a candidate is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum State {
    /// The candidate is done on all folds.
    #[default]
    Complete,
    /// A strategy or a rule gave the candidate up.
    Pruned,
    /// A fit failed.
    Failed,
    /// Fits are missing: the search is under way, or it ended before.
    Unfinished,
}

impl State {
    /// The state in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Pruned => "pruned",
            Self::Failed => "failed",
            Self::Unfinished => "unfinished",
        }
    }
}

/// The score of a candidate after a part of its training.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Rung {
    /// The epochs, or the share of the rows.
    pub resource: f64,
    /// The mean score of the folds that were trained so far, by the deciding metric.
    pub score: Option<f64>,
}

/// The learning curve of a fit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// The fold.
    pub fold: u32,
    /// One entry an epoch.
    pub points: Vec<CurvePoint>,
}

/// The numbers of one epoch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CurvePoint {
    /// The epoch, from 1.
    pub epoch: u32,
    /// The mean training loss.
    pub loss: Option<f64>,
    /// The monitored quantity.
    pub monitored: Option<f64>,
    /// The score of the deciding metric on the rows trained on.
    pub train_score: Option<f64>,
    /// The score of the deciding metric on the validation rows.
    pub validation_score: Option<f64>,
}

impl Candidate {
    /// The scores by the deciding metric.
    pub fn deciding(&self) -> Option<&Summary> {
        self.summaries.first()
    }

    /// The sum of the distances to the constraints, 0 where the candidate keeps to all of them; `None` where it lacks a
    /// score.
    pub fn violation(&self) -> Option<f64> {
        self.violations.iter().copied().sum()
    }

    /// True of a candidate that keeps to all constraints.
    pub fn is_feasible(&self) -> bool {
        self.violation() == Some(0.0)
    }

    /// The mean score by the deciding metric, where it is finite.
    pub fn mean(&self) -> Option<f64> {
        self.deciding()?.mean.filter(|mean| mean.is_finite())
    }
}
