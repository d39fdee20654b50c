//! The records of a study under their names, and the index by which a search finds them.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use super::FitName;
use crate::{
    escape::escaped,
    record::{Record, Resource},
};

/// The record of a finished fit under the fit's name.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRecord {
    /// The fit.
    pub name: FitName,
    /// Its outcome. The store has neither the number of the candidate nor the budget, which are those of a search: it reads
    /// them as 0 and [`Full`](crate::record::Budget::Full).
    pub record: Record,
}

/// A record that is not as it was written, under the name that it has in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedRecord {
    /// The candidate: a JSON object of its hyperparameters in declaration order, unless that is what is damaged.
    pub params: String,
    /// The fold, from 0; below 0 where it is no number.
    pub fold: i64,
    /// The text of the [`Resource`], unless that is what is damaged.
    pub resource: String,
}

impl fmt::Display for DamagedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Damage may put any bytes here.
        let resource = match self.resource.parse::<Resource>() {
            Ok(resource) => resource.words(),
            Err(_) => escaped(&self.resource).into_owned(),
        };
        write!(f, "{} on fold {} ({resource})", escaped(&self.params), self.fold)
    }
}

/// Records by the names of their fits. A training that was ended by its own rule before its last epoch is the training of
/// every larger number of epochs, too, and so is its record.
#[derive(Debug, Clone, Default)]
pub struct StoredRecords {
    /// By candidate; then by fold and resource, whose order puts the records of one training behind each other, by their
    /// epochs.
    by_params: HashMap<String, BTreeMap<(u32, Resource), Record>>,
}

impl StoredRecords {
    /// The record of a fit, or one with other epochs that is its record, too.
    pub fn get(&self, name: &FitName) -> Option<&Record> {
        let of_candidate = self.by_params.get(&name.params)?;
        of_candidate.get(&(name.fold, name.resource)).or_else(|| {
            let at = |epochs| (name.fold, Resource { epochs, ..name.resource });
            let of_training = of_candidate.range(at(0)..=at(u32::MAX));
            let is_it = |record: &&Record| record.details.epochs.is_some_and(|it| it.trained < name.resource.epochs);
            of_training
                .filter(|((_, resource), record)| is_ended_by_itself(resource, record))
                .map(|(_, it)| it)
                .find(is_it)
        })
    }

    /// True where the fit has a record under its own name.
    pub fn contains(&self, name: &FitName) -> bool {
        self.by_params.get(&name.params).is_some_and(|records| records.contains_key(&(name.fold, name.resource)))
    }

    /// Adds a record.
    pub fn insert(&mut self, stored: StoredRecord) {
        let StoredRecord { name: FitName { params, fold, resource }, record } = stored;
        self.by_params.entry(params).or_default().insert((fold, resource), record);
    }

    /// True where there are no records.
    pub fn is_empty(&self) -> bool {
        self.by_params.is_empty()
    }
}

/// True of a training that more epochs would not have changed. A fit whose first attempt failed is none: the attempt might
/// not have failed with other epochs, and then there would have been no second one.
pub(crate) fn is_ended_by_itself(resource: &Resource, record: &Record) -> bool {
    let is_early = record.details.epochs.is_some_and(|epochs| epochs.trained < resource.epochs);
    is_early && record.outcome.is_ok() && record.details.retried.is_empty()
}

impl FromIterator<StoredRecord> for StoredRecords {
    fn from_iter<I: IntoIterator<Item = StoredRecord>>(records: I) -> Self {
        let mut index = Self::default();
        records.into_iter().for_each(|stored| index.insert(stored));
        index
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        error::Failure,
        record::{Budget, Curve, Details, Epochs},
    };

    fn name(params: &str, fold: u32, resource: &str) -> FitName {
        FitName { params: params.to_owned(), fold, resource: resource.parse().expect("a resource") }
    }

    /// A record whose training ended by itself after so many epochs, where it did.
    fn stored(name: FitName, trained: Option<u32>) -> StoredRecord {
        let epochs = trained.map(|trained| Epochs { trained, scored: trained });
        let record = Record {
            candidate: 0,
            fold: name.fold,
            budget: Budget::Full,
            outcome: Ok(vec![0.5]),
            warnings: Vec::new(),
            train_scores: None,
            fit_time: Duration::ZERO,
            score_time: Duration::ZERO,
            curve: Curve::default(),
            details: Details { epochs, ..Details::default() },
        };
        StoredRecord { name, record }
    }

    #[test]
    fn a_training_that_ended_by_itself_is_that_of_any_epochs_beyond_its_last() {
        let failed = |mut stored: StoredRecord| {
            stored.record.outcome = Err(Failure::Interrupted);
            stored
        };
        let retried = |mut stored: StoredRecord| {
            stored.record.details.retried = vec![Failure::Interrupted];
            stored
        };
        let records: StoredRecords = [
            stored(name("a", 0, "20"), Some(7)),
            stored(name("a", 1, "20"), Some(20)),
            stored(name("a", 2, "20"), None),
            failed(stored(name("a", 3, "20"), Some(7))),
            retried(stored(name("a", 4, "20"), Some(7))),
            stored(name("b", 0, "20/20"), Some(7)),
            stored(name("b", 1, "20@0.5"), Some(7)),
            stored(name("b", 2, "5"), None),
            stored(name("b", 2, "20"), Some(9)),
        ]
        .into_iter()
        .collect();
        let trained = |params: &str, fold, resource: &str| {
            records.get(&name(params, fold, resource)).map(|record| record.details.epochs.map(|epochs| epochs.trained))
        };
        for (resource, found) in
            [("20", true), ("40", true), ("8", true), ("7", false), ("40/40", false), ("40@0.5", false)]
        {
            assert_eq!(trained("a", 0, resource), found.then_some(Some(7)), "{resource}");
        }
        // Its last epoch, no rule, a failure, or a second attempt ended these.
        for fold in 1..5 {
            assert!(trained("a", fold, "20").is_some());
            assert_eq!(trained("a", fold, "40"), None, "{fold}");
        }
        assert_eq!((trained("b", 0, "9/20"), trained("b", 0, "40/40")), (Some(Some(7)), None));
        assert_eq!((trained("b", 1, "40@0.5"), trained("b", 1, "40@0.25")), (Some(Some(7)), None));
        assert_eq!(
            (trained("b", 2, "5"), trained("b", 2, "6"), trained("b", 2, "99")),
            (Some(None), None, Some(Some(9)))
        );
        assert_eq!((trained("a", 9, "20"), trained("c", 0, "20")), (None, None));
    }
}
