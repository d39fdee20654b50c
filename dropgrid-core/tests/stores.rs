//! What every store promises, and what a study's file says when it cannot keep a promise.

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
    study::{Archive, Checkpoint, FitName, Identity, Kept, Legend, Memory, Running, Sqlite, Standing, Store, Study},
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
    store.give_back().expect("written");
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

/// The suite's part of what has not ended.
fn contract_of_checkpoints<S: Store>(mut store: S, reopen: impl Fn(S) -> S) {
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

#[test]
fn memory_keeps_the_contract() {
    contract(Memory::default(), |store| store);
    contract_of_claims(Memory::default(), |store| store);
    contract_of_checkpoints(Memory::default(), |store| store);
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
    let checkpoints = folder.path().join("z.study");
    contract_of_checkpoints(open(&checkpoints), reopen(checkpoints.clone()));
    // The mark of the file stands where other tools look for it.
    let bytes = fs::read(&path).expect("read");
    assert_eq!((&bytes[..15], &bytes[68..72]), (b"SQLite format 3".as_slice(), b"drop".as_slice()));
}

#[test]
fn a_file_can_be_read_while_it_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let mut writer = Sqlite::open(&path).expect("a new study");
    writer.keep(&[kept("{}", 0, Ok(vec![1.0]))]).expect("written");
    assert_eq!(Archive::open(&path).expect("read").fits(), 1);
    writer.keep(&[kept("{}", 1, Ok(vec![1.0]))]).expect("written");
    assert_eq!(Archive::open(&path).expect("read").fits(), 2);
    let mut second = Sqlite::open(&path).expect("another writer");
    second.keep(&[kept("{}", 2, Ok(vec![1.0]))]).expect("written");
    drop(writer);
    assert_eq!(Archive::open(&path).expect("read").fits(), 3);
}

#[test]
fn one_process_runs_what_another_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let open = || Sqlite::open(&path).expect("a study");
    let (a, b) = ([fit("{}", 0)], [fit("{}", 1)]);
    let all: [&[FitName]; 2] = [&a, &b];
    let claim = |store: &mut Sqlite, most| store.claim(&all, most, true).expect("an answer");
    let mut first = open();
    // By another name it is the same study.
    let link = folder.path().join("link.study");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&path, &link).expect("a link");
    let mut second = Sqlite::open(if cfg!(unix) { &link } else { &path }).expect("the study");
    assert_eq!(claim(&mut first, 1), [Standing::Claimed, Standing::Free { deaths: 0 }]);
    let elsewhere = Standing::Elsewhere { process: 1 };
    assert_eq!(claim(&mut second, 2), [elsewhere.clone(), Standing::Claimed]);
    assert!(!second.has_news().expect("an answer"));
    assert!(first.has_news().expect("an answer"));
    assert_eq!(claim(&mut first, 0)[1], Standing::Elsewhere { process: 2 });
    let running = Running { processes: 2, fits: 2 };
    assert_eq!(Archive::open(&path).expect("read").running(), running);

    // What one keeps, the other hears of; what one gives back, the other can have.
    let done = kept("{}", 0, Ok(vec![0.5]));
    first.keep(std::slice::from_ref(&done)).expect("written");
    assert!(second.has_news().expect("an answer"));
    assert_eq!(claim(&mut second, 0)[0], Standing::Kept(vec![done.record.clone()]));
    drop(second);
    assert!(first.has_news().expect("an answer"));
    assert_eq!(claim(&mut first, 2), [Standing::Kept(vec![done.record]), Standing::Claimed]);
    assert!(!folder.path().join("x.study-lock-2").exists());

    // A process that lives and does not move loses its fits with its lease, and may keep what comes of them all the same.
    first.give_back().expect("written");
    let mut slow = Sqlite::open(Study::at(&path).lease(Duration::ZERO)).expect("a study");
    assert_eq!(claim(&mut slow, 1)[1], Standing::Claimed);
    assert!(first.has_news().expect("an answer"));
    assert_eq!(claim(&mut first, 1)[1], Standing::Claimed);
    slow.keep(&[kept("{}", 1, Ok(vec![0.25]))]).expect("written");
    first.keep(&[kept("{}", 1, Ok(vec![0.75]))]).expect("written");
    let records = sorted(&mut first);
    assert_eq!(records[1].record.outcome, Ok(vec![0.25]), "nobody's result is counted twice");
    assert_eq!(records.len(), 2);
    drop((first, slow));
    assert_eq!(Archive::open(&path).expect("read").running(), Running::default());
}

/// The variable that makes a test process one that claims fits and dies, or is asked to end before.
const DYING: &str = "DROPGRID_STORE_DYING";

#[test]
fn dying() {
    let Ok(task) = std::env::var(DYING) else { return };
    let (how, path) = task.split_once(' ').expect("a task");
    let mut store = Sqlite::open(path).expect("a study");
    let fits = [fit("{\"x\":1}", 0), fit("{\"x\":2}", 0)];
    // As a search would: what no process ended over ahead, the rest as far as it may.
    let fits: [&[FitName]; 2] = [&fits[..1], &fits[1..]];
    store.claim(&fits, 2, true).expect("an answer");
    store.claim(&fits, 2, false).expect("an answer");
    if how == "leaving" {
        store.leave().expect("written");
    }
    std::process::abort();
}

fn die(how: &str, path: &Path) {
    let program = std::env::current_exe().expect("the test's own program");
    let task = format!("{how} {}", path.display());
    let status = Command::new(program).args(["--exact", "dying"]).env(DYING, task).output().expect("a child").status;
    assert!(!status.success());
}

#[test]
fn what_a_dead_process_had_is_free_at_once_and_fails_the_third_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let (a, b) = ([fit("{\"x\":1}", 0)], [fit("{\"x\":2}", 0)]);
    let all: [&[FitName]; 2] = [&a, &b];
    let claim =
        |most, ahead| Sqlite::open(&path).and_then(|mut store| store.claim(&all, most, ahead)).expect("an answer");
    let free = |deaths| Standing::Free { deaths };
    die("leaving", &path);
    assert_eq!(claim(2, true), [Standing::Claimed, Standing::Claimed]);
    die("", &path);
    assert_eq!(claim(2, true), [free(1), free(1)], "not ahead of its time");
    assert_eq!(claim(2, false), [Standing::Claimed, Standing::Claimed]);
    die("", &path);
    assert_eq!(claim(2, false), [Standing::Claimed, free(2)], "alone, to see whether it is this one");
    // A training that gets further is no danger.
    let mut store = Sqlite::open(&path).expect("a study");
    let state = Checkpoint { params: "{\"x\":2}".to_owned(), fold: 0, epochs: 7, state: vec![1] };
    store.save(&state, &b).expect("written");
    drop(store);
    die("", &path);
    let killed = claim(2, false);
    let Standing::Kept(records) = &killed[0] else { panic!("{killed:?}") };
    assert_eq!(records[0].outcome, Err(Failure::Killed { deaths: 3 }));
    assert_eq!(killed[1], Standing::Claimed);
    let files: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").map(|file| file.expect("a file").file_name()).collect();
    assert_eq!(files.len(), 2, "the study and its lock: {files:?}");

    let mut store = Sqlite::open(&path).expect("a study");
    assert_eq!(sorted(&mut store).len(), 1);
    store.retry_failed().expect("written");
    assert_eq!(store.claim(&all, 2, true).expect("an answer"), [Standing::Claimed, Standing::Claimed]);
}

#[test]
fn what_is_no_study_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        let error = Sqlite::open(&path).unwrap_err();
        assert_eq!(fs::read(&path).expect("read"), bytes, "{name} has changed");
        error
    };
    let text = refused(
        "notes.txt",
        b"these are the notes of a day that was long enough for a page of a hundred bytes or so ......",
    );
    assert!(matches!(text, Error::StudyForeign { .. }), "{text}");
    assert!(text.to_string().ends_with("is no study of dropgrid; name another file"), "{text}");

    let foreign = folder.path().join("foreign.db");
    let other = rusqlite::Connection::open(&foreign).expect("a database");
    other.execute_batch("CREATE TABLE song (name TEXT)").expect("a table");
    drop(other);
    let bytes = fs::read(&foreign).expect("read");
    assert!(matches!(refused("foreign.db", &bytes), Error::StudyForeign { .. }));
    let nowhere = Sqlite::open(folder.path().join("no/such/folder.study")).unwrap_err();
    assert!(matches!(nowhere, Error::StudyStore { doing: "open", .. }), "{nowhere}");
}

fn study_of(path: &Path, fits: u32) {
    let mut store = Sqlite::open(path).expect("a new study");
    store.identify(None, &Identity::new().with("seed", "1")).expect("written");
    let fits: Vec<Kept> = (0..fits).map(|fold| kept("{\"dropout\":0.1}", fold, Ok(vec![0.25; 40]))).collect();
    store.keep(&fits).expect("written");
}

#[test]
fn a_newer_format_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    study_of(&path, 1);
    rusqlite::Connection::open(&path).expect("a database").pragma_update(None, "user_version", 9).expect("written");
    let error = Sqlite::open(&path).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("is in format 9, and this release of dropgrid knows formats 1 to 3; use a newer one"),
        "{error}"
    );
}

#[test]
fn flipped_and_missing_bytes_are_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("whole.study");
    study_of(&path, 200);
    let whole = fs::read(&path).expect("read");
    assert!(whole.len() > 5 * 4096, "several pages: {}", whole.len());
    let outcome = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        Sqlite::open(&path).and_then(|mut store| store.kept())
    };
    assert_eq!(outcome("copy.study", &whole).expect("whole").len(), 200);
    for cut in [whole.len() / 2, whole.len() - 4096, 5000] {
        let error = outcome(&format!("cut {cut}"), &whole[..cut]).expect_err("a part of the file is missing");
        assert!(matches!(error, Error::StudyDamaged { .. }), "{cut}: {error}");
    }
    // The pages' headers: a flip of a score's own bits cannot be seen by anyone.
    let (mut found, mut pages) = (0, 0);
    for page in 1..whole.len() / 4096 {
        let mut bytes = whole.clone();
        for at in 0..12 {
            bytes[page * 4096 + at] ^= 0xff;
        }
        pages += 1;
        match outcome(&format!("page {page}"), &bytes) {
            Err(Error::StudyDamaged { .. }) => found += 1,
            Err(error) => panic!("page {page}: {error}"),
            Ok(_) => {}
        }
    }
    assert_eq!(found, pages);
}

/// What stands in the frozen files. Formats from 2 on have a legend, and those from 3 on details and a checkpoint.
fn frozen(format: i32) -> (Identity, Option<Legend>, Vec<Kept>) {
    let identity = Identity::new().with("model", "Mlp { output: Linear < 4 , 3 > }").with("seed", "7");
    let mut first = kept("{\"dropout\":0.1}", 0, Ok(vec![0.1 + 0.2, f64::NAN]));
    if format > 2 {
        first.record.details.retried = vec![Failure::Device { message: "no memory".to_owned() }];
        first.record.details.epochs = Some(Epochs { trained: 12, scored: 9 });
    }
    let fits = vec![
        first,
        kept("{\"dropout\":0.1}", 1, Err(Failure::Diverged { epoch: 2, batch: 3, loss: f32::INFINITY })),
        kept("{\"dropout\":null}", 0, Err(Failure::Panicked { message: "no \"luck\"".to_owned() })),
    ];
    let metric = |name: &str, direction| MetricInfo { name: name.to_owned(), direction };
    let legend = Legend {
        metrics: vec![metric("accuracy", Direction::Maximize), metric("cost, in \"€\"", Direction::Minimize)],
        folds: vec![FoldInfo { train: 40, test: 20, weight: 0.1 }, FoldInfo { train: 39, test: 21, weight: 0.2 }],
        error_score: Some(f64::NEG_INFINITY),
        fits: Some(4),
    };
    (identity, (format > 1).then_some(legend), fits)
}

fn frozen_state() -> Checkpoint {
    Checkpoint { params: "{\"dropout\":0.3}".to_owned(), fold: 1, epochs: 7, state: vec![0, 255, 39] }
}

fn frozen_file(format: i32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../tests/golden/format{format}.study"))
}

/// Studies of every format are readable for ever. Each file was written once, by the test below as it was then, and is
/// never written again.
#[test]
fn files_of_every_format_open() {
    let folder = tempfile::tempdir().expect("a folder");
    for format in 1..=3 {
        let copy = folder.path().join(format!("{format}.study"));
        fs::copy(frozen_file(format), &copy).expect("a copy");
        assert_eq!(Archive::open(&copy).expect("read").format(), format);
        let (identity, legend, fits) = frozen(format);
        // The second time the file is one of the newest format.
        for _ in 0..2 {
            let mut store = Sqlite::open(&copy).expect("a writer");
            assert_eq!(store.identity().expect("read"), Some(identity.clone()));
            assert_eq!(store.legend().expect("read"), legend);
            let read = sorted(&mut store);
            // NaN is not equal to itself, but it prints the same.
            assert_eq!(format!("{read:?}"), format!("{fits:?}"));
            let bits = |kept: &[Kept]| kept[0].record.outcome.as_ref().expect("scores")[1].to_bits();
            assert_eq!(bits(&read), bits(&fits));
            let state = store.checkpoint("{\"dropout\":0.3}", 1).expect("read");
            assert_eq!(state, (format > 2).then(frozen_state));
            // A search goes on: what is known is read, the rest is run.
            let (known, open) = ([fit("{\"dropout\":0.1}", 1)], [fit("{\"dropout\":0.3}", 0)]);
            drop(store);
            let mut store = Sqlite::open(&copy).expect("a writer");
            let standings = store.claim(&[&known, &open], 2, true).expect("an answer");
            assert_eq!(standings, [Standing::Kept(vec![fits[1].record.clone()]), Standing::Claimed]);
        }
        let mut store = Sqlite::open(&copy).expect("a writer");
        store.keep(&[kept("{\"dropout\":0.3}", 0, Ok(vec![0.5; 2]))]).expect("written");
        drop(store);
        let study = Archive::open(&copy).expect("read");
        assert_eq!((study.format(), study.fits()), (3, 4));
    }
}

#[test]
#[ignore = "writes the frozen file, which is done once a format"]
fn write_the_frozen_file() {
    let format = 3;
    let path = frozen_file(format);
    assert!(!path.exists(), "the file is frozen");
    let (identity, legend, fits) = frozen(format);
    let mut store = Sqlite::open(path).expect("a new study");
    store.identify(None, &identity).expect("written");
    store.explain(&legend.expect("a legend")).expect("written");
    store.keep(&fits).expect("written");
    store.save(&frozen_state(), &[]).expect("written");
}
