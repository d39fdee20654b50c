//! The states of trainings in flight, on their way between the workers and the study.

use std::{
    cell::RefCell,
    collections::HashSet,
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::fits::Ran;
use crate::{
    error::Result,
    study::{Checkpoint, FitName, Kept, Store},
    train,
};

/// Takes states from the workers, who wait for no disk, and writes them down when its owner finds the time: the last one
/// of each training.
pub(super) struct Checkpoints {
    every: usize,
    store: Arc<Mutex<dyn Store>>,
    waiting: Mutex<Vec<Waiting>>,
}

/// What is not written down yet of a training.
struct Waiting {
    epochs: u32,
    state: Vec<u8>,
    /// The fits that it is for and that go on: each can go on from the state, whichever ends first.
    open: Vec<FitName>,
    /// The fits that it was for and that have ended: a training that goes on from the state does not know them any more.
    finished: Vec<Kept>,
}

impl Checkpoints {
    pub(super) fn new(every: usize, store: Arc<Mutex<dyn Store>>) -> Self {
        Self { every, store, waiting: Mutex::default() }
    }

    /// The training of a group of fits, which leaves what comes of them in `ran`.
    pub(super) fn begin<'a>(&'a self, names: &'a [FitName], ran: &'a RefCell<Vec<Option<Ran>>>) -> InFlight<'a> {
        // Whoever writes down what waits has the store until it is written.
        let mut store = lock(&self.store);
        let waits =
            |waiting: &Waiting| waiting.open.iter().any(|fit| names.contains(fit)).then(|| waiting.state.clone());
        let waiting = lock(&self.waiting).iter().find_map(waits);
        // What cannot be read is trained again.
        let kept = |name: &FitName| store.checkpoint(&name.params, name.fold).ok().flatten();
        let from = waiting.or_else(|| names.iter().find_map(kept).map(|checkpoint| checkpoint.state));
        drop(store);
        InFlight { checkpoints: self, names, from, ran, told: RefCell::default() }
    }

    /// Writes down what has come since it was last called.
    pub(super) fn write(&self) -> Result<()> {
        let mut store = lock(&self.store);
        for Waiting { epochs, state, open, finished } in mem::take(&mut *lock(&self.waiting)) {
            if !finished.is_empty() {
                store.keep(&finished)?;
            }
            if let Some(FitName { params, fold }) = open.first().cloned() {
                store.save(&Checkpoint { params, fold, epochs, state }, &open)?;
            }
        }
        Ok(())
    }

    /// Lets go what waits of fits that have ended.
    pub(super) fn forget(&self, fits: &[Kept]) {
        let mut waiting = lock(&self.waiting);
        if waiting.is_empty() {
            return;
        }
        let ended: HashSet<(&str, u32)> = fits.iter().map(|fit| (fit.params.as_str(), fit.record.fold)).collect();
        waiting.retain_mut(|waiting| {
            waiting.open.retain(|fit| !ended.contains(&(fit.params.as_str(), fit.fold)));
            // What has finished before is among these fits, too, or is written down with the state.
            !waiting.open.is_empty()
        });
    }
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A training whose states are kept.
pub(super) struct InFlight<'a> {
    checkpoints: &'a Checkpoints,
    names: &'a [FitName],
    from: Option<Vec<u8>>,
    ran: &'a RefCell<Vec<Option<Ran>>>,
    /// The places of the fits that have ended and are on their way to the study.
    told: RefCell<HashSet<usize>>,
}

impl train::Checkpoints for InFlight<'_> {
    fn from(&self) -> Option<&[u8]> {
        self.from.as_deref()
    }

    fn wants(&self, epochs: usize) -> bool {
        epochs.is_multiple_of(self.checkpoints.every)
    }

    fn keep(&self, epochs: usize, state: Vec<u8>) {
        let (ran, mut told) = (self.ran.borrow(), self.told.borrow_mut());
        let (mut open, mut finished) = (Vec::new(), Vec::new());
        for (at, (name, ran)) in self.names.iter().zip(ran.iter()).enumerate() {
            match ran {
                None => open.push(name.clone()),
                // One that has failed may be tried again; a state without it is none for whoever does that.
                Some(ran) if ran.outcome.is_ok() && told.insert(at) => {
                    let record = ran.clone().record(0, name.fold);
                    finished.push(Kept { params: name.params.clone(), record });
                }
                Some(_) => {}
            }
        }
        if open.is_empty() {
            return;
        }
        let mut waiting = lock(&self.checkpoints.waiting);
        let mut earlier: Vec<Kept> = Vec::new();
        waiting.retain_mut(|waiting| {
            waiting.open.retain(|fit| !self.names.contains(fit));
            let goes_on = !waiting.open.is_empty();
            if !goes_on {
                earlier.append(&mut waiting.finished);
            }
            goes_on
        });
        finished.splice(..0, earlier);
        waiting.push(Waiting { epochs: epochs as u32, state, open, finished });
    }
}

impl fmt::Debug for InFlight<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InFlight").field("names", &self.names).finish_non_exhaustive()
    }
}
