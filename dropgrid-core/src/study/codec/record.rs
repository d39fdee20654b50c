//! The parts of a record as bytes and text.

use std::{borrow::Cow, time::Duration};

use super::{curve_from_bytes, curve_to_bytes, from_bytes, from_json, to_bytes, to_json};
use crate::{
    record::Record,
    study::{FitName, StoredRecord},
};

/// A record without its name, as the bytes and texts that stores and files keep.
pub(in crate::study) struct EncodedRecord<'a> {
    /// The scores; `None` if the fit failed.
    pub(in crate::study) scores: Option<Cow<'a, [u8]>>,
    /// The failure as JSON; `None` if the fit has scores.
    pub(in crate::study) failure: Option<Cow<'a, str>>,
    /// The scores on the training rows, if the record has them.
    pub(in crate::study) train_scores: Option<Cow<'a, [u8]>>,
    /// The warnings as JSON.
    pub(in crate::study) warnings: Cow<'a, str>,
    /// The details as JSON.
    pub(in crate::study) details: Cow<'a, str>,
    /// The bytes of the curve.
    pub(in crate::study) curve: Cow<'a, [u8]>,
    pub(in crate::study) fit_time: Duration,
    pub(in crate::study) score_time: Duration,
}

impl EncodedRecord<'_> {
    pub(in crate::study) fn of(record: &Record) -> Self {
        let bytes = |numbers: &[f64]| Cow::Owned(to_bytes(numbers));
        let outcome = record.outcome.as_ref();
        Self {
            scores: outcome.ok().map(|scores| bytes(scores)),
            failure: outcome.err().map(|failure| to_json(failure).into()),
            train_scores: record.train_scores.as_deref().map(bytes),
            warnings: to_json(&record.warnings).into(),
            details: to_json(&record.details).into(),
            curve: curve_to_bytes(&record.curve).into(),
            fit_time: record.fit_time,
            score_time: record.score_time,
        }
    }

    /// Parses the record of the fit with this name; `None` if a part is not valid. The number of the candidate is 0.
    pub(in crate::study) fn decode(&self, name: FitName) -> Option<StoredRecord> {
        let outcome = match (&self.scores, &self.failure) {
            (Some(scores), None) => Ok(from_bytes(scores)?),
            (None, Some(failure)) => Err(from_json(failure)?),
            _ => return None,
        };
        let train_scores = match &self.train_scores {
            Some(scores) => Some(from_bytes(scores)?),
            None => None,
        };
        let record = Record {
            candidate: 0,
            fold: name.fold,
            budget: name.resource.budget(),
            outcome,
            warnings: from_json(&self.warnings)?,
            train_scores,
            fit_time: self.fit_time,
            score_time: self.score_time,
            curve: curve_from_bytes(&self.curve)?,
            details: from_json(&self.details)?,
        };
        Some(StoredRecord { name, record })
    }
}
