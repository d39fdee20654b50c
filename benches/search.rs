//! What the search adds to its fits, and what a second worker gives, on the digits. `cargo bench --bench search`
//!
//! Ratios of medians from one run; absolute times of a shared machine say little.

use std::time::Instant;

use dropgrid::{prelude::*, report::Candidate};

#[searchable]
struct Mlp {
    hidden: (Linear<64, 128>, ReLU),
    #[grid(0.0, 0.1, 0.2, 0.3, 0.5)]
    dropout: Dropout,
    output: Linear<128, 10>,
    #[train]
    #[grid(1e-3, 3e-3)]
    lr: f64,
}

const RUNS: usize = 7;

fn main() -> dropgrid::Result<()> {
    let digits = Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit"))?;
    let mut walls = [Vec::new(), Vec::new()];
    let mut overheads = Vec::new();
    // The two numbers of workers take turns, so that a slow minute of the machine hits both.
    for _ in 0..RUNS {
        for workers in [1, 2] {
            let start = Instant::now();
            let report = Mlp::search(Grid)
                .train(Train::adam(1e-3).epochs(5).batch_size(32))
                .workers(workers)
                .progress(false)
                .fit(&digits)?;
            let wall = start.elapsed().as_secs_f64();
            walls[workers - 1].push(wall);
            if workers == 1 {
                let records = report.results().candidates().iter().flat_map(Candidate::records);
                let fits: f64 = records.map(|record| (record.fit_time + record.score_time).as_secs_f64()).sum();
                // The refit trains on five folds' rows where a fit has four, and is no overhead.
                let refit = fits / 50.0 * 1.25;
                overheads.push(wall / (fits + refit));
            }
        }
    }
    let [one, two] = walls.map(median);
    println!("wall time, 1 worker / sum of fits: {:.3}", median(overheads));
    println!("wall time, 1 worker / 2 workers:   {:.2}", one / two);
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
