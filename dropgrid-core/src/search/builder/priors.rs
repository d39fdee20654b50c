//! Settings from prior knowledge: the results of other searches, candidates to try first, and bounds on scores.

use std::ops::RangeBounds;

use crate::{
    metric::Metric,
    model::Model,
    report::PriorResults,
    search::{Bounds, Search},
};

impl<M: Model, S, C, L> Search<M, S, C, L> {
    /// Lets the strategy's model learn from another search of the same or a similar model, on any data, before it has
    /// scores of this one. The argument is a [report](crate::report::Report), its results, or a [study
    /// file](crate::study::StudyFile). Calls add up.
    ///
    /// The other search must have every axis of this one, under the same name, and this search's deciding metric. Axes
    /// that only the other search has are ignored. Candidates that are not in this space are left out. The report warns
    /// about both. Scores are compared within each search only, because one data set may be easier than the other: the
    /// scores of this search are scaled to the mean and the standard deviation of the nearest candidates of the other.
    /// Each trial of the other search replaces one of the model's initial candidates, which are spread over the space.
    ///
    /// The setting changes which candidates are tried, but not their scores. It is part of the identity of a
    /// [study](Self::study). With a strategy without a model it is [`Error::Setting`](crate::Error::Setting).
    /// [`SpaceError::PriorAxes`](crate::error::SpaceError::PriorAxes) names the axes that the other search lacks.
    ///
    /// ```
    /// # use dropgrid_core::{Result, model::Model, report::Report, search::Search, space::Space, strategy::{Gp, Strategy}};
    /// # fn check<M: Model, T>(january: &Report<M, T>) where Gp: Strategy<M::Space> {
    /// let february = Search::<M, Gp>::new(Gp::new(30)).warm_start(january);
    /// # }
    /// ```
    pub fn warm_start(mut self, prior: impl Into<PriorResults>) -> Self {
        self.settings.priors.push(prior.into());
        self
    }

    /// Tries these candidates before all others, like optuna's `enqueue_trial`. They count as candidates of the
    /// strategy, in place of its first ones, and its model learns from them. Calls add up.
    ///
    /// A candidate outside the space is [`SpaceError::NotInSpace`](crate::error::SpaceError::NotInSpace). A candidate
    /// that appears twice is [`NameError::Repeated`](crate::error::NameError::Repeated). With a strategy without a
    /// model the setting is [`Error::Setting`](crate::Error::Setting).
    pub fn enqueue(mut self, candidates: impl IntoIterator<Item = M::Params>) -> Self {
        self.settings.enqueued.extend(candidates);
        self
    }

    /// Bounds the mean score of one of the search's metrics, given by itself or by name: `(Recall, 0.9..)`,
    /// `("log_loss", ..0.5)`. Calls add up.
    ///
    /// A candidate that violates a bound is infeasible. It ranks behind every feasible candidate with as much training.
    /// Infeasible candidates rank by their [violation](crate::report::CandidateScores::violation), the smallest first.
    /// One of them wins only if no candidate is feasible, and the report then says so. This is the rule of [Deb
    /// 2000](https://doi.org/10.1016/S0045-7825(99)00389-8). A model of the scores treats an infeasible candidate as
    /// worse than all feasible ones. Successive halving promotes feasible candidates first.
    ///
    /// A name that no metric has is [`ScoringError::UnknownMetric`](crate::error::ScoringError::UnknownMetric). Bounds
    /// that no score can meet are [`Error::Setting`](crate::Error::Setting). So is a strategy that drops candidates by
    /// the deciding metric alone: [`Race`](crate::strategy::Race), [`ExactGrid`](crate::strategy::ExactGrid).
    pub fn constraint(mut self, metric: impl MetricName, bounds: impl RangeBounds<f64>) -> Self {
        let (lower, upper) = (bounds.start_bound().cloned(), bounds.end_bound().cloned());
        self.settings.constraints.push(Bounds { metric: metric.name_of_metric(), lower, upper });
        self
    }
}

/// A metric of a search, given by itself or by its name.
pub trait MetricName {
    /// Returns the name of the metric.
    #[doc(hidden)]
    fn name_of_metric(&self) -> String;
}

impl<M: Metric> MetricName for M {
    fn name_of_metric(&self) -> String {
        self.name()
    }
}

impl MetricName for &str {
    fn name_of_metric(&self) -> String {
        (*self).to_owned()
    }
}
