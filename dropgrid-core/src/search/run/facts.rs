//! The facts about a search that its strategy gets.

use crate::{
    data::{Dataset, Target},
    record::{Constraint, FoldInfo, MetricInfo, Record},
    seed::Seed,
    space::Space,
    strategy::{PriorStudy, Trials, View},
};

/// The facts about a search that its strategy gets, except its space and its records.
pub(in crate::search) struct Facts<'a, P> {
    pub(in crate::search) metrics: Vec<MetricInfo>,
    pub(in crate::search) monitored: MetricInfo,
    /// The best value that the deciding metric can have; `None` if it has no bound.
    pub(in crate::search) best_score: Option<f64>,
    /// The score of a failed fit.
    pub(in crate::search) error_score: f64,
    pub(in crate::search) constraints: Vec<Constraint>,
    pub(in crate::search) priors: Vec<PriorStudy<P>>,
    /// The candidates that are tried first.
    pub(in crate::search) enqueued: Vec<P>,
    pub(in crate::search) folds: Vec<FoldInfo>,
    pub(in crate::search) rows: usize,
    /// The number of classes in the data; `None` if the targets are not classes.
    pub(in crate::search) classes: Option<usize>,
    pub(in crate::search) seed: Seed,
    /// Returns the number of epochs of a candidate's full training.
    pub(in crate::search) epochs: Box<dyn Fn(&P) -> u32 + Send + Sync + 'a>,
    /// The smallest and the largest number of epochs of a full training over all candidates.
    pub(in crate::search) epoch_range: (u32, u32),
    /// The largest share of a training part that a candidate sets aside for validation.
    pub(in crate::search) validation_fraction: f64,
    /// The positions of the axes that no training step reads.
    pub(in crate::search) evaluation_only: &'static [usize],
}

impl<P> Facts<'_, P> {
    /// Makes the view of the search that its strategy gets.
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
            validation_fraction: self.validation_fraction,
            evaluation_only: self.evaluation_only,
            trials,
        }
    }

    /// Returns the violation of the constraints by records on all folds.
    pub(super) fn violation(&self, records: &[Record]) -> f64 {
        Constraint::total_of(&self.constraints, records, &self.folds)
    }
}

/// Returns the number of classes in the data; `None` if the targets are not classes.
pub(super) fn classes<T: Target>(data: &Dataset<T>) -> Option<usize> {
    let mut classes = data.targets().strata()?.to_vec();
    classes.sort_unstable();
    classes.dedup();
    Some(classes.len())
}
