//! The settings of an ask-and-tell loop.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    ops::RangeBounds,
};

use super::AskTell;
#[cfg(not(feature = "study"))]
use crate::error::{Off, StudyFeature};
use crate::{
    error::{Error, Result, ScoringError},
    metric::Direction,
    record::{FoldInfo, MetricInfo},
    report::{ErrorScore, PriorResults, axis, machine},
    search::{
        names::check_listed,
        prior::{Bounds, check_enqueued, constraints, identity as of_priors, studies},
        run::{Facts, OpenStudy, Unlike},
    },
    seed::Seed,
    space::Space,
    strategy::{Strategy, Trials, TypedStrategy},
    study::{Identity, Metadata, Study},
};

/// The settings of an ask-and-tell loop, each with a default. [`start`](Self::start) begins the loop.
#[derive(Debug)]
pub struct AskTellBuilder<S: Space, T> {
    space: S,
    strategy: TypedStrategy<S, T>,
    metrics: Vec<MetricInfo>,
    monitored: Option<MetricInfo>,
    folds: usize,
    epochs: u32,
    seed: Seed,
    error_score: ErrorScore,
    constraints: Vec<Bounds>,
    priors: Vec<PriorResults>,
    enqueued: Vec<S::Params>,
    study: Option<Study>,
}

impl<S: Space, T: Strategy<S>> AskTellBuilder<S, T> {
    pub(super) fn new(space: S, strategy: T) -> Self {
        let (metrics, folds, epochs, seed) = (Vec::new(), 1, 1, Seed::default());
        Self {
            space,
            strategy: TypedStrategy::new(strategy),
            metrics,
            monitored: None,
            folds,
            epochs,
            seed,
            error_score: ErrorScore::default(),
            constraints: Vec::new(),
            priors: Vec::new(),
            enqueued: Vec::new(),
            study: None,
        }
    }
}

impl<S: Space, T> AskTellBuilder<S, T> {
    /// Adds a metric to maximize. The first metric decides. Without any metric there is one, `value`, to minimize.
    pub fn maximize(self, metric: impl Into<String>) -> Self {
        self.metric(metric.into(), Direction::Maximize)
    }

    /// Adds a metric to minimize.
    pub fn minimize(self, metric: impl Into<String>) -> Self {
        self.metric(metric.into(), Direction::Minimize)
    }

    fn metric(mut self, name: String, direction: Direction) -> Self {
        self.metrics.push(MetricInfo { name, direction });
        self
    }

    /// Names the monitored quantity. Its values are [given](crate::search::TrialOutcome::monitored) with each outcome,
    /// one per epoch, and [pruning](crate::strategy::Pruning) decides on them. The default is the deciding metric.
    pub fn monitor(self, name: impl Into<String>, direction: Direction) -> Self {
        Self { monitored: Some(MetricInfo { name: name.into(), direction }), ..self }
    }

    /// Sets the number of folds on which each candidate is scored. Each fold is a separate job. The default is 1.
    pub fn folds(self, folds: usize) -> Self {
        Self { folds, ..self }
    }

    /// Sets the number of epochs of a candidate's full training. Strategies such as
    /// [`SuccessiveHalving`](crate::strategy::SuccessiveHalving) train candidates for [budgets](crate::record::Budget),
    /// which are parts of it. The default is 1.
    pub fn epochs(self, epochs: u32) -> Self {
        Self { epochs, ..self }
    }

    /// Sets the seed of the strategy's random draws.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Seed(seed), ..self }
    }

    /// Sets the score of a failed job. The default is NaN. [`ErrorScore::Raise`] also means NaN here, since your code
    /// runs the loop.
    pub fn error_score(self, error_score: ErrorScore) -> Self {
        Self { error_score, ..self }
    }

    /// Bounds the mean score of a metric, as [`constraint`](crate::search::Search::constraint) does for a search.
    pub fn constraint(mut self, metric: impl Into<String>, bounds: impl RangeBounds<f64>) -> Self {
        let (lower, upper) = (bounds.start_bound().cloned(), bounds.end_bound().cloned());
        self.constraints.push(Bounds { metric: metric.into(), lower, upper });
        self
    }

    /// Lets the strategy's model learn from another search, as [`warm_start`](crate::search::Search::warm_start) does
    /// for a search. Candidates of the other search that are not in the space are ignored.
    pub fn warm_start(mut self, prior: impl Into<PriorResults>) -> Self {
        self.priors.push(prior.into());
        self
    }

    /// Tries these candidates before all others, as [`enqueue`](crate::search::Search::enqueue) does for a search.
    pub fn enqueue(mut self, candidates: impl IntoIterator<Item = S::Params>) -> Self {
        self.enqueued.extend(candidates);
        self
    }

    /// Stores every outcome in a file. A loop with the same settings on the same file continues from it: finished jobs
    /// are not handed out again.
    ///
    /// Requires the feature `study`, which is on by default.
    #[cfg(feature = "study")]
    pub fn study(self, study: impl Into<Study>) -> Self {
        Self { study: Some(study.into()), ..self }
    }

    /// Requires the feature `study`, which is off.
    #[cfg(not(feature = "study"))]
    pub fn study(self, _: impl Into<Study>) -> Self
    where
        for<'a> Off<'a>: StudyFeature,
    {
        self
    }

    /// Begins the loop, or continues the loop that its study holds.
    ///
    /// # Errors
    /// [`Error::Setting`], [`ScoringError::SameName`], and the errors of the space, the strategy and the study.
    pub fn start(self) -> Result<AskTell<S, T>> {
        let Self { space, strategy, mut metrics, epochs, seed, error_score, .. } = self;
        for (setting, value) in [("folds", self.folds), ("epochs", epochs as usize)] {
            if value == 0 {
                return Err(Error::Setting { setting, value: "0".to_owned(), expected: "at least 1" });
            }
        }
        space.check()?;
        check_listed(strategy.get().listed())?;
        if metrics.is_empty() {
            metrics.push(MetricInfo { name: "value".to_owned(), direction: Direction::Minimize });
        }
        for (at, metric) in metrics.iter().enumerate() {
            if metrics[..at].iter().any(|other| other.name == metric.name) {
                return Err(ScoringError::SameName { metric: metric.name.clone() }.into());
            }
        }
        check_enqueued(&self.enqueued, strategy.get(), &space)?;
        let facts = Facts {
            monitored: self.monitored.unwrap_or_else(|| metrics[0].clone()),
            best_score: None,
            error_score: error_score.value(),
            constraints: constraints(&self.constraints, &metrics)?,
            priors: studies(&self.priors, strategy.get(), &space, &metrics[0])?.0,
            enqueued: self.enqueued,
            folds: vec![FoldInfo { repeat: 0, train: 1, test: 1, weight: 1.0 }; self.folds],
            // The loop does not know the data on which its jobs are scored.
            rows: 1,
            classes: None,
            seed,
            epochs: Box::new(move |_| epochs),
            epoch_range: (epochs, epochs),
            validation_fraction: 0.0,
            evaluation_only: &[],
            metrics,
        };
        let study = match &self.study {
            None => OpenStudy::in_memory(),
            Some(study) => {
                let unlike: Unlike = |_, _| None;
                let metadata = Metadata {
                    metrics: facts.metrics.clone(),
                    folds: facts.folds.clone(),
                    error_score: if let ErrorScore::Value(score) = error_score { Some(score) } else { None },
                    fits: None,
                    rows: None,
                    axes: space.axes().iter().map(axis).collect(),
                    architecture: Vec::new(),
                    architectures: None,
                    constraints: facts.constraints.clone(),
                    declaration: None,
                    monitored: None,
                    facts: vec![machine()],
                    warnings: Vec::new(),
                    end: None,
                };
                let identity = identity(&space, &facts.metrics, self.folds, seed);
                let identity = identity.with_some("warm start", of_priors(&self.priors));
                OpenStudy::open(study, &identity, (&metadata, true), unlike, None)?
            }
        };
        let asker = AskTell {
            trials: Trials::new(&facts.folds, facts.error_score),
            space,
            strategy,
            facts,
            error_score,
            study,
            told: HashMap::new(),
            queue: VecDeque::new(),
            pending: BTreeMap::new(),
            has_news: true,
        };
        asker.strategy.get().count(&asker.view())?;
        Ok(asker)
    }
}

/// The identity of a loop in its study. It does not cover how the caller computes the scores.
fn identity<S: Space>(space: &S, metrics: &[MetricInfo], folds: usize, seed: Seed) -> Identity {
    let axes: Vec<String> = space.axes().iter().map(|axis| format!("{} in {}", axis.name, axis.values)).collect();
    let metrics: Vec<String> = metrics.iter().map(|metric| format!("{:?} {}", metric.direction, metric.name)).collect();
    Identity::new()
        .with("model", "a loop of one's own")
        .with("space", axes.join("; "))
        .with("metrics", metrics.join(", "))
        .with("folds", (0..folds).map(|fold| fold.to_string()).collect::<Vec<_>>().join(" "))
        .with("seed", seed.0.to_string())
}
