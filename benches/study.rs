//! What keeping a study costs. `cargo bench --bench study`
//!
//! The digits (50 fits of 20 epochs), and ten thousand fits of a few hundred microseconds, each with a study file and
//! without; then what it takes to report a study of a hundred thousand fits. Runs with and without take turns. The
//! files stand in the folder for temporary files, whose disk decides what a commit takes.

#[path = "support/processor.rs"]
mod processor;

use std::{path::Path, process::Command, time::Instant};

use dropgrid::{
    prelude::*,
    record::{Budget, FoldInfo, Job, MetricInfo, Record, Resource},
    report::{Layout, Results, UNKNOWN_WIDTH},
    study::{FitName, Identity, Metadata, Records, Sqlite, StoredRecord, StudyFile},
};
use processor::processor_time;

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
const ROUNDS: usize = 15;

fn main() -> dropgrid::Result<()> {
    if let Ok(path) = std::env::var(REPORT) {
        return report(&path);
    }
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
        search.cross_validate(&digits).map(drop)
    })?;
    compare("tiny, 10100 fits", folder.path(), |study| {
        let splits = ShuffleSplit::new(100).test_size(0.3);
        let search = S::search(Grid).cv(splits).train(recipe.clone().epochs(1)).progress(false);
        let search = if let Some(path) = study { search.study(path) } else { search };
        search.cross_validate(&tiny).map(drop)
    })?;

    let path = folder.path().join("large.study");
    let mut store = Sqlite::open(&path)?;
    store.set_identity(None, &Identity::new().with("seed", "1"))?;
    let direction = Direction::Maximize;
    let metrics = ["accuracy", "log_loss"].map(|name| MetricInfo::new(name, direction));
    let folds = vec![FoldInfo::new(1438, 359); 5];
    let mut metadata = Metadata::new(metrics.into(), folds);
    metadata.fits = Some(100_000);
    store.set_metadata(&metadata)?;
    let fits: Vec<StoredRecord> = (0..100_000_u32)
        .map(|fit| {
            let params = format!("{{\"dropout\":{},\"lr\":0.001,\"hidden\":128}}", f64::from(fit / 5) * 1e-5);
            let time = std::time::Duration::from_millis(26);
            let job = Job { candidate: 0, params: (), fold: fit % 5, budget: Budget::Full };
            let mut record = Record::new(&job, Ok(vec![0.98, 0.07]));
            (record.fit_time, record.score_time) = (time, time);
            let name = FitName { params, fold: fit % 5, resource: Resource::full(20) };
            StoredRecord { name, record }
        })
        .collect();
    store.add(&fits, &[], &[])?;
    drop(store);
    drop(fits);
    // In a process of its own, whose memory is nothing else's.
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program).env(REPORT, &path).output().expect("a process");
    print!("{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

/// The variable that makes a process one that reports a study.
const REPORT: &str = "DROPGRID_BENCH_REPORT";

/// Opens a study and ranks its candidates.
fn report(path: &str) -> dropgrid::Result<()> {
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        let study = StudyFile::open(path)?;
        let results = Results::of_study(&study);
        let layout =
            Layout { width: UNKNOWN_WIDTH, shown: 20, candidates: "", columns: "", bold: None, fold_scores: false };
        assert!(study.fits() == 100_000 && results.table(&layout).lines().count() > 20);
        times.push(start.elapsed().as_secs_f64());
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map_or("unknown", str::trim);
    println!("opening and reporting 100000 fits: {:.3} s, at most {memory} of memory", median(&mut times));
    Ok(())
}

/// Ratios are of the two runs of a round, which stand side by side, and of their median.
fn compare(name: &str, folder: &Path, run: impl Fn(Option<&Path>) -> dropgrid::Result<()>) -> dropgrid::Result<()> {
    let (mut times, mut processor) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    for round in 0..ROUNDS {
        let path = folder.join(format!("{round} {name}.study"));
        let kinds = [None, Some(path.as_path())];
        for at in [round % 2, 1 - round % 2] {
            let (start, before) = (Instant::now(), processor_time());
            run(kinds[at])?;
            times[at].push(start.elapsed().as_secs_f64());
            processor[at].push(processor_time() - before);
        }
    }
    let [without, with] = processor.each_ref().map(|times| times.iter().sum::<f64>());
    let processor = with / without;
    let mut ratios: Vec<f64> = times[1].iter().zip(&times[0]).map(|(with, without)| with / without).collect();
    ratios.sort_by(f64::total_cmp);
    let (low, high) = (ratios[ROUNDS / 4], ratios[ROUNDS * 3 / 4]);
    let [without, with] = times.each_mut().map(|times| median(times));
    println!(
        "{name:18} without {without:8.3} s, with a study {with:8.3} s, ratio {:.3} (half of them {low:.3} to {high:.3}); \
         of processor time {processor:.3}",
        median(&mut ratios)
    );
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
