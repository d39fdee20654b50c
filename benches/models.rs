//! The time of a model's next candidate, after so many on ten axes. `cargo bench --bench models` prints the table of
//! docs/performance.md.

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

/// The searches of each strategy, of other seeds. The median of them counts.
const SEEDS: u64 = 5;

/// The time of a candidate in each search of `most` candidates, over the last fifth of those before each of `SIZES`: the
/// median of the means, and the longest of all.
fn times(strategy: &impl Strategy<TenSpace>, most: usize) -> Vec<String> {
    let searches: Vec<Vec<Duration>> =
        (1..=SEEDS).map(|seed| run_timed(strategy, &Ten::space(), seed, 5, score).1).collect();
    let of = |&size: &usize| {
        let last = |times: &Vec<Duration>| times[size - size / 5..size].to_vec();
        let mean = |times: &Vec<Duration>| last(times).iter().sum::<Duration>() / (size / 5) as u32;
        let mut means: Vec<Duration> = searches.iter().map(mean).collect();
        means.sort_unstable();
        let longest = searches.iter().flat_map(last).max().expect("a time");
        let ms = |time: Duration| format!("{:.2}", 1e3 * time.as_secs_f64());
        format!("{} ms ({})", ms(means[means.len() / 2]), ms(longest))
    };
    SIZES.iter().filter(|&&size| size <= most).map(of).collect()
}

/// The candidates before the one that is timed.
const SIZES: [usize; 5] = [25, 50, 100, 250, 1000];

fn main() {
    println!("| strategy | {} |", SIZES.map(|size| size.to_string()).join(" | "));
    println!("|---{}|", "|---".repeat(SIZES.len()));
    for (name, mut row) in [("`Gp`", times(&Gp::new(250), 250)), ("`Tpe`", times(&Tpe::new(1000), 1000))] {
        row.resize(SIZES.len(), "-".to_owned());
        println!("| {name} | {} |", row.join(" | "));
    }
}
