//! One training step against stock dfdx and against the machine. `cargo bench --bench step`
//!
//! A step is what a fit repeats: gather a batch, forward with ReLU and dropout 0.2, softmax cross-entropy, backward,
//! Adam. dropgrid's is the time of a fit over its steps, so that whatever a fit does besides is in it. dfdx's is the
//! same written by hand on its own layers. The peak is what one core reaches in registers. The last column is the time
//! of the fit on one core, in times that it takes where a second one is free. Medians of ratios from one run: absolute
//! times of a shared machine say little.
//!
//! A second table has the digits, which a network learns by heart: steps of the first 20 epochs, and of later ones,
//! when moments, gradients and probabilities have faded.

use std::{hint::black_box, time::Instant};

use dfdx::{
    losses::cross_entropy_with_logits_loss,
    nn::{BuildOnDevice, ModuleMut, ZeroGrads, builders as stock},
    optim::{Adam, AdamConfig, Optimizer},
    shapes::Const,
    tensor::{AsArray, Cpu, Tensor, TensorFromVec, Trace},
    tensor_ops::Backward,
};
use dropgrid::prelude::*;

/// Rounds; each measures dropgrid, dfdx and the peak one after the other.
const RUNS: usize = 9;

/// A multiple of every batch size.
const ROWS: usize = 1024;

macro_rules! size {
    ($run:ident, $model:ident, $inputs:literal, $hidden:literal, $batch:literal, $epochs:literal) => {
        #[searchable]
        struct $model {
            hidden: (Linear<$inputs, $hidden>, ReLU),
            #[fixed(0.2)]
            dropout: Dropout,
            output: Linear<$hidden, 10>,
        }

        fn $run() -> dropgrid::Result<()> {
            type Stock = ((stock::Linear<$inputs, $hidden>, stock::ReLU), stock::Dropout, stock::Linear<$hidden, 10>);
            let name = concat!(stringify!($inputs), "-", stringify!($hidden), "-10, batch ", stringify!($batch));
            if std::env::args().skip(1).any(|wanted| !wanted.starts_with("--") && !name.starts_with(&wanted)) {
                return Ok(());
            }
            let rows: Vec<f32> = (0..ROWS * $inputs).map(|at| (at * 7919 % 1009) as f32 / 1009.0).collect();
            let labels: Vec<usize> = (0..ROWS).map(|row| row * 31 % 10).collect();
            let features = Features::from_flat(rows.clone(), $inputs)?;
            let data = Dataset::from_features(features, Classes::<10>::new(labels.clone())?)?;

            // Trains on all rows and scores one of them.
            let ours = |workers: usize| -> dropgrid::Result<f64> {
                let report = $model::search(Grid)
                    .cv(SplitList::new([(0..ROWS, vec![0])]))
                    .train(Train::adam(1e-3).epochs($epochs).batch_size($batch))
                    .workers(workers)
                    .progress(false)
                    .fit(&data)?;
                let fit = report
                    .results()
                    .candidates()
                    .iter()
                    .flat_map(|candidate| candidate.records())
                    .next()
                    .expect("one fit");
                Ok(fit.fit_time.as_secs_f64() / ($epochs * ROWS / $batch) as f64)
            };

            let theirs = || {
                let cpu = Cpu::seed_from_u64(0);
                let mut network = <Stock as BuildOnDevice<Cpu, f32>>::build_on_device(&cpu);
                network.1.p = 0.2;
                let mut adam = Adam::new(&network, AdamConfig::default());
                let mut gradients = network.alloc_grads();
                let steps = ($epochs * ROWS / $batch) / 4 + 1;
                let start = Instant::now();
                for step in 0..steps {
                    let first = step * $batch % ROWS;
                    let input: Tensor<(usize, Const<$inputs>), f32, _> =
                        cpu.tensor_from_vec(rows[first * $inputs..][..$batch * $inputs].to_vec(), ($batch, Const));
                    let mut wanted = vec![0.0; $batch * 10];
                    (0..$batch).for_each(|row| wanted[row * 10 + labels[first + row]] = 1.0);
                    let wanted = cpu.tensor_from_vec(wanted, ($batch, Const::<10>));
                    let loss = cross_entropy_with_logits_loss(network.forward_mut(input.traced(gradients)), wanted);
                    black_box(loss.array());
                    gradients = loss.backward();
                    adam.update(&mut network, &gradients).expect("every tensor has a gradient");
                    network.zero_grads(&mut gradients);
                }
                start.elapsed().as_secs_f64() / steps as f64
            };

            // Two products forward, two for the weights, one for the gradient between the layers; 2 operations a term.
            let terms: usize = $batch * ($inputs * $hidden * 2 + $hidden * 10 * 3);
            let mut rounds: [Vec<f64>; 5] = Default::default();
            for _ in 0..RUNS {
                let peak = peak();
                let on_two = ours(2)?;
                let (ours, theirs) = (one_thread(|| ours(1))?, one_thread(|| theirs()));
                rounds[0].push(ours * 1e6);
                rounds[1].push(theirs * 1e6);
                rounds[2].push(theirs / ours);
                rounds[3].push(2.0 * terms as f64 / ours / peak);
                rounds[4].push(ours / on_two);
            }
            let [ours, theirs, faster, share, of_two] = rounds.map(median);
            println!("{name:24} {theirs:9.1} {ours:9.1} {faster:8.2} {:8.0} % {of_two:10.2}", share * 100.0);
            Ok(())
        }
    };
}

size!(small, Small, 100, 64, 32, 200);
size!(digits, Digits, 64, 128, 32, 150);
size!(wide, Wide, 784, 512, 128, 20);
size!(widest, Widest, 784, 2048, 128, 8);

/// The epochs at whose ends the time of a fit is taken.
const ENDS: [usize; 6] = [20, 40, 60, 100, 500, 600];

/// Steps of the digits between two of the [`ENDS`], as microseconds and as multiples of a step before the first. Of
/// each length the fastest fit counts: the difference of two long fits would magnify what else the machine does.
fn late() -> dropgrid::Result<()> {
    let data = Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit"))?;
    let (rows, batch) = (data.len(), 32);
    let fit = |epochs: usize| -> dropgrid::Result<f64> {
        let report = Digits::search(Grid)
            .cv(SplitList::new([(0..rows, vec![0])]))
            .train(Train::adam(1e-3).epochs(epochs).batch_size(batch))
            .workers(1)
            .progress(false)
            .fit(&data)?;
        let fit =
            report.results().candidates().iter().flat_map(|candidate| candidate.records()).next().expect("one fit");
        Ok(fit.fit_time.as_secs_f64() * 1e6 / rows.div_ceil(batch) as f64)
    };
    let mut fastest = [f64::INFINITY; ENDS.len()];
    for _ in 0..RUNS {
        for (end, fastest) in ENDS.into_iter().zip(&mut fastest) {
            *fastest = fastest.min(one_thread(|| fit(end))?);
        }
    }
    let mut before = (0, 0.0);
    let steps: Vec<f64> = (ENDS.into_iter().zip(fastest))
        .map(|(end, total)| {
            let step = (total - before.1) / (end - before.0) as f64;
            before = (end, total);
            step
        })
        .collect();
    println!("\n{:24} {:>9} {:>9}", "digits, until epoch", "us", "of first");
    for (end, step) in ENDS.into_iter().zip(&steps) {
        println!("{end:<24} {step:9.1} {:9.2}", step / steps[0]);
    }
    Ok(())
}

fn main() -> dropgrid::Result<()> {
    println!("{:24} {:>9} {:>9} {:>8} {:>10} {:>10}", "", "dfdx us", "ours us", "faster", "of peak", "1/2 cores");
    small()?;
    digits()?;
    wide()?;
    widest()?;
    late()
}

/// Runs in a pool of one thread, as a search runs its fits.
fn one_thread<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread").install(work)
}

/// Floating-point operations a second of one core that multiplies and adds in registers, which no product can pass.
///
/// It runs as long as a fit does about, so that a machine shared with others takes as much from both.
fn peak() -> f64 {
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed().as_secs_f64() < 0.2 {
        count += registers(black_box(1.0), 1 << 16);
    }
    count as f64 / start.elapsed().as_secs_f64()
}

/// Sums side by side, so that none waits for its last product.
const CHAINS: usize = 12;

/// Adds `terms` products to each of the chains by the widest vectors of this processor; the operations that were made.
#[allow(unsafe_code, reason = "calls of functions for instructions that were asked for")]
fn registers(x: f32, terms: usize) -> usize {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_mm256_fmadd_ps, _mm256_set1_ps, _mm512_fmadd_ps, _mm512_set1_ps};

        #[target_feature(enable = "avx512f")]
        fn avx512(x: f32, terms: usize) -> usize {
            let x = _mm512_set1_ps(x);
            black_box(chains(x, terms, |sum| _mm512_fmadd_ps(sum, x, x)));
            terms * CHAINS * 16 * 2
        }
        #[target_feature(enable = "avx2,fma")]
        fn avx2(x: f32, terms: usize) -> usize {
            let x = _mm256_set1_ps(x);
            black_box(chains(x, terms, |sum| _mm256_fmadd_ps(sum, x, x)));
            terms * CHAINS * 8 * 2
        }
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor was asked for it.
            return unsafe { avx512(x, terms) };
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: as above.
            return unsafe { avx2(x, terms) };
        }
    }
    let is_fused = cfg!(target_arch = "aarch64");
    let next = |sum: [f32; 4]| sum.map(|sum| if is_fused { sum.mul_add(x, x) } else { sum * x + x });
    black_box(chains([x; 4], terms, next));
    terms * CHAINS * 4 * 2
}

/// `terms` times the next sum of each chain.
#[inline(always)]
#[allow(clippy::inline_always, reason = "compiled for the instructions of its caller")]
fn chains<V: Copy>(start: V, terms: usize, next: impl Fn(V) -> V) -> [V; CHAINS] {
    let mut sums = [start; CHAINS];
    for _ in 0..terms {
        for sum in &mut sums {
            *sum = next(*sum);
        }
    }
    sums
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
