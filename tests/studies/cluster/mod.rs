//! A search in units, which any process runs: the bits of one that ran on one worker.

mod checkpoints;
mod crashes;
mod places;
mod processes;
mod rounds;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use dropgrid::{cluster::Program, hook::FitInfo, prelude::*, search::Search, strategy::Strategy};

use crate::{child, corners, kept};

#[searchable]
struct Mlp {
    hidden: (Linear<4, 8>, Tanh),
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[grid(1e-3, 1e-2, 3e-2)]
    lr: f64,
}

const EPOCHS: usize = 8;

/// Six candidates on two folds.
const FITS: usize = 12;

fn search_by<S: Strategy<MlpSpace>>(strategy: S) -> Search<Mlp, S> {
    let recipe = Train::adam(1e-2).epochs(EPOCHS).batch_size(10);
    Mlp::search(strategy).cv(KFold::new(2)).train(recipe).progress(false).workers(1).seed(5)
}

fn search() -> Search<Mlp, Grid> {
    search_by(Grid)
}

fn data() -> Dataset<Classes<3>> {
    corners::corners(40, 1.0)
}

/// The same search, and the epochs that it trains.
fn counted<S: Strategy<MlpSpace>>(search: Search<Mlp, S>) -> (Search<Mlp, S>, Arc<AtomicUsize>) {
    let trained = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&trained);
    let hook = move |_: &FitInfo, _: &Epoch| {
        count.fetch_add(1, Ordering::Relaxed);
    };
    (search.hook(hook), trained)
}

/// Runs a command of the program of a search, and returns its exit status.
fn run<S: Strategy<MlpSpace>>(study: &Path, search: Search<Mlp, S>, words: &str) -> u8 {
    Program::new(study, || search.on(data())).run(words.split_whitespace())
}

/// Plans the next round, and returns the number of its units.
fn plan<S: Strategy<MlpSpace>>(study: &Path, search: Search<Mlp, S>, options: &str) -> usize {
    assert_eq!(run(study, search, &format!("plan {options}")), 0);
    planned(study)["units"].as_array().expect("units").len()
}

/// The plan of a study.
fn planned(study: &Path) -> serde_json::Value {
    let text = fs::read_to_string(units_of(study).join("plan.json")).expect("a plan");
    serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["plan"].take()
}

/// The folder of a study's units.
fn units_of(study: &Path) -> PathBuf {
    PathBuf::from(format!("{}.units", study.display()))
}

fn result(study: &Path, round: u32, unit: usize) -> PathBuf {
    units_of(study).join(format!("round-{round}/units/{unit}.result"))
}

/// The digest of what a study has, where that is all of the search.
fn digest<S: Strategy<MlpSpace>>(study: &Path, search: Search<Mlp, S>) -> String {
    let (search, trained) = counted(search);
    let digest = search.study(study).cross_validate(&data()).expect("a report").digest();
    assert_eq!(trained.load(Ordering::Relaxed), 0, "all records came by units");
    digest
}

fn study_in(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("digits.study")
}

/// The digest of a search that nothing divides.
fn whole() -> String {
    search().cross_validate(&data()).expect("a report").digest()
}

#[test]
fn units_of_any_size_in_any_order_come_to_the_bits_of_one_machine() {
    let whole = whole();
    // Each training a unit of its own, as many as the time of some, and all in one.
    for (options, count) in [("--unit-time 0", Some(FITS)), ("--unit-time 0.001", None), ("--unit-time 1000", Some(1))]
    {
        let folder = tempfile::tempdir().expect("a folder");
        let study = study_in(&folder);
        let units = plan(&study, search(), options);
        assert!(count.is_none_or(|count| units == count), "{options}: {units}");
        assert_eq!(run(&study, search(), "collect"), 1, "all are missing");
        for unit in (0..units).rev() {
            assert_eq!(run(&study, search(), &format!("run-unit {unit}")), 0);
            // Again: nothing is trained.
            let (search, trained) = counted(search());
            assert_eq!((run(&study, search, &format!("run-unit {unit}")), trained.load(Ordering::Relaxed)), (0, 0));
        }
        assert_eq!(run(&study, search(), "status"), 0);
        assert_eq!(run(&study, search(), "collect"), 0);
        assert_eq!(run(&study, search(), "collect"), 0, "again");
        assert_eq!(kept(&study), FITS);
        assert_eq!(digest(&study, search()), whole, "{options}");
        assert_eq!(plan(&study, search(), options), 0, "the search is over");
        assert_eq!(run(&study, search(), "report"), 0);
    }
}

#[test]
fn a_unit_has_the_same_bytes_whoever_runs_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    assert_eq!(plan(&study, search(), "--unit-time 1000"), 1);
    let bytes = |options: &str| {
        assert_eq!(run(&study, search(), &format!("run-unit 0 {options}")), 0);
        let bytes = fs::read(result(&study, 1, 0)).expect("a result");
        fs::remove_file(result(&study, 1, 0)).expect("removed");
        bytes
    };
    let first = bytes("");
    assert!(bytes("--workers 3") == first && bytes("--workers 2") == first);
}

#[test]
fn the_program_runs_all_of_it_on_one_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    let mut seen = None;
    let program = Program::new(&*study, || search().on(data())).finish(|report| {
        seen = Some((report.digest(), report.fitted().to_bytes()?));
        Ok(())
    });
    assert_eq!(program.run(["run", "--unit-time", "0"]), 0);
    let local = search().fit(&data()).expect("a report");
    assert_eq!(seen, Some((local.digest(), local.fitted().to_bytes().expect("bytes"))));
}

#[test]
fn a_command_without_data_does_not_make_the_search() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    plan(&study, search(), "--unit-time 0");
    let without = |words: &str| {
        let make = || -> dropgrid::Result<dropgrid::search::SearchOn<Mlp, Grid, Dataset<Classes<3>>, Classes<3>>> {
            panic!("no data are read")
        };
        Program::new(&*study, make).run(words.split_whitespace())
    };
    assert_eq!(["help", "status", "status --json", "collect", "frob"].map(without), [0, 1, 1, 1, 64]);
}

#[test]
fn another_search_round_or_unit_is_refused_for_good() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    assert_eq!(run(&study, search(), "run-unit 0"), 64, "no plan");
    let units = plan(&study, search(), "--unit-time 0");
    assert_eq!(plan(&study, search(), "--unit-time 1000"), units, "the plan stands");
    let other = || search().seed(6);
    assert_eq!(["run-unit 0", "plan", "report"].map(|words| run(&study, other(), words)), [64; 3]);
    assert_eq!(run(&study, search(), "run-unit 0 --round 2"), 64);
    assert_eq!(run(&study, search(), &format!("run-unit {units}")), 64);
    assert!(!result(&study, 1, 0).exists());
    // Times have no meaning.
    let minute = std::time::Duration::from_mins(1);
    for timed in [search().time_budget(minute), search().fit_time_limit(minute)] {
        assert_eq!(run(&study_in(&tempfile::tempdir().expect("a folder")), timed, "plan"), 2);
    }
}

#[test]
fn damaged_and_foreign_results_are_not_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    assert_eq!(plan(&study, search(), "--unit-time 0"), FITS);
    for unit in 0..FITS {
        assert_eq!(run(&study, search(), &format!("run-unit {unit}")), 0);
    }
    let change = |unit: usize, change: &dyn Fn(Vec<u8>) -> Vec<u8>| {
        let path = result(&study, 1, unit);
        fs::write(&path, change(fs::read(&path).expect("a result"))).expect("written");
    };
    change(1, &|mut bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 4;
        bytes
    });
    change(2, &|bytes| bytes[..bytes.len() - 1].to_vec());
    change(3, &|_| Vec::new());
    change(7, &|_| fs::read(result(&study, 1, 8)).expect("a result"));
    assert_eq!(run(&study, search(), "collect"), 1);
    assert_eq!(kept(&study), FITS - 4);
    for unit in [1, 2, 3, 7] {
        assert_eq!(run(&study, search(), &format!("run-unit {unit}")), 0);
    }
    assert_eq!(run(&study, search(), "collect"), 0);
    assert_eq!(digest(&study, search()), whole());
}

#[test]
fn a_lost_study_is_made_anew_from_results() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    assert_eq!(plan(&study, search(), "--unit-time 0"), FITS);
    for unit in 0..FITS {
        assert_eq!(run(&study, search(), &format!("run-unit {unit}")), 0);
    }
    fs::remove_file(&study).expect("removed");
    assert_eq!(run(&study, search(), "collect"), 0);
    assert_eq!(digest(&study, search()), whole());
}

/// On a copy, as on a network file system: no log of SQLite's is ever beside the study.
#[test]
fn a_study_on_a_shared_folder_is_worked_on_as_a_copy() {
    let (folder, scratch) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let study = study_in(&folder);
    let options = format!("--scratch {}", scratch.path().display());
    assert_eq!(plan(&study, search(), &format!("--unit-time 1000 {options}")), 1);
    assert_eq!(run(&study, search(), "run-unit 0"), 0);
    assert_eq!(run(&study, search(), &format!("collect {options}")), 0);
    let names = |folder: &Path| fs::read_dir(folder).expect("a folder").count();
    assert_eq!((names(folder.path()), names(scratch.path())), (2, 0), "the study and its units");
    assert_eq!(digest(&study, search()), whole());
}
