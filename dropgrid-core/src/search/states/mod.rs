//! The states of trainings, on their way between the workers and the store.

mod index;

use std::{
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use self::index::StateIndex;
pub(super) use self::index::TrajectoryFold;
use super::key::KeyedJob;
use crate::{
    error::Result,
    limit::Stop,
    record::{Budget, Record},
    study::{Checkpoint, FitName, State, StateName, StateReader, Store, StoredRecord},
};

/// Takes states from the workers, who do not wait for the disk, and writes them to the store with the records of the search's
/// own thread.
pub(super) struct StateRelay {
    settings: StateSettings,
    index: Mutex<StateIndex>,
    waiting: Mutex<Vec<Arc<Checkpoint>>>,
    /// Fits of trainings that go on, which have finished before a state that is waiting.
    finished: Mutex<Vec<StoredRecord>>,
    /// Reads states for the workers while the search's own thread writes. It stands before the store, so that it is closed
    /// first.
    reader: Mutex<StateReader>,
    store: Arc<Mutex<dyn Store>>,
    /// The request after which each training keeps its state at the end of an epoch, and ends.
    saves_on: Option<Stop>,
}

/// The states that a search keeps.
#[derive(Debug, Clone, Copy)]
pub(super) struct StateSettings {
    /// The epochs from one state to the next, where states are kept on the way.
    pub(super) every: Option<usize>,
    /// True where the states at the ends of trainings stay in the store.
    pub(super) keeps_final: bool,
    /// The most bytes that passing states take, beside those of trainings that have jobs. Where there are more, trainings
    /// begin anew, and come to the same bits.
    pub(super) bound: u64,
    /// True where the store has the records of the search. A search without a file leaves them in its trials, since nothing
    /// else reads them.
    pub(super) has_records: bool,
}

impl StateRelay {
    /// A relay to a store, from which the trainings of this search may go on.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) fn new(settings: StateSettings, store: Arc<Mutex<dyn Store>>) -> Result<Self> {
        let reader = Mutex::new(lock(&store).state_reader()?);
        let (index, waiting, finished) = (Mutex::default(), Mutex::default(), Mutex::default());
        let relay = Self { settings, index, waiting, finished, reader, store, saves_on: None };
        relay.refresh()?;
        Ok(relay)
    }

    /// The same relay, to which trainings give their states when `stop` is requested, to go on from there in another process.
    pub(super) fn saving_on(self, stop: Stop) -> Self {
        Self { saves_on: Some(stop), ..self }
    }

    /// Learns which states other processes have saved or removed.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) fn refresh(&self) -> Result<()> {
        let stored = lock(&self.store).states()?;
        let waiting = lock(&self.waiting);
        lock(&self.index).replace(stored.into_iter().chain(waiting.iter().map(|checkpoint| checkpoint.state.info())));
        Ok(())
    }

    /// All records and states of the store.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) fn contents(&self) -> Result<(Vec<StoredRecord>, Vec<State>)> {
        let mut store = lock(&self.store);
        let mut read = lock(&self.reader);
        let names = store.states()?.into_iter().map(|info| info.name);
        let states: Vec<Option<State>> =
            names.map(|name| read(&name.trajectory, name.fold, name.epochs)).collect::<Result<_>>()?;
        Ok((store.records()?, states.into_iter().flatten().collect()))
    }

    /// Keeps the states of a training until a job that waits for them is [released](Self::release).
    pub(super) fn hold(&self, of: TrajectoryFold) {
        lock(&self.index).hold(of);
    }

    /// Ends the hold of a job that has its record.
    pub(super) fn release(&self, of: &TrajectoryFold) {
        lock(&self.index).release(of);
    }

    /// The states of the training of a group of jobs; `None` where it neither goes on from one nor keeps any.
    pub(super) fn begin(&self, jobs: &[KeyedJob]) -> Option<TrainingStates<'_>> {
        let first = jobs.first()?;
        let of = (first.trajectory.clone(), first.name.fold);
        let least = jobs.iter().map(|job| job.name.resource.epochs()).min()?;
        // The search may train the fits of smaller budgets further.
        let keeps_ends =
            self.settings.keeps_final || jobs.iter().any(|job| matches!(job.job.budget, Budget::Epochs(_)));
        let is_asked = keeps_ends || self.settings.every.is_some() || self.saves_on.is_some();
        let is_asked = is_asked || self.longest(&of, least) > 0;
        is_asked.then_some(TrainingStates { relay: self, of, least, keeps_ends })
    }

    /// Adds records, with those of fits that have finished before a state that is waiting, and writes these states. Removes the
    /// passing states of the trainings that are `done`, up to these epochs.
    ///
    /// # Errors
    /// Where the store cannot be written. States wait on then.
    pub(super) fn write(&self, records: &[StoredRecord], done: &[StateName]) -> Result<()> {
        for done in done {
            lock(&self.index).remove_passing(done);
        }
        let waiting: Vec<Arc<Checkpoint>> = {
            let mut waiting = lock(&self.waiting);
            waiting.retain(|checkpoint| !done.iter().any(|done| is_done(&checkpoint.state, done)));
            waiting.clone()
        };
        // In this order the records of every fit that a state no longer knows are among those that are added.
        let mut added = mem::take(&mut *lock(&self.finished));
        added.extend_from_slice(records);
        if added.is_empty() && waiting.is_empty() && done.is_empty() {
            return Ok(());
        }
        let checkpoints: Vec<&Checkpoint> = waiting.iter().map(|checkpoint| &**checkpoint).collect();
        lock(&self.store).add(&added, &checkpoints, done)?;
        // Only now, so that each state is found in one of both places at any time.
        lock(&self.waiting).retain(|checkpoint| !waiting.iter().any(|written| Arc::ptr_eq(written, checkpoint)));
        Ok(())
    }

    /// The [passing](passing_states) states of a training that has ended for all of `jobs`, where there are any.
    pub(super) fn done(&self, jobs: &[KeyedJob]) -> Option<StateName> {
        passing_states(jobs).filter(|done| self.longest(&(done.trajectory.clone(), done.fold), done.epochs) > 0)
    }

    /// The passing states that are to be removed, because those of trainings without a job have too many bytes.
    pub(super) fn beyond_bound(&self) -> Vec<StateName> {
        lock(&self.index).evict(self.settings.bound)
    }

    /// The names by which all passing states of the study are removed.
    pub(super) fn all(&self) -> Vec<StateName> {
        lock(&self.index).all()
    }

    /// The most epochs, but not more than `most`, after which there is a state of a training; 0 where there is none.
    pub(super) fn longest(&self, of: &TrajectoryFold, most: u32) -> u32 {
        lock(&self.index).longest(of, most)
    }
}

/// The name of the states of a training that has ended for all of `jobs` from which no larger budget goes on.
pub(super) fn passing_states(jobs: &[KeyedJob]) -> Option<StateName> {
    let last = jobs.iter().max_by_key(|job| job.name.resource.epochs())?;
    // The search may train the last one further.
    let is_part = matches!(last.job.budget, Budget::Epochs(_));
    let epochs = last.name.resource.epochs().checked_sub(is_part.into())?;
    Some(StateName { trajectory: last.trajectory.clone(), fold: last.name.fold, epochs })
}

/// True of a passing state of a training that is done.
fn is_done(state: &State, done: &StateName) -> bool {
    let is_of_training = done.trajectory == state.trajectory && done.fold == state.fold;
    is_of_training && !state.lasting && state.epochs <= done.epochs
}

/// Locks a value that a panic leaves usable.
pub(super) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The states of one training on one fold.
pub(super) struct TrainingStates<'a> {
    relay: &'a StateRelay,
    of: TrajectoryFold,
    /// The epochs of the shortest fit: from more it cannot go on.
    least: u32,
    /// True where the states at the ends are kept.
    keeps_ends: bool,
}

impl TrainingStates<'_> {
    /// The state with the most epochs that the training may go on from, of those with fewer than `below`, and these epochs.
    pub(super) fn longest(&self, below: usize) -> Option<(usize, Vec<u8>)> {
        let most = below.checked_sub(1).map(|most| u32::try_from(most).unwrap_or(u32::MAX))?.min(self.least);
        self.state(most).map(|state| (state.epochs as usize, state.bytes))
    }

    fn state(&self, most: u32) -> Option<State> {
        let (trajectory, fold) = &self.of;
        let longest = self.relay.longest(&self.of, most);
        let is_it = |state: &&State| state.trajectory == *trajectory && state.fold == *fold && state.epochs <= most;
        let waiting: Vec<Arc<Checkpoint>> = lock(&self.relay.waiting).clone();
        let newest = waiting.iter().map(|waiting| &waiting.state).filter(is_it).max_by_key(|state| state.epochs);
        if newest.map_or(0, |state| state.epochs) >= longest {
            return newest.cloned();
        }
        // Epochs whose state cannot be read are trained again.
        let stored = lock(&self.relay.reader)(trajectory, *fold, most).ok().flatten();
        newest.cloned().into_iter().chain(stored).max_by_key(|state| state.epochs)
    }

    /// True where the state after so many epochs is to be kept, after which fits end that more epochs would let go on, or
    /// none do.
    pub(super) fn wants(&self, epochs: usize, ends: bool) -> bool {
        let is_due = self.relay.settings.every.is_some_and(|every| epochs.is_multiple_of(every));
        ends && self.keeps_ends || is_due || self.must_save()
    }

    /// True where the training has to end as soon as its state is kept.
    pub(super) fn must_save(&self) -> bool {
        self.relay.saves_on.as_ref().is_some_and(Stop::is_requested)
    }

    /// Keeps a state, with which fits `end` or do not, and which the others, `open`, go on from. `finished` are the fits
    /// that have ended before.
    pub(super) fn keep(
        &self,
        epochs: usize,
        bytes: Vec<u8>,
        ends: bool,
        open: Vec<FitName>,
        finished: impl IntoIterator<Item = (FitName, Record)>,
    ) {
        let (trajectory, fold) = self.of.clone();
        let lasting = ends && self.relay.settings.keeps_final;
        let state = State { trajectory, fold, epochs: epochs as u32, bytes, lasting };
        if self.relay.settings.has_records {
            let finished = finished.into_iter().map(|(name, record)| StoredRecord { name, record });
            lock(&self.relay.finished).extend(finished);
        }
        let (info, earlier) = (state.info(), state.name());
        let mut waiting = lock(&self.relay.waiting);
        waiting.retain(|checkpoint| !is_done(&checkpoint.state, &earlier));
        waiting.push(Arc::new(Checkpoint { state, fits: open }));
        lock(&self.relay.index).add(info);
    }
}

impl fmt::Debug for TrainingStates<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrainingStates")
            .field("trajectory", &self.of.0)
            .field("fold", &self.of.1)
            .finish_non_exhaustive()
    }
}
