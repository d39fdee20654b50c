//! What a study keeps for a search: taken where a job is known, added to where it is finished.

use std::collections::HashMap;

use crate::{
    error::{Error, Result},
    record::{Job, Record},
    space::Params,
    study::{Identity, Kept, Legend, Sqlite, Store, Study},
};

/// The finished fits of a study, and the store to which others are added. A search without a study has an empty one.
pub(super) struct Shelf {
    store: Option<Box<dyn Store>>,
    kept: HashMap<(String, u32), Record>,
}

impl Shelf {
    pub(super) fn nothing() -> Self {
        Self { store: None, kept: HashMap::new() }
    }

    /// Opens a study, and takes what it keeps if it is the study of this search. It leaves by what its scores are read.
    pub(super) fn open(study: &Study, identity: &Identity, legend: &Legend) -> Result<Self> {
        let mut store = Sqlite::open(study.path())?;
        let known = store.identity()?;
        if let Some(known) = &known {
            let differences = known.differences(identity, study.extends());
            if !differences.is_empty() {
                let differences = differences.iter().map(ToString::to_string).collect();
                return Err(Error::StudyDiffers { path: study.path().to_owned(), differences });
            }
        }
        if known.as_ref() != Some(identity) {
            store.identify(identity)?;
        }
        if store.legend()?.as_ref() != Some(legend) {
            store.explain(legend)?;
        }
        let kept = store.kept()?.into_iter().map(|kept| ((kept.params, kept.record.fold), kept.record)).collect();
        Ok(Self { store: Some(Box::new(store)), kept })
    }

    /// The record of a job, where it is known.
    pub(super) fn take<P: Params>(&mut self, job: &Job<P>) -> Option<Record> {
        if self.kept.is_empty() {
            return None;
        }
        let record = self.kept.remove(&(name(&job.params), job.fold))?;
        Some(Record { candidate: job.candidate, ..record })
    }

    /// Keeps finished jobs; they are durable when it returns.
    pub(super) fn keep<P: Params>(&mut self, finished: &[(&Job<P>, Record)]) -> Result<()> {
        let Some(store) = &mut self.store else { return Ok(()) };
        let kept = finished.iter().map(|(job, record)| Kept { params: name(&job.params), record: record.clone() });
        store.keep(&kept.collect::<Vec<_>>())
    }
}

/// A candidate as a JSON object in declaration order.
fn name<P: Params>(params: &P) -> String {
    serde_json::to_string(params).unwrap_or_default()
}
