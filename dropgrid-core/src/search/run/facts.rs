//! The facts of a search that its strategy is told.

use crate::{
    data::{Dataset, Target},
    record::{Constraint, FoldInfo, MetricInfo, Record},
    seed::Seed,
    space::Space,
    strategy::{PriorStudy, Trials, View},
};

/// All that a strategy is told of a search, but for its space and its records.
pub(in crate::search) struct Facts<'a, P> {
    pub(in crate::search) metrics: Vec<MetricInfo>,
    pub(in crate::search) monitored: MetricInfo,
    /// The best value that the deciding metric can have, where it has one.
    pub(in crate::search) best_score: Option<f64>,
    /// The score that a failed fit counts as.
    pub(in crate::search) error_score: f64,
    pub(in crate::search) constraints: Vec<Constraint>,
    pub(in crate::search) priors: Vec<PriorStudy<P>>,
    /// The candidates that are tried first.
    pub(in crate::search) enqueued: Vec<P>,
    pub(in crate::search) folds: Vec<FoldInfo>,
    pub(in crate::search) rows: usize,
    /// The classes that rows have, where the targets are classes.
    pub(in crate::search) classes: Option<usize>,
    pub(in crate::search) seed: Seed,
    /// The epochs of a candidate's whole training.
    pub(in crate::search) epochs: Box<dyn Fn(&P) -> u32 + Send + Sync + 'a>,
    /// The fewest and the most epochs of a candidate's whole training.
    pub(in crate::search) epoch_range: (u32, u32),
    /// The numbers of the axes that no step of a training reads.
    pub(in crate::search) evaluation_only: &'static [usize],
}

impl<P> Facts<'_, P> {
    /// The state of the search, for its strategy.
    pub(in crate::search) fn view<'v, S: Space<Params = P>>(
        &'v self,
        space: &'v S,
        trials: &'v Trials<P>,
    ) -> View<'v, S> {
        View {
            space,
            folds: &self.folds,
            metrics: &self.metrics,
            monitored: &self.monitored,
            best_score: self.best_score,
            error_score: self.error_score,
            constraints: &self.constraints,
            priors: &self.priors,
            enqueued: &self.enqueued,
            rows: self.rows,
            classes: self.classes,
            seed: self.seed,
            epochs: &*self.epochs,
            epoch_range: self.epoch_range,
            evaluation_only: self.evaluation_only,
            trials,
        }
    }

    /// The violation of the constraints by records on every fold.
    pub(super) fn violation(&self, records: &[Record]) -> f64 {
        Constraint::total_of(&self.constraints, records, &self.folds)
    }
}

/// The number of classes that rows have, where the targets are classes.
pub(super) fn classes<T: Target>(data: &Dataset<T>) -> Option<usize> {
    let mut classes = data.targets().strata()?.to_vec();
    classes.sort_unstable();
    classes.dedup();
    Some(classes.len())
}
