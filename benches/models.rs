//! The time of a model's next candidate, after so many on ten axes. `cargo bench --bench models`

#[path = "../tests/support/one_by_one.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod one_by_one;

use std::time::Duration;

use dropgrid::{prelude::*, strategy::Strategy};
use one_by_one::run_timed;

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

/// Runs a search of as many candidates as the last of `sizes`, and prints the mean time of a candidate over the last
/// ones before each of them.
fn run(name: &str, strategy: &impl Strategy<TenSpace>, sizes: &[usize]) {
    let (_, times) = run_timed(strategy, &Ten::space(), 1, 5, score);
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
