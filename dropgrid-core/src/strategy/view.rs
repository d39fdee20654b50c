//! The state of a search, as its strategy sees it.

use std::fmt;

use super::{PriorStudy, Trials};
use crate::{
    record::{Budget, Constraint, FoldInfo, MetricInfo, Record},
    seed::Seed,
    space::Space,
};

/// Everything that a strategy may decide on.
#[non_exhaustive]
pub struct View<'a, S: Space> {
    /// The space that is searched.
    pub space: &'a S,
    /// The folds, with their sizes and weights.
    pub folds: &'a [FoldInfo],
    /// The metrics, the deciding one first.
    pub metrics: &'a [MetricInfo],
    /// The quantity that the recipe [monitors](crate::recipe::Train::monitor).
    pub monitored: &'a MetricInfo,
    /// The best value that the deciding metric [can have](crate::metric::Metric::best), where it has one.
    pub best_score: Option<f64>,
    /// The score that a failed fit counts as; NaN unless the search says otherwise.
    pub error_score: f64,
    /// The bounds on metrics.
    pub constraints: &'a [Constraint],
    /// The trials of other studies, from which a model learns before there are any of the search.
    pub priors: &'a [PriorStudy<S::Params>],
    /// Candidates that a strategy with a model tries first.
    pub enqueued: &'a [S::Params],
    /// The rows of the data.
    pub rows: usize,
    /// The classes that rows of the data have, where the targets are classes.
    pub classes: Option<usize>,
    /// The seed of the search.
    pub seed: Seed,
    /// The epochs of a candidate's whole training: its own where `epochs` is an axis, else those of the recipe.
    pub epochs: &'a dyn Fn(&S::Params) -> u32,
    /// The fewest and the most epochs of a whole training, over all candidates.
    pub epoch_range: (u32, u32),
    /// The largest share of a fold's training rows that a candidate sets aside for
    /// [validation](crate::recipe::Train::validation_fraction); 0 where none needs any.
    pub validation_fraction: f64,
    /// The axes that no step of a training reads, as `epochs` and `threshold`, by their numbers, ascending. Candidates
    /// that differ in nothing else share one training where they are proposed together.
    pub evaluation_only: &'a [usize],
    /// The candidates that have records; none before the search begins.
    pub trials: &'a Trials<S::Params>,
}

impl<'a, S: Space> View<'a, S> {
    /// A view for tests of a strategy: the first metric is monitored, the rows are those of the first fold, every
    /// training has `epochs`, and whatever else there may be is absent.
    ///
    /// # Panics
    /// Where there is no metric.
    pub fn new(
        space: &'a S,
        folds: &'a [FoldInfo],
        metrics: &'a [MetricInfo],
        epochs: &'a dyn Fn(&S::Params) -> u32,
        trials: &'a Trials<S::Params>,
    ) -> Self {
        Self {
            space,
            folds,
            metrics,
            monitored: &metrics[0],
            best_score: None,
            error_score: f64::NAN,
            constraints: &[],
            priors: &[],
            enqueued: &[],
            rows: folds.first().map_or(0, |fold| fold.train + fold.test),
            classes: None,
            seed: Seed::default(),
            epochs,
            epoch_range: (1, 1),
            validation_fraction: 0.0,
            evaluation_only: &[],
            trials,
        }
    }
}

impl<S: Space> View<'_, S> {
    /// The number of folds.
    pub fn fold_count(&self) -> u32 {
        self.folds.len() as u32
    }

    /// The budget of so many epochs of a candidate: [`Budget::Full`] where its whole training has no more.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) for 0.
    pub fn budget(&self, params: &S::Params, epochs: u32) -> crate::Result<Budget> {
        if epochs >= (self.epochs)(params) { Ok(Budget::Full) } else { Budget::epochs(epochs) }
    }

    /// A candidate's score at a budget: the mean of its folds by the deciding metric, with the folds' weights; `None`
    /// until every fold has a record. NaN where a fold failed, unless the [error score](Self::error_score) is a number.
    pub fn score(&self, number: u64, budget: Budget) -> Option<f64> {
        self.trials.get(number)?.score(budget)
    }

    /// The [violation](Constraint::total) of the constraints by a candidate's means at a budget; `None` until every
    /// fold has a record. Infinity where a fold failed.
    pub fn violation(&self, number: u64, budget: Budget) -> Option<f64> {
        let trial = self.trials.get(number).filter(|trial| trial.is_done(budget))?;
        Some(self.violation_of(trial.at(budget)))
    }

    /// The same of records on every fold.
    pub(crate) fn violation_of(&self, records: &[Record]) -> f64 {
        Constraint::total_of(self.constraints, records, self.folds)
    }

    /// Refuses constraints, for a strategy that drops candidates by the deciding metric alone.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) where there are any.
    pub(crate) fn refuse_constraints(&self) -> crate::Result<()> {
        let Some(constraint) = self.constraints.first() else { return Ok(()) };
        Err(crate::Error::Setting {
            setting: "constraint",
            value: constraint.to_string(),
            expected: "a strategy that does not drop candidates by the deciding metric alone, as Grid or SuccessiveHalving",
        })
    }

    /// True where every candidate below `number` has a record on every fold at the budget.
    ///
    /// A strategy whose candidate `i` depends on earlier ones waits for this of `i - lag`, and reads no others: then
    /// the order in which fits finish decides nothing, and up to `lag` candidates run side by side.
    pub fn is_done_below(&self, number: u64, budget: Budget) -> bool {
        self.trials.first_open(0, budget) >= number
    }
}

impl<S: Space> fmt::Debug for View<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View")
            .field("space", &self.space)
            .field("folds", &self.folds)
            .field("metrics", &self.metrics)
            .field("trials", &self.trials)
            .finish_non_exhaustive()
    }
}
