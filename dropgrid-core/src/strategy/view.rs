//! The state of a search, as its strategy sees it.

use crate::{
    record::{Budget, FoldInfo, MetricInfo, Record, mean_and_std},
    seed::Seed,
    space::Space,
};

/// Everything that a strategy may decide on.
#[derive(Debug)]
pub struct View<'a, S: Space> {
    /// The space that is searched.
    pub space: &'a S,
    /// The folds, with their sizes and weights.
    pub folds: &'a [FoldInfo],
    /// The metrics, the deciding one first.
    pub metrics: &'a [MetricInfo],
    /// The score that a failed fit counts as; NaN unless the search says otherwise.
    pub error_score: f64,
    /// The seed of the search.
    pub seed: Seed,
    /// The epochs of the recipe: those of [`Budget::Full`] for every candidate that has none of its own.
    pub epochs: u32,
    /// The candidates that have records.
    pub trials: &'a Trials<S::Params>,
}

impl<S: Space> View<'_, S> {
    /// The number of folds.
    pub fn fold_count(&self) -> u32 {
        self.folds.len() as u32
    }

    /// A candidate's score at a budget: the mean of its folds by the deciding metric, with the folds' weights; `None` until
    /// every fold has a record. NaN where a fold failed, unless the [error score](Self::error_score) is a number.
    pub fn score(&self, number: u64, budget: Budget) -> Option<f64> {
        let trial = self.trials.get(number)?;
        let score = |fold| {
            let record = trial.record(fold, budget)?;
            Some(record.outcome.as_ref().map_or(self.error_score, |scores| scores[0]))
        };
        let scores = (0..self.fold_count()).map(score).collect::<Option<Vec<f64>>>()?;
        let weights: Vec<f64> = self.folds.iter().map(|fold| fold.weight).collect();
        Some(mean_and_std(&scores, &weights).0)
    }

    /// True where every candidate below `number` has a record on every fold at the budget.
    ///
    /// A strategy whose candidate `i` depends on earlier ones waits for this of `i - lag`, and reads no others: then the
    /// order in which fits finish decides nothing, and up to `lag` candidates run side by side.
    pub fn is_done_below(&self, number: u64, budget: Budget) -> bool {
        let folds = self.fold_count();
        let mut next = 0;
        for trial in self.trials.iter().take_while(|trial| trial.number < number) {
            if trial.number != next || !trial.is_done(folds, budget) {
                return false;
            }
            next += 1;
        }
        next == number
    }
}

/// A candidate and the records that it has so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial<P> {
    /// The candidate's number.
    pub number: u64,
    /// Its hyperparameters.
    pub params: P,
    /// Sorted by budget and fold.
    records: Vec<Record>,
}

impl<P> Trial<P> {
    /// The records by budget, the smallest first, and fold.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The record of one fold at a budget.
    pub fn record(&self, fold: u32, budget: Budget) -> Option<&Record> {
        let at = self.records.binary_search_by_key(&(budget, fold), |record| (record.budget, record.fold)).ok()?;
        self.records.get(at)
    }

    /// The records at a budget, by fold.
    pub fn at(&self, budget: Budget) -> &[Record] {
        let from = self.records.partition_point(|record| record.budget < budget);
        let to = self.records.partition_point(|record| record.budget <= budget);
        &self.records[from..to]
    }

    /// True where each of `folds` folds has a record at the budget.
    pub fn is_done(&self, folds: u32, budget: Budget) -> bool {
        self.at(budget).len() == folds as usize
    }

    /// The hyperparameters and the records.
    pub(crate) fn into_parts(self) -> (P, Vec<Record>) {
        (self.params, self.records)
    }
}

/// The candidates of a search that have records, by number.
#[derive(Debug, Clone, PartialEq)]
pub struct Trials<P> {
    trials: Vec<Trial<P>>,
    records: usize,
}

impl<P> Default for Trials<P> {
    fn default() -> Self {
        Self { trials: Vec::new(), records: 0 }
    }
}

impl<P> Trials<P> {
    /// The candidates, by number.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Trial<P>> + ExactSizeIterator {
        self.trials.iter()
    }

    /// The candidate of a number, where it has records.
    pub fn get(&self, number: u64) -> Option<&Trial<P>> {
        let at = self.trials.binary_search_by_key(&number, |trial| trial.number).ok()?;
        self.trials.get(at)
    }

    /// The number of candidates.
    pub fn len(&self) -> usize {
        self.trials.len()
    }

    /// True where no candidate has a record.
    pub fn is_empty(&self) -> bool {
        self.trials.is_empty()
    }

    /// The number of records of all candidates.
    pub fn record_count(&self) -> usize {
        self.records
    }

    /// All records, by candidate, budget and fold.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.trials.iter().flat_map(|trial| &trial.records)
    }

    /// Adds the record of a candidate, and returns whether it is new: of two on one fold at one budget the first stays.
    pub fn add(&mut self, params: impl FnOnce() -> P, record: Record) -> bool {
        let number = record.candidate;
        // Candidates mostly come in the order of their numbers.
        let at = match self.trials.last() {
            Some(last) if last.number < number => Err(self.trials.len()),
            _ => self.trials.binary_search_by_key(&number, |trial| trial.number),
        };
        let at = at.unwrap_or_else(|at| {
            self.trials.insert(at, Trial { number, params: params(), records: Vec::new() });
            at
        });
        let records = &mut self.trials[at].records;
        let key = |record: &Record| (record.budget, record.fold);
        let Err(place) = records.binary_search_by_key(&key(&record), key) else { return false };
        records.insert(place, record);
        self.records += 1;
        true
    }
}

impl<P> IntoIterator for Trials<P> {
    type Item = Trial<P>;
    type IntoIter = std::vec::IntoIter<Trial<P>>;

    fn into_iter(self) -> Self::IntoIter {
        self.trials.into_iter()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use super::*;
    use crate::record::Details;

    pub(in crate::strategy) fn record(candidate: u64, fold: u32, budget: Budget) -> Record {
        Record {
            candidate,
            fold,
            budget,
            outcome: Ok(Vec::new()),
            warnings: Vec::new(),
            train_scores: None,
            fit_time: Duration::ZERO,
            score_time: Duration::ZERO,
            details: Details::default(),
        }
    }

    #[test]
    fn records_are_found_in_whatever_order_they_come() {
        let small = Budget::epochs(2).expect("a budget");
        let keys = [(3, 1, Budget::Full), (0, 0, small), (3, 0, small), (3, 0, Budget::Full), (1, 0, small)];
        let mut trials = Trials::default();
        for (number, fold, budget) in keys {
            assert!(trials.add(|| number * 10, record(number, fold, budget)));
            assert!(!trials.add(|| unreachable!("it is known"), record(number, fold, budget)));
        }
        assert_eq!((trials.len(), trials.record_count()), (3, 5));
        assert_eq!(
            trials.iter().map(|trial| (trial.number, trial.params)).collect::<Vec<_>>(),
            [(0, 0), (1, 10), (3, 30)]
        );
        let trial = trials.get(3).expect("a trial");
        assert!(trial.is_done(2, Budget::Full) && !trial.is_done(2, small) && trial.is_done(1, small));
        assert_eq!(trial.at(Budget::Full).iter().map(|record| record.fold).collect::<Vec<_>>(), [0, 1]);
        assert!(trial.record(0, small).is_some() && trial.record(1, small).is_none() && trials.get(2).is_none());
        let order: Vec<_> = trials.records().map(|record| (record.candidate, record.budget, record.fold)).collect();
        assert!(order.is_sorted(), "{order:?}");
    }
}
