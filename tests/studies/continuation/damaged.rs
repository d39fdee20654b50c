//! States that are damaged or stand under another name.

use super::*;
use crate::{longest_state, save};

#[test]
fn a_damaged_end_state_counts_as_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = (folder.path().join("x.study"), Seen::default());
    search!(Own, recipe()).study(&path).keep_final_checkpoints(true).cross_validate(&data()).expect("a report");
    let mut store = Sqlite::open(&path).expect("a study");
    let mut state = longest_state(&mut store, 0).expect("a state");
    let middle = state.bytes.len() / 2;
    state.bytes[middle] ^= 1;
    save(&mut store, &state);
    drop(store);
    assert_eq!(StudyFile::verify(&path).expect("read").faults, [Fault::State(state.name())]);
    let space = || Own::space().epochs([4, 8, 14]);
    let whole = search!(Own, recipe()).space(space()).cross_validate(&data()).expect("a report").digest();
    let search = search!(Own, recipe()).space(space()).study(extended(&path)).hook(watch(&seen));
    assert_eq!(search.cross_validate(&data()).expect("a report").digest(), whole);
    // From the one before it.
    let wanted = (5..=14).map(|epoch| (0, epoch)).chain((9..=14).map(|epoch| (1, epoch)));
    assert_eq!(taken(&seen), wanted.collect::<Vec<_>>());
}

#[test]
fn an_end_state_under_another_name_counts_as_none() {
    let space = || Own::space().epochs([4, 8, 14]);
    let whole = search!(Own, recipe()).space(space()).cross_validate(&data()).expect("a report").digest();
    let folder = tempfile::tempdir().expect("a folder");
    let [path, other] = ["x.study", "y.study"].map(|name| folder.path().join(name));
    search!(Own, recipe()).study(&path).keep_final_checkpoints(true).cross_validate(&data()).expect("a report");
    search!(Own, recipe()).study(&other).cross_validate(&data()).expect("a report");
    let mut store = Sqlite::open(&path).expect("a study");
    let end = longest_state(&mut store, 0).expect("a state");
    drop(store);
    // That of the other fold has seen its test rows; one of no epochs is the last that is asked for.
    let renamed = [
        (&path, State { fold: 1, ..end.clone() }, [9, 5]),
        (&other, State { epochs: 0, ..end.clone() }, [1, 1]),
        (&other, State { epochs: 0, bytes: Vec::new(), ..end }, [1, 1]),
    ];
    for (from, end, first) in renamed {
        let (path, seen) = (folder.path().join("z.study"), Seen::default());
        fs::copy(from, &path).expect("a copy");
        save(&mut Sqlite::open(&path).expect("a study"), &end);
        assert_eq!(StudyFile::verify(&path).expect("read").faults, [Fault::State(end.name())]);
        let search = search!(Own, recipe()).space(space()).study(extended(&path)).hook(watch(&seen));
        assert_eq!(search.cross_validate(&data()).expect("a report").digest(), whole);
        let wanted = first.into_iter().zip(0..).flat_map(|(first, fold)| (first..=14).map(move |epoch| (fold, epoch)));
        assert_eq!(taken(&seen), wanted.collect::<Vec<_>>());
    }
}

#[test]
fn damaged_checkpoints_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    search!(Own, recipe()).study(&path).keep_final_checkpoints(true).cross_validate(&data()).expect("a report");
    let mut store = Sqlite::open(&path).expect("a study");
    let sound = longest_state(&mut store, 0).expect("a state");
    let mut flipped = sound.clone();
    *flipped.bytes.last_mut().expect("bytes") ^= 1;
    for (state, is_sound) in [
        (sound.clone(), true),
        (flipped, false),
        (State { bytes: Vec::new(), ..sound.clone() }, false),
        (State { epochs: sound.epochs + 1, ..sound.clone() }, false),
    ] {
        save(&mut store, &state);
        let faults = if is_sound { Vec::new() } else { vec![Fault::State(state.name())] };
        assert_eq!(StudyFile::verify(&path).expect("read").faults, faults);
        save(&mut store, &sound);
    }
}
