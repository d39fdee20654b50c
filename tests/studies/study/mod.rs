//! A study survives: interrupted, killed, extended, and refused where it is another's.

mod killed;
mod names;
mod networks;

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use dropgrid::{
    Error,
    error::StudyError,
    prelude::*,
    study::{Fault, Identity, Records, Sqlite, Study, StudyFile},
};

use crate::{
    corners,
    counting::{Counting, PASSES},
    kept,
};

#[searchable]
struct Counted {
    counting: Counting,
    #[grid(0.0, 0.2, 0.4)]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[train]
    #[grid(1e-2, 3e-2)]
    lr: f64,
}

#[searchable]
struct Mlp {
    hidden: (Linear<4, 16>, ReLU),
    #[grid(0.0, 0.1, 0.2, 0.3)]
    dropout: Dropout,
    output: Linear<16, 3>,
    #[train]
    #[grid(1e-2, 2e-2, 3e-2)]
    lr: f64,
    #[train]
    #[grid(50, 100)]
    epochs: usize,
}

fn corners(rows: usize) -> Dataset<Classes<3>> {
    corners::corners(rows, 1.0)
}

type Counts = dropgrid::search::Search<Counted, Grid>;

fn counted() -> Counts {
    Counted::search(Grid).cv(KFold::new(3)).train(Train::adam(1e-2).epochs(2).batch_size(10)).workers(1).seed(3)
}

/// Passes of what `run` trains, the refit on all rows left out.
fn passes(run: impl FnOnce()) -> usize {
    let before = PASSES.load(Ordering::Relaxed);
    run();
    PASSES.load(Ordering::Relaxed) - before
}

/// One test, since the passes are counted for the whole process.
#[test]
fn finished_fits_are_read_and_what_is_sound_extends_a_study() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let data = corners(60);
    let whole = counted().cross_validate(&data).expect("a report");
    let one = 2 * 4; // a fit: two epochs of four batches
    let first = passes(|| {
        let report = counted().study(&path).cross_validate(&data).expect("a report");
        assert_eq!(report.digest(), whole.digest());
    });
    assert_eq!(first, 6 * 3 * one);
    let again = passes(|| {
        let report = counted().study(&path).workers(2).cross_validate(&data).expect("a report");
        assert_eq!(report.digest(), whole.digest());
        assert_eq!(report.results().candidates()[5].params(), whole.results().candidates()[5].params());
    });
    assert_eq!(again, 0);
    // With a model trained on all rows: one fit of eight epochs' batches more.
    assert_eq!(passes(|| drop(counted().study(&path).fit(&data).expect("a report"))), 2 * 6);

    // Whatever else is asked of the file is refused with what differs, before any training.
    let refused = |what: &str, search: Counts, data: &Dataset<Classes<3>>| {
        let mut text = String::new();
        let passes = passes(|| {
            let error = search.study(&path).cross_validate(data).unwrap_err();
            assert!(matches!(error, Error::Study(StudyError::Differs { .. })), "{error}");
            text = error.to_string();
        });
        assert_eq!(passes, 0);
        assert!(text.contains(&format!(": {what} was ")) && text.contains("give this search another file"), "{text}");
        text
    };
    let seed = refused("seed", counted().seed(4), &data);
    assert!(seed.ends_with("seed was 3, is 4; give this search another file"), "{seed}");
    refused("recipe", counted().train(Train::sgd(1e-2).epochs(2).batch_size(10)), &data);
    refused("train scores", counted().train_scores(true), &data);
    refused("data", counted(), &data.map_features(|value| value * 2.0).expect("finite"));
    refused("folds", counted().cv(KFold::new(4)), &data);
    let other_axis = || counted().space(Counted::space().dropout([0.2, 0.4, 0.5]));
    let axes = refused("space", other_axis(), &data);
    let expected = ": space was dropout in 0.0, 0.2, 0.4, is dropout in 0.2, 0.4, 0.5; give this search another file, or \
                    ask for `Study::at(...).extend()`";
    assert!(axes.ends_with(expected), "{axes}");
    let metrics = counted().scoring(LogLoss).study(&path).cross_validate(&data).unwrap_err();
    assert!(metrics.to_string().contains("metrics was accuracy, is log_loss"), "{metrics}");

    // Asked for, what is sound is reused: other values on an axis, more folds after the same ones.
    let extended = passes(|| {
        let report = other_axis().study(Study::at(&path).extend()).cross_validate(&data).expect("a report");
        let apart = other_axis().cross_validate(&data).expect("a report");
        assert_eq!(report.digest(), apart.digest());
    });
    assert_eq!(extended, 2 * 3 * one + 6 * 3 * one, "the two candidates of 0.5, and the search apart");
    let folds = |count| SplitList::new(KFold::new(5).split_into(60).into_iter().take(count));
    let listed = folder.path().join("folds.study");
    counted().cv(folds(2)).study(&listed).cross_validate(&data).expect("a report");
    let more = passes(|| {
        let report = counted().cv(folds(5)).study(Study::at(&listed).extend()).cross_validate(&data).expect("a report");
        assert_eq!(report.results().folds(), 5);
    });
    assert_eq!(more, 6 * 3 * 2 * 5, "three folds of five batches more");
    let unsound = counted().seed(9).study(Study::at(&path).extend()).cross_validate(&data).unwrap_err();
    assert!(unsound.to_string().contains("seed was 3, is 9"), "{unsound}");
}

/// The folds of a splitter as pairs.
trait SplitInto {
    fn split_into(self, rows: usize) -> Vec<(Vec<usize>, Vec<usize>)>;
}

impl<S: dropgrid::split::Splitter> SplitInto for S {
    fn split_into(self, rows: usize) -> Vec<(Vec<usize>, Vec<usize>)> {
        let folds = self.split(dropgrid::split::Rows::new(rows), dropgrid::seed::Seed(0)).expect("folds");
        folds.splits.into_iter().map(|split| (split.train.to_vec(), split.test.to_vec())).collect()
    }
}

/// Every file of a folder with its bytes.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let paths = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = paths.map(|path| (path.clone(), fs::read(path).expect("a file"))).collect();
    files.sort();
    files
}

/// Whatever a killed process has left beside it.
#[test]
fn a_search_that_is_refused_leaves_every_byte() {
    let frozen = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/format1.study");
    for is_killed in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.study");
        if is_killed {
            let writes = tempfile::tempdir().expect("a folder");
            let mut store = Sqlite::open(writes.path().join("x.study")).expect("a new study");
            assert!(store.set_identity(None, &Identity::new().with("seed", "8")).expect("written"));
            for (file, bytes) in contents(writes.path()) {
                fs::write(folder.path().join(file.file_name().expect("a name")), bytes).expect("a copy");
            }
            assert_eq!(contents(folder.path()).len(), 4, "the study, its log and index, and its lock");
        } else {
            fs::copy(&frozen, &path).expect("a copy");
        }
        let before = contents(folder.path());
        for study in [Study::at(&path), Study::at(&path).extend().retry_failed()] {
            let error = counted().study(study).cross_validate(&corners(60)).unwrap_err();
            assert!(matches!(error, Error::Study(StudyError::Differs { .. })), "{error}");
            assert!(contents(folder.path()) == before, "{is_killed}");
        }
    }
}

#[test]
fn a_damaged_record_is_named_and_trained_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, data) = (folder.path().join("x.study"), corners(60));
    let search = || Mlp::search(Grid).space(Mlp::space().epochs([2])).cv(KFold::new(3)).seed(5).study(&path);
    let whole = search().cross_validate(&data).expect("a report");
    assert!(whole.damaged().is_empty());
    // A digit of a candidate that then reads like another one, which is there, too.
    let name = "{\"dropout\":0.1,\"lr\":0.01}";
    let bytes = fs::read(&path).expect("the study");
    // Claims that are long given back have the name, too.
    let is_damage = |at: &usize| {
        let mut bytes = bytes.clone();
        bytes[at + "{\"dropout\":0.".len()] = b'3';
        fs::write(&path, &bytes).expect("written");
        let faults = StudyFile::verify(&path).expect("read").faults;
        faults.iter().any(|fault| matches!(fault, Fault::Record(_)))
    };
    let mut places = (0..bytes.len() - name.len()).filter(|&at| bytes[at..].starts_with(name.as_bytes()));
    places.find(is_damage).expect("a record");
    let report = search().cross_validate(&data).expect("a report");
    assert_eq!(report.digest(), whole.digest());
    let damaged: Vec<String> = report.damaged().iter().map(ToString::to_string).collect();
    assert_eq!(damaged.len(), 1);
    assert!(
        damaged[0].starts_with("{\"dropout\":0.3,\"lr\":0.01} on fold ") && damaged[0].ends_with(" (2 epochs)"),
        "{damaged:?}"
    );
    let said = format!("warning: 1 damaged record of the study was not used: {}", damaged[0]);
    assert!(report.to_string().contains(&said), "{report}");
    let again = search().cross_validate(&data).expect("a report");
    assert_eq!((again.digest(), again.damaged()), (whole.digest(), &[] as &[_]));
}

// What a kill leaves between the first bytes of the log and the first page in it, as it was found once: reading it
// beside the index waited for a writer that was gone, for minutes.
#[test]
fn a_study_killed_as_it_was_made_is_made_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let writes = tempfile::tempdir().expect("a folder");
    let mut store = Sqlite::open(writes.path().join("x.study")).expect("a new study");
    assert!(store.set_identity(None, &Identity::new().with("seed", "8")).expect("written"));
    for (file, bytes) in contents(writes.path()) {
        let is_log = file.extension().is_some_and(|extension| extension == "study-wal");
        let left = if is_log { &bytes[..32] } else { &bytes[..] };
        fs::write(folder.path().join(file.file_name().expect("a name")), left).expect("a copy");
    }
    assert_eq!(contents(folder.path()).len(), 4, "the study, its log and index, and its lock");
    let start = Instant::now();
    let error = StudyFile::open(&path).map(|_| ()).unwrap_err();
    assert!(matches!(error, Error::Study(StudyError::Foreign { .. })), "{error}");
    counted().study(&path).cross_validate(&corners(60)).expect("a report");
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
    assert!(kept(&path) > 0);
}
