//! The time to score a million rows, and what scikit-learn takes for the same. `cargo bench --bench metrics`
//!
//! The Python side is `benches/metrics.py`; run both on a quiet machine, one after the other. The truth, the
//! probabilities and the weights are the same numbers on both sides.

use std::time::Instant;

use dropgrid::{
    data::Truth,
    metric::{MetricOf, Scored},
    prelude::*,
};

const ROWS: usize = 1_000_000;
const CLASSES: usize = 10;
const RUNS: usize = 7;

/// A number in [0, 1) that a row and a column determine.
fn mixed(at: usize) -> f64 {
    let z = (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((z ^ (z >> 32)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Prints the value and the median time of each metric.
fn time<K: Truth>(
    metrics: Vec<MetricOf<K>>,
    scored: impl Fn() -> dropgrid::Result<Scored<'static, K>>,
) -> dropgrid::Result<()> {
    for metric in metrics {
        let mut times = Vec::new();
        let mut value = 0.0;
        for _ in 0..RUNS {
            // Scikit-learn's functions take and check plain arrays: so does this.
            let start = Instant::now();
            value = metric.score(&scored()?)?.value;
            times.push(start.elapsed().as_secs_f64());
        }
        times.sort_by(f64::total_cmp);
        println!("{:30} {:9.2} ms  {value:.12}", metric.name(), times[RUNS / 2] * 1e3);
    }
    Ok(())
}

fn main() -> dropgrid::Result<()> {
    let mut probabilities: Vec<f64> = (0..ROWS * CLASSES).map(mixed).collect();
    for row in probabilities.chunks_mut(CLASSES) {
        let sum: f64 = row.iter().sum();
        for value in row {
            *value /= sum;
        }
    }
    let truth: Vec<usize> = (0..ROWS)
        .map(|row| (0..CLASSES).rev().find(|&class| mixed(row + 7) * CLASSES as f64 >= class as f64).unwrap_or(0))
        .collect();
    let predicted: Vec<f64> = (0..ROWS).map(|row| mixed(row + 3) + 0.5).collect();
    let values: Vec<f64> = (0..ROWS).map(|row| mixed(row + 5) + 0.5).collect();
    let (probabilities, truth): (&'static [f64], &'static [usize]) = (probabilities.leak(), truth.leak());
    let (predicted, values): (&'static [f64], &'static [f64]) = (predicted.leak(), values.leak());

    println!("{ROWS} rows of {CLASSES} probabilities");
    time(
        vec![
            Box::new(LogLoss),
            Box::new(TopKAccuracy::new(3)),
            Box::new(RocAuc::ovr(Averaging::Macro)),
            Box::new(BrierScore),
        ],
        || Scored::classes(truth, probabilities, CLASSES),
    )?;
    let labels: Vec<usize> = Scored::classes(truth, probabilities, CLASSES)?.predicted()?.to_vec();
    let labels: &'static [usize] = labels.leak();
    println!("{ROWS} rows of labels");
    time(
        vec![
            Box::new(Accuracy),
            Box::new(BalancedAccuracy),
            Box::new(F1::averaged(Averaging::Macro)),
            Box::new(CohenKappa::new()),
            Box::new(MatthewsCorrcoef),
        ],
        || Scored::labels(truth, labels, CLASSES),
    )?;
    println!("{ROWS} rows of numbers");
    time(
        vec![
            Box::new(MeanSquaredError),
            Box::new(MeanAbsoluteError),
            Box::new(MedianAbsoluteError),
            Box::new(R2),
            Box::new(MeanPoissonDeviance),
        ],
        || Scored::values(values, predicted, 1),
    )
}
