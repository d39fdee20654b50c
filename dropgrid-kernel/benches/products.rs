//! Matrix products of a training step against MKL (through PyTorch) and OpenBLAS (through NumPy), on one core.
//! `cargo bench -p dropgrid-kernel --bench products -- path/to/python`
//!
//! Each round measures the three libraries one after the other on each shape, so that whatever else runs on the machine
//! meets all. A figure is the fastest of many runs in a round, and the median of the rounds: in GFLOP/s, two operations a term.
//! Without a Python the peers are left out. Further arguments are parts of the names of the shapes to measure.
//! `RUSTFLAGS='--cfg dropgrid_at_most="avx2"'` measures the kernels of a processor without AVX-512.

use std::{
    env,
    hint::black_box,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use dropgrid_kernel::{
    AlignedVec,
    gemm::{View, matmul},
    scratch::GemmScratch,
};

const ROUNDS: usize = 7;
/// The time that a library gets for a shape in a round.
const TURN: Duration = Duration::from_millis(60);

/// Which operands are stored as their transposes.
#[derive(Clone, Copy, PartialEq)]
enum Layout {
    /// Neither: the gradient of an input, g W.
    Plain,
    /// The right one: a forward product, x W'.
    Right,
    /// The left one: the gradient of a weight, g' x.
    Left,
}

const SHAPES: [(&str, [usize; 3], Layout); 13] = [
    ("forward 32x64x128", [32, 64, 128], Layout::Right),
    ("weight 128x32x64", [128, 32, 64], Layout::Left),
    ("forward 128x784x512", [128, 784, 512], Layout::Right),
    ("weight 512x128x784", [512, 128, 784], Layout::Left),
    ("forward 128x784x2048", [128, 784, 2048], Layout::Right),
    ("weight 2048x128x784", [2048, 128, 784], Layout::Left),
    ("square 1024", [1024, 1024, 1024], Layout::Plain),
    ("forward 32x128x10", [32, 128, 10], Layout::Right),
    ("weight 10x32x128", [10, 32, 128], Layout::Left),
    ("input 32x10x128", [32, 10, 128], Layout::Plain),
    ("forward 128x512x10", [128, 512, 10], Layout::Right),
    ("weight 10x128x512", [10, 128, 512], Layout::Left),
    ("input 128x10x512", [128, 10, 512], Layout::Plain),
];

fn main() {
    let mut arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let python = arguments.iter().position(|argument| argument.contains("python")).map(|at| arguments.remove(at));
    let mut peers = python.map(|python| Peers::start(&python));
    println!("{:24} {:>9} {:>9} {:>9} {:>9} {:>10}", "GFLOP/s", "peak", "MKL", "OpenBLAS", "dropgrid", "of better");
    for (name, size, layout) in SHAPES {
        if !arguments.is_empty() && !arguments.iter().any(|wanted| name.contains(&**wanted)) {
            continue;
        }
        let terms = 2.0 * size.iter().product::<usize>() as f64 / 1e9;
        let mut rounds: [Vec<f64>; 5] = Default::default();
        for _ in 0..ROUNDS {
            let ours = terms / ours(size, layout);
            let [mkl, openblas] = peers.as_mut().map_or([f64::NAN; 2], |peers| {
                ["torch", "numpy"].map(|library| terms / peers.time(library, size, layout))
            });
            let all = [peak(), mkl, openblas, ours, ours / mkl.max(openblas)];
            rounds.iter_mut().zip(all).for_each(|(round, value)| round.push(value));
        }
        let [peak, mkl, openblas, ours, share] = rounds.map(median);
        println!("{name:24} {peak:9.1} {mkl:9.1} {openblas:9.1} {ours:9.1} {share:10.2}");
    }
}

/// Seconds of the fastest of our products.
#[allow(clippy::many_single_char_names, reason = "the letters of the matrix product")]
fn ours([m, k, n]: [usize; 3], layout: Layout) -> f64 {
    let numbers = |seed: usize, len: usize| {
        let numbers: Vec<f32> = (0..len).map(|at| ((at * 7919 + seed) % 1009) as f32 / 504.5 - 1.0).collect();
        AlignedVec::of(&numbers).expect("memory")
    };
    let (a, b, mut c) = (numbers(1, m * k), numbers(2, k * n), numbers(3, m * n));
    let a = if layout == Layout::Left { View::rows(&a, m).t() } else { View::rows(&a, k) };
    let b = if layout == Layout::Right { View::rows(&b, k).t() } else { View::rows(&b, n) };
    let mut scratch = GemmScratch::default();
    fastest(|| matmul(&mut scratch, [m, k, n], black_box(a), black_box(b), &mut c, false))
}

/// Seconds of the fastest run in a turn. A short product runs several times between two looks at the clock.
fn fastest(mut run: impl FnMut()) -> f64 {
    let once = |run: &mut dyn FnMut(), count: u32| {
        let start = Instant::now();
        (0..count).for_each(|_| run());
        start.elapsed().as_secs_f64() / f64::from(count)
    };
    let first = once(&mut run, 3);
    #[allow(clippy::cast_sign_loss, reason = "at least 1")]
    let count = (20e-6 / first).ceil().max(1.0) as u32;
    let (start, mut best) = (Instant::now(), f64::INFINITY);
    while start.elapsed() < TURN {
        best = best.min(once(&mut run, count));
    }
    best
}

/// A Python process with both libraries, which times products on demand.
struct Peers {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Peers {
    fn start(python: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/products.py");
        let mut process = Command::new(python)
            .arg(script)
            .envs(["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"].map(|name| (name, "1")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python runs");
        let to = process.stdin.take().expect("a pipe");
        let from = BufReader::new(process.stdout.take().expect("a pipe"));
        Self { process, to, from }
    }

    /// Seconds of the fastest product of a library.
    fn time(&mut self, library: &str, [m, k, n]: [usize; 3], layout: Layout) -> f64 {
        let layout = match layout {
            Layout::Plain => "plain",
            Layout::Right => "right",
            Layout::Left => "left",
        };
        writeln!(self.to, "{library} {m} {k} {n} {layout} {}", TURN.as_secs_f64()).expect("Python reads");
        let mut line = String::new();
        self.from.read_line(&mut line).expect("Python answers");
        line.trim().parse().expect("a number of seconds")
    }
}

impl Drop for Peers {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// The rate of one core that multiplies and adds in registers, in GFLOP/s.
#[allow(unsafe_code, reason = "calls of functions for instructions that were asked for")]
fn peak() -> f64 {
    /// Sums side by side, so that none waits for its last product.
    const CHAINS: usize = 12;
    const TERMS: usize = 1 << 13;
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_mm256_fmadd_ps, _mm256_set1_ps, _mm512_fmadd_ps, _mm512_set1_ps};

        #[target_feature(enable = "avx512f")]
        fn avx512(x: f32) {
            let x = _mm512_set1_ps(x);
            let mut sums = [x; CHAINS];
            for _ in 0..TERMS {
                for sum in &mut sums {
                    *sum = _mm512_fmadd_ps(*sum, x, x);
                }
            }
            black_box(sums);
        }
        #[target_feature(enable = "avx2,fma")]
        fn avx2(x: f32) {
            let x = _mm256_set1_ps(x);
            let mut sums = [x; CHAINS];
            for _ in 0..TERMS {
                for sum in &mut sums {
                    *sum = _mm256_fmadd_ps(*sum, x, x);
                }
            }
            black_box(sums);
        }
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor was asked for it.
            return (TERMS * CHAINS * 16 * 2) as f64 / 1e9 / fastest(|| unsafe { avx512(black_box(1.0)) });
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: as above.
            return (TERMS * CHAINS * 8 * 2) as f64 / 1e9 / fastest(|| unsafe { avx2(black_box(1.0)) });
        }
    }
    f64::NAN
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
