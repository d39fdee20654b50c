//! The time of a model's next candidate, after so many on ten axes. `cargo bench --bench models`

use std::time::{Duration, Instant};

use dropgrid::{
    metric::Direction,
    prelude::*,
    record::{Budget, Curve, Details, FoldInfo, MetricInfo, Record},
    seed::Seed,
    strategy::{Strategy, Trials, View},
};

/// Ten axes: seven real ones, whole numbers, a list and choices.
#[searchable]
struct Ten {
    #[uniform(0.0..0.9)]
    a: Dropout,
    #[uniform(0.0..0.9)]
    b: Dropout,
    #[uniform(0.0..0.9)]
    c: Dropout,
    #[uniform(0.0..0.9)]
    d: Dropout,
    #[uniform(0.0..0.9)]
    e: Dropout,
    #[uniform(0.0..0.9)]
    f: Dropout,
    #[set(p = (width as f64 + f64::from(depth)) / 200.0 + if kind == 'a' { 0.1 } else { 0.0 })]
    tied: Dropout,
    output: Linear<4, 3>,
    #[uniform(1..=100)]
    depth: u32,
    #[grid(1, 2, 4, 8)]
    width: usize,
    #[grid('a', 'b', 'c')]
    kind: char,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}

fn score(params: &TenParams, fold: u32) -> f64 {
    let rates = [params.a, params.b, params.c, params.d, params.e, params.f];
    let rates: f64 = rates.iter().enumerate().map(|(at, rate)| (rate - 0.1 * at as f64).powi(2)).sum();
    let decades = (params.lr / 3e-3).log10();
    let wave = (f64::from(fold) * 7.3 + 40.0 * params.a + 90.0 * params.lr).sin();
    rates + decades * decades + f64::from(params.depth) / 100.0 + params.width as f64 / 8.0 + 0.05 * wave
}

/// Runs a search of so many candidates, and prints the mean time of a candidate over the last ones before each of `sizes`.
fn run(name: &str, strategy: &impl Strategy<TenSpace>, sizes: &[usize]) {
    let space = Ten::space();
    let folds = vec![FoldInfo { repeat: 0, train: 120, test: 30, weight: 1.0 }; 5];
    let metrics = [MetricInfo { name: "loss".to_owned(), direction: Direction::Minimize }];
    let mut trials: Trials<TenParams> = Trials::new(&folds, f64::NAN);
    let mut times = Vec::new();
    while trials.len() < sizes[sizes.len() - 1] {
        let view = View {
            space: &space,
            folds: &folds,
            metrics: &metrics,
            monitored: &metrics[0],
            best_score: None,
            error_score: f64::NAN,
            constraints: &[],
            priors: &[],
            enqueued: &[],
            rows: 150,
            classes: None,
            seed: Seed(1),
            epochs: &|_| 1,
            epoch_range: (1, 1),
            evaluation_only: &[],
            trials: &trials,
        };
        let start = Instant::now();
        let jobs = strategy.propose(&view).expect("a proposal");
        times.push(start.elapsed());
        let first = jobs[0].candidate;
        for job in jobs.into_iter().filter(|job| job.candidate == first) {
            let record = Record {
                candidate: job.candidate,
                fold: job.fold,
                budget: Budget::Full,
                outcome: Ok(vec![score(&job.params, job.fold)]),
                warnings: vec![Vec::new()],
                train_scores: None,
                fit_time: Duration::ZERO,
                score_time: Duration::ZERO,
                curve: Curve::default(),
                details: Details::default(),
            };
            trials.add(|| job.params.clone(), record);
        }
    }
    for &size in sizes {
        let last = &times[size - size / 5..size];
        let (mean, most) = (last.iter().sum::<Duration>() / last.len() as u32, last.iter().max().expect("times"));
        println!("{name} at {size:4} candidates: {mean:9.2?} a candidate, the longest {most:9.2?}");
    }
}

fn main() {
    run("Gp ", &Gp::new(250), &[25, 50, 100, 250]);
    run("Tpe", &Tpe::new(1000), &[25, 50, 100, 250, 1000]);
}
