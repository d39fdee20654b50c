//! The states of trainings.

use super::*;

/// The suite's part of what has not ended.
pub(crate) fn contract_of_checkpoints<S: Store>(mut store: S, reopen: impl Fn(S) -> S) {
    let state = |fold, epochs: u32| {
        let state = (0..1000 * epochs).map(|byte| (byte * 7 % 251) as u8).collect();
        Checkpoint { params: "{\"dropout\":0.1}".to_owned(), fold, epochs, state }
    };
    let at = |store: &mut S, fold| store.checkpoint("{\"dropout\":0.1}", fold).expect("read");
    assert_eq!(at(&mut store, 0), None);
    for epochs in [0, 30, 2] {
        store.save(&state(0, epochs), &[]).expect("written");
        assert_eq!(at(&mut store, 0), Some(state(0, epochs)), "the last one counts");
    }
    store.save(&state(1, 1), &[]).expect("written");
    store.save(&Checkpoint { params: "{}".to_owned(), ..state(0, 3) }, &[]).expect("written");
    let mut store = reopen(store);
    assert_eq!((at(&mut store, 0), at(&mut store, 1)), (Some(state(0, 2)), Some(state(1, 1))));

    // A fit that is kept needs no checkpoint, even one that was kept before.
    for epochs in [0, 3] {
        store.keep(&[kept("{\"dropout\":0.1}", 0, Ok(vec![1.0]))]).expect("written");
        assert_eq!((at(&mut store, 0), at(&mut store, 1)), (None, Some(state(1, 1))));
        store.save(&state(0, epochs), &[]).expect("written");
    }
    for _ in 0..2 {
        store.forget("{\"dropout\":0.1}", 1).expect("written");
        assert_eq!((at(&mut store, 0), at(&mut store, 1)), (Some(state(0, 3)), None));
    }
    let rest = reopen(store).checkpoint("{}", 0).expect("read");
    assert_eq!(rest.map(|rest| rest.epochs), Some(3));
}

/// The suite's part of what has not ended of several fits that are one training.
pub(crate) fn contract_of_shared_checkpoints<S: Store>(mut store: S, reopen: impl Fn(S) -> S) {
    let fits = [1, 2, 3].map(|patience| fit(&format!("{{\"patience\":{patience}}}"), 0));
    let state = |at: usize, epochs: u32| {
        let FitName { params, fold } = fits[at].clone();
        Checkpoint { params, fold, epochs, state: vec![epochs as u8; 3000] }
    };
    let read = |store: &mut S| {
        let of = |fit: &FitName| store.checkpoint(&fit.params, fit.fold).expect("read");
        fits.iter().map(of).collect::<Vec<_>>()
    };
    let known = |epochs: [u32; 3]| (0..3).map(|at| (epochs[at] > 0).then(|| state(at, epochs[at]))).collect::<Vec<_>>();
    // Whichever of them gives it its name, and whether it is among those that the training is of or not.
    for (at, of) in [(0, 0..3), (2, 0..2), (1, 0..3)] {
        store.save(&state(at, at as u32 + 4), &fits[of]).expect("written");
        assert_eq!(read(&mut store), known([at as u32 + 4; 3]));
    }
    // One that ends takes it from no other, be it the one that gave it its name.
    store.keep(&[kept(&fits[1].params, 0, Ok(vec![1.0]))]).expect("written");
    let mut store = reopen(store);
    assert_eq!(read(&mut store), known([5, 0, 5]));
    store.forget(&fits[0].params, 0).expect("written");
    assert_eq!(read(&mut store), known([0, 0, 5]));
    // Who goes on alone leaves the others what they have.
    store.save(&state(0, 2), &fits).expect("written");
    store.save(&state(2, 7), &fits[1..]).expect("written");
    assert_eq!(read(&mut store), known([2, 7, 7]));
    let others = [0, 2].map(|at| kept(&fits[at].params, 0, Ok(vec![1.0])));
    store.keep(&others).expect("written");
    let mut store = reopen(store);
    assert_eq!(read(&mut store), known([0, 7, 0]));
    store.keep(&[kept(&fits[1].params, 0, Ok(vec![1.0]))]).expect("written");
    assert_eq!(read(&mut store), known([0; 3]));
}

/// The suite's part of what longer trainings go on from.
pub(crate) fn contract_of_end_states<S: Store>(mut store: S, reopen: impl Fn(S) -> S) {
    let end = |training: &str, fold, epochs: u32, byte| {
        let state = vec![byte; 3000 * epochs as usize];
        EndState { training: training.to_owned(), fold, epochs, state }
    };
    assert_eq!(store.end_states().expect("read"), []);
    let ends = [end("[\"a\"]", 0, 20, 1), end("[\"a\"]", 0, 9, 2), end("[\"a\"]", 1, 10, 3), end("[\"b\"]", 0, 15, 4)];
    for end in &ends {
        store.save_end(end).expect("written");
    }
    // A fit that is kept, or has another state, does nothing to them.
    store.keep(&[kept("{}", 0, Ok(vec![1.0]))]).expect("written");
    store.forget("[\"a\"]", 0).expect("written");
    store.retry_failed().expect("written");
    let mut store = reopen(store);
    let mut known = store.end_states().expect("read");
    known.sort();
    let a = "[\"a\"]".to_owned();
    assert_eq!(known, [(a.clone(), 0, 9), (a.clone(), 0, 20), (a, 1, 10), ("[\"b\"]".to_owned(), 0, 15)]);
    let longest = |store: &mut S, training: &str, fold, most| store.end_state(training, fold, most).expect("read");
    let wanted = [(u32::MAX, Some(0)), (20, Some(0)), (19, Some(1)), (9, Some(1)), (8, None), (0, None)];
    for (most, at) in wanted {
        assert_eq!(longest(&mut store, "[\"a\"]", 0, most), at.map(|at: usize| ends[at].clone()), "{most}");
    }
    assert_eq!(longest(&mut store, "[\"a\"]", 1, 40), Some(ends[2].clone()));
    for (training, fold) in [("[\"a\"]", 2), ("[\"c\"]", 0), ("[\"b\"]", 1)] {
        assert_eq!(longest(&mut store, training, fold, 40), None);
    }
    let later = end("[\"a\"]", 0, 20, 9);
    store.save_end(&later).expect("written");
    let mut store = reopen(store);
    assert_eq!(longest(&mut store, "[\"a\"]", 0, 40), Some(later));
    for _ in 0..2 {
        store.forget_ends().expect("written");
        assert_eq!(store.end_states().expect("read"), []);
    }
    assert_eq!(reopen(store).kept().expect("read").len(), 1, "what is finished stays");
}
