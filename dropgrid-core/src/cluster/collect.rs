//! Adds the results of a round to the study, on one machine.

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

/// The largest number of records, and the largest size of states in bytes, that one transaction writes.
const RECORDS: usize = 1000;
const STATE_BYTES: usize = 64 << 20;

/// Adds the results of all units to the study, and returns which are missing. With `in_part`, the finished fits of
/// interrupted units are added, too.
///
/// # Errors
/// [`ClusterError::Differs`](crate::error::ClusterError::Differs) if the study belongs to another search, and the
/// errors of the study.
pub(super) fn collect(study: &Study, folder: &Folder, plan: &Plan, in_part: bool) -> Result<Survey> {
    let mut store = Sqlite::open(study.clone())?;
    match store.identity()? {
        Some(known) => plan.check_search(folder, &known)?,
        // The study was removed, or only the folder was copied here. The results are enough to create the study again.
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
/// The errors of the study.
pub(super) fn add(study: &Study, bundle: Bundle) -> Result<()> {
    let store = Sqlite::open(study.clone())?;
    let mut batch = Batch { store, records: Vec::new(), states: Vec::new(), bytes: 0, done: Vec::new() };
    batch.add(bundle)?;
    batch.write()
}

/// Bundles that wait to be written to a study.
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

    /// The records are durable once a state that continues from them is.
    fn write(&mut self) -> Result<()> {
        let states = mem::take(&mut self.states);
        let states: Vec<&Checkpoint> = states.iter().collect();
        self.bytes = 0;
        self.store.add(&mem::take(&mut self.records), &states, &mem::take(&mut self.done))
    }
}
