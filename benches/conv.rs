//! One training step of small convolutional networks against PyTorch and against dfdx's operations, on one thread.
//! `cargo bench --bench conv -- path/to/python`
//!
//! A step is what a fit repeats: gather a batch, forward with dropout 0.2, softmax cross-entropy, backward, Adam.
//! dropgrid's is the time of a fit over its steps. The naive version is the same network on dfdx's tape in double
//! precision, where the layers gather windows and multiply matrices by the operations of any device. PyTorch's is that
//! of `conv.py` with fused Adam, in a process of its own; without a Python it is left out. Medians of ratios from one
//! run: absolute times of a shared machine say little.

use std::{env, hint::black_box, process::Command, time::Instant};

use dfdx::{
    losses::cross_entropy_with_logits_loss,
    nn::{BuildModule, ModuleMut, ZeroGrads, tensor_collection::TensorCollection},
    optim::{Adam, AdamConfig, Optimizer},
    shapes::Const,
    tensor::{AsArray, Cpu, Tensor, TensorFromVec, Trace},
    tensor_ops::Backward,
};
use dropgrid::prelude::*;

/// Rounds; each measures all, one after the other.
const RUNS: usize = 7;
const ROWS: usize = 1024;

#[searchable(input = Rank3<1, 8, 8>)]
struct Digits {
    first: (Conv2D<1, 16, 3, 1, 1>, ReLU),
    second: (Conv2D<16, 32, 3>, ReLU, MaxPool2D<2, 2>, Flatten2D),
    #[fixed(0.2)]
    dropout: Dropout,
    output: Linear<288, 10>,
}

#[searchable(input = Rank3<1, 28, 28>)]
struct Pages {
    first: (Conv2D<1, 8, 3>, ReLU, MaxPool2D<2, 2>),
    second: (Conv2D<8, 16, 3>, ReLU, MaxPool2D<2, 2>, Flatten2D),
    #[fixed(0.2)]
    dropout: Dropout,
    output: Linear<400, 10>,
}

macro_rules! size {
    ($name:literal, $model:ident, $net:ident, $side:literal, $batch:literal, $epochs:literal, $python:expr) => {{
        let width = $side * $side;
        let rows: Vec<f32> = (0..ROWS * width).map(|at| (at * 7919 % 1009) as f32 / 1009.0).collect();
        let labels: Vec<usize> = (0..ROWS).map(|row| row * 31 % 10).collect();
        let features = Features::from_flat(rows.clone(), width)?;
        let data = Dataset::from_features(features, Classes::<10>::new(labels.clone())?)?;
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

        let naive = || {
            let cpu = Cpu::seed_from_u64(0);
            let mut network: <$net as TensorCollection<f32, Cpu>>::To<f64, Cpu> = BuildModule::build(&cpu);
            network.dropout.p = 0.2;
            let mut adam = Adam::new(&network, AdamConfig::default());
            let mut gradients = network.alloc_grads();
            let (steps, start) = (steps / 8 + 1, Instant::now());
            for step in 0..steps {
                let first = step * $batch % ROWS;
                let batch = rows[first * width..][..$batch * width].iter().copied().map(f64::from).collect();
                let input: Tensor<(usize, Const<1>, Const<$side>, Const<$side>), f64, _> =
                    cpu.tensor_from_vec(batch, ($batch, Const, Const, Const));
                let mut wanted = vec![0.0; $batch * 10];
                (0..$batch).for_each(|row| wanted[row * 10 + labels[first + row]] = 1.0);
                let wanted = cpu.tensor_from_vec(wanted, ($batch, Const::<10>));
                let loss = cross_entropy_with_logits_loss(network.forward_mut(input.traced(gradients)), wanted);
                black_box(loss.array());
                gradients = loss.backward();
                adam.update(&mut network, &gradients).expect("every tensor has a gradient");
                network.zero_grads(&mut gradients);
            }
            start.elapsed().as_secs_f64() / steps as f64 * 1e6
        };

        let torch = |python: &str| -> f64 {
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/conv.py");
            let arguments = [script, $name, stringify!($batch), &(steps / 4).to_string()];
            let output = Command::new(python).args(arguments).output().expect("Python runs");
            let text = String::from_utf8_lossy(&output.stdout);
            text.trim().parse().unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
        };

        let mut rounds: [Vec<f64>; 5] = Default::default();
        for _ in 0..RUNS {
            let (ours, naive) = (one_thread(|| ours())?, one_thread(|| naive()));
            let torch = $python.map_or(f64::NAN, torch);
            for (round, value) in rounds.iter_mut().zip([torch, naive, ours, torch / ours, naive / ours]) {
                round.push(value);
            }
        }
        let [torch, naive, ours, than_torch, than_naive] = rounds.map(median);
        let name = concat!($name, ", batch ", stringify!($batch));
        println!("{name:24} {torch:9.1} {naive:9.1} {ours:9.1} {than_torch:12.2} {than_naive:12.2}");
    }};
}

fn main() -> dropgrid::Result<()> {
    let python = env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let python = python.as_deref();
    let titles = ["PyTorch us", "naive us", "ours us"];
    println!("{:24} {:>9} {:>9} {:>9} {:>12} {:>12}", "", titles[0], titles[1], titles[2], "x PyTorch", "x naive");
    size!("digits", Digits, DigitsNet, 8, 32, 20, python);
    size!("pages", Pages, PagesNet, 28, 32, 6, python);
    Ok(())
}

/// Runs in a pool of one thread, as a search runs its fits.
fn one_thread<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread").install(work)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
