//! What every store promises, and what a study's file says when it cannot keep a promise.

mod archive;
#[path = "../../../tests/support/child.rs"]
mod child;
mod damages;
mod file;
mod frozen;
mod hostile;
mod places;
mod processes;
mod states;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use dropgrid_core::{
    Error, Failure,
    metric::{Direction, Warning},
    record::{Details, Epochs, FoldInfo, MetricInfo, Record},
    report::Overview,
    study::{
        Archive, Checkpoint, EndState, Fault, FitName, Identity, Kept, Legend, Memory, Running, Sqlite, Standing,
        Store, Study,
    },
};

fn record(fold: u32, outcome: Result<Vec<f64>, Failure>) -> Record {
    let warnings = if outcome.is_ok() { vec![vec![Warning::OneLabel], Vec::new()] } else { Vec::new() };
    let (fit_time, score_time) = (Duration::from_nanos(1_234_567_891), Duration::from_nanos(5));
    let train_scores = outcome.as_ref().ok().cloned();
    Record { candidate: 0, fold, outcome, warnings, train_scores, fit_time, score_time, details: Details::default() }
}

fn kept(params: &str, fold: u32, outcome: Result<Vec<f64>, Failure>) -> Kept {
    Kept { params: params.to_owned(), record: record(fold, outcome) }
}

fn sorted(store: &mut dyn Store) -> Vec<Kept> {
    let mut kept = store.kept().expect("read");
    kept.sort_by(|a, b| (&a.params, a.record.fold).cmp(&(&b.params, b.record.fold)));
    kept
}

fn legend(fits: Option<usize>) -> Legend {
    let metrics = vec![MetricInfo { name: "cost".to_owned(), direction: Direction::Minimize }];
    Legend { metrics, folds: vec![FoldInfo { train: 40, test: 20, weight: 20.0 }], error_score: None, fits }
}

/// The suite that every store passes; `reopen` gives the same store as a later process finds it.
fn contract<S: Store>(mut store: S, reopen: impl Fn(S) -> S) {
    assert_eq!(store.identity().expect("read"), None);
    assert_eq!(sorted(&mut store), []);
    let identity = Identity::new().with("model", "Mlp { \"quotes\" }").with("seed", "7");
    assert!(store.identify(None, &identity).expect("written"));
    assert_eq!(store.identity().expect("read"), Some(identity.clone()));
    let larger = identity.clone().with("folds", "a b");
    assert!(!store.identify(None, &larger).expect("read"), "it has been identified meanwhile");
    assert!(!store.identify(Some(&larger), &larger).expect("read"), "it was something else");
    assert_eq!(store.identity().expect("read"), Some(identity.clone()));
    for (was, is) in [(&identity, &larger), (&larger, &identity)] {
        assert!(store.identify(Some(was), is).expect("written"));
    }

    assert_eq!(store.legend().expect("read"), None);
    for legend in [legend(Some(3)), legend(None)] {
        store.explain(&legend).expect("written");
        assert_eq!(store.legend().expect("read"), Some(legend));
    }

    let odd = [f64::NAN, -0.0, f64::INFINITY, 5e-324];
    let mut told = kept("{\"dropout\":0.1}", 0, Ok(odd.to_vec()));
    told.record.details = Details {
        spread: Some(0.1 + 0.2),
        epochs: Some(Epochs { trained: 12, scored: 9 }),
        retried: vec![Failure::Device { message: "out of memory".to_owned() }],
        tied: Some("late.p = 0.05".to_owned()),
        stopped_by: Some("chance".to_owned()),
    };
    let fits = [
        told,
        kept("{\"dropout\":0.1}", 1, Err(Failure::Diverged { epoch: 2, batch: 3, loss: f32::INFINITY })),
        kept("{\"dropout\":0.2,\"act\":\"ReLU\"}", 0, Ok(vec![0.5; 4])),
    ];
    store.keep(&fits).expect("written");
    store.keep(&[]).expect("written");
    let mut store = reopen(store);
    assert_eq!(store.identity().expect("read"), Some(identity));
    assert_eq!(store.legend().expect("read"), Some(legend(None)));
    let read = sorted(&mut store);
    // NaN is not equal to itself: the bits are.
    let bits = |kept: &Kept| {
        kept.record.outcome.clone().map(|scores| scores.into_iter().map(f64::to_bits).collect::<Vec<_>>())
    };
    assert_eq!(read.iter().map(bits).collect::<Vec<_>>(), fits.iter().map(bits).collect::<Vec<_>>());
    assert_eq!(read[1..], fits[1..]);
    assert_eq!(read[0].record.warnings, fits[0].record.warnings);
    assert_eq!(read[0].record.fit_time, fits[0].record.fit_time);
    assert_eq!(read[0].record.details, fits[0].record.details);

    // What is kept stays as it is.
    store.keep(&[kept("{\"dropout\":0.1}", 1, Ok(vec![1.0])), kept("{}", 4, Ok(vec![2.0]))]).expect("written");
    let again = sorted(&mut reopen(store));
    assert_eq!(again.len(), 4);
    assert_eq!(bits(&again[1]), bits(&fits[1]));
    assert_eq!((again[3].params.as_str(), again[3].record.fold), ("{}", 4));
}

/// The suite's part of fits that are run again.
fn contract_of_letting_go<S: Store>(mut store: S, reopen: impl Fn(S) -> S) {
    let limit = Duration::from_millis(5);
    let timed_out = Failure::TimedOut { limit, epoch: 1, batch: 2 };
    let fits = [
        kept("{\"x\":1}", 0, Ok(vec![0.5])),
        kept("{\"x\":1}", 1, Err(timed_out.clone())),
        kept("{\"x\":2}", 1, Err(timed_out)),
    ];
    store.keep(&fits).expect("written");
    store.let_go(&[fit("{\"x\":1}", 1), fit("{\"x\":3}", 0)]).expect("written");
    store.let_go(&[]).expect("written");
    let mut store = reopen(store);
    assert_eq!(sorted(&mut store), [fits[0].clone(), fits[2].clone()]);
    let again = kept("{\"x\":1}", 1, Ok(vec![0.25]));
    assert_eq!(store.claim(&[&[fit("{\"x\":1}", 1)]], 1, true).expect("an answer"), [Standing::Claimed]);
    store.keep(std::slice::from_ref(&again)).expect("written");
    let mut store = reopen(store);
    assert_eq!(sorted(&mut store), [fits[0].clone(), again.clone(), fits[2].clone()]);
    // Scores that another process has kept meanwhile stay, and take the place of a fit that ran out of time.
    store.let_go(&[fit("{\"x\":1}", 1)]).expect("written");
    let other = kept("{\"x\":2}", 1, Ok(vec![0.75]));
    store.keep(std::slice::from_ref(&other)).expect("written");
    assert_eq!(sorted(&mut reopen(store)), [fits[0].clone(), again, other]);
}

fn fit(params: &str, fold: u32) -> FitName {
    FitName { params: params.to_owned(), fold }
}

/// The suite's part of who runs what, as one process sees it.
fn contract_of_claims<S: Store>(mut store: S, reopen: impl Fn(S) -> S) {
    let (a, b, c) = ([fit("{\"x\":1}", 0), fit("{\"x\":2}", 0)], [fit("{\"x\":1}", 1)], [fit("{\"x\":3}", 0)]);
    let all: [&[FitName]; 3] = [&a, &b, &c];
    let claim = |store: &mut S, most| store.claim(&all, most, true).expect("an answer");
    let free = Standing::Free { deaths: 0 };
    assert_eq!(claim(&mut store, 0), [free.clone(), free.clone(), free.clone()]);
    assert_eq!(claim(&mut store, 2), [Standing::Claimed, Standing::Claimed, free.clone()]);
    store.give_back(&b).expect("written");
    assert_eq!(claim(&mut store, 0), [free.clone(), free.clone(), free.clone()]);
    assert_eq!(store.claim(&[&b], 1, true).expect("an answer"), [Standing::Claimed]);
    store.give_back(&[&a[..], &b].concat()).expect("written");
    assert_eq!(store.claim(&[], 0, true).expect("an answer"), []);
    assert!(!store.has_news().expect("an answer"), "there is nobody else");

    let fits = [kept("{\"x\":1}", 0, Ok(vec![1.0])), kept("{\"x\":1}", 1, Err(Failure::Interrupted))];
    store.keep(&fits).expect("written");
    store.leave().expect("written");
    let mut store = reopen(store);
    // A group of which a part is kept is one to run.
    let known = Standing::Kept(vec![fits[1].record.clone()]);
    assert_eq!(claim(&mut store, 1), [Standing::Claimed, known, free.clone()]);
    store.keep(&[kept("{\"x\":2}", 0, Ok(vec![2.0]))]).expect("written");
    let records = vec![fits[0].record.clone(), kept("", 0, Ok(vec![2.0])).record];
    let mut store = reopen(store);
    assert_eq!(claim(&mut store, 0)[0], Standing::Kept(records));

    store.retry_failed().expect("written");
    assert_eq!(sorted(&mut store).len(), 2, "what has not failed stays");
    assert_eq!(claim(&mut reopen(store), 3)[1..], [Standing::Claimed, Standing::Claimed]);
}

#[test]
fn memory_keeps_the_contract() {
    contract(Memory::default(), |store| store);
    contract_of_claims(Memory::default(), |store| store);
    contract_of_letting_go(Memory::default(), |store| store);
    states::contract_of_checkpoints(Memory::default(), |store| store);
    states::contract_of_shared_checkpoints(Memory::default(), |store| store);
    states::contract_of_end_states(Memory::default(), |store| store);
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
    let checkpoints = folder.path().join("z.study");
    states::contract_of_checkpoints(open(&checkpoints), reopen(checkpoints.clone()));
    let shared = folder.path().join("s.study");
    states::contract_of_shared_checkpoints(open(&shared), reopen(shared.clone()));
    let file = rusqlite::Connection::open(&shared).expect("a database");
    let states: i64 = file.query_row("SELECT count(*) FROM state", [], |row| row.get(0)).expect("a count");
    assert_eq!(states, 0, "no state is left that nobody needs");
    drop(file);
    let ends = folder.path().join("e.study");
    states::contract_of_end_states(open(&ends), reopen(ends.clone()));
    // The mark of the file stands where other tools look for it.
    let bytes = fs::read(&path).expect("read");
    assert_eq!((&bytes[..15], &bytes[68..72]), (b"SQLite format 3".as_slice(), b"drop".as_slice()));
}

fn study_of(path: &Path, fits: u32) {
    let mut store = Sqlite::open(path).expect("a new study");
    store.identify(None, &Identity::new().with("seed", "1")).expect("written");
    let fits: Vec<Kept> = (0..fits).map(|fold| kept("{\"dropout\":0.1}", fold, Ok(vec![0.25; 40]))).collect();
    store.keep(&fits).expect("written");
}
