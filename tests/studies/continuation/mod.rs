//! Searches of more epochs go on from the end states that a study keeps of fewer.

/// A search of a model by a recipe.
macro_rules! search {
    ($model:ty, $recipe:expr) => {
        <$model>::search(Grid).cv(KFold::new(2)).scoring(LogLoss).train($recipe).seed(5).workers(1).progress(false)
    };
}

mod damaged;
mod killed;
mod recipes;
mod rules;
mod watched;

use std::{
    fs,
    ops::RangeInclusive,
    path::Path,
    sync::{Arc, Mutex},
};

use dropgrid::{
    Error,
    hook::FitInfo,
    prelude::*,
    study::{Fault, Records, Sqlite, State, States, Study, StudyFile},
};

use crate::corners;

/// On dropgrid's own step.
#[searchable]
struct Own {
    hidden: (Linear<4, 8>, ReLU),
    norm: BatchNorm1D<8>,
    #[fixed(0.2)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[grid(4, 8)]
    epochs: usize,
}

/// On dfdx's tape.
#[searchable]
struct Tape {
    hidden: (Linear<4, 8>, Sin),
    norm: BatchNorm1D<8>,
    output: Linear<8, 3>,
    #[train]
    #[grid(4, 8)]
    epochs: usize,
}

/// Candidates that differ in how they are scored.
#[searchable]
struct Sampled {
    hidden: (Linear<4, 8>, ReLU),
    #[fixed(0.3)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[grid(0)]
    mc_samples: usize,
}

fn data() -> Dataset<Classes<3>> {
    corners::corners(60, 0.5)
}

fn recipe() -> Train {
    Train::adam(0.02).batch_size(8).ema(0.8).schedule(Schedule::step(5, 0.5).warm_up(2))
}

/// The epochs that were trained, as (fold, epoch), in their order.
type Seen = Arc<Mutex<Vec<(u32, usize)>>>;

/// A hook that writes them down.
fn watch(seen: &Seen) -> impl Fn(&FitInfo, &Epoch) + Send + Sync + use<> {
    let seen = Arc::clone(seen);
    move |fit, epoch| seen.lock().expect("no panic").push((fit.fold.expect("a fold"), epoch.number))
}

fn taken(seen: &Seen) -> Vec<(u32, usize)> {
    std::mem::take(&mut *seen.lock().expect("no panic"))
}

/// These epochs on each of the folds.
fn on_folds(epochs: RangeInclusive<usize>) -> Vec<(u32, usize)> {
    [0, 1].into_iter().flat_map(|fold| epochs.clone().map(move |epoch| (fold, epoch))).collect()
}

fn extended(path: &Path) -> Study {
    Study::at(path).extend()
}

macro_rules! only_the_added_epochs_are_trained {
    ($model:ident) => {{
        let folder = tempfile::tempdir().expect("a folder");
        let (path, seen) = (folder.path().join("x.study"), Seen::default());
        let run = |epochs: &[usize], study: Study, keeps| {
            let search = search!($model, recipe()).space($model::space().epochs(epochs.to_vec()));
            let report = search.study(study).keep_final_checkpoints(keeps).hook(watch(&seen)).cross_validate(&data());
            let whole = search!($model, recipe()).space($model::space().epochs(epochs.to_vec()));
            let whole = whole.cross_validate(&data()).expect("a report").digest();
            assert_eq!(report.expect("a report").digest(), whole, "{epochs:?}");
            taken(&seen)
        };
        assert_eq!(run(&[4, 8], Study::at(&path), true), on_folds(1..=8));
        assert_eq!(run(&[4, 8, 14], extended(&path), true), on_folds(9..=14));
        // Nothing is trained between two states, and what is kept is used by who keeps nothing.
        let added = [5..=6, 15..=16].into_iter().flat_map(on_folds);
        let (mut added, mut trained) = (added.collect::<Vec<_>>(), run(&[4, 6, 8, 14, 16], extended(&path), false));
        added.sort_unstable();
        trained.sort_unstable();
        assert_eq!(trained, added);
        assert_eq!(run(&[4, 6, 8, 14, 15], extended(&path), false), on_folds(15..=15));
        let mut ends: Vec<(u32, u32)> = Sqlite::open(&path)
            .and_then(|mut store| store.states())
            .expect("read")
            .into_iter()
            .map(|state| (state.name.fold, state.name.epochs))
            .collect();
        ends.sort_unstable();
        assert_eq!(ends, [(0, 4), (0, 8), (0, 14), (1, 4), (1, 8), (1, 14)]);
        let verdict = StudyFile::verify(&path).expect("read");
        assert_eq!((verdict.fits, verdict.faults), (12, Vec::new()));
    }};
}

#[test]
fn only_the_added_epochs_are_trained() {
    only_the_added_epochs_are_trained!(Own);
    only_the_added_epochs_are_trained!(Tape);
}

#[test]
fn without_end_states_more_epochs_are_trained_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = (folder.path().join("x.study"), Seen::default());
    search!(Own, recipe()).study(&path).cross_validate(&data()).expect("a report");
    let search = search!(Own, recipe()).space(Own::space().epochs([4, 8, 14]));
    search.study(extended(&path)).hook(watch(&seen)).cross_validate(&data()).expect("a report");
    assert_eq!(taken(&seen), on_folds(1..=14));
}

#[test]
fn a_schedule_that_is_spread_over_the_epochs_is_trained_anew() {
    for schedule in [Schedule::cosine(), Schedule::one_cycle(), Schedule::cosine().warm_up(2)] {
        let recipe = || recipe().schedule(schedule.clone());
        let folder = tempfile::tempdir().expect("a folder");
        let (path, seen) = (folder.path().join("x.study"), Seen::default());
        search!(Own, recipe()).study(&path).keep_final_checkpoints(true).cross_validate(&data()).expect("a report");
        let space = || Own::space().epochs([4, 8, 14]);
        let whole = search!(Own, recipe()).space(space()).cross_validate(&data()).expect("a report").digest();
        let search = search!(Own, recipe()).space(space()).study(extended(&path)).keep_final_checkpoints(true);
        assert_eq!(
            search.hook(watch(&seen)).cross_validate(&data()).expect("a report").digest(),
            whole,
            "{schedule:?}"
        );
        assert_eq!(taken(&seen), on_folds(1..=14), "{schedule:?}");
    }
}

#[test]
fn other_scores_of_the_same_training_cost_no_epoch() {
    let recipe = || Train::adam(0.02).batch_size(8).epochs(6);
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = (folder.path().join("x.study"), Seen::default());
    search!(Sampled, recipe()).study(&path).keep_final_checkpoints(true).cross_validate(&data()).expect("a report");
    let space = || Sampled::space().mc_samples([0, 5]);
    let whole = search!(Sampled, recipe()).space(space()).cross_validate(&data()).expect("a report").digest();
    let search = search!(Sampled, recipe()).space(space()).study(extended(&path)).hook(watch(&seen));
    assert_eq!(search.cross_validate(&data()).expect("a report").digest(), whole);
    assert_eq!(taken(&seen), []);
}

#[test]
fn end_states_can_be_let_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = (folder.path().join("x.study"), Seen::default());
    let first =
        search!(Own, recipe()).study(&path).keep_final_checkpoints(true).cross_validate(&data()).expect("a report");
    let (size, states) = (|| fs::metadata(&path).expect("a file").len(), || StudyFile::open(&path).expect("read"));
    let (before, bytes) = (size(), states().info().states.bytes);
    let search = search!(Own, recipe()).study(Study::at(&path).forget_final_checkpoints()).hook(watch(&seen));
    assert_eq!(search.cross_validate(&data()).expect("a report").digest(), first.digest());
    assert_eq!((taken(&seen), states().info().states.count, states().fits()), (Vec::new(), 0, 4));
    assert!(bytes > 0 && size() < before, "{bytes} of {before} bytes are let go: {} are left", size());
    let search = search!(Own, recipe()).space(Own::space().epochs([4, 8, 14])).study(extended(&path));
    search.hook(watch(&seen)).cross_validate(&data()).expect("a report");
    assert_eq!(taken(&seen), on_folds(1..=14));
}

#[test]
fn end_states_need_a_study() {
    let error = search!(Own, recipe()).keep_final_checkpoints(true).cross_validate(&data()).unwrap_err();
    assert!(matches!(error, Error::FinalCheckpointsWithoutStudy), "{error}");
    assert_eq!(error.to_string(), "final checkpoints have no study to stand in; give the search one by `.study(..)`");
}
