//! Settings by what is known before: other studies, and the scores that a candidate must have.

use std::ops::RangeBounds;

use crate::{
    metric::Metric,
    model::Model,
    report::PriorResults,
    search::{Bounds, Search},
    strategy::Strategy,
};

impl<M: Model, S: Strategy<M::Space>, C, L> Search<M, S, C, L> {
    /// Lets the strategy's model learn from another search, of the same or a similar model on any data, before it has scores of
    /// its own: a [report](crate::report::Report), its results, or a [file](crate::study::StudyFile). Several calls add up.
    ///
    /// The other search must have each axis of this one under its name, and this one's deciding metric; axes that only the other
    /// one has are passed over. Its candidates that the space does not have are left out. The report has a warning about
    /// both. Scores are compared within their search, as the data may be easier there: those of this search are brought to the
    /// mean and the deviation that the nearest candidates of the other one have. Each trial of the other search takes the place
    /// of one of the model's first candidates, which are spread over the space.
    ///
    /// The scores of candidates do not depend on it; which ones are tried does, so a [study](Self::study) knows it. Of a
    /// strategy without a model it is [`Error::Setting`](crate::Error::Setting);
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

    /// Tries these candidates before all others: optuna's `enqueue_trial`. They are some of the strategy's candidates, in the
    /// place of its first ones, and its model learns from them. Several calls add up.
    ///
    /// A candidate that the space does not have is [`SpaceError::NotInSpace`](crate::error::SpaceError::NotInSpace), and one that
    /// stands twice is [`NameError::Repeated`](crate::error::NameError::Repeated). Of a strategy without a model it is
    /// [`Error::Setting`](crate::Error::Setting).
    pub fn enqueue(mut self, candidates: impl IntoIterator<Item = M::Params>) -> Self {
        self.settings.enqueued.extend(candidates);
        self
    }

    /// Bounds the mean score of one of the search's metrics, by itself or by name: `(Recall, 0.9..)`, `("log_loss", ..0.5)`.
    /// Several calls add up.
    ///
    /// A candidate outside is infeasible. It ranks behind every feasible one that had as much training, the smaller
    /// [violation](crate::report::CandidateScores::violation) first, and wins only where none is feasible, which the report then
    /// says: the rule of [Deb 2000](https://doi.org/10.1016/S0045-7825(99)00389-8). To a model of the scores an infeasible
    /// candidate is worse than all feasible ones. Halvings promote feasible candidates first.
    ///
    /// A name that no metric has is [`ScoringError::UnknownMetric`](crate::error::ScoringError::UnknownMetric). Bounds that no
    /// score can meet are [`Error::Setting`](crate::Error::Setting), and so is a strategy that drops candidates by the deciding
    /// metric alone: [`Race`](crate::strategy::Race), [`ExactGrid`](crate::strategy::ExactGrid).
    pub fn constraint(mut self, metric: impl MetricName, bounds: impl RangeBounds<f64>) -> Self {
        let (lower, upper) = (bounds.start_bound().cloned(), bounds.end_bound().cloned());
        self.settings.constraints.push(Bounds { metric: metric.name_of_metric(), lower, upper });
        self
    }
}

/// A metric of a search, by itself or by its name.
pub trait MetricName {
    /// The name of the metric.
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
