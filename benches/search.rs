//! What a search adds to its fits, and what a second worker gives. `cargo bench --bench search`
//!
//! Three workloads: S is start-up (100 random rows, one epoch), D the digits (50 fits of 20 epochs), M a wider network
//! (4096 rows of 784). Ratios of medians from one run; absolute times of a shared machine say little. The refit of the
//! best candidate runs alone, so it counts as a fit for one worker and not at all for the ratio of two.

use std::time::Instant;

use dropgrid::{model::Model, prelude::*, report::Candidate, train::Objective};

#[searchable]
struct S {
    hidden: (Linear<100, 64>, ReLU),
    #[grid(0.1, 0.2, 0.3)]
    dropout: Dropout,
    output: Linear<64, 10>,
}

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
struct M {
    hidden: (Linear<784, 512>, ReLU),
    #[grid(0.1, 0.2, 0.3)]
    dropout: Dropout,
    output: Linear<512, 10>,
}

const RUNS: usize = 7;

fn main() -> dropgrid::Result<()> {
    let digits = Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit"))?;
    println!("{:3} {:>5} {:>10} {:>18} {:>22}", "", "fits", "1 worker s", "wall / sum of fits", "1 worker / 2 workers");
    workload::<S>("S", &random(100, 100)?, 3, 1, 32)?;
    workload::<D>("D", &digits, 5, 20, 32)?;
    workload::<M>("M", &random(4096, 784)?, 3, 3, 128)
}

fn workload<Mo>(
    name: &str,
    data: &Dataset<Classes<10>>,
    folds: usize,
    epochs: usize,
    batch: usize,
) -> dropgrid::Result<()>
where
    Mo: Model,
    Grid: dropgrid::strategy::Strategy<Mo::Space>,
    Classes<10>: Objective<Output = Mo::Output>,
{
    let mut searches = [Vec::new(), Vec::new()];
    let (mut overheads, mut walls, mut count) = (Vec::new(), Vec::new(), 0);
    // The two numbers of workers take turns, so that a slow minute of the machine hits both.
    for _ in 0..RUNS {
        for workers in [1, 2] {
            let start = Instant::now();
            let report = dropgrid::search::Search::<Mo, _>::new(Grid)
                .cv(StratifiedKFold::new(folds))
                .train(Train::adam(1e-3).epochs(epochs).batch_size(batch))
                .workers(workers)
                .progress(false)
                .fit(data)?;
            let wall = start.elapsed().as_secs_f64();
            let records = report.results().candidates().iter().flat_map(Candidate::records);
            let times = records.map(|record| (record.fit_time + record.score_time).as_secs_f64());
            let times: Vec<f64> = times.collect();
            count = times.len();
            let fits: f64 = times.iter().sum();
            // The refit trains on all folds' rows where a fit has all but one, and scores nothing.
            let refit = fits / count as f64 * folds as f64 / (folds - 1) as f64;
            searches[workers - 1].push(wall - refit);
            if workers == 1 {
                walls.push(wall);
                overheads.push(wall / (fits + refit));
            }
        }
    }
    let [one, two] = searches.map(median);
    println!("{name:3} {count:5} {:10.4} {:18.3} {:22.2}", median(walls), median(overheads), one / two);
    Ok(())
}

fn random(rows: usize, columns: usize) -> dropgrid::Result<Dataset<Classes<10>>> {
    let numbers = (0..rows * columns).map(|at| (at * 7919 % 1009) as f32 / 1009.0).collect();
    let labels: Vec<usize> = (0..rows).map(|row| row * 31 % 10).collect();
    Dataset::from_features(Features::from_flat(numbers, columns)?, Classes::new(labels)?)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
