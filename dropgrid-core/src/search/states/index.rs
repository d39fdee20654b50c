//! The index of the states of a search's trainings.

use std::collections::{BTreeMap, HashMap};

use crate::study::{StateInfo, StateName};

/// A trajectory and the number of its fold.
pub(in crate::search) type TrajectoryFold = (String, u32);

/// The states that are in the store or waiting to be written, without their bytes.
#[derive(Default)]
pub(super) struct StateIndex {
    trainings: HashMap<TrajectoryFold, TrainingIndex>,
    /// The total size of all passing states in bytes.
    bytes: u64,
    /// The number of states that were ever added.
    added: u64,
}

#[derive(Default)]
struct TrainingIndex {
    by_epochs: BTreeMap<u32, IndexedState>,
    /// The number of queued or running jobs of the training.
    jobs: usize,
}

struct IndexedState {
    /// The number of states that were added before this one.
    number: u64,
    bytes: u64,
    lasting: bool,
}

impl StateIndex {
    /// Returns the epochs of a training's longest state with at most `most` epochs; 0 if there is none.
    pub(super) fn longest(&self, of: &TrajectoryFold, most: u32) -> u32 {
        let states = self.trainings.get(of).map(|training| training.by_epochs.range(..=most));
        states.and_then(|mut states| states.next_back()).map_or(0, |(epochs, _)| *epochs)
    }

    /// Adds a job to a training's count. While a training has jobs, none of its states is evicted.
    pub(super) fn hold(&mut self, of: TrajectoryFold) {
        self.trainings.entry(of).or_default().jobs += 1;
    }

    /// Removes a job from a training's count.
    pub(super) fn release(&mut self, of: &TrajectoryFold) {
        if let Some(training) = self.trainings.get_mut(of) {
            training.jobs = training.jobs.saturating_sub(1);
            self.forget_empty(of);
        }
    }

    /// Adds a state, and removes the passing states of the same training with fewer epochs, as the store does.
    pub(super) fn add(&mut self, StateInfo { name, bytes, lasting }: StateInfo) {
        if let Some(fewer) = name.epochs.checked_sub(1) {
            self.remove_passing(&StateName { epochs: fewer, ..name.clone() });
        }
        let training = self.trainings.entry((name.trajectory, name.fold)).or_default();
        let was = training.by_epochs.remove(&name.epochs);
        let lasting = lasting || was.as_ref().is_some_and(|was| was.lasting);
        self.bytes -= was.filter(|was| !was.lasting).map_or(0, |was| was.bytes);
        self.bytes += if lasting { 0 } else { bytes };
        training.by_epochs.insert(name.epochs, IndexedState { number: self.added, bytes, lasting });
        self.added += 1;
    }

    /// Replaces all states by the given ones, which come in the order in which they were saved.
    pub(super) fn replace(&mut self, states: impl IntoIterator<Item = StateInfo>) {
        self.trainings.retain(|_, training| training.jobs > 0);
        self.trainings.values_mut().for_each(|training| training.by_epochs.clear());
        self.bytes = 0;
        states.into_iter().for_each(|state| self.add(state));
    }

    /// Removes the passing states of a finished training, up to the given epochs.
    pub(super) fn remove_passing(&mut self, done: &StateName) {
        let of = (done.trajectory.clone(), done.fold);
        let Some(training) = self.trainings.get_mut(&of) else { return };
        training.by_epochs.retain(|&epochs, state| {
            let stays = state.lasting || epochs > done.epochs;
            self.bytes -= if stays { 0 } else { state.bytes };
            stays
        });
        self.forget_empty(&of);
    }

    /// Removes passing states until the rest have at most `bound` bytes, and returns their names. States of trainings
    /// that have jobs stay. States for which the same training has a longer one are removed first, then the oldest.
    pub(super) fn evict(&mut self, bound: u64) -> Vec<StateName> {
        if self.bytes <= bound {
            return Vec::new();
        }
        let mut order = Vec::new();
        for ((trajectory, fold), training) in self.trainings.iter().filter(|(_, training)| training.jobs == 0) {
            let longest = training.by_epochs.last_key_value().map(|(epochs, _)| *epochs);
            for (&epochs, state) in training.by_epochs.iter().filter(|(_, state)| !state.lasting) {
                let name = StateName { trajectory: trajectory.clone(), fold: *fold, epochs };
                order.push((longest == Some(epochs), state.number, state.bytes, name));
            }
        }
        order.sort();
        let mut left = self.bytes;
        let evicted = order.into_iter().map_while(|(_, _, bytes, name)| {
            let is_above = left > bound;
            left -= if is_above { bytes } else { 0 };
            is_above.then_some(name)
        });
        let evicted: Vec<StateName> = evicted.collect();
        for name in &evicted {
            self.remove_passing(name);
        }
        evicted
    }

    /// Returns the names that remove all passing states of all trainings.
    pub(super) fn all(&self) -> Vec<StateName> {
        let with_states = self.trainings.iter().filter(|(_, training)| !training.by_epochs.is_empty());
        let all = |((trajectory, fold), _): (&TrajectoryFold, _)| StateName {
            trajectory: trajectory.clone(),
            fold: *fold,
            epochs: u32::MAX,
        };
        with_states.map(all).collect()
    }

    fn forget_empty(&mut self, of: &TrajectoryFold) {
        if self.trainings.get(of).is_some_and(|training| training.jobs == 0 && training.by_epochs.is_empty()) {
            self.trainings.remove(of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(trajectory: &str, epochs: u32, lasting: bool) -> StateInfo {
        StateInfo { name: StateName { trajectory: trajectory.to_owned(), fold: 0, epochs }, bytes: 40, lasting }
    }

    fn names(names: &[StateName]) -> Vec<(&str, u32)> {
        names.iter().map(|name| (name.trajectory.as_str(), name.epochs)).collect()
    }

    fn of(trajectory: &str) -> TrajectoryFold {
        (trajectory.to_owned(), 0)
    }

    #[test]
    fn states_beyond_the_bound_go_by_their_use() {
        let mut index = StateIndex::default();
        index.hold(of("queued"));
        for (trajectory, epochs) in [("queued", 1), ("a", 9), ("b", 2), ("a", 5), ("c", 1)] {
            index.add(info(trajectory, epochs, false));
        }
        assert_eq!(index.evict(200), []);
        // The state of 5 epochs was saved after the longer one, but it is the least useful.
        assert_eq!(names(&index.evict(199)), [("a", 5)]);
        assert_eq!(names(&index.evict(100)), [("a", 9), ("b", 2)]);
        assert_eq!(names(&index.evict(0)), [("c", 1)], "a job waits for the other one");
        assert_eq!((index.longest(&of("queued"), 7), index.longest(&of("a"), 9)), (1, 0));
        index.hold(of("queued"));
        index.release(&of("queued"));
        assert_eq!(index.evict(0), []);
        index.release(&of("queued"));
        assert_eq!(names(&index.evict(0)), [("queued", 1)]);
        assert!(index.trainings.is_empty() && index.bytes == 0, "nothing is left");
    }

    #[test]
    fn lasting_states_stay_and_take_no_part_in_the_bound() {
        let mut index = StateIndex::default();
        for state in [info("a", 3, false), info("a", 3, true), info("a", 4, false), info("b", 2, true)] {
            index.add(state);
        }
        index.add(info("b", 2, false));
        assert_eq!((index.bytes, names(&index.evict(39))), (40, vec![("a", 4)]));
        index.remove_passing(&info("b", 2, true).name);
        assert_eq!((index.longest(&of("a"), 9), index.longest(&of("b"), 9), index.evict(0)), (3, 2, Vec::new()));
    }

    #[test]
    fn the_index_has_what_the_store_has() {
        let mut index = StateIndex::default();
        for epochs in [1, 2, 4] {
            index.add(info("a", epochs, false));
        }
        index.add(info("a", 2, false));
        let longest = |index: &StateIndex| [1, 2, 3, 4].map(|most| index.longest(&of("a"), most));
        assert_eq!((longest(&index), index.bytes), ([0, 2, 2, 4], 80), "longer ones supersede shorter ones");
        index.remove_passing(&info("a", 3, false).name);
        assert_eq!((longest(&index), index.bytes, names(&index.all())), ([0, 0, 0, 4], 40, vec![("a", u32::MAX)]));
        index.hold(of("a"));
        index.replace([info("b", 1, false)]);
        assert_eq!((longest(&index), names(&index.all()), index.trainings.len()), ([0; 4], vec![("b", u32::MAX)], 2));
        index.release(&of("a"));
        assert_eq!(index.trainings.len(), 1);
    }
}
