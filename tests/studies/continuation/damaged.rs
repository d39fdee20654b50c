//! End states and checkpoints that are damaged or stand under another name.

use super::*;

#[test]
fn a_damaged_end_state_counts_as_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = (folder.path().join("x.study"), Seen::default());
    search!(Own, recipe()).study(&path).keep_final_checkpoints(true).cross_validate(&data()).expect("a report");
    let mut store = Sqlite::open(&path).expect("a study");
    let training = store.end_states().expect("read").remove(0).0;
    let mut end = store.end_state(&training, 0, 8).expect("read").expect("a state");
    let middle = end.state.len() / 2;
    end.state[middle] ^= 1;
    store.save_end(&end).expect("written");
    drop(store);
    let fault = Fault::EndState { training, fold: 0, epochs: 8 };
    assert_eq!(Archive::verify(&path).expect("read").faults, [fault]);
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
    let training = store.end_states().expect("read").remove(0).0;
    let end = store.end_state(&training, 0, 8).expect("read").expect("a state");
    drop(store);
    // That of the other fold has seen its test rows; one of no epochs is the last that is asked for.
    let renamed = [
        (&path, EndState { fold: 1, ..end.clone() }, [9, 5]),
        (&other, EndState { epochs: 0, ..end.clone() }, [1, 1]),
        (&other, EndState { epochs: 0, state: Vec::new(), ..end }, [1, 1]),
    ];
    for (from, end, first) in renamed {
        let (path, seen) = (folder.path().join("z.study"), Seen::default());
        fs::copy(from, &path).expect("a copy");
        Sqlite::open(&path).and_then(|mut store| store.save_end(&end)).expect("written");
        let fault = Fault::EndState { training: end.training, fold: end.fold, epochs: end.epochs };
        assert_eq!(Archive::verify(&path).expect("read").faults, [fault]);
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
    let training = store.end_states().expect("read").remove(0).0;
    let EndState { epochs, state, .. } = store.end_state(&training, 0, 4).expect("read").expect("a state");
    let sound = Checkpoint { params: "{}".to_owned(), fold: 0, epochs, state };
    let mut flipped = sound.clone();
    *flipped.state.last_mut().expect("bytes") ^= 1;
    let fault = |fold, epochs| vec![Fault::Checkpoint { params: "{}".to_owned(), fold, epochs }];
    for (checkpoint, faults) in [
        (sound.clone(), vec![]),
        (flipped, fault(0, 4)),
        (Checkpoint { epochs: 5, ..sound.clone() }, fault(0, 5)),
        (Checkpoint { state: Vec::new(), ..sound.clone() }, fault(0, 4)),
        (sound, vec![]),
    ] {
        store.save(&checkpoint, &[]).expect("written");
        assert_eq!(Archive::verify(&path).expect("read").faults, faults);
    }
}
