//! The open study of a search: its records, claims and states.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use super::{
    same_search::{Unlike, identify, refuse, refuse_records},
    shared_store::SharedStore,
};
#[cfg(feature = "study")]
use crate::study::{Sqlite, StudyFile};
use crate::{
    error::{Error, Result, StudyError},
    record::Record,
    search::states::{StateRelay, StateSettings, lock},
    study::{
        Checkpoint, ClaimStatus, DamagedRecord, FitName, Identity, Judgements, MarkedClaims, Memory, Metadata, Records,
        STATE_BYTES, State, States, Store, StoredRecord, StoredRecords, Study,
    },
};

/// The longest interval at which a search asks again for fits that other processes run.
const AGAIN: Duration = Duration::from_secs(2);

/// A function that is called after each change to a study.
pub(super) type OnWrite<'a> = dyn FnMut(&StateRelay) -> Result<()> + 'a;

/// The store of a search, and the records that it had when the search began.
pub(in crate::search) struct OpenStudy {
    store: Arc<Mutex<dyn Store>>,
    /// The file, which other processes may share; `None` if the store is in memory.
    file: Option<SharedFile>,
    /// True if the store holds the records of the search. Otherwise only the search's trials hold them, since nothing
    /// else reads them.
    has_records: bool,
    /// True if claims leave marks that other processes read.
    has_marks: bool,
    known: StoredRecords,
    damaged: Vec<DamagedRecord>,
    /// The time limit of a fit in this search; `None` if there is none.
    fit_time_limit: Option<Duration>,
}

/// The file of a study, which other processes may share.
struct SharedFile {
    study: Study,
    /// The check that records belong to this search's networks.
    unlike: Unlike,
    /// The interval between heartbeats of this process.
    heartbeat: Duration,
    last_heartbeat: Instant,
    /// The time of the last news about fits that other processes run.
    last_news: Instant,
}

impl OpenStudy {
    /// Makes the study of a search without a file.
    pub(in crate::search) fn in_memory() -> Self {
        Self {
            store: Arc::new(Mutex::new(Memory::default())),
            file: None,
            has_records: false,
            has_marks: false,
            known: StoredRecords::default(),
            damaged: Vec::new(),
            fit_time_limit: None,
        }
    }

    /// Makes the study of a part of a search, in memory, with the given records and states. No state is evicted.
    /// `claims` leaves marks.
    pub(super) fn of_part(records: &[StoredRecord], states: &[State], claims: Option<MarkedClaims>) -> Result<Self> {
        let checkpoint = |state: &State| Checkpoint { state: state.clone(), fits: Vec::new() };
        let checkpoints: Vec<Checkpoint> = states.iter().map(checkpoint).collect();
        let mut memory = Memory::default();
        memory.add(records, &checkpoints.iter().collect::<Vec<_>>(), &[])?;
        let (has_marks, known) = (claims.is_some(), records.iter().cloned().collect());
        let store = Arc::new(Mutex::new(memory.claiming(claims)));
        Ok(Self { store, has_records: true, has_marks, known, ..Self::in_memory() })
    }

    /// A program without the feature `study` cannot open a study: see [`Search::study`](crate::search::Search::study).
    #[cfg(not(feature = "study"))]
    pub(in crate::search) fn open(
        study: &Study,
        _: &Identity,
        _: (&Metadata, bool),
        _: Unlike,
        _: Option<Duration>,
    ) -> Result<Self> {
        let value = study.path().display().to_string();
        Err(Error::Setting { setting: "study", value, expected: "none, as the feature `study` of dropgrid is off" })
    }

    /// Opens a file, checks that it is the study of this search, reads its records, and writes the metadata if asked
    /// to. A study of another search, or one with a record that is `unlike`, is refused before the file is changed.
    ///
    /// Removes records of fits that timed out with less time than `fit_time_limit`, so that these fits run again.
    #[cfg(feature = "study")]
    pub(in crate::search) fn open(
        study: &Study,
        identity: &Identity,
        (metadata, is_written): (&Metadata, bool),
        unlike: Unlike,
        fit_time_limit: Option<Duration>,
    ) -> Result<Self> {
        // If the file cannot be read here, it is new, or opening it below returns the reason.
        if let Ok((known, records)) = StudyFile::unopened(study.path())
            && known != Identity::new()
        {
            refuse(study, &known, identity)?;
            refuse_records(study, records.iter().map(|stored| (&stored.name, &stored.record)), unlike)?;
        }
        let mut store = Sqlite::open(study.clone())?;
        identify(&mut store, study, identity)?;
        // The end of a search that was done stays until there is another one; this one goes on where it was not.
        let written = store.metadata()?.map(|known| {
            let end = known.end.filter(|end| end.stopped.is_some());
            Metadata { end, ..known }
        });
        if is_written && written.as_ref() != Some(metadata) {
            store.set_metadata(metadata)?;
        }
        let damaged = store.drop_damaged()?;
        if study.retries_failed {
            store.remove_failed()?;
        }
        if study.forgets_final_checkpoints {
            store.remove_all_states()?;
        }
        let mut records = store.records()?;
        let count = metadata.metrics.len();
        let is_whole =
            |record: &Record| record.outcome.iter().chain(&record.train_scores).all(|all| all.len() == count);
        if let Some(StoredRecord { name, .. }) = records.iter().find(|stored| !is_whole(&stored.record)) {
            let (params, fold) = (&name.params, name.fold);
            let message = format!("the record of {params} on fold {fold} has not one score for each metric");
            return Err(Error::Study(StudyError::Damaged { path: study.path().to_owned(), message, report: None }));
        }
        let outdated = records.extract_if(.., |stored| stored.record.ran_out_of_less(fit_time_limit));
        let outdated: Vec<FitName> = outdated.map(|stored| stored.name).collect();
        if !outdated.is_empty() {
            store.remove(&outdated)?;
        }
        // Records may have been added since the first check.
        refuse_records(study, records.iter().map(|stored| (&stored.name, &stored.record)), unlike)?;
        let now = Instant::now();
        // A lease lasts four heartbeats, so one heartbeat may come late.
        let heartbeat = study.lease / 4;
        let file = SharedFile { study: study.clone(), unlike, heartbeat, last_heartbeat: now, last_news: now };
        let store = Arc::new(Mutex::new(store));
        Ok(Self {
            store,
            file: Some(file),
            has_records: true,
            has_marks: false,
            known: records.into_iter().collect(),
            damaged,
            fit_time_limit,
        })
    }

    /// Makes the relay of the search's states. It saves one after every `every` epochs, and final ones if
    /// `keeps_final`.
    pub(in crate::search) fn states(&self, every: Option<usize>, keeps_final: bool) -> Result<StateRelay> {
        let of_memory = if self.has_records { u64::MAX } else { STATE_BYTES };
        let bound = self.file.as_ref().map_or(of_memory, |file| file.study.most_checkpoint_bytes);
        let settings = StateSettings { every, keeps_final, bound, has_records: self.has_records };
        StateRelay::new(settings, Arc::clone(&self.store))
    }

    /// Returns the strategy's judgements of candidates from the last search.
    pub(super) fn judgements(&self) -> Result<Judgements> {
        self.store().judgements()
    }

    /// Stores the strategy's judgements of candidates.
    pub(super) fn set_judgements(&self, judgements: &Judgements) -> Result<()> {
        self.store().set_judgements(judgements)
    }

    /// Returns true if the study is in a file. Its records are then durable, and other processes may share it.
    pub(super) fn is_shared(&self) -> bool {
        self.file.is_some()
    }

    /// Returns true if other processes learn which fits this one is running.
    pub(super) fn has_claims(&self) -> bool {
        self.is_shared() || self.has_marks
    }

    /// Returns true if the store holds the records of the search.
    pub(super) fn has_records(&self) -> bool {
        self.has_records
    }

    /// Returns the records of the study that were damaged and have been removed.
    pub(in crate::search) fn damaged(&self) -> &[DamagedRecord] {
        &self.damaged
    }

    /// Returns the record that a fit had when the search began; `None` if it had none. `is_spread` tells whether its
    /// schedule is spread over the full training.
    pub(in crate::search) fn known(&self, name: &FitName, is_spread: bool) -> Option<&Record> {
        self.known.get(name, is_spread)
    }

    /// Returns true if the study had the record of a fit, under the fit's own name, when the search began.
    pub(super) fn contains(&self, name: &FitName) -> bool {
        self.known.contains(name)
    }

    /// Returns true if a fit timed out with less time than it has in this search.
    pub(super) fn is_outdated(&self, record: &Record) -> bool {
        record.ran_out_of_less(self.fit_time_limit)
    }

    /// Claims groups of fits, at most `most` of them, and returns the status of each.
    pub(super) fn claim(&mut self, wanted: &[&[FitName]], most: usize, ahead: bool) -> Result<Vec<ClaimStatus>> {
        let statuses = self.store().claim(wanted, most, ahead)?;
        let Some(file) = &mut self.file else { return Ok(statuses) };
        for (fits, status) in wanted.iter().zip(&statuses) {
            let records: Vec<Option<&Record>> = match status {
                ClaimStatus::Finished(records) => records.iter().map(Some).collect(),
                ClaimStatus::Partly(records) => records.iter().map(Option::as_ref).collect(),
                _ => continue,
            };
            let named = fits.iter().zip(records).filter_map(|(fit, record)| Some((fit, record?)));
            refuse_records(&file.study, named, file.unlike)?;
        }
        file.last_heartbeat = Instant::now();
        Ok(statuses)
    }

    /// Sends a heartbeat to other processes if one is due.
    pub(super) fn heartbeat(&mut self) -> Result<()> {
        let is_due = self.file.as_ref().map_or(self.has_marks, |file| file.last_heartbeat.elapsed() >= file.heartbeat);
        if is_due { self.claim(&[], 0, true).map(drop) } else { Ok(()) }
    }

    /// Returns true if fits of other processes may have a new status, or have not been checked for a while.
    pub(super) fn has_news(&mut self) -> Result<bool> {
        let Some(file) = &mut self.file else { return Ok(false) };
        let has_news = file.last_news.elapsed() >= AGAIN || lock(&self.store).has_news()?;
        if has_news {
            file.last_news = Instant::now();
        }
        Ok(has_news)
    }

    /// Gives back the claims of fits that have not begun.
    pub(super) fn give_back(&self, fits: &[FitName]) -> Result<()> {
        if fits.is_empty() { Ok(()) } else { self.store().give_back(fits) }
    }

    /// Notes that the process was asked to end. If it dies from now on, that does not count as a crash of its fits.
    pub(super) fn leave(&self) -> Result<()> {
        self.store().leave()
    }

    /// Removes records of failed fits, so that these fits run again.
    pub(super) fn remove(&self, fits: &[FitName]) -> Result<()> {
        self.store().remove(fits)
    }

    /// Adds a record if the study is in a file.
    pub(in crate::search) fn add(&self, record: &StoredRecord) -> Result<()> {
        if self.is_shared() { self.store().add(std::slice::from_ref(record), &[], &[]) } else { Ok(()) }
    }

    /// Returns the store of the file, for facts that are known only at the end; `None` if there is no file.
    pub(super) fn shared_store(&self) -> Option<SharedStore> {
        self.is_shared().then(|| SharedStore(Arc::clone(&self.store)))
    }

    fn store(&self) -> MutexGuard<'_, dyn Store + 'static> {
        lock(&self.store)
    }
}

#[cfg(test)]
mod tests;
