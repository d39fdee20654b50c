//! A file of the format, as it was written once.

use super::*;

/// What stands in the frozen file.
fn frozen() -> (Identity, Legend, Vec<Kept>) {
    let identity = Identity::new().with("model", "Mlp { output: Linear < 4 , 3 > }").with("seed", "7");
    let mut first = kept("{\"dropout\":0.1}", 0, Ok(vec![0.1 + 0.2, f64::NAN]));
    first.record.details.retried = vec![Failure::Device { message: "no memory".to_owned() }];
    first.record.details.epochs = Some(Epochs { trained: 12, scored: 9 });
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
    (identity, legend, fits)
}

fn frozen_state() -> Checkpoint {
    Checkpoint { params: "{\"dropout\":0.3}".to_owned(), fold: 1, epochs: 7, state: vec![0, 255, 39] }
}

/// A fit that can go on from the same state.
fn frozen_sharing() -> FitName {
    fit("{\"dropout\":0.4}", 1)
}

fn frozen_end() -> EndState {
    EndState { training: "[[],null,false]".to_owned(), fold: 1, epochs: 20, state: vec![7, 0] }
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
    assert_eq!(Archive::open(&copy).expect("read").format(), 1);
    let (identity, legend, fits) = frozen();
    let mut store = Sqlite::open(&copy).expect("a writer");
    assert_eq!(store.identity().expect("read"), Some(identity));
    assert_eq!(store.legend().expect("read"), Some(legend));
    assert_eq!(store.drop_damaged().expect("read"), []);
    let read = sorted(&mut store);
    // NaN is not equal to itself, but it prints the same.
    assert_eq!(format!("{read:?}"), format!("{fits:?}"));
    let bits = |kept: &[Kept]| kept[0].record.outcome.as_ref().expect("scores")[1].to_bits();
    assert_eq!(bits(&read), bits(&fits));
    assert_eq!(store.checkpoint("{\"dropout\":0.3}", 1).expect("read"), Some(frozen_state()));
    let shared = store.checkpoint(&frozen_sharing().params, 1).expect("read");
    assert_eq!(shared.map(|shared| shared.state), Some(frozen_state().state));
    assert_eq!(store.end_state("[[],null,false]", 1, 20).expect("read"), Some(frozen_end()));
    // A search goes on: what is known is read, the rest is run.
    let (known, open) = ([fit("{\"dropout\":0.1}", 1)], [fit("{\"dropout\":0.3}", 0)]);
    drop(store);
    let mut store = Sqlite::open(&copy).expect("a writer");
    let standings = store.claim(&[&known, &open], 2, true).expect("an answer");
    assert_eq!(standings, [Standing::Kept(vec![fits[1].record.clone()]), Standing::Claimed]);
    store.keep(&[kept("{\"dropout\":0.3}", 0, Ok(vec![0.5; 2]))]).expect("written");
    drop(store);
    assert_eq!(Archive::open(&copy).expect("read").fits(), 4);
}

#[test]
#[ignore = "writes the frozen file, which is done once a format"]
fn write_the_frozen_file() {
    let path = frozen_file();
    assert!(!path.exists(), "the file is frozen");
    let (identity, legend, fits) = frozen();
    let folder = tempfile::tempdir().expect("a folder");
    let written = folder.path().join("x.study");
    let mut store = Sqlite::open(&written).expect("a new study");
    store.identify(None, &identity).expect("written");
    store.explain(&legend).expect("written");
    store.keep(&fits).expect("written");
    store.save(&frozen_state(), &[frozen_sharing()]).expect("written");
    store.save_end(&frozen_end()).expect("written");
    drop(store);
    fs::copy(written, path).expect("a copy");
}
