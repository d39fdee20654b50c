//! The states of trainings in flight, on their way between the workers and the study.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::fits::Ran;
use crate::{
    error::{Failure, Result},
    study::{Checkpoint, EndState, FitName, Kept, Store},
    train,
};

/// Takes states from the workers, who wait for no disk, and writes them down when its owner finds the time: the last one
/// of each training in flight, and those of the ends.
pub(super) struct Checkpoints {
    /// The epochs from one state to the next, where states are kept in flight.
    every: Option<usize>,
    /// Whether those of the ends are kept.
    ends: bool,
    /// The epochs of the end states that were known from the beginning, by training and fold.
    known: HashMap<(String, u32), Vec<usize>>,
    store: Arc<Mutex<dyn Store>>,
    waiting: Mutex<Vec<Waiting>>,
    waiting_ends: Mutex<Vec<EndState>>,
}

/// Of which training end states are.
pub(super) struct EndsOf {
    pub(super) training: String,
    pub(super) fold: u32,
    /// The fewest epochs of the fits that it is now for: from a longer one they cannot go on.
    pub(super) least: usize,
}

/// A fit, and why earlier attempts at it failed.
pub(super) type Named = (FitName, Vec<Failure>);

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
    /// States that go to a store and come from there, which has the end states `known` of trainings, folds and epochs.
    pub(super) fn new(
        every: Option<usize>,
        ends: bool,
        known: Vec<(String, u32, u32)>,
        store: Arc<Mutex<dyn Store>>,
    ) -> Self {
        let mut epochs: HashMap<(String, u32), Vec<usize>> = HashMap::new();
        for (training, fold, after) in known {
            epochs.entry((training, fold)).or_default().push(after as usize);
        }
        Self { every, ends, known: epochs, store, waiting: Mutex::default(), waiting_ends: Mutex::default() }
    }

    /// After how many epochs, but not more than `most`, the longest end state of a training on a fold is that was known
    /// from the beginning; 0 where there is none.
    pub(super) fn longest(&self, of: &(String, u32), most: usize) -> usize {
        let known = self.known.get(of).into_iter().flatten();
        known.copied().filter(|&epochs| epochs <= most).max().unwrap_or(0)
    }

    /// The training of a group of fits, which leaves what comes of them in `ran`.
    pub(super) fn begin<'a>(
        &'a self,
        names: &'a [Named],
        of: EndsOf,
        ran: &'a RefCell<Vec<Option<Ran>>>,
    ) -> InFlight<'a> {
        // Whoever writes down what waits has the store until it is written.
        let mut store = lock(&self.store);
        let waits = |waiting: &Waiting| {
            let is_of = waiting.open.iter().any(|fit| is_among(names, fit));
            is_of.then(|| (waiting.epochs as usize, waiting.state.clone()))
        };
        let waiting = lock(&self.waiting).iter().find_map(waits);
        // What cannot be read is trained again.
        let mut kept = |name: &FitName| store.checkpoint(&name.params, name.fold).ok().flatten();
        let kept =
            || names.iter().map(|(name, _)| name).find_map(&mut kept).map(|kept| (kept.epochs as usize, kept.state));
        let from = waiting.or_else(kept);
        drop(store);
        InFlight { checkpoints: self, names, of, from, ran, told: RefCell::default() }
    }

    /// Writes down the states of ends that have come since it was last called.
    pub(super) fn write_ends(&self) -> Result<()> {
        let mut store = lock(&self.store);
        mem::take(&mut *lock(&self.waiting_ends)).iter().try_for_each(|end| store.save_end(end))
    }

    /// Writes down what has come since it was last called.
    pub(super) fn write(&self) -> Result<()> {
        // Before the fits that have ended with them.
        self.write_ends()?;
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

fn is_among(names: &[Named], fit: &FitName) -> bool {
    names.iter().any(|(name, _)| name == fit)
}

/// A training whose states are kept.
pub(super) struct InFlight<'a> {
    checkpoints: &'a Checkpoints,
    names: &'a [Named],
    of: EndsOf,
    /// Where it stood when it was cut off, and after how many epochs.
    from: Option<(usize, Vec<u8>)>,
    ran: &'a RefCell<Vec<Option<Ran>>>,
    /// The places of the fits that have ended and are on their way to the study.
    told: RefCell<HashSet<usize>>,
}

impl train::CheckpointSink for InFlight<'_> {
    fn training(&self) -> &str {
        &self.of.training
    }

    fn from(&self, below: usize) -> Option<(usize, Vec<u8>)> {
        let EndsOf { training, fold, least } = &self.of;
        let most = u32::try_from(below.checked_sub(1)?.min(*least)).unwrap_or(u32::MAX);
        let end = lock(&self.checkpoints.store).end_state(training, *fold, most).ok().flatten();
        let end = end.map(|end| (end.epochs as usize, end.state));
        let from = self.from.clone().filter(|(epochs, _)| *epochs < below);
        [from, end].into_iter().flatten().max_by_key(|(epochs, _)| *epochs)
    }

    fn wants(&self, epochs: usize) -> bool {
        self.checkpoints.every.is_some_and(|every| epochs.is_multiple_of(every))
    }

    fn wants_ends(&self) -> bool {
        self.checkpoints.ends
    }

    fn end(&self, epochs: usize) -> Option<Vec<u8>> {
        let EndsOf { training, fold, .. } = &self.of;
        let is_it = |end: &&EndState| end.training == *training && end.fold == *fold && end.epochs as usize == epochs;
        let waiting = lock(&self.checkpoints.waiting_ends).iter().rfind(is_it).map(|end| end.state.clone());
        waiting.or_else(|| {
            let end = lock(&self.checkpoints.store).end_state(training, *fold, epochs as u32).ok().flatten();
            end.filter(|end| is_it(&end)).map(|end| end.state)
        })
    }

    fn keep_end(&self, epochs: usize, state: Vec<u8>) {
        let (training, fold) = (self.of.training.clone(), self.of.fold);
        lock(&self.checkpoints.waiting_ends).push(EndState { training, fold, epochs: epochs as u32, state });
    }

    fn keep(&self, epochs: usize, state: Vec<u8>) {
        let (ran, mut told) = (self.ran.borrow(), self.told.borrow_mut());
        let (mut open, mut finished) = (Vec::new(), Vec::new());
        for (at, ((name, failed), ran)) in self.names.iter().zip(ran.iter()).enumerate() {
            match ran {
                None => open.push(name.clone()),
                // One that has failed may be tried again; a state without it is none for whoever does that.
                Some(ran) if ran.outcome.is_ok() && told.insert(at) => {
                    let mut record = ran.clone().record(0, name.fold);
                    record.details.retried.clone_from(failed);
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
            waiting.open.retain(|fit| !is_among(self.names, fit));
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
