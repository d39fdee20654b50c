//! The searches in which a strategy is judged.

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    ops::Bound,
};

use crate::{
    error::Failure,
    metric::Direction,
    record::{Budget, Constraint, FoldInfo, MetricInfo},
};

/// The epochs of a whole training.
const EPOCHS: u32 = 27;

/// The rows of the data.
pub(super) const ROWS: usize = 150;

/// A simulated search: its folds, its metrics, and the faults of its fits.
pub(super) struct Scenario {
    name: &'static str,
    pub(super) folds: Vec<FoldInfo>,
    pub(super) metrics: Vec<MetricInfo>,
    pub(super) error_score: f64,
    /// The best value of the metric, where scores have one. They are then between -1 and 1.
    pub(super) best_score: Option<f64>,
    /// Bounds on metrics.
    pub(super) constraints: Vec<Constraint>,
    faults: Faults,
    /// True where each candidate has epochs of its own.
    has_own_epochs: bool,
    /// True where the scores are those of the first scenario, with the other sign.
    pub(super) is_mirrored: bool,
}

/// The faults of fits.
#[derive(Clone, Copy, PartialEq)]
enum Faults {
    None,
    /// One fit in three has NaN as its score.
    Undefined,
    /// One fit in three fails.
    Some,
    /// Every fit fails.
    All,
}

impl Scenario {
    /// Every scenario, the plain one first.
    pub(super) fn all() -> Vec<Self> {
        let metric = |name: &str, direction| MetricInfo { name: name.to_owned(), direction };
        let folds = |weights: &[f64]| {
            let fold = |&weight| FoldInfo { repeat: 0, train: ROWS - 30, test: 30, weight };
            weights.iter().map(fold).collect::<Vec<_>>()
        };
        let plain = |name| Self {
            name,
            folds: folds(&[1.0; 3]),
            metrics: vec![metric("score", Direction::Maximize)],
            error_score: f64::NAN,
            best_score: None,
            constraints: Vec::new(),
            faults: Faults::None,
            has_own_epochs: false,
            is_mirrored: false,
        };
        let minimised = vec![metric("loss", Direction::Minimize)];
        let several = vec![metric("score", Direction::Maximize), metric("loss", Direction::Minimize)];
        let (name, upper) = ("loss".to_owned(), Bound::Included(0.5));
        let constraints = vec![Constraint { metric: 1, name, lower: Bound::Unbounded, upper }];
        let bounded =
            |faults, name| Self { metrics: several.clone(), constraints: constraints.clone(), faults, ..plain(name) };
        vec![
            plain("on three folds"),
            Self { metrics: minimised, is_mirrored: true, ..plain("under a metric that is minimised") },
            Self { folds: folds(&[1.0]), ..plain("on one fold") },
            Self {
                folds: folds(&[3.0, 1.0, 2.0, 0.5]),
                metrics: several.clone(),
                ..plain("with weights and two metrics")
            },
            Self { faults: Faults::Undefined, ..plain("where scores are NaN") },
            Self { faults: Faults::Some, ..plain("where fits fail") },
            Self { faults: Faults::Some, error_score: -1.0, ..plain("where failed fits have a score") },
            Self { faults: Faults::All, ..plain("where all fits fail") },
            Self { has_own_epochs: true, ..plain("where candidates have epochs of their own") },
            bounded(Faults::None, "under a constraint"),
            bounded(Faults::Some, "where fits fail under a constraint"),
            Self { best_score: Some(1.0), ..plain("where scores have a bound") },
            Self { best_score: Some(1.0), faults: Faults::Some, ..plain("where fits fail and scores have a bound") },
        ]
    }

    /// The numbers of workers to run it on, and the number of orders in which jobs finish on each of them.
    pub(super) fn runs(&self) -> (&'static [usize], u64) {
        if self.name == "on three folds" { (&[1, 2, 3, 7, 64], 2) } else { (&[2, 64], 1) }
    }

    /// The epochs of a candidate's whole training, by its text.
    pub(super) fn epochs(&self, candidate: &impl fmt::Display) -> u32 {
        let of_its_own = || [1, 9, EPOCHS, 3 * EPOCHS][hash(candidate.to_string().as_str()) as usize % 4];
        if self.has_own_epochs { of_its_own() } else { EPOCHS }
    }

    /// The fewest and the most epochs of a whole training.
    pub(super) fn epoch_range(&self) -> (u32, u32) {
        if self.has_own_epochs { (1, 3 * EPOCHS) } else { (EPOCHS, EPOCHS) }
    }

    /// The scores of a job, one a metric, where the deciding one is `score` if no fault comes between.
    pub(super) fn outcome(&self, candidate: &str, fold: u32, budget: Budget, score: f64) -> Result<Vec<f64>, Failure> {
        let is_hit = hash((candidate, fold, budget)).is_multiple_of(3);
        match self.faults {
            Faults::All => return Err(fault()),
            Faults::Some if is_hit => return Err(fault()),
            _ => {}
        }
        let score = if self.faults == Faults::Undefined && is_hit { f64::NAN } else { score };
        // Better scores stay better.
        let score = if self.best_score.is_some() { score / (1.0 + score.abs()) } else { score };
        // About half of the means are within the bound, whatever the score is.
        let bounded = hash((fold, budget, candidate)) % 1000;
        let of = |(at, metric): (usize, &MetricInfo)| match metric.direction {
            _ if self.constraints.iter().any(|constraint| constraint.metric == at) => bounded as f64 / 1000.0,
            Direction::Maximize => score,
            Direction::Minimize => -score,
        };
        Ok(self.metrics.iter().enumerate().map(of).collect())
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

fn fault() -> Failure {
    Failure::Panicked { message: "a simulated failure".to_owned() }
}

/// The same in every run.
fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
