//! The states of trainings.

use super::*;

fn state(trajectory: &str, fold: u32, epochs: u32, lasting: bool) -> State {
    let bytes = (0..3000 * epochs).map(|byte| (byte * 7 % 251) as u8).collect();
    State { trajectory: trajectory.to_owned(), fold, epochs, bytes, lasting }
}

fn names(store: &mut impl Store) -> Vec<StateName> {
    let mut names: Vec<StateName> = store.states().expect("read").into_iter().map(|state| state.name).collect();
    names.sort();
    names
}

/// The suite's part of states that longer trainings go on from.
pub(crate) fn contract_of_states<S: Store>(mut store: S, reopen: impl Fn(S) -> S) {
    assert_eq!(names(&mut store), []);
    let states = [("a", 0, 9), ("a", 0, 20), ("a", 1, 10), ("b", 0, 0)];
    let states = states.map(|(trajectory, fold, epochs)| state(trajectory, fold, epochs, true));
    for state in states.iter().rev() {
        save(&mut store, state, &[]);
    }
    let infos = states.iter().rev().map(|state| (state.name(), state.bytes.len() as u64, true));
    let listed = store.states().expect("read").into_iter().map(|state| (state.name, state.bytes, state.lasting));
    assert!(listed.eq(infos), "in the order in which they were saved");
    // Neither a record nor the end of a training does anything to lasting ones.
    let done: Vec<StateName> = states.iter().map(State::name).collect();
    store.add(&[stored("{}", 0, Ok(vec![1.0]))], &[], &done).expect("written");
    store.remove_failed().expect("written");
    let mut store = reopen(store);
    assert_eq!(names(&mut store), done);
    let longest = |store: &mut S, trajectory: &str, fold, most| state_of(store, trajectory, fold, most);
    let wanted = [(u32::MAX, Some(1)), (20, Some(1)), (19, Some(0)), (9, Some(0)), (8, None), (0, None)];
    for (most, at) in wanted {
        assert_eq!(longest(&mut store, "a", 0, most), at.map(|at: usize| states[at].clone()), "{most}");
    }
    assert_eq!(longest(&mut store, "a", 1, 40), Some(states[2].clone()));
    assert_eq!(longest(&mut store, "b", 0, 0), Some(states[3].clone()));
    for (trajectory, fold) in [("a", 2), ("c", 0), ("b", 1)] {
        assert_eq!(longest(&mut store, trajectory, fold, 40), None);
    }
    // A state of the same name takes the place of the earlier one, and stays lasting.
    let later = State { bytes: vec![9; 40], lasting: false, ..states[1].clone() };
    save(&mut store, &later, &[]);
    let mut store = reopen(store);
    assert_eq!(longest(&mut store, "a", 0, 40), Some(State { lasting: true, ..later }));
    for _ in 0..2 {
        store.remove_all_states().expect("written");
        assert_eq!(names(&mut store), []);
    }
    assert_eq!(reopen(store).records().expect("read").len(), 1, "records stay");
}

/// The suite's part of states that go when their training has got further or is done.
pub(crate) fn contract_of_passing_states<S: Store>(mut store: S, reopen: impl Fn(S) -> S) {
    let fits = [1, 2].map(|patience| fit(&format!("{{\"patience\":{patience}}}"), 0));
    let save = |store: &mut S, state: &State| save(store, state, &fits);
    let is = |store: &mut S, wanted: &[&State]| {
        assert_eq!(names(store), wanted.iter().map(|state| state.name()).collect::<Vec<_>>());
    };
    let at = |epochs| state("a", 0, epochs, false);
    let (lasting, other, fold) = (state("a", 0, 3, true), state("b", 0, 1, false), state("a", 1, 1, false));
    for state in [&lasting, &at(1), &at(2), &other, &fold, &at(4)] {
        save(&mut store, state);
    }
    is(&mut store, &[&lasting, &at(4), &fold, &other]);
    // Fewer epochs leave more as they are, for fits that go on from these.
    save(&mut store, &at(2));
    let mut store = reopen(store);
    is(&mut store, &[&at(2), &lasting, &at(4), &fold, &other]);
    assert_eq!(state_of(&mut store, "a", 0, 40), Some(at(4)));
    save(&mut store, &at(6));
    is(&mut store, &[&lasting, &at(6), &fold, &other]);

    // A training that is done needs none up to its epochs, and none of another one goes.
    let records = fits.clone().map(|fit| stored(&fit.params, fit.fold, Ok(vec![1.0])));
    store.add(&records[..1], &[], &[]).expect("written");
    store.add(&records[1..], &[], &[StateName { epochs: 5, ..at(5).name() }]).expect("written");
    is(&mut store, &[&lasting, &at(6), &fold, &other]);
    store.add(&[], &[], &[at(6).name(), StateName { epochs: u32::MAX, ..other.name() }]).expect("written");
    is(&mut store, &[&lasting, &fold]);
    let mut store = reopen(store);
    for _ in 0..2 {
        store.add(&[], &[], &[fold.name(), lasting.name()]).expect("written");
        is(&mut store, &[&lasting]);
    }
    assert_eq!(state_of(&mut store, "a", 0, 40), Some(lasting));
    assert_eq!(sorted(&mut reopen(store)).len(), 2);
}
