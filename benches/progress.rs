//! What showing progress costs. `cargo bench --bench progress`, in a terminal for the bar, with `2>log` for plain
//! lines.
//!
//! Ten thousand fits of a few hundred microseconds, and fits of the digits, each with progress shown, with a hook of
//! one's own in place of it, and without. Then ten thousand fits that a study has, which take no time themselves. Runs
//! take turns, and ratios are of the runs of a round, in the processor's time of this process, which other programs
//! hardly lengthen.

#[path = "support/processor.rs"]
mod processor;

use std::{
    io::{self, IsTerminal},
    time::Instant,
};

use dropgrid::prelude::*;
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

const ROUNDS: usize = 11;

/// The way in which a run shows its progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Nothing,
    Progress,
    Hook,
}

fn main() -> dropgrid::Result<()> {
    println!("progress is a {}", if io::stderr().is_terminal() { "bar" } else { "line at intervals" });
    let digits = Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit"))?;
    let tiny = {
        let numbers = (0..100 * 100).map(|at| (at * 7919 % 1009) as f32 / 1009.0).collect();
        let labels: Vec<usize> = (0..100).map(|row| row * 31 % 10).collect();
        Dataset::from_features(Features::from_flat(numbers, 100)?, Classes::<10>::new(labels)?)?
    };
    let recipe = Train::adam(1e-3).batch_size(32);
    compare("digits, 50 fits", |shown| {
        let search = D::search(Grid).train(recipe.clone().epochs(10)).progress(shown == Shown::Progress);
        let search = if shown == Shown::Hook { search.on_progress(|_| ()) } else { search };
        search.cross_validate(&digits).map(drop)
    })?;
    let many = |shown| {
        let splits = ShuffleSplit::new(100).test_size(0.3);
        let search = S::search(Grid).cv(splits).train(recipe.clone().epochs(1));
        let search = search.progress(shown == Shown::Progress);
        if shown == Shown::Hook { search.on_progress(|_| ()) } else { search }
    };
    compare("tiny, 10100 fits", |shown| many(shown).cross_validate(&tiny).map(drop))?;
    // Fits that a study has cost nothing but what a search does with them.
    let path = std::env::temp_dir().join(format!("dropgrid-progress-{}.study", std::process::id()));
    let start = Instant::now();
    many(Shown::Nothing).study(&path).cross_validate(&tiny)?;
    let whole = start.elapsed().as_secs_f64() / 10_100.0;
    let [mut without, mut with, mut hooked] =
        [Shown::Nothing, Shown::Progress, Shown::Hook].map(|shown| (shown, Vec::new()));
    for _ in 0..ROUNDS {
        for (shown, times) in [&mut without, &mut with, &mut hooked] {
            let start = Instant::now();
            many(*shown).study(&path).cross_validate(&tiny)?;
            times.push(start.elapsed().as_secs_f64() / 10_100.0);
        }
    }
    let median = |(_, times): &mut (Shown, Vec<f64>)| {
        times.sort_by(f64::total_cmp);
        times[ROUNDS / 2]
    };
    let [without, with, hooked] = [median(&mut without), median(&mut with), median(&mut hooked)];
    println!(
        "a fit of {:.1} µs: {:+.2} µs with progress, {:+.2} % of it; {:+.2} µs with a hook",
        1e6 * whole,
        1e6 * (with - without),
        100.0 * (with - without) / whole,
        1e6 * (hooked - without)
    );
    std::fs::remove_file(&path).ok();
    Ok(())
}

/// Prints the median ratio of a run that shows progress to the run without of the same round.
fn compare(name: &str, run: impl Fn(Shown) -> dropgrid::Result<()>) -> dropgrid::Result<()> {
    let all = [Shown::Nothing, Shown::Progress, Shown::Hook];
    let (mut ratios, mut sums) = ([Vec::new(), Vec::new()], [0.0; 3]);
    for round in 0..ROUNDS {
        let mut times = [0.0; 3];
        for turn in 0..all.len() {
            let at = (round + turn) % all.len();
            let before = processor_time();
            run(all[at])?;
            times[at] = processor_time() - before;
        }
        for (sum, time) in sums.iter_mut().zip(times) {
            *sum += time;
        }
        ratios[0].push(times[1] / times[0] - 1.0);
        ratios[1].push(times[2] / times[0] - 1.0);
    }
    let [without, with, hooked] = sums;
    println!(
        "{name}: {:.3} s of the processor without progress; of all rounds {:+.2} % with it, {:+.2} % with a hook",
        without / ROUNDS as f64,
        100.0 * (with / without - 1.0),
        100.0 * (hooked / without - 1.0)
    );
    for (shown, ratios) in all[1..].iter().zip(&mut ratios) {
        ratios.sort_by(f64::total_cmp);
        let [low, middle, high] = [ROUNDS / 4, ROUNDS / 2, ROUNDS * 3 / 4].map(|at| 100.0 * ratios[at]);
        println!("{name}: {shown:?} {middle:+.2} % (quartiles {low:+.2} to {high:+.2})");
    }
    Ok(())
}
