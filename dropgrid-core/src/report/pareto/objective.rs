//! The objectives by which candidates are compared.

use std::sync::Arc;

use crate::{
    error::Result,
    metric::{Direction, Metric},
    record::{MetricInfo, Record, mean_and_std},
    report::{CandidateScores, CvResults, MetricRef},
};

/// A quantity by which candidates are compared: the mean score of a metric, a time, or the size of the network.
///
/// # Examples
/// ```
/// # use dropgrid_core::{metric::Accuracy, report::Objective};
/// let objectives = [Objective::of(&Accuracy), Objective::metric("log_loss"), Objective::fit_time(), Objective::parameters()];
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objective(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Metric(String),
    FitTime,
    ScoreTime,
    Parameters,
}

impl Objective {
    /// The mean score of the metric of that name, in its own direction.
    pub fn metric(name: impl Into<String>) -> Self {
        Self(Kind::Metric(name.into()))
    }

    /// The mean score of a metric, in its own direction.
    pub fn of(metric: &impl Metric) -> Self {
        Self::metric(metric.name())
    }

    /// The mean time of a training, in seconds: less is better. It is not the same in every run.
    pub fn fit_time() -> Self {
        Self(Kind::FitTime)
    }

    /// The mean time of a scoring, in seconds: less is better. It is not the same in every run.
    pub fn score_time() -> Self {
        Self(Kind::ScoreTime)
    }

    /// The number of trainable parameters: fewer is better.
    pub fn parameters() -> Self {
        Self(Kind::Parameters)
    }

    /// Its name: that of the metric, `fit_time`, `score_time` or `parameters`.
    pub fn name(&self) -> &str {
        match &self.0 {
            Kind::Metric(name) => name,
            Kind::FitTime => "fit_time",
            Kind::ScoreTime => "score_time",
            Kind::Parameters => "parameters",
        }
    }

    /// Its name as people read it, with its unit.
    pub(in crate::report) fn label(&self) -> &str {
        match &self.0 {
            Kind::Metric(name) => name,
            Kind::FitTime => "fit time in s",
            Kind::ScoreTime => "score time in s",
            Kind::Parameters => "parameters",
        }
    }

    /// Checks that a search with these metrics has it.
    ///
    /// # Errors
    /// [`ScoringError::UnknownMetric`](crate::error::ScoringError::UnknownMetric).
    pub(super) fn check(&self, metrics: &[MetricInfo]) -> Result<()> {
        if let Kind::Metric(name) = &self.0 { name.as_str().pick(metrics, drop) } else { Ok(()) }
    }

    /// The direction, and a value for each candidate of the results. `size` gives the number of trainable parameters of
    /// the candidate at a place, where that is known.
    pub(super) fn values(
        &self,
        results: &CvResults,
        size: &mut dyn FnMut(usize) -> Option<usize>,
    ) -> Result<(Direction, Vec<f64>)> {
        let time = |seconds: &dyn Fn(&Record) -> f64| {
            let mean = |candidate: &Arc<CandidateScores>| {
                let times: Vec<f64> = candidate.records().iter().map(seconds).collect();
                mean_and_std(&times, &vec![1.0; times.len()]).0
            };
            results.candidates().iter().map(mean).collect()
        };
        Ok(match &self.0 {
            Kind::Metric(name) => {
                let at = name.as_str().pick(results.metrics(), |at| at)?;
                let means = results.candidates().iter().map(|candidate| candidate.mean(at)).collect();
                (results.metrics()[at].direction, means)
            }
            Kind::FitTime => (Direction::Minimize, time(&|record| record.fit_time.as_secs_f64())),
            Kind::ScoreTime => (Direction::Minimize, time(&|record| record.score_time.as_secs_f64())),
            Kind::Parameters => {
                let size = |at: usize| size(at).map_or(f64::NAN, |size| size as f64);
                (Direction::Minimize, (0..results.candidates().len()).map(size).collect())
            }
        })
    }
}

/// The name of a metric.
impl From<&str> for Objective {
    fn from(name: &str) -> Self {
        Self::metric(name)
    }
}
