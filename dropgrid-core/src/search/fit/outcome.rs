//! The outcome of one fit.

use std::time::Duration;

use crate::{
    error::Failure,
    metric::Measured,
    record::{Curve, Details, Job, Record},
};

/// The outcome of one fit.
#[derive(Debug, Clone)]
pub(in crate::search) struct Outcome {
    pub(in crate::search) scores: Result<Scores, Failure>,
    pub(in crate::search) fit_time: Duration,
    pub(in crate::search) score_time: Duration,
    pub(in crate::search) curve: Curve,
    pub(in crate::search) details: Details,
}

/// The scores of one fit, one a metric.
#[derive(Debug, Clone)]
pub(in crate::search) struct Scores {
    pub(in crate::search) test: Vec<Measured>,
    pub(in crate::search) train: Option<Vec<f64>>,
}

impl Outcome {
    /// A fit that failed after that time, without an epoch.
    pub(in crate::search) fn failed(failure: Failure, fit_time: Duration) -> Self {
        let (curve, details) = (Curve::default(), Details::default());
        Self { scores: Err(failure), fit_time, score_time: Duration::ZERO, curve, details }
    }

    /// The failure of a worker that ended without an outcome.
    pub(in crate::search) fn lost() -> Failure {
        Failure::Panicked { message: "the worker ended without a result".to_owned() }
    }

    /// The record of the fit, which was that of a job.
    pub(in crate::search) fn record<P>(self, job: &Job<P>) -> Record {
        let Self { scores, fit_time, score_time, curve, details } = self;
        let (outcome, train_scores, warnings) = match scores {
            Ok(Scores { test, train }) => {
                let (scores, warnings) = test.into_iter().map(|score| (score.value, score.warnings)).unzip();
                (Ok(scores), train, warnings)
            }
            Err(failure) => (Err(failure), None, Vec::new()),
        };
        let Job { candidate, fold, budget, .. } = *job;
        Record { candidate, fold, budget, outcome, warnings, train_scores, fit_time, score_time, curve, details }
    }
}
