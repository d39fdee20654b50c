//! What every store promises, and what a study's file says when it cannot keep a promise.

mod budgets;
#[path = "../../../tests/support/child.rs"]
mod child;
mod damages;
mod file;
mod frozen;
mod hostile;
mod places;
mod processes;
mod states;
mod study_file;
mod writers;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use dropgrid_core::{
    Error, Failure,
    error::StudyError,
    metric::{Direction, Warning},
    record::{Budget, Epoch, Epochs, FoldInfo, Job, MetricInfo, Record, Resource},
    report::Overview,
    study::{
        Checkpoint, ClaimStatus, Claims, Fault, FitName, Identity, Memory, Metadata, Records, RunningFits, Sqlite,
        State, StateName, States, Store, StoredRecord, Study, StudyFile,
    },
};

fn record(fold: u32, outcome: Result<Vec<f64>, Failure>) -> Record {
    let job = Job { candidate: 0, params: (), fold, budget: Budget::Full };
    let mut record = Record::new(&job, outcome);
    if let Ok(scores) = &record.outcome {
        record.train_scores = Some(scores.clone());
        record.warnings = vec![vec![Warning::OneLabel], Vec::new()];
    }
    (record.fit_time, record.score_time) = (Duration::from_nanos(1_234_567_891), Duration::from_nanos(5));
    record
}

/// A record of 20 epochs.
fn stored(params: &str, fold: u32, outcome: Result<Vec<f64>, Failure>) -> StoredRecord {
    StoredRecord { name: fit(params, fold), record: record(fold, outcome) }
}

fn at(resource: &str, mut stored: StoredRecord) -> StoredRecord {
    let resource: Resource = resource.parse().expect("a resource");
    stored.record.budget = resource.budget();
    StoredRecord { name: FitName { resource, ..stored.name }, ..stored }
}

fn state_of(store: &mut impl States, trajectory: &str, fold: u32, most: u32) -> Option<State> {
    store.state_reader().and_then(|mut read| read(trajectory, fold, most)).expect("read")
}

fn save(store: &mut impl Records, state: &State, fits: &[FitName]) {
    store.add(&[], &[&Checkpoint { state: state.clone(), fits: fits.to_vec() }], &[]).expect("written");
}

fn sorted(store: &mut dyn Store) -> Vec<StoredRecord> {
    let mut records = store.records().expect("read");
    records.sort_by(|a, b| a.name.cmp(&b.name));
    records
}

fn metadata(fits: Option<usize>) -> Metadata {
    let metrics = vec![MetricInfo::new("cost", Direction::Minimize)];
    let mut metadata = Metadata::new(metrics, vec![FoldInfo::new(40, 20).with_weight(20.0)]);
    (metadata.fits, metadata.rows) = (fits, Some(60));
    metadata
}

/// The suite that every store passes; `reopen` gives the same store as a later process finds it.
fn contract<S: Store>(mut store: S, reopen: impl Fn(S) -> S) {
    assert_eq!(store.identity().expect("read"), None);
    assert_eq!(sorted(&mut store), []);
    let identity = Identity::new().with("model", "Mlp { \"quotes\" }").with("seed", "7");
    assert!(store.set_identity(None, &identity).expect("written"));
    assert_eq!(store.identity().expect("read"), Some(identity.clone()));
    let larger = identity.clone().with("folds", "a b");
    assert!(!store.set_identity(None, &larger).expect("read"), "it has been identified meanwhile");
    assert!(!store.set_identity(Some(&larger), &larger).expect("read"), "it was something else");
    assert_eq!(store.identity().expect("read"), Some(identity.clone()));
    for (was, is) in [(&identity, &larger), (&larger, &identity)] {
        assert!(store.set_identity(Some(was), is).expect("written"));
    }

    assert_eq!(store.metadata().expect("read"), None);
    for metadata in [metadata(Some(3)), metadata(None)] {
        store.set_metadata(&metadata).expect("written");
        assert_eq!(store.metadata().expect("read"), Some(metadata));
    }

    let odd = [f64::NAN, -0.0, f64::INFINITY, 5e-324];
    let mut told = stored("{\"dropout\":0.1}", 0, Ok(odd.to_vec()));
    let details = &mut told.record.details;
    details.spread = Some(0.1 + 0.2);
    details.epochs = Some(Epochs::new(12, 9, true));
    details.retried = vec![Failure::Device { message: "out of memory".to_owned() }];
    details.tied = Some("late.p = 0.05".to_owned());
    details.stopped_by = Some("chance".to_owned());
    details.predictions = Some([0.1 + 0.2, -1e-300].into());
    details.outcomes = Some("AgUAAIA/AAAAQA".to_owned().into());
    let epoch = |number, monitored| {
        let mut epoch = Epoch::new(number, 0.1 + 0.2);
        (epoch.monitored, epoch.lr) = (monitored, 5e-324);
        (epoch.train_scores, epoch.validation_scores) = (vec![f64::NEG_INFINITY], vec![0.1, -0.0]);
        epoch
    };
    told.record.curve = vec![epoch(1, Some(f64::NEG_INFINITY)), epoch(2, None)].into_iter().collect();
    let fits = [
        told,
        stored("{\"dropout\":0.1}", 1, Err(Failure::Diverged { epoch: 2, batch: 3, loss: f32::INFINITY })),
        stored("{\"dropout\":0.2,\"act\":\"ReLU\"}", 0, Ok(vec![0.5; 4])),
    ];
    store.add(&fits, &[], &[]).expect("written");
    store.add(&[], &[], &[]).expect("written");
    let mut store = reopen(store);
    assert_eq!(store.identity().expect("read"), Some(identity));
    assert_eq!(store.metadata().expect("read"), Some(metadata(None)));
    let read = sorted(&mut store);
    // NaN is not equal to itself: the bits are.
    let bits = |kept: &StoredRecord| {
        kept.record.outcome.clone().map(|scores| scores.into_iter().map(f64::to_bits).collect::<Vec<_>>())
    };
    assert_eq!(read.iter().map(bits).collect::<Vec<_>>(), fits.iter().map(bits).collect::<Vec<_>>());
    assert_eq!(read[1..], fits[1..]);
    assert_eq!(read[0].record.warnings, fits[0].record.warnings);
    assert_eq!(read[0].record.fit_time, fits[0].record.fit_time);
    assert_eq!(read[0].record.details, fits[0].record.details);
    assert_eq!(read[0].record.curve, fits[0].record.curve);

    // What is kept stays as it is.
    store
        .add(&[stored("{\"dropout\":0.1}", 1, Ok(vec![1.0])), stored("{}", 4, Ok(vec![2.0]))], &[], &[])
        .expect("written");
    let mut store = reopen(store);
    let again = sorted(&mut store);
    assert_eq!(again.len(), 4);
    assert_eq!(bits(&again[1]), bits(&fits[1]));
    assert_eq!((again[3].name.params.as_str(), again[3].record.fold), ("{}", 4));

    // Fits of one candidate and fold have records of their own by their resources.
    let mut store = reopen(store);
    let parts = ["5", "5/20", "5/40", "20@0.5"].map(|resource| at(resource, stored("{}", 4, Ok(vec![3.0]))));
    store.add(&parts, &[], &[]).expect("written");
    let read = sorted(&mut reopen(store));
    assert_eq!(read.len(), 8);
    assert!(parts.iter().all(|part| read.contains(part)));
}

/// The suite's part of fits that are run again.
fn contract_of_letting_go<S: Store>(mut store: S, reopen: impl Fn(S) -> S) {
    let limit = Duration::from_millis(5);
    let timed_out = Failure::TimedOut { limit, epoch: 1, batch: 2 };
    let fits = [
        stored("{\"x\":1}", 0, Ok(vec![0.5])),
        stored("{\"x\":1}", 1, Err(timed_out.clone())),
        stored("{\"x\":2}", 1, Err(timed_out)),
    ];
    store.add(&fits, &[], &[]).expect("written");
    store.remove(&[fit("{\"x\":1}", 1), fit("{\"x\":3}", 0)]).expect("written");
    store.remove(&[]).expect("written");
    let mut store = reopen(store);
    assert_eq!(sorted(&mut store), [fits[0].clone(), fits[2].clone()]);
    let again = stored("{\"x\":1}", 1, Ok(vec![0.25]));
    assert_eq!(store.claim(&[&[fit("{\"x\":1}", 1)]], 1, true).expect("an answer"), [ClaimStatus::Claimed]);
    store.add(std::slice::from_ref(&again), &[], &[]).expect("written");
    let mut store = reopen(store);
    assert_eq!(sorted(&mut store), [fits[0].clone(), again.clone(), fits[2].clone()]);
    // Scores that another process has kept meanwhile stay, and take the place of a fit that ran out of time.
    store.remove(&[fit("{\"x\":1}", 1)]).expect("written");
    let other = stored("{\"x\":2}", 1, Ok(vec![0.75]));
    store.add(std::slice::from_ref(&other), &[], &[]).expect("written");
    assert_eq!(sorted(&mut reopen(store)), [fits[0].clone(), again, other]);
}

fn fit(params: &str, fold: u32) -> FitName {
    FitName { params: params.to_owned(), fold, resource: Resource::full(20) }
}

/// The suite's part of who runs what, as one process sees it.
fn contract_of_claims<S: Store>(mut store: S, reopen: impl Fn(S) -> S) {
    let (a, b, c) = ([fit("{\"x\":1}", 0), fit("{\"x\":2}", 0)], [fit("{\"x\":1}", 1)], [fit("{\"x\":3}", 0)]);
    let all: [&[FitName]; 3] = [&a, &b, &c];
    let claim = |store: &mut S, most| store.claim(&all, most, true).expect("an answer");
    let free = ClaimStatus::Free { crashes: 0 };
    assert_eq!(claim(&mut store, 0), [free.clone(), free.clone(), free.clone()]);
    assert_eq!(claim(&mut store, 2), [ClaimStatus::Claimed, ClaimStatus::Claimed, free.clone()]);
    store.give_back(&b).expect("written");
    assert_eq!(claim(&mut store, 0), [free.clone(), free.clone(), free.clone()]);
    assert_eq!(store.claim(&[&b], 1, true).expect("an answer"), [ClaimStatus::Claimed]);
    store.give_back(&[&a[..], &b].concat()).expect("written");
    assert_eq!(store.claim(&[], 0, true).expect("an answer"), []);
    assert!(!store.has_news().expect("an answer"), "there is nobody else");

    let fits = [stored("{\"x\":1}", 0, Ok(vec![1.0])), stored("{\"x\":1}", 1, Err(Failure::Interrupted))];
    store.add(&fits, &[], &[]).expect("written");
    store.leave().expect("written");
    let mut store = reopen(store);
    // Of a group of which a part is kept, the rest is to be run.
    let known = ClaimStatus::Finished(vec![fits[1].record.clone()]);
    assert_eq!(claim(&mut store, 0), [free.clone(), known.clone(), free.clone()]);
    let partly = ClaimStatus::Partly(vec![Some(fits[0].record.clone()), None]);
    assert_eq!(claim(&mut store, 1), [partly, known, free.clone()]);
    store.add(&[stored("{\"x\":2}", 0, Ok(vec![2.0]))], &[], &[]).expect("written");
    let records = vec![fits[0].record.clone(), stored("", 0, Ok(vec![2.0])).record];
    let mut store = reopen(store);
    assert_eq!(claim(&mut store, 0)[0], ClaimStatus::Finished(records));

    store.remove_failed().expect("written");
    assert_eq!(sorted(&mut store).len(), 2, "what has not failed stays");
    assert_eq!(claim(&mut reopen(store), 3)[1..], [ClaimStatus::Claimed, ClaimStatus::Claimed]);
}

#[test]
fn memory_keeps_the_contract() {
    contract(Memory::default(), |store| store);
    contract_of_claims(Memory::default(), |store| store);
    contract_of_letting_go(Memory::default(), |store| store);
    states::contract_of_states(Memory::default(), |store| store);
    states::contract_of_passing_states(Memory::default(), |store| store);
}

#[test]
fn a_file_keeps_the_contract() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let open = |path: &Path| Sqlite::open(path).expect("a study");
    let reopen = |path: PathBuf| {
        move |store| {
            drop(store);
            open(&path)
        }
    };
    contract(open(&path), reopen(path.clone()));
    let claims = folder.path().join("y.study");
    contract_of_claims(open(&claims), reopen(claims.clone()));
    let let_go = folder.path().join("l.study");
    contract_of_letting_go(open(&let_go), reopen(let_go.clone()));
    let states = folder.path().join("s.study");
    states::contract_of_states(open(&states), reopen(states.clone()));
    let passing = folder.path().join("p.study");
    states::contract_of_passing_states(open(&passing), reopen(passing.clone()));
    // The mark of the file stands where other tools look for it.
    let bytes = fs::read(&path).expect("read");
    assert_eq!((&bytes[..15], &bytes[68..72]), (b"SQLite format 3".as_slice(), b"drop".as_slice()));
}

fn study_of(path: &Path, fits: u32) {
    let mut store = Sqlite::open(path).expect("a new study");
    store.set_identity(None, &Identity::new().with("seed", "1")).expect("written");
    let fits: Vec<StoredRecord> = (0..fits).map(|fold| stored("{\"dropout\":0.1}", fold, Ok(vec![0.25; 40]))).collect();
    store.add(&fits, &[], &[]).expect("written");
}
