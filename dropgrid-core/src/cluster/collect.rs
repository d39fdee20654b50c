//! Takes the results of a round into the study, on one machine.

use std::mem;

use super::{
    folder::Folder,
    plan::Plan,
    survey::Survey,
    unit_file::{read_checkpoint, read_times},
};
use crate::{
    error::Result,
    study::{Checkpoint, Records, Sqlite, State, StateName, StoredRecord, Study, bundle::Bundle},
};

/// The records and the bytes of states that are written in one transaction.
const RECORDS: usize = 1000;
const STATE_BYTES: usize = 64 << 20;

/// Takes the results of all units into the study, and says which are missing. Where `in_part`, the finished fits of units
/// that were cut off are taken, too.
///
/// # Errors
/// [`ClusterError::Differs`](crate::error::ClusterError::Differs) where the study is that of another search, and those of the
/// study.
pub(super) fn collect(study: &Study, folder: &Folder, plan: &Plan, in_part: bool) -> Result<Survey> {
    let mut store = Sqlite::open(study.clone())?;
    match store.identity()? {
        Some(known) => plan.check_search(folder, &known)?,
        // The study was removed, or the folder is all that has come from elsewhere: results are enough to make it anew.
        None => drop(store.set_identity(None, &plan.identity)?),
    }
    let mut batch = Batch { store, records: Vec::new(), states: Vec::new(), bytes: 0, done: Vec::new() };
    let survey = Survey::of(folder, plan, |unit, mut bundle| {
        read_times(folder, plan, unit, &mut bundle);
        batch.add(bundle)
    })?;
    if in_part {
        for &unit in &survey.begun {
            let Bundle { records, .. } = read_checkpoint(folder, plan, unit).unwrap_or_default();
            batch.add(Bundle { records, ..Bundle::default() })?;
        }
    }
    batch.write()?;
    Ok(survey)
}

/// Adds a bundle to a study.
///
/// # Errors
/// Those of the study.
pub(super) fn add(study: &Study, bundle: Bundle) -> Result<()> {
    let store = Sqlite::open(study.clone())?;
    let mut batch = Batch { store, records: Vec::new(), states: Vec::new(), bytes: 0, done: Vec::new() };
    batch.add(bundle)?;
    batch.write()
}

/// Bundles on their way to a study.
struct Batch {
    store: Sqlite,
    records: Vec<StoredRecord>,
    states: Vec<Checkpoint>,
    bytes: usize,
    done: Vec<StateName>,
}

impl Batch {
    fn add(&mut self, Bundle { records, states, done }: Bundle) -> Result<()> {
        self.records.extend(records);
        self.bytes += states.iter().map(|state| state.bytes.len()).sum::<usize>();
        self.states.extend(states.into_iter().map(|state: State| Checkpoint { state, fits: Vec::new() }));
        self.done.extend(done);
        if self.records.len() >= RECORDS || self.bytes >= STATE_BYTES { self.write() } else { Ok(()) }
    }

    /// Records are in the study for good when a state that goes on from them is.
    fn write(&mut self) -> Result<()> {
        let states = mem::take(&mut self.states);
        let states: Vec<&Checkpoint> = states.iter().collect();
        self.bytes = 0;
        self.store.add(&mem::take(&mut self.records), &states, &mem::take(&mut self.done))
    }
}
