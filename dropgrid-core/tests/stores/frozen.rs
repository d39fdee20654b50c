//! Files of every format, as they were written once.

use super::*;

/// What stands in the frozen files. Formats from 2 on have a legend, those from 3 on details and a checkpoint,
/// those from 4 on one that two fits have together, and those from 5 on an end state.
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

/// A fit that can go on from the same state.
fn frozen_sharing() -> FitName {
    fit("{\"dropout\":0.4}", 1)
}

fn frozen_end() -> EndState {
    EndState { training: "[[],null,false]".to_owned(), fold: 1, epochs: 20, state: vec![7, 0] }
}

fn frozen_file(format: i32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../tests/golden/format{format}.study"))
}

/// Studies of every format are readable for ever. Each file was written once, by the test below as it was then, and is
/// never written again.
#[test]
fn files_of_every_format_open() {
    let folder = tempfile::tempdir().expect("a folder");
    for format in 1..=5 {
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
            let shared = store.checkpoint(&frozen_sharing().params, 1).expect("read");
            assert_eq!(shared.map(|shared| shared.state), (format > 3).then(|| frozen_state().state));
            let end = store.end_state("[[],null,false]", 1, 20).expect("read");
            assert_eq!(end, (format > 4).then(frozen_end));
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
        assert_eq!((study.format(), study.fits()), (5, 4));
    }
}

#[test]
#[ignore = "writes the frozen file, which is done once a format"]
fn write_the_frozen_file() {
    let format = 5;
    let path = frozen_file(format);
    assert!(!path.exists(), "the file is frozen");
    let (identity, legend, fits) = frozen(format);
    let mut store = Sqlite::open(path).expect("a new study");
    store.identify(None, &identity).expect("written");
    store.explain(&legend.expect("a legend")).expect("written");
    store.keep(&fits).expect("written");
    store.save(&frozen_state(), &[frozen_sharing()]).expect("written");
    store.save_end(&frozen_end()).expect("written");
}
