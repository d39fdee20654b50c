//! A file of the format, as it was written once.

use super::*;

/// What stands in the frozen file.
fn frozen() -> (Identity, Metadata, Vec<StoredRecord>) {
    let identity = Identity::new().with("model", "Mlp { output: Linear < 4 , 3 > }").with("seed", "7");
    let mut first = stored("{\"dropout\":0.1}", 0, Ok(vec![0.1 + 0.2, f64::NAN]));
    first.record.details.retried = vec![Failure::Device { message: "no memory".to_owned() }];
    first.record.details.epochs = Some(Epochs::new(12, 9, true));
    let epoch = |number, monitored| {
        let mut epoch = Epoch::new(number, 0.1 + 0.2);
        (epoch.monitored, epoch.lr) = (monitored, 1e-3);
        (epoch.train_scores, epoch.validation_scores) = (vec![0.25], vec![0.5, -0.0]);
        epoch
    };
    first.record.curve = vec![epoch(1, Some(f64::NEG_INFINITY)), epoch(2, None)].into_iter().collect();
    let fits = vec![
        at("20@0.5", stored("{\"dropout\":0.1}", 0, Ok(vec![0.5, 0.25]))),
        first,
        at("9/27", stored("{\"dropout\":0.1}", 0, Ok(vec![0.5, 0.25]))),
        stored("{\"dropout\":0.1}", 1, Err(Failure::Diverged { epoch: 2, batch: 3, loss: f32::INFINITY })),
        stored("{\"dropout\":null}", 0, Err(Failure::Panicked { message: "no \"luck\"".to_owned() })),
    ];
    let cost = MetricInfo::new("cost, in \"€\"", Direction::Minimize);
    let folds = vec![FoldInfo::new(40, 20).with_weight(0.1), FoldInfo::new(39, 21).with_weight(0.2)];
    let mut metadata = Metadata::new(vec![MetricInfo::new("accuracy", Direction::Maximize), cost], folds);
    (metadata.error_score, metadata.fits) = (Some(f64::NEG_INFINITY), Some(5));
    (identity, metadata, fits)
}

fn frozen_states() -> [State; 2] {
    let state = |fold, epochs, bytes, lasting| State {
        trajectory: "[[],null,false,1]".to_owned(),
        fold,
        epochs,
        bytes,
        lasting,
    };
    [state(1, 7, vec![0, 255, 39], false), state(0, 20, vec![7, 0], true)]
}

fn frozen_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/format1.study")
}

/// The file was written once, by the test below, and is never written again within a format.
#[test]
fn the_frozen_file_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("x.study");
    fs::copy(frozen_file(), &copy).expect("a copy");
    assert_eq!(StudyFile::open(&copy).expect("read").info().format, 1);
    let (identity, metadata, fits) = frozen();
    let mut store = Sqlite::open(&copy).expect("a writer");
    assert_eq!(store.identity().expect("read"), Some(identity));
    assert_eq!(store.metadata().expect("read"), Some(metadata));
    assert_eq!(store.drop_damaged().expect("read"), []);
    let read = sorted(&mut store);
    // NaN is not equal to itself, but it prints the same.
    assert_eq!(format!("{read:?}"), format!("{fits:?}"));
    let bits = |records: &[StoredRecord]| records[1].record.outcome.as_ref().expect("scores")[1].to_bits();
    assert_eq!(bits(&read), bits(&fits));
    for state in frozen_states() {
        assert_eq!(state_of(&mut store, &state.trajectory, state.fold, 40), Some(state));
    }
    // A search goes on: what is known is read, the rest is run.
    let (known, open) = ([fit("{\"dropout\":0.1}", 1)], [fit("{\"dropout\":0.3}", 0)]);
    drop(store);
    let mut store = Sqlite::open(&copy).expect("a writer");
    let standings = store.claim(&[&known, &open], 2, true).expect("an answer");
    assert_eq!(standings, [ClaimStatus::Finished(vec![fits[3].record.clone()]), ClaimStatus::Claimed]);
    store.add(&[stored("{\"dropout\":0.3}", 0, Ok(vec![0.5; 2]))], &[], &[]).expect("written");
    drop(store);
    assert_eq!(StudyFile::open(&copy).expect("read").fits(), 6);
}

#[test]
#[ignore = "writes the frozen file, which is done once a format"]
fn write_the_frozen_file() {
    let path = frozen_file();
    assert!(!path.exists(), "the file is frozen");
    let (identity, metadata, fits) = frozen();
    let folder = tempfile::tempdir().expect("a folder");
    let written = folder.path().join("x.study");
    let mut store = Sqlite::open(&written).expect("a new study");
    store.set_identity(None, &identity).expect("written");
    store.set_metadata(&metadata).expect("written");
    store.add(&fits, &[], &[]).expect("written");
    for state in frozen_states() {
        save(&mut store, &state, &[]);
    }
    drop(store);
    fs::copy(written, path).expect("a copy");
}
