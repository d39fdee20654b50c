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

#[searchable(input = Rank2<64, 4>)]
struct Averages {
    first: (Conv1D<4, 16, 5>, ReLU, AvgPool1D<2, 2>),
    second: (Conv1D<16, 32, 5>, ReLU, GlobalAverage),
    output: Linear<32, 10>,
}

#[searchable(input = 16)]
struct Words {
    words: (Embedding<1000, 32>, GlobalAverage),
    output: Linear<32, 10>,
}

#[searchable(input = Rank2<24, 32>)]
struct Normalised {
    body: (Linear<32, 32>, LayerNorm1D<32>, ReLU, GlobalAverage),
    output: Linear<32, 10>,
}

#[searchable(input = Rank2<16, 32>)]
struct Attention {
    body: (MultiHeadAttention<32, 4>, GlobalAverage),
    output: Linear<32, 10>,
}

#[searchable(input = Rank2<16, 32>)]
struct Encoder {
    body: (TransformerEncoder<32, 4, 64>, GlobalAverage),
    output: Linear<32, 10>,
}

/// The networks of a recurrent layer: the last state, those of both directions, the mean of all states, two layers.
macro_rules! recurrent {
    ($layer:ident: $last:ident, $both:ident, $all:ident, $two:ident) => {
        #[searchable(input = Rank2<24, 4>)]
        struct $last {
            memory: $layer<4, 32>,
            output: Linear<32, 10>,
        }

        #[searchable(input = Rank2<24, 4>)]
        struct $both {
            memory: $layer<4, 32, 1, LastState, Bidirectional>,
            output: Linear<64, 10>,
        }

        #[searchable(input = Rank2<24, 4>)]
        struct $all {
            memory: ($layer<4, 32, 1, AllStates>, GlobalAverage),
            output: Linear<32, 10>,
        }

        #[searchable(input = Rank2<24, 4>)]
        struct $two {
            memory: $layer<4, 32, 2>,
            output: Linear<32, 10>,
        }
    };
}

recurrent!(Lstm: Memory, MemoryBoth, MemoryAll, MemoryTwo);
recurrent!(Gru: Gated, GatedBoth, GatedAll, GatedTwo);

/// Rows of numbers below 1, or of codes where there are so many.
fn rows(width: usize, codes: usize) -> Vec<f32> {
    let number = |at: usize| at * 7919 % 1009;
    let cell = |at: usize| if codes > 0 { (number(at) % codes) as f32 } else { number(at) as f32 / 1009.0 };
    (0..ROWS * width).map(cell).collect()
}

macro_rules! network {
    ($name:literal, $model:ident, $width:literal, $codes:literal, $batch:literal, $epochs:literal, $python:expr) => {{
        let labels = (0..ROWS).map(|row| row * 31 % 10);
        let data =
            Dataset::from_features(Features::from_flat(rows($width, $codes), $width)?, Classes::<10>::new(labels)?)?;
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
        println!("{name:27} {torch:9.1} {ours:9.1} {ratio:12.2}");
    }};
}

fn main() -> dropgrid::Result<()> {
    let python = env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let python = python.as_deref();
    println!("{:27} {:>9} {:>9} {:>12}", "", "PyTorch us", "ours us", "x PyTorch");
    network!("convolutions", Convolutions, 256, 0, 32, 8, python);
    network!("averages", Averages, 256, 0, 32, 8, python);
    network!("embedding", Words, 16, 1000, 32, 8, python);
    network!("layer norm", Normalised, 768, 0, 32, 8, python);
    network!("attention", Attention, 512, 0, 32, 4, python);
    network!("encoder", Encoder, 512, 0, 32, 4, python);
    network!("lstm", Memory, 96, 0, 32, 8, python);
    network!("lstm, both ways", MemoryBoth, 96, 0, 32, 8, python);
    network!("lstm, all states", MemoryAll, 96, 0, 32, 8, python);
    network!("lstm, two layers", MemoryTwo, 96, 0, 32, 8, python);
    network!("gru", Gated, 96, 0, 32, 8, python);
    network!("gru, both ways", GatedBoth, 96, 0, 32, 8, python);
    network!("gru, all states", GatedAll, 96, 0, 32, 8, python);
    network!("gru, two layers", GatedTwo, 96, 0, 32, 8, python);
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
