//! A store in memory.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    Checkpoint, ClaimStatus, Claims, DamagedRecord, FitName, Identity, Judgements, Metadata, Records, State, StateInfo,
    StateName, StateReader, States, StoredRecord, marked_claims::MarkedClaims,
};
use crate::{error::Result, record::Record};

/// A store that keeps records and states in memory. No other process uses it, so every claim succeeds, except for fits
/// in which earlier processes died, if the store was told about them.
#[derive(Debug, Default)]
pub struct Memory {
    identity: Option<Identity>,
    metadata: Option<Metadata>,
    judgements: Judgements,
    records: HashMap<FitName, Record>,
    /// The states. Readers of states share them.
    states: Arc<Mutex<MemoryStates>>,
    claims: Option<MarkedClaims>,
}

impl Memory {
    /// Makes the same store with claims that leave marks; with `None`, claims leave none.
    pub(crate) fn claiming(self, claims: Option<MarkedClaims>) -> Self {
        Self { claims, ..self }
    }
}

impl Records for Memory {
    fn identity(&mut self) -> Result<Option<Identity>> {
        Ok(self.identity.clone())
    }

    fn set_identity(&mut self, was: Option<&Identity>, identity: &Identity) -> Result<bool> {
        let is_known = self.identity.as_ref() == was;
        if is_known {
            self.identity = Some(identity.clone());
        }
        Ok(is_known)
    }

    fn metadata(&mut self) -> Result<Option<Metadata>> {
        Ok(self.metadata.clone())
    }

    fn set_metadata(&mut self, metadata: &Metadata) -> Result<()> {
        self.metadata = Some(metadata.clone());
        Ok(())
    }

    fn judgements(&mut self) -> Result<Judgements> {
        Ok(self.judgements.clone())
    }

    fn set_judgements(&mut self, judgements: &Judgements) -> Result<()> {
        self.judgements.clone_from(judgements);
        Ok(())
    }

    fn drop_damaged(&mut self) -> Result<Vec<DamagedRecord>> {
        Ok(Vec::new())
    }

    fn records(&mut self) -> Result<Vec<StoredRecord>> {
        let stored = |(name, record): (&FitName, &Record)| StoredRecord { name: name.clone(), record: record.clone() };
        Ok(self.records.iter().map(stored).collect())
    }

    fn add(&mut self, records: &[StoredRecord], checkpoints: &[&Checkpoint], done: &[StateName]) -> Result<()> {
        for StoredRecord { name, record } in records {
            if self.records.get(name).is_none_or(|known| known.gives_way_to(record)) {
                self.records.insert(name.clone(), record.clone());
            }
        }
        if let Some(claims) = &mut self.claims {
            claims.finished(records.iter().map(|stored| &stored.name));
        }
        let mut states = lock(&self.states);
        for checkpoint in checkpoints {
            states.save(&checkpoint.state);
        }
        for done in done {
            states.remove_passing(done);
        }
        Ok(())
    }

    fn remove(&mut self, fits: &[FitName]) -> Result<()> {
        self.records.retain(|name, record| record.outcome.is_ok() || !fits.contains(name));
        Ok(())
    }

    fn remove_failed(&mut self) -> Result<()> {
        self.records.retain(|_, record| record.outcome.is_ok());
        Ok(())
    }
}

impl Claims for Memory {
    fn claim(&mut self, wanted: &[&[FitName]], most: usize, ahead: bool) -> Result<Vec<ClaimStatus>> {
        let Self { records, claims, .. } = self;
        let mut left = most;
        let status = |fits: &&[FitName]| {
            let records: Vec<Option<Record>> = fits.iter().map(|fit| records.get(fit).cloned()).collect();
            ClaimStatus::of(records, || {
                let is_free = left > 0;
                let status = match claims.as_mut() {
                    Some(claims) => claims.claim(fits, is_free, ahead),
                    None if is_free => ClaimStatus::Claimed,
                    None => ClaimStatus::Free { crashes: 0 },
                };
                left -= usize::from(status == ClaimStatus::Claimed);
                status
            })
        };
        let statuses = wanted.iter().map(status).collect();
        if let Some(claims) = claims {
            claims.mark();
        }
        Ok(statuses)
    }

    fn has_news(&mut self) -> Result<bool> {
        Ok(false)
    }

    fn give_back(&mut self, fits: &[FitName]) -> Result<()> {
        if let Some(claims) = &mut self.claims {
            claims.finished(fits.iter());
            claims.mark();
        }
        Ok(())
    }

    fn leave(&mut self) -> Result<()> {
        if let Some(claims) = &mut self.claims {
            claims.leave();
        }
        Ok(())
    }
}

impl States for Memory {
    fn states(&mut self) -> Result<Vec<StateInfo>> {
        let states = lock(&self.states);
        let mut saved: Vec<(u64, StateInfo)> = states.by_name.values().map(|(at, state)| (*at, state.info())).collect();
        saved.sort_by_key(|(at, _)| *at);
        Ok(saved.into_iter().map(|(_, info)| info).collect())
    }

    fn state_reader(&mut self) -> Result<StateReader> {
        let states = Arc::clone(&self.states);
        Ok(Box::new(move |trajectory, fold, most| Ok(lock(&states).longest(trajectory, fold, most))))
    }

    fn remove_all_states(&mut self) -> Result<()> {
        lock(&self.states).by_name.clear();
        Ok(())
    }
}

fn lock(states: &Mutex<MemoryStates>) -> MutexGuard<'_, MemoryStates> {
    states.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug, Default)]
struct MemoryStates {
    /// Each state, and the number of states that were saved before it. The states of one training are adjacent, ordered
    /// by their epochs.
    by_name: BTreeMap<StateName, (u64, State)>,
    saved: u64,
}

impl MemoryStates {
    fn longest(&self, trajectory: &str, fold: u32, most: u32) -> Option<State> {
        let at = |epochs| StateName { trajectory: trajectory.to_owned(), fold, epochs };
        self.by_name.range(at(0)..=at(most)).next_back().map(|(_, (_, state))| state.clone())
    }

    fn save(&mut self, state: &State) {
        let name = state.name();
        if let Some(fewer) = state.epochs.checked_sub(1) {
            self.remove_passing(&StateName { epochs: fewer, ..name.clone() });
        }
        let was_lasting = self.by_name.get(&name).is_some_and(|(_, was)| was.lasting);
        let state = State { lasting: state.lasting || was_lasting, ..state.clone() };
        self.by_name.insert(name, (self.saved, state));
        self.saved += 1;
    }

    fn remove_passing(&mut self, done: &StateName) {
        let of_training = self.by_name.range(StateName { epochs: 0, ..done.clone() }..=done.clone());
        let passing = of_training.filter(|(_, (_, state))| !state.lasting).map(|(name, _)| name.clone());
        for name in passing.collect::<Vec<_>>() {
            self.by_name.remove(&name);
        }
    }
}
