//! The facts of a search that its strategy is told.

use crate::{
    data::{Dataset, Target},
    record::{FoldInfo, MetricInfo},
};

/// The metrics, the folds, and the size of the data.
pub(super) struct Facts {
    pub(super) metrics: Vec<MetricInfo>,
    pub(super) folds: Vec<FoldInfo>,
    pub(super) rows: usize,
    /// The classes that rows have, where the targets are classes.
    pub(super) classes: Option<usize>,
    /// The fewest and the most epochs of a candidate's whole training.
    pub(super) epoch_range: (u32, u32),
}

impl Facts {
    /// The facts of a search on `data`.
    pub(super) fn new<T: Target>(
        data: &Dataset<T>,
        metrics: Vec<MetricInfo>,
        folds: Vec<FoldInfo>,
        epoch_range: (u32, u32),
    ) -> Self {
        let classes = data.targets().strata().map(|strata| {
            let mut classes = strata.to_vec();
            classes.sort_unstable();
            classes.dedup();
            classes.len()
        });
        Self { metrics, folds, rows: data.len(), classes, epoch_range }
    }
}
