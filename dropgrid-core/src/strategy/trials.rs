//! The candidates of a search with their records.

use std::{collections::BTreeMap, vec};

use super::decision_cache::DecisionCache;
use crate::record::{Budget, FoldInfo, Record, mean_and_std};

/// A candidate and the records that it has so far.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Trial<P> {
    /// The candidate's number.
    pub number: u64,
    /// Its hyperparameters.
    pub params: P,
    pub(crate) records: TrialRecords,
}

impl<P> Trial<P> {
    /// The records by budget, the smallest first, and fold.
    pub fn records(&self) -> &[Record] {
        &self.records.all
    }

    /// The record of one fold at a budget.
    pub fn record(&self, fold: u32, budget: Budget) -> Option<&Record> {
        self.records.of(fold, budget)
    }

    /// The records at a budget, by fold.
    pub fn at(&self, budget: Budget) -> &[Record] {
        self.records.at(budget)
    }

    /// The score at a budget: the mean of the folds by the deciding metric, with the folds' weights; `None` until every
    /// fold has a record. NaN where a fold failed, unless the search's error score is a number.
    pub fn score(&self, budget: Budget) -> Option<f64> {
        self.records.score(budget)
    }

    /// True where every fold has a record at the budget.
    pub fn is_done(&self, budget: Budget) -> bool {
        self.score(budget).is_some()
    }

    /// The hyperparameters and the records.
    pub(crate) fn into_parts(self) -> (P, Vec<Record>) {
        (self.params, self.records.all)
    }
}

/// The records of a candidate.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct TrialRecords {
    /// Sorted by budget and fold.
    all: Vec<Record>,
    /// The mean score at each budget at which every fold has a record.
    scores: Vec<(Budget, f64)>,
}

impl TrialRecords {
    /// All records, by budget and fold.
    pub(crate) fn all(&self) -> &[Record] {
        &self.all
    }

    /// The mean score at a budget at which every fold has a record.
    pub(crate) fn score(&self, budget: Budget) -> Option<f64> {
        self.scores.iter().find(|(of, _)| *of == budget).map(|(_, score)| *score)
    }

    fn of(&self, fold: u32, budget: Budget) -> Option<&Record> {
        let at = self.all.binary_search_by_key(&(budget, fold), |record| (record.budget, record.fold)).ok()?;
        self.all.get(at)
    }

    fn at(&self, budget: Budget) -> &[Record] {
        let from = self.all.partition_point(|record| record.budget < budget);
        let to = self.all.partition_point(|record| record.budget <= budget);
        &self.all[from..to]
    }
}

/// The candidates of a search that have records, by number.
#[derive(Debug, Clone)]
pub struct Trials<P> {
    /// In the order in which their first records came.
    all: Vec<Trial<P>>,
    /// The place of each number in that order. A map of places is compiled once, and not again for each model.
    places: BTreeMap<u64, usize>,
    tally: Tally,
    decisions: DecisionCache,
}

impl<P> Trials<P> {
    /// No candidates, of a search on these folds, in which a failed fit has the score `error_score`.
    pub fn new(folds: &[FoldInfo], error_score: f64) -> Self {
        let weights = folds.iter().map(|fold| fold.weight).collect();
        let tally = Tally { records: 0, done: BTreeMap::new(), weights, error_score };
        Self { all: Vec::new(), places: BTreeMap::new(), tally, decisions: DecisionCache::default() }
    }

    /// The candidates, by number.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Trial<P>> + ExactSizeIterator {
        self.places.values().map(|&place| &self.all[place])
    }

    /// The candidate of a number, where it has records.
    pub fn get(&self, number: u64) -> Option<&Trial<P>> {
        self.places.get(&number).map(|&place| &self.all[place])
    }

    /// The first number from `from` on whose candidate lacks a record on some fold at the budget. It takes no longer
    /// the more candidates there are, so a strategy can go on from there in place of walking all trials.
    pub fn first_open(&self, from: u64, budget: Budget) -> u64 {
        self.tally.done.get(&budget).map_or(from, |runs| runs.first_outside(from))
    }

    /// The first number from `from` on whose candidate has records.
    pub(super) fn next_known(&self, from: u64) -> Option<u64> {
        self.places.range(from..).next().map(|(&number, _)| number)
    }

    /// The decisions of strategies on these records.
    pub(super) fn decisions(&self) -> &DecisionCache {
        &self.decisions
    }

    /// The number of candidates.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// True where no candidate has a record.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The number of records of all candidates.
    pub fn record_count(&self) -> usize {
        self.tally.records
    }

    /// All records, by candidate, budget and fold.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.iter().flat_map(Trial::records)
    }

    /// Adds the record of a candidate, and returns whether it is new: of two on one fold at one budget the first stays.
    pub fn add(&mut self, params: impl FnOnce() -> P, record: Record) -> bool {
        let number = record.candidate;
        let place = self.places.get(&number).copied().unwrap_or(self.all.len());
        if place == self.all.len() {
            self.all.push(Trial { number, params: params(), records: TrialRecords::default() });
            self.places.insert(number, place);
        }
        self.tally.add(&mut self.all[place].records, record)
    }
}

/// The same candidates with the same records, in whatever order these came.
impl<P: PartialEq> PartialEq for Trials<P> {
    fn eq(&self, other: &Self) -> bool {
        self.tally == other.tally && self.iter().eq(other.iter())
    }
}

/// The count of a search's records, and the rule of their means.
#[derive(Debug, Clone, PartialEq)]
struct Tally {
    /// The number of records of all candidates.
    records: usize,
    /// The candidates that have a record on every fold, by budget.
    done: BTreeMap<Budget, Runs>,
    /// The weights of the folds.
    weights: Vec<f64>,
    error_score: f64,
}

impl Tally {
    /// Adds a record to those of its candidate, and returns whether it is new.
    fn add(&mut self, records: &mut TrialRecords, record: Record) -> bool {
        let (number, budget) = (record.candidate, record.budget);
        let key = |record: &Record| (record.budget, record.fold);
        let Err(place) = records.all.binary_search_by_key(&key(&record), key) else { return false };
        records.all.insert(place, record);
        self.records += 1;
        let at_budget = records.at(budget);
        if at_budget.len() == self.weights.len() {
            let score = |record: &Record| record.outcome.as_ref().map_or(self.error_score, |scores| scores[0]);
            let scores: Vec<f64> = at_budget.iter().map(score).collect();
            records.scores.push((budget, mean_and_std(&scores, &self.weights).0));
            self.done.entry(budget).or_default().insert(number);
        }
        true
    }
}

impl<P> IntoIterator for Trials<P> {
    type Item = Trial<P>;
    type IntoIter = vec::IntoIter<Trial<P>>;

    /// The candidates, by number.
    fn into_iter(self) -> Self::IntoIter {
        let mut all: Vec<Option<Trial<P>>> = self.all.into_iter().map(Some).collect();
        let by_number: Vec<Trial<P>> = self.places.into_values().filter_map(|place| all[place].take()).collect();
        by_number.into_iter()
    }
}

/// A set of numbers as runs without a gap: the first number of each, and its last.
#[derive(Debug, Clone, PartialEq, Default)]
struct Runs(BTreeMap<u64, u64>);

impl Runs {
    /// Adds a number that is not in the set.
    fn insert(&mut self, number: u64) {
        let before = self.0.range(..number).next_back().filter(|&(_, &last)| last + 1 == number);
        let first = before.map_or(number, |(&first, _)| first);
        let after = number.checked_add(1).and_then(|next| self.0.remove(&next));
        self.0.insert(first, after.unwrap_or(number));
    }

    /// The first number from `from` on that is not in the set.
    fn first_outside(&self, from: u64) -> u64 {
        match self.0.range(..=from).next_back() {
            Some((_, &last)) if last >= from => last.saturating_add(1),
            _ => from,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::record::Job;

    pub(in crate::strategy) fn record(candidate: u64, fold: u32, budget: Budget) -> Record {
        Record::new(&Job { candidate, params: (), fold, budget }, Ok(vec![f64::from(fold)]))
    }

    fn folds(count: usize) -> Vec<FoldInfo> {
        vec![FoldInfo::new(2, 1); count]
    }

    #[test]
    fn records_are_found_in_whatever_order_they_come() {
        let small = Budget::epochs(2).expect("a budget");
        let keys = [(3, 1, Budget::Full), (0, 0, small), (3, 0, small), (3, 0, Budget::Full), (1, 0, small)];
        let mut trials = Trials::new(&folds(2), f64::NAN);
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
        assert!(trial.is_done(Budget::Full) && !trial.is_done(small));
        assert_eq!((trial.score(Budget::Full), trial.score(small)), (Some(0.5), None));
        assert_eq!(trial.at(Budget::Full).iter().map(|record| record.fold).collect::<Vec<_>>(), [0, 1]);
        assert!(trial.record(0, small).is_some() && trial.record(1, small).is_none() && trials.get(2).is_none());
        assert_eq!((trials.first_open(3, Budget::Full), trials.first_open(3, small)), (4, 3));
        let order: Vec<_> = trials.records().map(|record| (record.candidate, record.budget, record.fold)).collect();
        assert!(order.is_sorted(), "{order:?}");
    }

    #[test]
    fn the_first_candidate_that_is_not_done_is_known_in_any_order() {
        for order in [[0, 1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1, 0], [3, 1, 5, 0, 6, 2, 4]] {
            let mut trials = Trials::new(&folds(1), f64::NAN);
            let mut done = Vec::new();
            for number in order {
                trials.add(|| (), record(number, 0, Budget::Full));
                done.push(number);
                for from in 0..9 {
                    let first = (from..=9).find(|number| !done.contains(number)).expect("a number");
                    assert_eq!(trials.first_open(from, Budget::Full), first, "{done:?} from {from}");
                }
            }
        }
        let mut trials = Trials::new(&folds(1), f64::NAN);
        trials.add(|| (), record(u64::MAX, 0, Budget::Full));
        assert_eq!(trials.first_open(u64::MAX - 1, Budget::Full), u64::MAX - 1);
    }
}
