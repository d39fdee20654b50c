//! The settings of a loop of one's own.

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
    strategy::{Strategy, Trials},
    study::{Identity, Metadata, Study},
};

/// The settings of a loop of one's own, each with a default: [`start`](Self::start) begins it.
#[derive(Debug)]
pub struct AskTellBuilder<S: Space, T> {
    space: S,
    strategy: T,
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
            strategy,
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

    /// Adds a metric of which more is better. The first metric decides; without any there is one, `value`, of which less is
    /// better.
    pub fn maximize(self, metric: impl Into<String>) -> Self {
        self.metric(metric.into(), Direction::Maximize)
    }

    /// Adds a metric of which less is better.
    pub fn minimize(self, metric: impl Into<String>) -> Self {
        self.metric(metric.into(), Direction::Minimize)
    }

    fn metric(mut self, name: String, direction: Direction) -> Self {
        self.metrics.push(MetricInfo { name, direction });
        self
    }

    /// The quantity that is [told](crate::search::TrialOutcome::monitored) after each epoch, for a
    /// [pruning](crate::strategy::Pruning). The default is the deciding metric.
    pub fn monitor(self, name: impl Into<String>, direction: Direction) -> Self {
        Self { monitored: Some(MetricInfo { name: name.into(), direction }), ..self }
    }

    /// The number of folds on which each candidate is scored, each a job of its own. The default is 1.
    pub fn folds(self, folds: usize) -> Self {
        Self { folds, ..self }
    }

    /// The epochs of the whole training of a candidate, of which [budgets](crate::record::Budget) are parts: for strategies
    /// such as [`SuccessiveHalving`](crate::strategy::SuccessiveHalving). The default is 1.
    pub fn epochs(self, epochs: u32) -> Self {
        Self { epochs, ..self }
    }

    /// The seed of the strategy's draws.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Seed(seed), ..self }
    }

    /// The score of a failed job: NaN by default. [`ErrorScore::Raise`] is NaN, too, since the loop is yours.
    pub fn error_score(self, error_score: ErrorScore) -> Self {
        Self { error_score, ..self }
    }

    /// Bounds the mean score of a metric, as a search's [`constraint`](crate::search::Search::constraint).
    pub fn constraint(mut self, metric: impl Into<String>, bounds: impl RangeBounds<f64>) -> Self {
        let (lower, upper) = (bounds.start_bound().cloned(), bounds.end_bound().cloned());
        self.constraints.push(Bounds { metric: metric.into(), lower, upper });
        self
    }

    /// Lets the strategy's model learn from another search, as a search's [`warm_start`](crate::search::Search::warm_start). Its
    /// candidates that the space does not have are passed over.
    pub fn warm_start(mut self, prior: impl Into<PriorResults>) -> Self {
        self.priors.push(prior.into());
        self
    }

    /// Tries these candidates before all others, as a search's [`enqueue`](crate::search::Search::enqueue).
    pub fn enqueue(mut self, candidates: impl IntoIterator<Item = S::Params>) -> Self {
        self.enqueued.extend(candidates);
        self
    }

    /// Keeps what is told in a file. A loop with the same settings on the same file goes on behind it: jobs that were told are
    /// not asked again.
    ///
    /// It needs the feature `study`, which is on by default.
    #[cfg(feature = "study")]
    pub fn study(self, study: impl Into<Study>) -> Self {
        Self { study: Some(study.into()), ..self }
    }

    /// Needs the feature `study`, which is off.
    #[cfg(not(feature = "study"))]
    pub fn study(self, _: impl Into<Study>) -> Self
    where
        for<'a> Off<'a>: StudyFeature,
    {
        self
    }

    /// Begins the loop, or goes on from its study.
    ///
    /// # Errors
    /// [`Error::Setting`], [`ScoringError::SameName`]; those of the space, the strategy and the study.
    pub fn start(self) -> Result<AskTell<S, T>> {
        let Self { space, strategy, mut metrics, epochs, seed, error_score, .. } = self;
        for (setting, value) in [("folds", self.folds), ("epochs", epochs as usize)] {
            if value == 0 {
                return Err(Error::Setting { setting, value: "0".to_owned(), expected: "at least 1" });
            }
        }
        space.check()?;
        check_listed(strategy.listed())?;
        if metrics.is_empty() {
            metrics.push(MetricInfo { name: "value".to_owned(), direction: Direction::Minimize });
        }
        for (at, metric) in metrics.iter().enumerate() {
            if metrics[..at].iter().any(|other| other.name == metric.name) {
                return Err(ScoringError::SameName { metric: metric.name.clone() }.into());
            }
        }
        check_enqueued(&self.enqueued, &strategy, &space)?;
        let facts = Facts {
            monitored: self.monitored.unwrap_or_else(|| metrics[0].clone()),
            best_score: None,
            error_score: error_score.value(),
            constraints: constraints(&self.constraints, &metrics)?,
            priors: studies(&self.priors, &strategy, &space, &metrics[0])?.0,
            enqueued: self.enqueued,
            folds: vec![FoldInfo { repeat: 0, train: 1, test: 1, weight: 1.0 }; self.folds],
            // A loop of one's own does not tell of its data.
            rows: 1,
            classes: None,
            seed,
            epochs: Box::new(move |_| epochs),
            epoch_range: (epochs, epochs),
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
                    constraints: facts.constraints.clone(),
                    declaration: None,
                    monitored: None,
                    made_by: Some(machine().text),
                    digest: None,
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
        asker.strategy.count(&asker.view())?;
        Ok(asker)
    }
}

/// The identity of a loop: the scores of a loop are its own business.
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
