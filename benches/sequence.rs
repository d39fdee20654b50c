//! One training step of small networks of sequences against PyTorch, on one thread.
//! `cargo bench --bench sequence -- path/to/python`
//!
//! A step is what a fit repeats: gather a batch, forward, softmax cross-entropy, backward, Adam. dropgrid's is the time
//! of a fit over its steps. PyTorch's is that of `sequence.py` with fused Adam, in a process of its own; without a
//! Python it is left out. Medians of ratios from one run: absolute times of a shared machine say little.

use std::{env, process::Command};

use dropgrid::prelude::*;

/// Rounds; each measures both, one after the other.
const RUNS: usize = 5;
const ROWS: usize = 1024;

#[searchable(input = Rank2<64, 4>)]
struct Convolutions {
    first: (Conv1D<4, 16, 5>, ReLU, MaxPool1D<2, 2>),
    second: (Conv1D<16, 32, 5>, ReLU, GlobalAverage),
    output: Linear<32, 10>,
}

#[searchable(input = Rank2<24, 4>)]
struct Memory {
    memory: Lstm<4, 32>,
    output: Linear<32, 10>,
}

#[searchable(input = Rank2<24, 4>)]
struct Gated {
    memory: Gru<4, 32>,
    output: Linear<32, 10>,
}

#[searchable(input = Rank2<16, 32>)]
struct Encoder {
    body: (TransformerEncoder<32, 4, 64>, GlobalAverage),
    output: Linear<32, 10>,
}

macro_rules! network {
    ($name:literal, $model:ident, $width:literal, $batch:literal, $epochs:literal, $python:expr) => {{
        let rows: Vec<f32> = (0..ROWS * $width).map(|at| (at * 7919 % 1009) as f32 / 1009.0).collect();
        let labels = (0..ROWS).map(|row| row * 31 % 10);
        let data = Dataset::from_features(Features::from_flat(rows, $width)?, Classes::<10>::new(labels)?)?;
        let steps = $epochs * ROWS / $batch;
        let ours = || -> dropgrid::Result<f64> {
            let report = $model::search(Grid)
                .cv(SplitList::new([(0..ROWS, vec![0])]))
                .train(Train::adam(1e-3).epochs($epochs).batch_size($batch))
                .workers(1)
                .progress(false)
                .fit(&data)?;
            let fit =
                report.results().candidates().iter().flat_map(|candidate| candidate.records()).next().expect("one fit");
            Ok(fit.fit_time.as_secs_f64() / steps as f64 * 1e6)
        };
        let torch = |python: &str| -> f64 {
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/sequence.py");
            let arguments = [script, $name, stringify!($batch), &steps.to_string()];
            let output = Command::new(python).args(arguments).output().expect("Python runs");
            let text = String::from_utf8_lossy(&output.stdout);
            text.trim().parse().unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
        };
        let mut rounds: [Vec<f64>; 3] = Default::default();
        for _ in 0..RUNS {
            let ours = ours()?;
            let torch = $python.map_or(f64::NAN, torch);
            for (round, value) in rounds.iter_mut().zip([torch, ours, torch / ours]) {
                round.push(value);
            }
        }
        let [torch, ours, ratio] = rounds.map(median);
        let name = concat!($name, ", batch ", stringify!($batch));
        println!("{name:24} {torch:9.1} {ours:9.1} {ratio:12.2}");
    }};
}

fn main() -> dropgrid::Result<()> {
    let python = env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let python = python.as_deref();
    println!("{:24} {:>9} {:>9} {:>12}", "", "PyTorch us", "ours us", "x PyTorch");
    network!("convolutions", Convolutions, 256, 32, 8, python);
    network!("lstm", Memory, 96, 32, 8, python);
    network!("gru", Gated, 96, 32, 8, python);
    network!("encoder", Encoder, 512, 32, 4, python);
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
