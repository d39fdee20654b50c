//! The promises of a study's file that is read as data: all that it holds, and no trace of the reading.

use std::{
    collections::BTreeMap,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    time::Duration,
};

use dropgrid_core::{
    Error, Failure,
    error::StudyError,
    metric::Direction,
    record::{Budget, FoldInfo, Job, MetricInfo, Record, Resource},
    report::{Overview, Results},
    study::{DamagedRecord, Fault, FitName, Identity, Metadata, Records, Sqlite, StoredRecord, StudyFile},
};

use crate::child;

const FROZEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/format1.study");

fn stored(params: &str, fold: u32, outcome: Result<Vec<f64>, Failure>) -> StoredRecord {
    let job = Job { candidate: 0, params: (), fold, budget: Budget::Full };
    let mut record = Record::new(&job, outcome);
    (record.fit_time, record.score_time) = (Duration::from_millis(2), Duration::from_millis(1));
    let name = FitName { params: params.to_owned(), fold, resource: Resource::full(20) };
    StoredRecord { name, record }
}

fn failed() -> Failure {
    Failure::Device { message: "out of memory".to_owned() }
}

fn info(name: &str, direction: Direction) -> MetricInfo {
    MetricInfo::new(name, direction)
}

/// Names of all that lies in a folder, and a hash of its bytes.
fn contents(folder: &Path) -> BTreeMap<String, u64> {
    let entries = fs::read_dir(folder).expect("a folder");
    let entry = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.expect("an entry");
        let mut hash = DefaultHasher::new();
        fs::read(entry.path()).expect("a file").hash(&mut hash);
        (entry.file_name().to_string_lossy().into_owned(), hash.finish())
    };
    entries.map(entry).collect()
}

fn names(folder: &Path) -> Vec<String> {
    contents(folder).into_keys().collect()
}

/// Reads a study in every way, and checks that nothing around it has changed.
fn traceless(folder: &Path, path: &Path) -> StudyFile {
    let before = contents(folder);
    let study = StudyFile::open(path).expect("a study");
    assert_eq!(StudyFile::verify(path).expect("a study").faults, []);
    assert_eq!(contents(folder), before, "reading has left a trace");
    study
}

fn metadata(folds: usize) -> Metadata {
    Metadata::new(vec![info("cost", Direction::Minimize)], vec![FoldInfo::new(10, 5); folds])
}

#[test]
fn a_file_is_read_without_its_model() {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("copy.study");
    fs::copy(FROZEN, &copy).expect("a copy");
    // The states of the frozen file are none of a training.
    assert_eq!(StudyFile::verify(&copy).expect("a study").faults.len(), 2);
    let study = StudyFile::open(&copy).expect("a study");
    assert_eq!((study.info().format, study.fits(), study.failed(), study.folds()), (1, 5, 2, 2));
    assert_eq!(study.metrics()[0], info("accuracy", Direction::Maximize));
    assert_eq!(study.info().identity.part("seed"), Some("7"));
    let found: Vec<(String, usize)> =
        study.candidates().iter().map(|candidate| (candidate.params.to_string(), candidate.fits.len())).collect();
    let counts = [("epochs: 20", 1), ("dropout: 0.1, epochs: 20", 3), ("dropout: 0.1, epochs: 27", 1)];
    assert_eq!(found, counts.map(|(params, fits)| (params.to_owned(), fits)));
    assert_eq!(names(folder.path()), ["copy.study"]);
}

#[test]
fn a_study_that_has_just_begun_says_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    drop(Sqlite::open(&path).expect("a new study"));
    let study = traceless(folder.path(), &path);
    assert_eq!((&study.info().metadata, study.metrics(), study.folds(), study.fits()), (&None, &[] as &[_], 0, 0));
    assert!(Results::of_study(&study).candidates().is_empty());
    let overview = Overview::open(&path).expect("a study");
    assert_eq!((overview.candidates, overview.fits, overview.best_score), (0, 0, None));
}

#[test]
fn a_metadata_says_how_scores_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x y?#%é.study");
    let fold = |test| FoldInfo::new(10, test).with_weight(test as f64);
    let mut metadata = Metadata::new(vec![info("cost", Direction::Minimize)], vec![fold(30), fold(10)]);
    (metadata.error_score, metadata.fits) = (Some(8.0), Some(6));
    {
        let mut store = Sqlite::open(&path).expect("a new study");
        store.set_identity(None, &Identity::new().with("metrics", "cost").with("folds", "a b")).expect("written");
        store.set_metadata(&metadata).expect("written");
        let fits = [
            stored("{\"x\":2}", 0, Ok(vec![1.0])),
            stored("{\"x\":2}", 1, Err(failed())),
            stored("{\"x\":10}", 0, Ok(vec![2.0])),
            stored("{\"x\":10}", 1, Ok(vec![4.0])),
            stored("{\"x\":10}", 2, Ok(vec![9.0])),
            stored("{\"x\":11}", 1, Ok(vec![0.0])),
        ];
        store.add(&fits, &[], &[]).expect("written");
    }
    let study = traceless(folder.path(), &path);
    assert_eq!((&study.info().metadata, study.folds()), (&Some(metadata.clone()), 2));
    let results = Results::of_study(&study);
    let summary: Vec<_> = results
        .candidates()
        .iter()
        .map(|candidate| (candidate.params().to_string(), candidate.mean(0), candidate.rank(0)))
        .collect();
    // (30 * 1 + 10 * 8) / 40, and (30 * 2 + 10 * 4) / 40; the third is not done and ranks last, and the fold of number 2 is
    // no more asked.
    let wanted = [("x: 2", 2.75, 2), ("x: 10", 2.5, 1), ("x: 11", 0.0, 3)];
    assert_eq!(summary, wanted.map(|(params, mean, rank)| (params.to_owned(), mean, rank)));
    let overview = Overview::open(&path).expect("a study");
    assert_eq!((overview.candidates, overview.done, overview.fits, overview.failed), (3, 2, 6, 1));
    assert_eq!((overview.best_score, overview.info.metadata), (Some(2.5), Some(metadata)));
}

/// The variable that makes a test process a writer that ends without closing its file.
const WRITER: &str = "DROPGRID_STUDY_WRITER";

#[test]
fn writer() {
    if let Ok(path) = std::env::var(WRITER) {
        let mut store = Sqlite::open(path).expect("a new study");
        store.set_metadata(&metadata(2)).expect("written");
        store.add(&[stored("{\"x\":1}", 0, Ok(vec![0.5]))], &[], &[]).expect("written");
        std::process::abort();
    }
}

#[test]
fn a_log_is_read_after_a_kill_in_a_copy_and_beside_a_writer() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let mut command = child::command(module_path!(), "writer");
    let status = command.env(WRITER, &path).output().expect("a child").status;
    assert!(!status.success());
    assert_eq!(names(folder.path()), ["x.study", "x.study-lock", "x.study-shm", "x.study-wal"]);
    assert_eq!(traceless(folder.path(), &path).fits(), 1);

    #[cfg(unix)]
    {
        let links = tempfile::tempdir().expect("a folder");
        let link = links.path().join("link.study");
        std::os::unix::fs::symlink(&path, &link).expect("a link");
        assert_eq!(traceless(folder.path(), &link).fits(), 1);
        assert_eq!(names(links.path()), ["link.study"]);
    }

    let copies = tempfile::tempdir().expect("a folder");
    for name in ["x.study", "x.study-wal"] {
        fs::copy(folder.path().join(name), copies.path().join(name)).expect("a copy");
    }
    assert_eq!(traceless(copies.path(), &copies.path().join("x.study")).fits(), 1);

    // Beside a writer of the same process, which would lose its locks if the test read the bytes; the command's tests have
    // a writer of another one.
    let mut store = Sqlite::open(&path).expect("the study");
    assert_eq!(StudyFile::open(&path).expect("a study").fits(), 1);
    store.add(&[stored("{\"x\":1}", 1, Ok(vec![0.5]))], &[], &[]).expect("written");
    assert_eq!(StudyFile::open(&path).expect("a study").fits(), 2);
    drop(store);
    assert_eq!(names(folder.path()), ["x.study", "x.study-lock"]);
    assert_eq!(traceless(folder.path(), &path).fits(), 2);
}

#[test]
fn a_folder_that_cannot_be_written_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    fs::copy(FROZEN, &path).expect("a copy");
    let read_only = |is: bool| {
        for path in [path.as_path(), folder.path()] {
            let mut permissions = fs::metadata(path).expect("there").permissions();
            permissions.set_readonly(is);
            fs::set_permissions(path, permissions).expect("the owner may");
        }
    };
    read_only(true);
    let study = StudyFile::open(&path).expect("a study");
    read_only(false);
    assert_eq!(study.fits(), 5);
}

#[test]
fn every_fault_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let mut store = Sqlite::open(&path).expect("a new study");
    let fits: Vec<StoredRecord> = (0..4).map(|fold| stored("{\"x\":1}", fold, Ok(vec![0.5]))).collect();
    store.set_metadata(&metadata(4)).expect("written");
    store.add(&fits, &[], &[]).expect("written");
    store
        .add(&[stored("no object", 0, Ok(vec![0.5])), stored("{\"x\":2}", 0, Ok(vec![0.5; 2]))], &[], &[])
        .expect("written");
    drop(store);
    let change = |statements: &str| {
        let connection = rusqlite::Connection::open(&path).expect("a database");
        connection.execute_batch(statements).expect("written");
    };
    change(
        "UPDATE record SET scores = x'00' WHERE fold = 1;
         UPDATE record SET failure = '{}', scores = NULL WHERE fold = 2;
         UPDATE record SET fold = -1 WHERE fold = 3;",
    );
    let verdict = StudyFile::verify(&path).expect("a study");
    assert_eq!(verdict.fits, 1);
    let name = |params: &str| FitName { params: params.to_owned(), fold: 0, resource: Resource::full(20) };
    let scores = Fault::Scores { name: name("{\"x\":2}"), found: 2, metrics: 1 };
    let params = Fault::Params { name: name("no object") };
    let [first, records @ .., last] = &verdict.faults[..] else { panic!("{:?}", verdict.faults) };
    assert_eq!((first, last), (&params, &scores));
    let record = |fault: &Fault| match fault {
        Fault::Record(DamagedRecord { params, fold, resource, .. }) => (params.clone(), *fold, resource.clone()),
        fault => panic!("{fault:?}"),
    };
    let wanted = [-1, 1, 2].map(|fold| ("{\"x\":1}".to_owned(), fold, "20".to_owned()));
    assert_eq!(records.iter().map(record).collect::<Vec<_>>(), wanted);
    let error = StudyFile::open(&path).unwrap_err();
    assert!(matches!(error, Error::Study(StudyError::Damaged { .. })), "{error}");
    change("DELETE FROM record WHERE params <> '{\"x\":1}'");
    let error = StudyFile::open(&path).unwrap_err();
    let Error::Study(StudyError::Records { records, .. }) = &error else { panic!("{error}") };
    assert_eq!(records.len(), 3);
    assert_eq!(records[1], "{\"x\":1} on fold 1 (20 epochs)");
}

#[test]
fn what_is_no_study_is_an_error_that_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = StudyFile::open(folder.path().join("missing.study")).unwrap_err();
    assert!(matches!(missing, Error::Study(StudyError::Store { doing: "open", .. })), "{missing}");
    let none = StudyFile::open(folder.path()).unwrap_err();
    assert!(none.to_string().ends_with("it is no file"), "{none}");
    let text = folder.path().join("notes.txt");
    fs::write(&text, [b'x'; 5000]).expect("written");
    let foreign = StudyFile::open(&text).unwrap_err();
    assert!(matches!(foreign, Error::Study(StudyError::Foreign { .. })), "{foreign}");
    assert_eq!(names(folder.path()), ["notes.txt"]);
}
