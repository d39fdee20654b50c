//! The facts of a search that its strategy is told.

use crate::{
    data::{Dataset, Target},
    record::{Constraint, FoldInfo, MetricInfo, Record},
    strategy::PriorStudy,
};

/// The metrics, the folds, and the size of the data.
pub(super) struct Facts<P> {
    pub(super) metrics: Vec<MetricInfo>,
    pub(super) monitored: MetricInfo,
    pub(super) constraints: Vec<Constraint>,
    pub(super) priors: Vec<PriorStudy<P>>,
    pub(super) folds: Vec<FoldInfo>,
    pub(super) rows: usize,
    /// The classes that rows have, where the targets are classes.
    pub(super) classes: Option<usize>,
    /// The fewest and the most epochs of a candidate's whole training.
    pub(super) epoch_range: (u32, u32),
}

impl<P> Facts<P> {
    /// The violation of the constraints by records on every fold.
    pub(super) fn violation(&self, records: &[Record]) -> f64 {
        Constraint::total_of(&self.constraints, records, &self.folds)
    }

    /// The facts of a search on `data`.
    pub(super) fn new<T: Target>(
        data: &Dataset<T>,
        metrics: Vec<MetricInfo>,
        monitored: MetricInfo,
        constraints: Vec<Constraint>,
        priors: Vec<PriorStudy<P>>,
        folds: Vec<FoldInfo>,
        epoch_range: (u32, u32),
    ) -> Self {
        let classes = data.targets().strata().map(|strata| {
            let mut classes = strata.to_vec();
            classes.sort_unstable();
            classes.dedup();
            classes.len()
        });
        Self { metrics, monitored, constraints, priors, folds, rows: data.len(), classes, epoch_range }
    }
}
