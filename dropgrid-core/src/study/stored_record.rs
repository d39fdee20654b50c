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
    /// Its outcome. A candidate's number is that of a search: the store reads it as 0.
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

/// Records by the names of their fits. The record of one fit is that of every other with the same training: of as many
/// epochs that are part of another whole, and of any epochs beyond the one at which a rule of its own ended it.
#[derive(Debug, Clone, Default)]
pub(crate) struct StoredRecords {
    /// By candidate; then by fold and resource.
    by_params: HashMap<String, BTreeMap<(u32, Resource), Record>>,
}

impl StoredRecords {
    /// The record of a fit, or of one with the same training. Where the schedule `is_spread` over the whole training,
    /// trainings of another whole are others from the first step on.
    pub(crate) fn get(&self, name: &FitName, is_spread: bool) -> Option<&Record> {
        let FitName { params, fold, resource } = name;
        let of_candidate = self.by_params.get(params)?;
        let is_same = |(of, record): (&Resource, &Record)| {
            let is_of_training = of.rows() == resource.rows() && (of.whole() == resource.whole() || !is_spread);
            let is_early = || record.details.epochs.is_some_and(|epochs| epochs.trained < resource.epochs());
            is_of_training
                && (of.epochs() == resource.epochs() || is_ended_by_itself(of.epochs(), record) && is_early())
        };
        of_candidate.get(&(*fold, *resource)).or_else(|| {
            let on_fold = of_candidate.iter().filter(|((of, _), _)| of == fold);
            on_fold.map(|((_, of), record)| (of, record)).find(|&same| is_same(same)).map(|(_, record)| record)
        })
    }

    /// True where the fit has a record under its own name.
    pub(crate) fn contains(&self, name: &FitName) -> bool {
        self.by_params.get(&name.params).is_some_and(|records| records.contains_key(&(name.fold, name.resource)))
    }
}

/// True of a training of so many `epochs` that more of them would not have changed. A fit whose first attempt failed is none: the attempt might
/// not have failed with other epochs, and then there would have been no second one.
pub(crate) fn is_ended_by_itself(epochs: u32, record: &Record) -> bool {
    let is_early = record.details.epochs.is_some_and(|it| it.trained < epochs);
    is_early && record.outcome.is_ok() && record.details.retried.is_empty()
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
    use crate::{
        error::Failure,
        record::{Curve, Details, Epochs},
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
            budget: name.resource.budget(),
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
            stored(name("b", 1, "20@0.5"), Some(7)),
            stored(name("b", 2, "5"), None),
            stored(name("b", 2, "20"), Some(9)),
            stored(name("b", 3, "9/20"), Some(9)),
        ]
        .into_iter()
        .collect();
        let get = |params: &str, fold, resource: &str, is_spread| {
            let record = records.get(&name(params, fold, resource), is_spread);
            record.map(|record| record.details.epochs.map(|epochs| epochs.trained))
        };
        let trained = |params: &str, fold, resource: &str| get(params, fold, resource, false);
        for (resource, found, found_if_spread) in [
            ("20", true, true),
            ("40", true, false),
            ("8", true, false),
            ("8/20", true, true),
            ("7", false, false),
            ("20/40", true, false),
            ("40@0.5", false, false),
        ] {
            assert_eq!(trained("a", 0, resource), found.then_some(Some(7)), "{resource}");
            assert_eq!(get("a", 0, resource, true), found_if_spread.then_some(Some(7)), "{resource}");
        }
        // Its last epoch, no rule, a failure, or a second attempt ended these.
        for fold in 1..5 {
            assert!(trained("a", fold, "20").is_some());
            assert_eq!(trained("a", fold, "40"), None, "{fold}");
        }
        assert_eq!((trained("b", 1, "40@0.5"), trained("b", 1, "40@0.25")), (Some(Some(7)), None));
        assert_eq!(
            (trained("b", 2, "5"), trained("b", 2, "6"), trained("b", 2, "99")),
            (Some(None), None, Some(Some(9)))
        );
        // As many epochs are one training, whatever they are a part of.
        for resource in ["9", "9/20", "9/27"] {
            assert_eq!(trained("b", 3, resource), Some(Some(9)), "{resource}");
            assert_eq!(get("b", 3, resource, true).is_some(), resource == "9/20", "{resource}");
        }
        assert_eq!((trained("b", 3, "20"), trained("b", 3, "8/20")), (None, None));
        assert_eq!((trained("a", 9, "20"), trained("c", 0, "20")), (None, None));
    }
}
