//! The records of a study by name, and the index in which a search looks them up.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    time::Duration,
};

use super::FitName;
use crate::{
    error::Failure,
    escape::escaped,
    record::{Job, Record, Resource},
};

/// The record of a finished fit with the fit's name.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRecord {
    /// The name of the fit.
    pub name: FitName,
    /// The record. The number of its candidate belongs to one search, so the store reads it as 0.
    pub record: Record,
}

impl StoredRecord {
    /// Makes the record of a fit in which `crashes` processes died.
    pub(crate) fn killed(name: &FitName, crashes: u32) -> Self {
        let job = Job { candidate: 0, params: (), fold: name.fold, budget: name.resource.budget() };
        Self { name: name.clone(), record: Record::failed(&job, Failure::Killed { crashes }, Duration::ZERO) }
    }
}

/// A damaged record, with its name in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DamagedRecord {
    /// The candidate: a JSON object of its hyperparameters in declaration order. The damage may be in this text.
    pub params: String,
    /// The fold, from 0. Negative if it cannot be read as a number.
    pub fold: i64,
    /// The text of the [`Resource`]. The damage may be in this text.
    pub resource: String,
}

impl fmt::Display for DamagedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A damaged text may contain anything.
        let resource = match self.resource.parse::<Resource>() {
            Ok(resource) => resource.words(),
            Err(_) => escaped(&self.resource).into_owned(),
        };
        write!(f, "{} on fold {} ({resource})", escaped(&self.params), self.fold)
    }
}

/// Records by the names of their fits. A fit also finds the record of another fit with the same training: one with the
/// same number of epochs as part of another total, or one with fewer epochs whose training ended regardless of its
/// budget.
#[derive(Debug, Clone, Default)]
pub(crate) struct StoredRecords {
    /// By candidate, then by fold and resource.
    by_params: HashMap<String, BTreeMap<(u32, Resource), Record>>,
}

impl StoredRecords {
    /// Returns the record of a fit, or that of a fit with the same training. If the schedule `is_spread` over the full
    /// training, trainings with different totals of epochs differ from the first step on.
    pub(crate) fn get(&self, name: &FitName, is_spread: bool) -> Option<&Record> {
        let FitName { params, fold, resource } = name;
        let of_candidate = self.by_params.get(params)?;
        let is_same = |(of, record): (&Resource, &Record)| {
            let is_of_training = of.rows() == resource.rows() && (of.whole() == resource.whole() || !is_spread);
            let is_over = || over_after(of.epochs(), record).is_some_and(|epochs| epochs <= resource.epochs());
            is_of_training && (of.epochs() == resource.epochs() || is_over())
        };
        of_candidate.get(&(*fold, *resource)).or_else(|| {
            let on_fold = of_candidate.iter().filter(|((of, _), _)| of == fold);
            on_fold.map(|((_, of), record)| (of, record)).find(|&same| is_same(same)).map(|(_, record)| record)
        })
    }

    /// Returns true if the fit has a record under its own name.
    pub(crate) fn contains(&self, name: &FitName) -> bool {
        self.by_params.get(&name.params).is_some_and(|records| records.contains_key(&(name.fold, name.resource)))
    }
}

/// Returns the number of epochs after which the training of a record ended regardless of its budget of `epochs`. The
/// record is then valid for every budget of at least that many epochs. `None` if the budget ended the training, or if
/// it might not end there again.
///
/// - Early stopping or a rule of the search has ended it, possibly in the last epoch of the budget.
/// - It failed before its last epoch was complete and would fail there again, for example because it diverged. A
///   failure of the machine may not recur, and a scoring that failed at the end of a budget does not happen with more
///   epochs.
///
/// A fit that succeeded after failed attempts does not count: with other epochs the first attempt might not have
/// failed. If every attempt failed in its training, each would fail again.
pub(crate) fn over_after(epochs: u32, record: &Record) -> Option<u32> {
    let by_rule = record.details.epochs.filter(|epochs| epochs.by_rule).map(|epochs| epochs.trained);
    let retried = &record.details.retried;
    match &record.outcome {
        Ok(_) => by_rule.filter(|_| retried.is_empty()),
        Err(failure) if may_pass(failure) => None,
        Err(_) => {
            let complete = record.curve.epochs.len() as u32;
            let in_training = (complete < epochs).then_some(complete + 1);
            // The curve is that of the last attempt. For the other attempts, only a divergence is certain to be a
            // failure of the training.
            let fail_again = |it: &Failure| may_pass(it) || matches!(it, Failure::Diverged { .. });
            by_rule.or(in_training).filter(|_| retried.iter().all(fail_again))
        }
    }
}

/// Returns true for a failure of the machine or a stop request: the same training may succeed if it is run again.
fn may_pass(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Device { .. }
            | Failure::TimedOut { .. }
            | Failure::Panicked { .. }
            | Failure::Killed { .. }
            | Failure::Interrupted
    )
}

impl FromIterator<StoredRecord> for StoredRecords {
    fn from_iter<I: IntoIterator<Item = StoredRecord>>(records: I) -> Self {
        let mut index = Self::default();
        for StoredRecord { name: FitName { params, fold, resource }, record } in records {
            index.by_params.entry(params).or_default().insert((fold, resource), record);
        }
        index
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::record::{Curve, Details, Epoch, Epochs};

    fn name(params: &str, fold: u32, resource: &str) -> FitName {
        FitName { params: params.to_owned(), fold, resource: resource.parse().expect("a resource") }
    }

    /// Makes a record with a curve of `epochs` epochs.
    fn stored(name: FitName, epochs: u32, outcome: Result<Vec<f64>, Failure>) -> StoredRecord {
        let epoch = |number| Epoch { number, ..Epoch::default() };
        let record = Record {
            candidate: 0,
            fold: name.fold,
            budget: name.resource.budget(),
            outcome,
            warnings: Vec::new(),
            train_scores: None,
            fit_time: Duration::ZERO,
            score_time: Duration::ZERO,
            curve: Curve { epochs: (1..=epochs as usize).map(epoch).collect() },
            details: Details::default(),
        };
        StoredRecord { name, record }
    }

    /// Makes a record whose training ended after `trained` epochs, by a rule or by its budget.
    fn ended(name: FitName, trained: u32, by_rule: bool) -> StoredRecord {
        let mut stored = stored(name, trained, Ok(vec![0.5]));
        stored.record.details.epochs = Some(Epochs { trained, scored: trained, by_rule });
        stored
    }

    fn retried(mut stored: StoredRecord, failure: Failure) -> StoredRecord {
        stored.record.details.retried = vec![failure];
        stored
    }

    fn diverged() -> Failure {
        Failure::Diverged { epoch: 8, batch: 1, loss: f32::INFINITY }
    }

    fn panicked() -> Failure {
        Failure::Panicked { message: String::new() }
    }

    /// Checks which resources find the record if the schedule is not spread over the full training.
    #[track_caller]
    fn check(stored: StoredRecord, expected: &[(&str, bool)]) {
        check_if(false, stored, expected);
    }

    #[track_caller]
    fn check_if(is_spread: bool, stored: StoredRecord, expected: &[(&str, bool)]) {
        let text = format!("{stored:?}");
        let records: StoredRecords = [stored].into_iter().collect();
        for (resource, is_found) in expected {
            assert_eq!(records.get(&name("a", 0, resource), is_spread).is_some(), *is_found, "{resource}: {text}");
        }
    }

    #[test]
    fn a_training_that_was_over_whatever_its_budget_is_that_of_any_more_epochs() {
        let a = || name("a", 0, "20");
        let beyond = [("20", true), ("40", true), ("8", true), ("6", false), ("20/40", true), ("40@0.5", false)];
        check(ended(a(), 7, true), &[&beyond[..], &[("7", true)]].concat());
        // The rule ended it in the last epoch of the budget.
        check(ended(a(), 20, true), &[("20", true), ("21", true), ("19", false)]);
        // If the schedule is spread over the full training, a different total of epochs is a different training.
        let of_whole = [("20", true), ("9/20", true), ("6/20", false), ("40", false), ("20/40", false)];
        check_if(true, ended(a(), 7, true), &of_whole);
        check(ended(name("a", 0, "20@0.5"), 7, true), &[("40@0.5", true), ("40@0.25", false), ("40", false)]);
        // It failed in its eighth epoch, in one attempt or in all.
        let build = Failure::Build { message: String::new() };
        check(stored(a(), 7, Err(diverged())), &[&beyond[..], &[("7", false)]].concat());
        check(stored(a(), 0, Err(build)), &[("1", true), ("40", true)]);
        check(retried(stored(a(), 7, Err(diverged())), diverged()), &beyond);
        check(retried(stored(a(), 7, Err(diverged())), panicked()), &beyond);
        // The scoring failed after a rule had ended the training.
        let score = || Failure::NonFiniteScore { metric: "cost".to_owned(), value: f64::INFINITY };
        let mut unscored = ended(a(), 7, true);
        unscored.record.outcome = Err(score());
        check(unscored, &beyond);
        // These were ended by the budget, a failed scoring, the machine or a further attempt.
        let only_its_own = [("20", true), ("40", false), ("19", false), ("8", false)];
        for other in [
            ended(a(), 20, false),
            stored(a(), 20, Ok(vec![0.5])),
            stored(a(), 20, Err(score())),
            stored(a(), 7, Err(panicked())),
            stored(a(), 7, Err(Failure::Killed { crashes: 3 })),
            retried(ended(a(), 7, true), diverged()),
            retried(stored(a(), 7, Err(diverged())), score()),
        ] {
            check(other, &only_its_own);
        }
    }

    #[test]
    fn records_are_those_of_their_candidate_and_fold() {
        let records: StoredRecords =
            [stored(name("a", 0, "5"), 5, Ok(vec![0.5])), ended(name("a", 0, "20"), 9, true)].into_iter().collect();
        let trained = |params: &str, fold, resource: &str| {
            records.get(&name(params, fold, resource), false).map(|record| record.curve.epochs.len())
        };
        assert_eq!([trained("a", 0, "5"), trained("a", 0, "6"), trained("a", 0, "99")], [Some(5), None, Some(9)]);
        assert_eq!([trained("a", 1, "20"), trained("b", 0, "20")], [None, None]);
    }

    #[test]
    fn as_many_epochs_are_one_training_whatever_they_are_a_part_of() {
        let nine = || ended(name("a", 0, "9/20"), 9, false);
        check(nine(), &[("9", true), ("9/20", true), ("9/27", true), ("20", false), ("8/20", false)]);
        check_if(true, nine(), &[("9", false), ("9/20", true), ("9/27", false)]);
    }
}
