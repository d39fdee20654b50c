//! The records of one candidate, from which its scores are made.

use serde_json::Value;

use crate::{
    record::{Budget, Record},
    strategy::Elimination,
};

/// The whole training of a candidate, of which budgets are parts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WholeTraining {
    pub(crate) epochs: usize,
    /// The rows of the data, where budgets are shares of them.
    pub(crate) rows: Option<usize>,
}

impl WholeTraining {
    /// The budget as a number of rows where budgets are shares of them, else of epochs.
    pub(super) fn resources(self, budget: Budget) -> usize {
        match (budget, self.rows) {
            (Budget::Epochs(epochs), _) => epochs.get() as usize,
            (Budget::Rows(share), rows) => share.nearest(rows.unwrap_or(0)),
            (Budget::Full, rows) => rows.unwrap_or(self.epochs),
        }
    }

    /// The most epochs of the budget.
    pub(super) fn epochs(self, budget: Budget) -> usize {
        if let Budget::Epochs(epochs) = budget { epochs.get() as usize } else { self.epochs }
    }
}

/// The records of one candidate, as a search or a study has them.
#[derive(Debug, Clone)]
pub(crate) struct Entry<P> {
    pub(crate) params: P,
    /// The records at the budget by which the candidate is judged, by fold.
    pub(crate) records: Vec<Record>,
    /// The records at other budgets, the smallest budget first.
    pub(crate) others: Vec<Record>,
    pub(crate) budget: Budget,
    pub(crate) whole: WholeTraining,
    /// True where the candidate competes for the first rank.
    pub(crate) is_finalist: bool,
    pub(crate) elimination: Option<Elimination>,
    /// The last iteration, where it is not that of the budget.
    pub(crate) iteration: Option<usize>,
}

impl<P> Entry<P> {
    /// A candidate with its records, which are sorted by budget and fold. It is judged by the largest budget at which
    /// it has a record on every fold; where it has none, by the one with the most folds.
    pub(crate) fn judged(
        params: P,
        records: Vec<Record>,
        folds: usize,
        whole: WholeTraining,
        is_finalist: bool,
    ) -> Self {
        let by_budget = records.chunk_by(|a, b| a.budget == b.budget);
        // The larger budget of two that have as many folds.
        let standing = |of: &&[Record]| (of.len() == folds, if of.len() == folds { 0 } else { of.len() }, of[0].budget);
        let budget = by_budget.max_by_key(standing).map_or(Budget::Full, |of| of[0].budget);
        let (records, others) = records.into_iter().partition(|record| record.budget == budget);
        let (elimination, iteration) = (None, None);
        Self { params, records, others, budget, whole, is_finalist, elimination, iteration }
    }
}

impl<P> Entry<P> {
    /// The hyperparameters, and the entry with their values in place of them.
    pub(super) fn with_values(self, values: Vec<Value>) -> (P, Entry<Vec<Value>>) {
        let Self { params, records, others, budget, whole, is_finalist, elimination, iteration } = self;
        (params, Entry { params: values, records, others, budget, whole, is_finalist, elimination, iteration })
    }
}

/// A candidate with the whole training on every fold.
impl<P> From<(P, Vec<Record>)> for Entry<P> {
    fn from((params, records): (P, Vec<Record>)) -> Self {
        let (whole, others, budget) = (WholeTraining::default(), Vec::new(), Budget::Full);
        let (elimination, iteration) = (None, None);
        Self { params, records, others, budget, whole, is_finalist: true, elimination, iteration }
    }
}
