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
fn is_ended_by_itself(resource: &Resource, record: &Record) -> bool {
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
