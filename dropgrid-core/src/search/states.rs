//! The states of trainings, on their way between the workers and the store.

use std::{
    collections::{BTreeSet, HashMap},
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::key::KeyedJob;
use crate::{
    error::Result,
    record::{Budget, Record},
    study::{FitName, State, StateName, States, StoredRecord},
};

/// A trajectory and the number of its fold.
pub(super) type TrajectoryFold = (String, u32);

/// Takes states from the workers, who do not wait for the disk, and writes them to the store when the search's own thread
/// asks for that.
pub(super) struct StateRelay {
    /// The epochs from one state to the next, where states are kept on the way.
    every: Option<usize>,
    /// True where the states at the ends of trainings stay in the store.
    keeps_final: bool,
    store: Arc<Mutex<dyn States>>,
    /// The epochs of the states that are in the store or on their way to it.
    known: Mutex<HashMap<TrajectoryFold, BTreeSet<u32>>>,
    waiting: Mutex<Vec<Arc<WaitingState>>>,
    /// Fits of trainings that go on, which have finished before a state that is waiting.
    finished: Mutex<Vec<StoredRecord>>,
}

/// A state that is not written yet, and the fits that go on from it.
struct WaitingState {
    state: State,
    fits: Vec<FitName>,
}

impl StateRelay {
    /// A relay to a store, from which the trainings of this search may go on.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) fn new(every: Option<usize>, keeps_final: bool, store: Arc<Mutex<dyn States>>) -> Result<Self> {
        let (known, waiting, finished) = (Mutex::default(), Mutex::default(), Mutex::default());
        let relay = Self { every, keeps_final, store, known, waiting, finished };
        relay.refresh()?;
        Ok(relay)
    }

    /// Learns which states other processes have saved.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) fn refresh(&self) -> Result<()> {
        let states = lock(&self.store).states()?;
        let mut known = lock(&self.known);
        for StateName { trajectory, fold, epochs } in states {
            known.entry((trajectory, fold)).or_default().insert(epochs);
        }
        Ok(())
    }

    /// The most epochs, but not more than `most`, after which the state of a training is known; 0 where none is.
    pub(super) fn longest(&self, of: &TrajectoryFold, most: u32) -> u32 {
        lock(&self.known).get(of).and_then(|epochs| epochs.range(..=most).next_back()).copied().unwrap_or(0)
    }

    /// The states of the training of a group of jobs; `None` where it neither goes on from one nor keeps any.
    pub(super) fn begin<P>(&self, jobs: &[KeyedJob<P>]) -> Option<TrainingStates<'_>> {
        let first = jobs.first()?;
        let of = (first.trajectory.clone(), first.job.fold);
        let least = jobs.iter().map(|job| job.name.resource.epochs).min()?;
        // The search may train the fits of smaller budgets further.
        let keeps_ends = self.keeps_final || jobs.iter().any(|job| matches!(job.job.budget, Budget::Epochs(_)));
        let is_asked = keeps_ends || self.every.is_some() || self.longest(&of, least) > 0;
        is_asked.then_some(TrainingStates { relay: self, of, least, keeps_ends })
    }

    /// The records of fits that have finished before a state that is waiting, and writes those states.
    ///
    /// # Errors
    /// Where the records or states cannot be written.
    pub(super) fn flush(&self, mut add: impl FnMut(Vec<StoredRecord>) -> Result<()>) -> Result<()> {
        // In this order the records of every fit that a state no longer knows are among those that are added.
        let states: Vec<Arc<WaitingState>> = lock(&self.waiting).clone();
        let finished = mem::take(&mut *lock(&self.finished));
        if !finished.is_empty() {
            add(finished)?;
        }
        if states.is_empty() {
            return Ok(());
        }
        let mut store = lock(&self.store);
        states.iter().try_for_each(|waiting| store.save_state(&waiting.state, &waiting.fits))?;
        // Only now, so that each state is found in one of both places at any time.
        lock(&self.waiting).retain(|waiting| !states.iter().any(|written| Arc::ptr_eq(written, waiting)));
        Ok(())
    }

    /// The passing states of a training that has ended for all of `jobs`: those that no larger budget goes on from.
    pub(super) fn done<P>(&self, jobs: &[KeyedJob<P>]) -> Option<StateName> {
        let last = jobs.iter().max_by_key(|job| job.name.resource.epochs)?;
        let epochs = last.name.resource.epochs;
        // The search may train the last one further.
        let epochs = if matches!(last.job.budget, Budget::Epochs(_)) { epochs.checked_sub(1)? } else { epochs };
        let (trajectory, fold) = (last.trajectory.clone(), last.job.fold);
        let of = (trajectory, fold);
        (self.longest(&of, epochs) > 0).then_some(StateName { trajectory: of.0, fold, epochs })
    }

    /// The states of all trainings that are known.
    pub(super) fn all(&self) -> Vec<StateName> {
        let name = |(trajectory, fold): &TrajectoryFold| StateName {
            trajectory: trajectory.clone(),
            fold: *fold,
            epochs: u32::MAX,
        };
        lock(&self.known).keys().map(name).collect()
    }

    /// Forgets states that are not written yet of trainings that are done.
    pub(super) fn forget(&self, done: &[StateName]) {
        let is_done = |state: &State| {
            let is_it = |done: &&StateName| done.trajectory == state.trajectory && done.fold == state.fold;
            !state.lasting && done.iter().any(|done| is_it(&done) && state.epochs <= done.epochs)
        };
        lock(&self.waiting).retain(|waiting| !is_done(&waiting.state));
    }
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
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
        let is_it = |state: &&State| state.trajectory == *trajectory && state.fold == *fold && state.epochs <= most;
        let waiting = lock(&self.relay.waiting);
        let newest =
            waiting.iter().map(|waiting| &waiting.state).filter(is_it).max_by_key(|state| state.epochs).cloned();
        drop(waiting);
        // Epochs whose state cannot be read are trained again.
        let stored = lock(&self.relay.store).state(trajectory, *fold, most).ok().flatten();
        [newest, stored].into_iter().flatten().max_by_key(|state| state.epochs)
    }

    /// True where the state after so many epochs is to be kept, after which fits end that more epochs would let go on, or
    /// none do.
    pub(super) fn wants(&self, epochs: usize, ends: bool) -> bool {
        ends && self.keeps_ends || self.relay.every.is_some_and(|every| epochs.is_multiple_of(every))
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
        let lasting = ends && self.relay.keeps_final;
        let state = State { trajectory, fold, epochs: epochs as u32, bytes, lasting };
        lock(&self.relay.known).entry(self.of.clone()).or_default().insert(state.epochs);
        let finished = finished.into_iter().map(|(name, record)| StoredRecord { name, record });
        lock(&self.relay.finished).extend(finished);
        let mut waiting = lock(&self.relay.waiting);
        let is_it = |other: &State| other.trajectory == state.trajectory && other.fold == state.fold;
        let is_earlier = |other: &State| is_it(other) && other.epochs <= state.epochs;
        waiting.retain(|waiting| waiting.state.lasting || !is_earlier(&waiting.state));
        waiting.push(Arc::new(WaitingState { state, fits: open }));
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
