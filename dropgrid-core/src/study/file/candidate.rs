//! The candidates in a study file.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Fault,
    params_json::{Pairs, ParamsJson},
    verify,
};
use crate::{
    error::Result,
    record::{Budget, Record, Resource},
    study::{
        Judgement, Metadata,
        sqlite::{Reader, undamaged},
    },
};

/// A candidate that has records in a study.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StudyCandidate {
    /// The JSON object that identifies the candidate in the study, see [`FitName`](crate::study::FitName).
    pub name: String,
    /// The hyperparameters. If trainings of the study have different numbers of epochs, `epochs` is one of them.
    pub params: ParamsJson,
    /// The number of epochs of the candidate's full training.
    pub epochs: u32,
    /// The judgement of the last search's strategy; `None` if it follows from the candidate's fits.
    pub judgement: Option<Judgement>,
    /// The finished fits, by budget in ascending order, then by fold.
    pub fits: Vec<StudyFit>,
}

/// A finished fit of a study.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StudyFit {
    /// The epochs and rows of the fit's training.
    pub resource: Resource,
    /// The record.
    pub record: Record,
}

impl StudyCandidate {
    /// Iterates over the records, by budget in ascending order, then by fold.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.fits.iter().map(|fit| &fit.record)
    }

    /// Iterates over the records of the full training, by fold.
    pub fn whole(&self) -> impl Iterator<Item = &Record> {
        self.records().filter(|record| record.budget == Budget::Full)
    }
}

/// Returns the candidates with readable records, in the order of their values, and the faults of the other records.
pub(super) fn read(reader: &Reader<'_>, metadata: Option<&Metadata>) -> Result<(Vec<StudyCandidate>, Vec<Fault>)> {
    let mut judgements = undamaged(reader.judgements())?;
    let mut faults = Vec::new();
    faults.extend(judgements.is_none().then_some(Fault::Judgements));
    let mut found: Vec<Found> = Vec::new();
    reader.records(|row| {
        let stored = match verify::record(&row, metadata) {
            Ok(stored) => stored,
            Err(fault) => return faults.push(fault),
        };
        if found.last().is_none_or(|last| last.name != stored.name.params) {
            let Ok(pairs) = serde_json::from_str(&stored.name.params) else {
                return faults.push(Fault::Params { name: stored.name });
            };
            found.push(Found { name: stored.name.params, pairs, by_epochs: BTreeMap::new() });
        }
        let (resource, record) = (stored.name.resource, stored.record);
        if let Some(last) = found.last_mut() {
            last.by_epochs.entry(resource.whole()).or_default().push(StudyFit { resource, record });
        }
    })?;
    let several: BTreeSet<u32> = found.iter().flat_map(|found| found.by_epochs.keys()).copied().collect();
    let (mut pairs, mut rest) = (Vec::new(), Vec::new());
    for Found { name, pairs: of_name, by_epochs } in found {
        for (epochs, fits) in by_epochs {
            pairs.push(if several.len() > 1 { of_name.clone().with("epochs", epochs.into()) } else { of_name.clone() });
            rest.push((name.clone(), epochs, fits));
        }
    }
    let params = match ParamsJson::of(pairs) {
        Ok(params) => params,
        Err(names) => {
            faults.push(Fault::Names { names, candidates: rest.len() });
            return Ok((Vec::new(), faults));
        }
    };
    let candidate = |(params, (name, epochs, mut fits)): (_, (String, u32, Vec<StudyFit>))| {
        fits.sort_by_key(|fit| (fit.record.budget, fit.record.fold));
        let judgement = judgements.as_mut().and_then(|all| all.remove(&(epochs, name.clone())));
        StudyCandidate { name, params, epochs, judgement, fits }
    };
    let mut candidates: Vec<StudyCandidate> = params.into_iter().zip(rest).map(candidate).collect();
    candidates.sort_by(|a, b| a.params.order(&b.params));
    Ok((candidates, faults))
}

/// The fits of one candidate name, by the number of epochs of their full training.
struct Found {
    name: String,
    pairs: Pairs,
    by_epochs: BTreeMap<u32, Vec<StudyFit>>,
}
