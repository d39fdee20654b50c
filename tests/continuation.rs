//! Searches of more epochs go on from the end states that a study keeps of fewer.

#[path = "support/corners.rs"]
mod corners;

use std::{
    env,
    fs::{self, File},
    io::Write,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use dropgrid::{
    Error,
    prelude::*,
    study::{Archive, Sqlite, Store, Study},
};

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
    hidden: (Linear<4, 8>, AccurateGeLU),
    norm: BatchNorm1D<8>,
    output: Linear<8, 3>,
    #[train]
    #[grid(4, 8)]
    epochs: usize,
}

/// Candidates that differ in when they end.
#[searchable]
struct Patient {
    hidden: (Linear<4, 16>, ReLU),
    output: Linear<16, 3>,
    #[train]
    #[grid(8)]
    epochs: usize,
    #[train]
    #[grid(2, 30)]
    patience: usize,
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

/// A model whose epochs are the recipe's, and the same with an axis of them.
mod plain {
    use super::*;

    #[searchable]
    pub struct Mlp {
        hidden: (Linear<4, 8>, ReLU),
        #[grid(0.1, 0.3)]
        dropout: Dropout,
        output: Linear<8, 3>,
    }
}

mod with_axis {
    use super::*;

    #[searchable]
    pub struct Mlp {
        hidden: (Linear<4, 8>, ReLU),
        #[grid(0.1, 0.3)]
        dropout: Dropout,
        output: Linear<8, 3>,
        #[train]
        #[grid(8, 14)]
        epochs: usize,
    }
}

fn data() -> Dataset<Classes<3>> {
    corners::corners(60, 0.5)
}

fn recipe() -> Train {
    Train::adam(0.02).batch_size(8).ema(0.8).schedule(Schedule::step(5, 0.5).warm_up(2))
}

macro_rules! search {
    ($model:ty, $recipe:expr) => {
        <$model>::search(Grid).cv(KFold::new(2)).scoring(LogLoss).train($recipe).seed(5).workers(1).progress(false)
    };
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
            let report = search.study(study).keep_end_states(keeps).hook(watch(&seen)).evaluate(&data());
            let whole = search!($model, recipe()).space($model::space().epochs(epochs.to_vec()));
            let whole = whole.evaluate(&data()).expect("a report").digest();
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
            .and_then(|mut store| store.end_states())
            .expect("read")
            .into_iter()
            .map(|(_, fold, epochs)| (fold, epochs))
            .collect();
        ends.sort_unstable();
        assert_eq!(ends, [(0, 4), (0, 8), (0, 14), (1, 4), (1, 8), (1, 14)]);
        let verdict = Archive::verify(&path).expect("read");
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
    search!(Own, recipe()).study(&path).evaluate(&data()).expect("a report");
    let search = search!(Own, recipe()).space(Own::space().epochs([4, 8, 14]));
    search.study(extended(&path)).hook(watch(&seen)).evaluate(&data()).expect("a report");
    assert_eq!(taken(&seen), on_folds(1..=14));
}

#[test]
fn a_schedule_that_is_spread_over_the_epochs_is_trained_anew() {
    for schedule in [Schedule::cosine(), Schedule::one_cycle(), Schedule::cosine().warm_up(2)] {
        let recipe = || recipe().schedule(schedule.clone());
        let folder = tempfile::tempdir().expect("a folder");
        let (path, seen) = (folder.path().join("x.study"), Seen::default());
        search!(Own, recipe()).study(&path).keep_end_states(true).evaluate(&data()).expect("a report");
        let space = || Own::space().epochs([4, 8, 14]);
        let whole = search!(Own, recipe()).space(space()).evaluate(&data()).expect("a report").digest();
        let search = search!(Own, recipe()).space(space()).study(extended(&path)).keep_end_states(true);
        assert_eq!(search.hook(watch(&seen)).evaluate(&data()).expect("a report").digest(), whole, "{schedule:?}");
        assert_eq!(taken(&seen), on_folds(1..=14), "{schedule:?}");
    }
}

/// Classes that overlap, some rows of them in the wrong one, so that a network gets worse again.
fn noisy() -> Dataset<Classes<3>> {
    let data = corners::corners(90, 0.4);
    let label = |row: usize| if row * 7919 % 11 < 3 { (row + 1) % 3 } else { row % 3 };
    let labels = Classes::new((0..90).map(label).collect::<Vec<_>>()).expect("labels");
    Dataset::from_features(data.features().clone(), labels).expect("data")
}

#[test]
fn what_a_rule_has_ended_is_not_continued_and_not_trained_again() {
    let plateau = ReduceOnPlateau { patience: 0, factor: 0.5, ..ReduceOnPlateau::default() };
    let recipe = || {
        let rule = EarlyStopping::default().min_delta(0.05);
        Train::adam(0.05).batch_size(8).ema(0.5).stop_share(0.2).schedule(plateau.into()).early_stopping(rule)
    };
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = (folder.path().join("x.study"), Seen::default());
    let first = search!(Patient, recipe()).study(&path).keep_end_states(true).hook(watch(&seen));
    let first = first.evaluate(&noisy()).expect("a report");
    let trained = |candidate: usize| {
        let records = first.results().candidates()[candidate].records().iter();
        records.map(|record| record.details.epochs.expect("told").trained).collect::<Vec<_>>()
    };
    assert!(trained(0).iter().all(|&epochs| epochs < 8), "patience 2 runs out: {:?}", trained(0));
    assert_eq!((trained(1), taken(&seen)), (vec![8, 8], on_folds(1..=8)));

    let space = || Patient::space().epochs([8, 20]);
    let whole = search!(Patient, recipe()).space(space()).evaluate(&noisy()).expect("a report");
    let search = search!(Patient, recipe()).space(space()).study(extended(&path)).keep_end_states(true);
    let report = search.hook(watch(&seen)).evaluate(&noisy()).expect("a report");
    assert_eq!(report.digest(), whole.digest());
    assert_eq!(taken(&seen), on_folds(9..=20), "with patience 30 alone");
    for (candidate, wanted) in report.results().candidates().iter().zip(whole.results().candidates()) {
        for (record, wanted) in candidate.records().iter().zip(wanted.records()) {
            assert_eq!(record.details, wanted.details, "{}", candidate.params());
        }
    }
    let patient = &report.results().candidates()[3];
    let best = |record: &dropgrid::record::Record| record.details.epochs.expect("told").scored;
    assert!(patient.records().iter().any(|record| best(record) < 8), "a best epoch of before the end state");
}

#[test]
fn other_scores_of_the_same_training_cost_no_epoch() {
    let recipe = || Train::adam(0.02).batch_size(8).epochs(6);
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = (folder.path().join("x.study"), Seen::default());
    search!(Sampled, recipe()).study(&path).keep_end_states(true).evaluate(&data()).expect("a report");
    let space = || Sampled::space().mc_samples([0, 5]);
    let whole = search!(Sampled, recipe()).space(space()).evaluate(&data()).expect("a report").digest();
    let search = search!(Sampled, recipe()).space(space()).study(extended(&path)).hook(watch(&seen));
    assert_eq!(search.evaluate(&data()).expect("a report").digest(), whole);
    assert_eq!(taken(&seen), []);
}

#[test]
fn the_recipes_own_epochs_become_an_axis() {
    let recipe = |epochs| Train::adam(0.02).batch_size(8).epochs(epochs);
    let whole = search!(with_axis::Mlp, recipe(8)).evaluate(&data()).expect("a report").digest();
    for (keeps, from) in [(true, 9), (false, 1)] {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, seen) = (folder.path().join("x.study"), Seen::default());
        search!(plain::Mlp, recipe(8)).study(&path).keep_end_states(keeps).evaluate(&data()).expect("a report");
        let error = search!(plain::Mlp, recipe(14)).study(extended(&path)).evaluate(&data()).unwrap_err();
        let way = "leave `.epochs(8)` as it is and give the model the axis `#[train] #[grid(8, 14)] epochs: usize`";
        assert!(error.to_string().contains(way), "{error}");
        assert!(matches!(error, Error::StudyDiffers { .. }), "{error}");

        let search = search!(with_axis::Mlp, recipe(8)).study(extended(&path)).hook(watch(&seen));
        assert_eq!(search.evaluate(&data()).expect("a report").digest(), whole);
        let mut trained = taken(&seen);
        trained.sort_unstable();
        let mut wanted = [on_folds(from..=14), on_folds(from..=14)].concat();
        wanted.sort_unstable();
        assert_eq!(trained, wanted, "of two candidates");
    }
}

#[test]
fn a_damaged_end_state_counts_as_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = (folder.path().join("x.study"), Seen::default());
    search!(Own, recipe()).study(&path).keep_end_states(true).evaluate(&data()).expect("a report");
    let mut store = Sqlite::open(&path).expect("a study");
    let training = store.end_states().expect("read").remove(0).0;
    let mut end = store.end_state(&training, 0, 8).expect("read").expect("a state");
    let middle = end.state.len() / 2;
    end.state[middle] ^= 1;
    store.save_end(&end).expect("written");
    drop(store);
    let space = || Own::space().epochs([4, 8, 14]);
    let whole = search!(Own, recipe()).space(space()).evaluate(&data()).expect("a report").digest();
    let search = search!(Own, recipe()).space(space()).study(extended(&path)).hook(watch(&seen));
    assert_eq!(search.evaluate(&data()).expect("a report").digest(), whole);
    // From the one before it.
    let wanted = (5..=14).map(|epoch| (0, epoch)).chain((9..=14).map(|epoch| (1, epoch)));
    assert_eq!(taken(&seen), wanted.collect::<Vec<_>>());
}

#[test]
fn end_states_need_a_study() {
    let error = search!(Own, recipe()).keep_end_states(true).evaluate(&data()).unwrap_err();
    assert!(matches!(error, Error::EndStatesWithoutStudy), "{error}");
    assert_eq!(error.to_string(), "end states have no study to stand in; give the search one by `.study(..)`");
}

/// The variables that make a test process the search that is killed: its study, its longest training, and the epoch of
/// the second fold in which it waits for that.
const STUDY: &str = "DROPGRID_CONTINUED_STUDY";
const LONGEST: &str = "DROPGRID_CONTINUED_EPOCHS";
const WAITS: &str = "DROPGRID_CONTINUED_WAITS";
/// Beside the study: the epochs that the processes have trained.
const LOG: &str = "epochs";

/// The search of a child process; nothing where there is no such variable.
#[test]
fn child() {
    let (Ok(path), Ok(longest), Ok(waits)) = (env::var(STUDY), env::var(LONGEST), env::var(WAITS)) else { return };
    let path = PathBuf::from(path);
    let log = path.with_file_name(LOG);
    let hook = move |fit: &FitInfo, epoch: &Epoch| {
        let mut log = File::options().create(true).append(true).open(&log).expect("a log");
        writeln!(log, "{} {}", fit.fold.expect("a fold"), epoch.number).expect("written");
        while fit.fold == Some(1) && epoch.number.to_string() == waits {
            thread::park();
        }
    };
    killed(&longest).study(extended(&path)).keep_end_states(true).hook(hook).evaluate(&data()).expect("a report");
}

fn killed(longest: &str) -> dropgrid::search::Search<Own, Grid, LogLoss> {
    let longest = longest.parse().expect("a number");
    search!(Own, recipe()).space(Own::space().epochs([4, longest]))
}

fn start(path: &Path, longest: &str, waits: &str) -> Child {
    let program = env::current_exe().expect("the test's own program");
    let child = Command::new(program)
        .args(["--exact", "child", "--test-threads", "1"])
        .envs([(STUDY, path.as_os_str()), (LONGEST, longest.as_ref()), (WAITS, waits.as_ref())])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    child.expect("a child")
}

#[test]
fn killed_searches_keep_the_ends_that_they_have_come_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let log = || fs::read_to_string(path.with_file_name(LOG)).unwrap_or_default();
    let has = |fold: u32, epochs: u32| {
        let ends = Sqlite::open(&path).and_then(|mut store| store.end_states()).unwrap_or_default();
        ends.iter().any(|(_, of, after)| (*of, *after) == (fold, epochs))
    };
    // Killed after an end state of the second fold is in the file, and before any fit of it is kept.
    for (longest, waits, end) in [("8", 6, (1, 4)), ("14", 11, (0, 14))] {
        let mut child = start(&path, longest, &waits.to_string());
        while !(log().ends_with(&format!("1 {waits}\n")) && has(end.0, end.1)) {
            assert!(child.try_wait().expect("a child").is_none(), "the search has ended before epoch {waits}");
            thread::sleep(Duration::from_millis(2));
        }
        child.kill().expect("a child that runs");
        child.wait().expect("a child");
        assert!(start(&path, longest, "never").wait().expect("a child").success());
        let whole = killed(longest).evaluate(&data()).expect("a report").digest();
        assert_eq!(killed(longest).study(extended(&path)).evaluate(&data()).expect("a report").digest(), whole);
    }
    let went = [(0, 1..=8), (1, 1..=6), (1, 5..=8), (0, 9..=14), (1, 9..=11), (1, 9..=14)];
    let went = went.into_iter().flat_map(|(fold, epochs)| epochs.map(move |epoch| format!("{fold} {epoch}")));
    assert_eq!(log().lines().collect::<Vec<_>>(), went.collect::<Vec<_>>());
}
