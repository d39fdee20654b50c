//! The states of trainings, between the workers and the store.

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

/// Takes states from the workers, which do not wait for the disk. The leader's thread writes them to the store together
/// with records.
pub(super) struct StateRelay {
    settings: StateSettings,
    index: Mutex<StateIndex>,
    waiting: Mutex<Vec<Arc<Checkpoint>>>,
    /// Records of fits that finished before a waiting state, in trainings that are still running.
    finished: Mutex<Vec<StoredRecord>>,
    /// Reads states for the workers while the leader's thread writes. This field comes before the store, so that it is
    /// dropped first.
    reader: Mutex<StateReader>,
    store: Arc<Mutex<dyn Store>>,
    /// The stop request. After it, each training saves its state at the end of its epoch and ends.
    saves_on: Option<Stop>,
}

/// Which states a search keeps.
#[derive(Debug, Clone, Copy)]
pub(super) struct StateSettings {
    /// The number of epochs between two states during a training; `None` if no states are kept on the way.
    pub(super) every: Option<usize>,
    /// True if the final states of trainings stay in the store.
    pub(super) keeps_final: bool,
    /// The largest total size of passing states in bytes, not counting trainings that have jobs. Evicted trainings
    /// start from the beginning and reach the same bits.
    pub(super) bound: u64,
    /// True if the store holds the records of the search. A search without a file keeps them in its trials only, since
    /// nothing else reads them.
    pub(super) has_records: bool,
}

impl StateRelay {
    /// Makes a relay to a store. Trainings of this search may continue from the states in it.
    ///
    /// # Errors
    /// An error if the store cannot be read.
    pub(super) fn new(settings: StateSettings, store: Arc<Mutex<dyn Store>>) -> Result<Self> {
        let reader = Mutex::new(lock(&store).state_reader()?);
        let (index, waiting, finished) = (Mutex::default(), Mutex::default(), Mutex::default());
        let relay = Self { settings, index, waiting, finished, reader, store, saves_on: None };
        relay.refresh()?;
        Ok(relay)
    }

    /// Makes the same relay with a stop request. After it, trainings save their states, and another process can
    /// continue them.
    pub(super) fn saving_on(self, stop: Stop) -> Self {
        Self { saves_on: Some(stop), ..self }
    }

    /// Learns which states other processes have saved or removed.
    ///
    /// # Errors
    /// An error if the store cannot be read.
    pub(super) fn refresh(&self) -> Result<()> {
        let stored = lock(&self.store).states()?;
        let waiting = lock(&self.waiting);
        lock(&self.index).replace(stored.into_iter().chain(waiting.iter().map(|checkpoint| checkpoint.state.info())));
        Ok(())
    }

    /// Returns all records and states of the store.
    ///
    /// # Errors
    /// An error if the store cannot be read.
    pub(super) fn contents(&self) -> Result<(Vec<StoredRecord>, Vec<State>)> {
        let mut store = lock(&self.store);
        let mut read = lock(&self.reader);
        let names = store.states()?.into_iter().map(|info| info.name);
        let states: Vec<Option<State>> =
            names.map(|name| read(&name.trajectory, name.fold, name.epochs)).collect::<Result<_>>()?;
        Ok((store.records()?, states.into_iter().flatten().collect()))
    }

    /// Keeps the states of a training until the job that needs them is [released](Self::release).
    pub(super) fn hold(&self, of: TrajectoryFold) {
        lock(&self.index).hold(of);
    }

    /// Ends the hold of a job that has its record.
    pub(super) fn release(&self, of: &TrajectoryFold) {
        lock(&self.index).release(of);
    }

    /// Returns the states of the training of a group of jobs; `None` if the training neither continues from a state nor
    /// saves one.
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

    /// Adds records, with those of fits that finished before a waiting state, and writes the waiting states. Removes
    /// the passing states of the trainings that are `done`, up to the given epochs.
    ///
    /// # Errors
    /// An error if the store cannot be written. The states then remain waiting.
    pub(super) fn write(&self, records: &[StoredRecord], done: &[StateName]) -> Result<()> {
        for done in done {
            lock(&self.index).remove_passing(done);
        }
        let waiting: Vec<Arc<Checkpoint>> = {
            let mut waiting = lock(&self.waiting);
            waiting.retain(|checkpoint| !done.iter().any(|done| is_done(&checkpoint.state, done)));
            waiting.clone()
        };
        // In this order, the added records include every fit that a state no longer lists.
        let mut added = mem::take(&mut *lock(&self.finished));
        added.extend_from_slice(records);
        if added.is_empty() && waiting.is_empty() && done.is_empty() {
            return Ok(());
        }
        let checkpoints: Vec<&Checkpoint> = waiting.iter().map(|checkpoint| &**checkpoint).collect();
        lock(&self.store).add(&added, &checkpoints, done)?;
        // The states are removed only now, so that each is in at least one of the two places at any time.
        lock(&self.waiting).retain(|checkpoint| !waiting.iter().any(|written| Arc::ptr_eq(written, checkpoint)));
        Ok(())
    }

    /// Names the [passing](passing_states) states of a training that has ended for all of `jobs`; `None` if there are
    /// none.
    pub(super) fn done(&self, jobs: &[KeyedJob]) -> Option<StateName> {
        passing_states(jobs).filter(|done| self.longest(&(done.trajectory.clone(), done.fold), done.epochs) > 0)
    }

    /// Evicts passing states until they are within the bound, and returns their names, for removal from the store.
    pub(super) fn beyond_bound(&self) -> Vec<StateName> {
        lock(&self.index).evict(self.settings.bound)
    }

    /// Returns the names that remove all passing states of the study.
    pub(super) fn all(&self) -> Vec<StateName> {
        lock(&self.index).all()
    }

    /// Returns the epochs of a training's longest state with at most `most` epochs; 0 if there is none.
    pub(super) fn longest(&self, of: &TrajectoryFold, most: u32) -> u32 {
        lock(&self.index).longest(of, most)
    }
}

/// Names the states of a training that has ended for all of `jobs`, except one from which a larger budget may continue.
pub(super) fn passing_states(jobs: &[KeyedJob]) -> Option<StateName> {
    let last = jobs.iter().max_by_key(|job| job.name.resource.epochs())?;
    // The search may train the longest job further.
    let is_part = matches!(last.job.budget, Budget::Epochs(_));
    let epochs = last.name.resource.epochs().checked_sub(is_part.into())?;
    Some(StateName { trajectory: last.trajectory.clone(), fold: last.name.fold, epochs })
}

/// Returns true for a passing state of a finished training.
fn is_done(state: &State, done: &StateName) -> bool {
    let is_of_training = done.trajectory == state.trajectory && done.fold == state.fold;
    is_of_training && !state.lasting && state.epochs <= done.epochs
}

/// Locks a mutex whose value remains valid after a panic.
pub(super) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The states of one training on one fold.
pub(super) struct TrainingStates<'a> {
    relay: &'a StateRelay,
    of: TrajectoryFold,
    /// The number of epochs of the shortest fit. The training cannot continue from a state with more.
    least: u32,
    /// True if the states at the ends of fits are kept.
    keeps_ends: bool,
}

impl TrainingStates<'_> {
    /// Returns the epochs and bytes of the longest state with fewer than `below` epochs from which the training may
    /// continue.
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
        // If the state cannot be read, its epochs are trained again.
        let stored = lock(&self.relay.reader)(trajectory, *fold, most).ok().flatten();
        newest.cloned().into_iter().chain(stored).max_by_key(|state| state.epochs)
    }

    /// Returns true if the state after `epochs` epochs should be saved. `ends` is true if fits end here that could
    /// continue with a larger budget.
    pub(super) fn wants(&self, epochs: usize, ends: bool) -> bool {
        let is_due = self.relay.settings.every.is_some_and(|every| epochs.is_multiple_of(every));
        ends && self.keeps_ends || is_due || self.must_save()
    }

    /// Returns true if the training must end as soon as its state is saved.
    pub(super) fn must_save(&self) -> bool {
        self.relay.saves_on.as_ref().is_some_and(Stop::is_requested)
    }

    /// Saves a state. `ends` is true if fits end with it. The fits `open` continue from it, and the fits `finished`
    /// ended before it.
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
