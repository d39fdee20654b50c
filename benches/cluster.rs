//! The time and the memory of ten thousand units of tiny fits: what planning, status and collecting cost beside the
//! fits.
//!
//! `cargo bench --bench cluster`

use std::{env, fs, path::Path, process::Command, thread, time::Instant};

use dropgrid::{cluster::Program, prelude::*};

#[searchable]
struct Tiny {
    hidden: (Linear<2, 4>, Tanh),
    #[uniform(0.0..0.5)]
    dropout: Dropout,
    output: Linear<4, 2>,
}

/// On two folds. `DROPGRID_BENCH_CANDIDATES` has another number.
fn candidates() -> usize {
    env::var("DROPGRID_BENCH_CANDIDATES").ok().and_then(|number| number.parse().ok()).unwrap_or(5000)
}

const STUDY: &str = "DROPGRID_BENCH_STUDY";

fn run(study: &Path, words: &str) -> u8 {
    let program = Program::new(study, || {
        let rows: Vec<[f32; 2]> = (0..20).map(|row| [(row * 7 % 20) as f32, (row * 3 % 20) as f32]).collect();
        let data = Dataset::new(&rows, Classes::<2>::new((0..20).map(|row| row % 2).collect::<Vec<_>>())?)?;
        let recipe = Train::adam(1e-2).epochs(1).batch_size(10);
        Tiny::search(Random::new(candidates())).cv(KFold::new(2)).train(recipe).progress(false).workers(1).on(data)
    });
    program.run(words.split_whitespace())
}

fn main() {
    if let Ok(study) = env::var(STUDY) {
        let words: Vec<String> = env::args().skip(1).collect();
        let (start, status) = (Instant::now(), run(study.as_ref(), &words.join(" ")));
        let own = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = own.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or(" unknown").trim();
        println!("{}: status {status}, {:.2} s, {peak}", words.join(" "), start.elapsed().as_secs_f64());
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("tiny.study");
    // Cargo's own words, as `--bench`, are none of the program's.
    for words in ["plan --unit-time 0", "run-unit 0", "units", "status", "collect", "plan", "report"] {
        if words == "units" {
            let start = Instant::now();
            let units = 2 * candidates();
            let run_unit = &|unit: usize| assert_eq!(run(&study, &format!("run-unit {unit}")), 0);
            // On two cores, as two tasks of an array.
            thread::scope(|scope| {
                for first in 0..2 {
                    scope.spawn(move || (first..units).step_by(2).for_each(run_unit));
                }
            });
            println!("run-unit, {units} times on two threads: {:.2} s", start.elapsed().as_secs_f64());
            continue;
        }
        let mut command = Command::new(env::current_exe().expect("this program"));
        let status = command.args(words.split(' ')).env(STUDY, &study).status().expect("a process");
        assert!(status.success());
    }
}
