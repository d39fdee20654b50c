//! What keeping a study costs. `cargo bench --bench study`
//!
//! The digits (50 fits of 20 epochs), and ten thousand fits of a few hundred microseconds, each with a study file and
//! without; then the time to read a study of a hundred thousand fits. Ratios of medians of runs that take turns. The files
//! stand in the folder for temporary files, whose disk decides what a commit takes.

use std::{path::Path, time::Instant};

use dropgrid::{
    prelude::*,
    record::{Details, Record},
    study::{Archive, Identity, Kept, Sqlite, Store},
};

#[searchable]
struct D {
    hidden: (Linear<64, 128>, ReLU),
    #[grid(0.0, 0.1, 0.2, 0.3, 0.5)]
    dropout: Dropout,
    output: Linear<128, 10>,
    #[train]
    #[grid(1e-3, 3e-3)]
    lr: f64,
}

#[searchable]
struct S {
    hidden: (Linear<100, 64>, ReLU),
    #[grid(0.0..=0.9, step = 0.009)]
    dropout: Dropout,
    output: Linear<64, 10>,
}

const RUNS: usize = 7;

fn main() -> dropgrid::Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let digits = Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit"))?;
    let tiny = {
        let numbers = (0..100 * 100).map(|at| (at * 7919 % 1009) as f32 / 1009.0).collect();
        let labels: Vec<usize> = (0..100).map(|row| row * 31 % 10).collect();
        Dataset::from_features(Features::from_flat(numbers, 100)?, Classes::<10>::new(labels)?)?
    };
    let recipe = Train::adam(1e-3).batch_size(32);
    compare("digits, 50 fits", folder.path(), |study| {
        let search = D::search(Grid).train(recipe.clone().epochs(20)).progress(false);
        let search = if let Some(path) = study { search.study(path) } else { search };
        search.evaluate(&digits).map(drop)
    })?;
    compare("tiny, 10100 fits", folder.path(), |study| {
        let splits = ShuffleSplit::new(100).test_size(0.3);
        let search = S::search(Grid).cv(splits).train(recipe.clone().epochs(1)).progress(false);
        let search = if let Some(path) = study { search.study(path) } else { search };
        search.evaluate(&tiny).map(drop)
    })?;

    let path = folder.path().join("large.study");
    let mut store = Sqlite::open(&path)?;
    store.identify(None, &Identity::new().with("seed", "1"))?;
    let fits: Vec<Kept> = (0..100_000_u32)
        .map(|fit| {
            let params = format!("{{\"dropout\":{},\"lr\":0.001,\"hidden\":128}}", f64::from(fit / 5) * 1e-5);
            let time = std::time::Duration::from_millis(26);
            let record = Record {
                candidate: 0,
                fold: fit % 5,
                outcome: Ok(vec![0.98, 0.07]),
                warnings: vec![Vec::new(); 2],
                train_scores: None,
                fit_time: time,
                score_time: time,
                details: Details::default(),
            };
            Kept { params, record }
        })
        .collect();
    store.keep(&fits)?;
    drop(store);
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            let kept = Archive::open(&path).map_or(0, |study| study.fits());
            assert_eq!(kept, fits.len());
            start.elapsed().as_secs_f64()
        })
        .collect();
    println!("opening and reading a study of 100000 fits: {:.3} s", median(&mut times));
    Ok(())
}

fn compare(name: &str, folder: &Path, run: impl Fn(Option<&Path>) -> dropgrid::Result<()>) -> dropgrid::Result<()> {
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..RUNS {
        let path = folder.join(format!("{round} {name}.study"));
        for (times, study) in times.iter_mut().zip([None, Some(path.as_path())]) {
            let start = Instant::now();
            run(study)?;
            times.push(start.elapsed().as_secs_f64());
        }
    }
    let [without, with] = times.each_mut().map(|times| median(times));
    println!("{name:18} without {without:8.3} s, with a study {with:8.3} s, ratio {:.3}", with / without);
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
