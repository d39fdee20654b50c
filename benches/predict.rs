//! Predictions of a fitted model: a million rows, and one row at a time, against PyTorch, ONNX Runtime and
//! scikit-learn. `cargo bench --bench predict -- path/to/python`
//!
//! The network is 64-128-10 or 784-512-10 with a rectifier, and gives probabilities. A million rows (a hundred thousand
//! of the wide network) are predicted on all cores, from an array in memory to an array of probabilities; one row from
//! a slice of numbers to an array of probabilities. The peers are those of `predict.py`, in a process of their own, as
//! far as that Python has them; without a Python they are left out. Medians of ratios from one run: absolute times of a
//! shared machine say little.

use std::{collections::BTreeMap, env, hint::black_box, process::Command, time::Instant};

use dropgrid::prelude::*;

/// Rounds; each measures all, one after the other.
const RUNS: usize = 5;
/// Single rows of a round.
const SINGLE: usize = 20_000;

#[searchable]
struct Digits {
    hidden: (Linear<64, 128>, ReLU),
    #[fixed(0.2)]
    dropout: Dropout,
    output: Linear<128, 10>,
}

#[searchable]
struct Pages {
    hidden: (Linear<784, 512>, ReLU),
    #[fixed(0.2)]
    dropout: Dropout,
    output: Linear<512, 10>,
}

fn rows(count: usize, width: usize) -> dropgrid::Result<Features> {
    Features::from_flat((0..count * width).map(|at| (at * 7919 % 1009) as f32 / 1009.0).collect(), width)
}

macro_rules! size {
    ($name:literal, $model:ident, $width:literal, $many:literal, $python:expr) => {{
        let labels: Vec<usize> = (0..200).map(|row| row * 31 % 10).collect();
        let data = Dataset::from_features(rows(200, $width)?, Classes::<10>::new(labels)?)?;
        let fitted =
            $model::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-3).epochs(1)).progress(false).fit(&data)?;
        let fitted = fitted.into_fitted();
        let many = rows($many, $width)?;
        let mut predictor = fitted.row_predictor()?;
        // Microseconds a row of many, and of one row by itself.
        let mut ours = || -> dropgrid::Result<[f64; 2]> {
            let start = Instant::now();
            black_box(fitted.predict_proba(&many)?);
            let of_many = start.elapsed().as_secs_f64() / f64::from($many) * 1e6;
            let start = Instant::now();
            for row in 0..SINGLE {
                black_box(predictor.predict_proba(many.row(row % 1000))?);
            }
            Ok([of_many, start.elapsed().as_secs_f64() / SINGLE as f64 * 1e6])
        };
        ours()?;
        let mut rounds: BTreeMap<String, [Vec<f64>; 4]> = BTreeMap::new();
        for _ in 0..RUNS {
            let [of_many, of_one] = ours()?;
            let mut told = vec![("dropgrid".to_owned(), [of_many, of_one])];
            told.extend($python.map(|python| peers(python, $width, $many)).unwrap_or_default());
            for (name, [many, one]) in told {
                let round = rounds.entry(name).or_default();
                for (values, value) in round.iter_mut().zip([many, one, many / of_many, one / of_one]) {
                    values.push(value);
                }
            }
        }
        for (name, values) in rounds {
            let [many, one, many_ratio, one_ratio] = values.map(median);
            println!("{:14} {name:14} {many:11.3} {one:9.2} {many_ratio:9.2} {one_ratio:9.2}", $name);
        }
    }};
}

/// The names of the peers that this Python has, each with its microseconds a row of many, and of one row by itself.
fn peers(python: &str, width: usize, many: usize) -> Vec<(String, [f64; 2])> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/predict.py");
    let output =
        Command::new(python).args([script, &width.to_string(), &many.to_string()]).output().expect("Python runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let line = |line: &str| {
        let (name, numbers) = line.split_once('\t').expect("a name and two numbers");
        let numbers: Vec<f64> = numbers.split('\t').map(|number| number.parse().expect("a number")).collect();
        (name.to_owned(), [numbers[0], numbers[1]])
    };
    text.lines().map(line).collect()
}

fn main() -> dropgrid::Result<()> {
    let python = env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let python = python.as_deref();
    println!("{:29} {:>11} {:>9} {:>9} {:>9}", "", "us, of many", "us, one", "x", "x");
    size!("64-128-10", Digits, 64, 1_000_000, python);
    size!("784-512-10", Pages, 784, 100_000, python);
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
