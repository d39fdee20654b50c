//! A store that lasts as long as the process.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    ClaimStatus, Claims, DamagedRecord, FitName, Identity, Metadata, Records, State, StateName, States, StoredRecord,
};
use crate::{error::Result, record::Record};

/// Keeps records and states in memory.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    identity: Option<Identity>,
    metadata: Option<Metadata>,
    records: HashMap<FitName, Record>,
    states: BoundedStates,
}

impl Memory {
    /// A store whose states take at most so many bytes. Where they are more, those with the fewest epochs go first: their
    /// trainings begin anew, and come to the same bits. A state that is larger for itself is not saved.
    pub fn with_states_within(bytes: usize) -> Self {
        Self { states: BoundedStates { bound: Some(bytes), ..BoundedStates::default() }, ..Self::default() }
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

    fn drop_damaged(&mut self) -> Result<Vec<DamagedRecord>> {
        Ok(Vec::new())
    }

    fn records(&mut self) -> Result<Vec<StoredRecord>> {
        let stored = |(name, record): (&FitName, &Record)| StoredRecord { name: name.clone(), record: record.clone() };
        Ok(self.records.iter().map(stored).collect())
    }

    fn add(&mut self, records: &[StoredRecord], done: &[StateName]) -> Result<()> {
        for StoredRecord { name, record } in records {
            if self.records.get(name).is_none_or(|known| known.gives_way_to(record)) {
                self.records.insert(name.clone(), record.clone());
            }
        }
        self.remove_passing_states(done)
    }

    fn remove(&mut self, fits: &[FitName]) -> Result<()> {
        for fit in fits {
            if self.records.get(fit).is_some_and(|record| record.outcome.is_err()) {
                self.records.remove(fit);
            }
        }
        Ok(())
    }

    fn remove_failed(&mut self) -> Result<()> {
        self.records.retain(|_, record| record.outcome.is_ok());
        Ok(())
    }
}

impl Claims for Memory {
    fn claim(&mut self, wanted: &[&[FitName]], most: usize, _: bool) -> Result<Vec<ClaimStatus>> {
        let mut left = most;
        let status = |fits: &&[FitName]| match fits.iter().map(|fit| self.records.get(fit).cloned()).collect() {
            Some(records) => ClaimStatus::Finished(records),
            None if left == 0 => ClaimStatus::Free { crashes: 0 },
            None => {
                left -= 1;
                ClaimStatus::Claimed
            }
        };
        Ok(wanted.iter().map(status).collect())
    }

    fn has_news(&mut self) -> Result<bool> {
        Ok(false)
    }

    fn give_back(&mut self, _: &[FitName]) -> Result<()> {
        Ok(())
    }

    fn leave(&mut self) -> Result<()> {
        Ok(())
    }
}

impl States for Memory {
    fn states(&mut self) -> Result<Vec<StateName>> {
        Ok(self.states.by_training.values().flat_map(BTreeMap::values).map(State::name).collect())
    }

    fn state(&mut self, trajectory: &str, fold: u32, most: u32) -> Result<Option<State>> {
        let of_training = self.states.by_training.get(&(trajectory.to_owned(), fold));
        let state = of_training.and_then(|states| states.range(..=most).next_back());
        Ok(state.map(|(_, state)| state.clone()))
    }

    fn save_state(&mut self, state: &State, _: &[FitName]) -> Result<()> {
        self.states.save(state);
        Ok(())
    }

    fn remove_passing_states(&mut self, done: &[StateName]) -> Result<()> {
        for training in done {
            self.states.remove_passing(training);
        }
        Ok(())
    }

    fn remove_all_states(&mut self) -> Result<()> {
        self.states = BoundedStates { bound: self.states.bound, ..BoundedStates::default() };
        Ok(())
    }
}

/// States within a bound on their bytes.
#[derive(Debug, Clone, Default)]
struct BoundedStates {
    bound: Option<usize>,
    bytes: usize,
    /// By trajectory and fold, then by epochs.
    by_training: HashMap<(String, u32), BTreeMap<u32, State>>,
    /// Epochs, trajectory and fold of each state, in the order in which states go.
    by_epochs: BTreeSet<(u32, String, u32)>,
}

impl BoundedStates {
    fn save(&mut self, state: &State) {
        if self.bound.is_some_and(|bound| state.bytes.len() > bound) {
            return;
        }
        let of_training = self.by_training.get(&(state.trajectory.clone(), state.fold));
        let was_lasting = of_training.and_then(|states| states.get(&state.epochs)).is_some_and(|was| was.lasting);
        self.remove(&state.name());
        self.remove_passing(&StateName { epochs: state.epochs.saturating_sub(1), ..state.name() });
        let state = State { lasting: state.lasting || was_lasting, ..state.clone() };
        self.bytes += state.bytes.len();
        self.by_epochs.insert((state.epochs, state.trajectory.clone(), state.fold));
        let of = (state.trajectory.clone(), state.fold);
        self.by_training.entry(of).or_default().insert(state.epochs, state);
        while self.bound.is_some_and(|bound| self.bytes > bound) {
            let Some((epochs, trajectory, fold)) = self.by_epochs.first().cloned() else { return };
            self.remove(&StateName { trajectory, fold, epochs });
        }
    }

    fn remove(&mut self, name: &StateName) {
        let of = (name.trajectory.clone(), name.fold);
        let Some(of_training) = self.by_training.get_mut(&of) else { return };
        let Some(state) = of_training.remove(&name.epochs) else { return };
        self.bytes -= state.bytes.len();
        self.by_epochs.remove(&(name.epochs, of.0.clone(), of.1));
        if of_training.is_empty() {
            self.by_training.remove(&of);
        }
    }

    fn remove_passing(&mut self, done: &StateName) {
        let of = (done.trajectory.clone(), done.fold);
        let of_training = self.by_training.get(&of).into_iter().flat_map(|states| states.range(..=done.epochs));
        let passing: Vec<StateName> = of_training.filter(|(_, it)| !it.lasting).map(|(_, it)| it.name()).collect();
        for name in &passing {
            self.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_beyond_the_bound_go_by_their_epochs() {
        let mut store = Memory::with_states_within(100);
        let state = |trajectory: &str, epochs, lasting| State {
            trajectory: trajectory.to_owned(),
            fold: 0,
            epochs,
            bytes: vec![1; 40],
            lasting,
        };
        let epochs = |store: &mut Memory| {
            let mut names = store.states().expect("read");
            names.sort();
            names.into_iter().map(|name| (name.trajectory, name.epochs)).collect::<Vec<_>>()
        };
        for (trajectory, after, lasting) in [("a", 5, true), ("b", 3, false), ("a", 9, true), ("b", 3, true)] {
            store.save_state(&state(trajectory, after, lasting), &[]).expect("saved");
        }
        let of = |names: &[(&str, u32)]| names.iter().map(|&(of, epochs)| (of.to_owned(), epochs)).collect::<Vec<_>>();
        assert_eq!(epochs(&mut store), of(&[("a", 5), ("a", 9)]), "the one with the fewest epochs is gone");
        store.save_state(&state("b", 7, false), &[]).expect("saved");
        assert_eq!(epochs(&mut store), of(&[("a", 9), ("b", 7)]));
        let large = State { bytes: vec![1; 101], ..state("c", 99, true) };
        store.save_state(&large, &[]).expect("saved");
        assert_eq!(epochs(&mut store), of(&[("a", 9), ("b", 7)]), "one that is larger than the bound takes no room");
        store.save_state(&state("b", 8, false), &[]).expect("saved");
        assert_eq!(epochs(&mut store), of(&[("a", 9), ("b", 8)]));
        let done = StateName { epochs: 8, ..state("b", 8, false).name() };
        store.remove_passing_states(&[done]).expect("removed");
        store.save_state(&state("c", 1, false), &[]).expect("saved");
        assert_eq!(epochs(&mut store), of(&[("a", 9), ("c", 1)]), "what is done takes no room");
    }
}
