//! What learning curves cost, beside the search of the digits. `cargo bench --bench curves`
//!
//! Each round runs the search (50 fits of 20 epochs, one worker), and right after it the work that curves add: the sums
//! over the batches, the epochs and the copy in the record; the curves in a study; and the whole search with
//! `.curve_scores(true)`. Curves cannot be switched off, so the first two are timed by themselves, on the numbers that
//! the search has given. A study is written with curves and without, in turns. Medians of the rounds' ratios.

#[allow(dead_code, reason = "workloads of other benches")]
mod support;

use std::{hint::black_box, path::Path, time::Instant};

use dropgrid::{
    record::{Curve, Record, Resource},
    study::{FitName, Records, Sqlite, StoredRecord},
};
use support::{D, Workload, search};

const ROUNDS: usize = 9;

/// Batches of an epoch: four fifths of 1797 rows, by 32.
const BATCHES: usize = 45;

/// Records in a study that is written at once.
const STORED: usize = 20_000;

fn main() -> dropgrid::Result<()> {
    let data = D::data()?;
    let folder = tempfile::tempdir().expect("a folder");
    let mut ratios: [Vec<f64>; 3] = Default::default();
    for round in 0..ROUNDS {
        let start = Instant::now();
        let report = search::<D>(D::SIZE, 1).cross_validate(&data)?;
        let plain = start.elapsed().as_secs_f64();
        let records: Vec<Record> =
            report.results().candidates().iter().flat_map(|candidate| candidate.records()).cloned().collect();

        let start = Instant::now();
        for record in &records {
            put_down(&record.curve);
        }
        ratios[0].push(start.elapsed().as_secs_f64() / plain);

        let mut times = [0.0; 2];
        for at in [round % 2, 1 - round % 2] {
            let path = folder.path().join(format!("{round}.{at}.study"));
            times[at] = store(&path, &records, at == 1)?;
        }
        ratios[1].push((times[1] - times[0]) * records.len() as f64 / STORED as f64 / plain);

        let start = Instant::now();
        black_box(search::<D>(D::SIZE, 1).curve_scores(true).cross_validate(&data)?);
        ratios[2].push(start.elapsed().as_secs_f64() / plain - 1.0);
    }
    for (name, mut ratios) in ["curves in records", "curves in a study", "with scores"].into_iter().zip(ratios) {
        ratios.sort_by(f64::total_cmp);
        let [low, median, high] = [ROUNDS / 4, ROUNDS / 2, ROUNDS * 3 / 4].map(|at| ratios[at] * 100.0);
        println!("{name:18} {median:8.3} % of the search (half of the rounds {low:.3} to {high:.3})");
    }
    Ok(())
}

/// Makes a curve as a training does, and copies it as a record does.
fn put_down(curve: &Curve) {
    let mut epochs = Vec::with_capacity(curve.epochs.len());
    for epoch in black_box(&curve.epochs) {
        let (mut loss, mut rows) = (0.0, 0_usize);
        for _ in 0..BATCHES {
            loss += f64::from(black_box(epoch.train_loss as f32)) * 32.0;
            rows += black_box(32);
        }
        let mut epoch = epoch.clone();
        epoch.train_loss = loss / rows as f64;
        epochs.push(epoch);
    }
    let curve: Curve = epochs.into_iter().collect();
    black_box((curve.clone(), curve));
}

/// Writes a study of many records. Returns the seconds.
fn store(path: &Path, records: &[Record], has_curves: bool) -> dropgrid::Result<f64> {
    let stored = (0..STORED).zip(records.iter().cycle()).map(|(number, record)| {
        let params = format!("{{\"dropout\":{},\"lr\":0.001}}", number as f64 * 1e-5);
        let name = FitName { params, fold: record.fold, resource: Resource::full(20) };
        let mut record = record.clone();
        if !has_curves {
            record.curve = Curve::default();
        }
        StoredRecord { name, record }
    });
    let stored: Vec<StoredRecord> = stored.collect();
    let mut store = Sqlite::open(path)?;
    let start = Instant::now();
    store.add(&stored, &[], &[])?;
    Ok(start.elapsed().as_secs_f64())
}
