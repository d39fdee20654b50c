//! The states of trainings in flight, on their way between the workers and the study.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashSet},
    fmt,
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
    waiting: Mutex<BTreeMap<FitName, Waiting>>,
}

/// What is not written down yet of a training.
struct Waiting {
    epochs: u32,
    state: Vec<u8>,
    /// The fits that it is for and that go on.
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
        let mut store = lock(&self.store);
        // What cannot be read is trained again.
        let state = |name: &FitName| store.checkpoint(&name.params, name.fold).ok().flatten();
        let from = names.iter().rev().find_map(state).map(|checkpoint| checkpoint.state);
        drop(store);
        InFlight { checkpoints: self, names, from, ran, told: RefCell::default() }
    }

    /// Writes down what has come since it was last called.
    pub(super) fn write(&self) -> Result<()> {
        loop {
            let Some((name, waiting)) = lock(&self.waiting).pop_first() else { return Ok(()) };
            let Waiting { epochs, state, open, finished } = waiting;
            let mut store = lock(&self.store);
            if !finished.is_empty() {
                store.keep(&finished)?;
            }
            let FitName { params, fold } = name;
            store.save(&Checkpoint { params, fold, epochs, state }, &open)?;
        }
    }

    /// Lets go what waits of fits that have ended.
    pub(super) fn forget(&self, fits: &[Kept]) {
        let mut waiting = lock(&self.waiting);
        if waiting.is_empty() {
            return;
        }
        for Kept { params, record } in fits {
            waiting.remove(&FitName { params: params.clone(), fold: record.fold });
        }
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
        // The last one that goes on gives the state its name, and takes it away when it ends.
        let Some(name) = open.last().cloned() else { return };
        let mut waiting = lock(&self.checkpoints.waiting);
        let mut earlier: Vec<Kept> = Vec::new();
        for name in self.names {
            earlier.extend(waiting.remove(name).into_iter().flat_map(|waiting| waiting.finished));
        }
        finished.splice(..0, earlier);
        waiting.insert(name, Waiting { epochs: epochs as u32, state, open, finished });
    }
}

impl fmt::Debug for InFlight<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InFlight").field("names", &self.names).finish_non_exhaustive()
    }
}
