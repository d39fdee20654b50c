//! Reading a large CSV file. `cargo bench --bench csv`
//!
//! 20,000 rows of 785 cells, once as pixels (whole numbers, most of them 0) and once as measurements (decimals of eight
//! digits). The yardstick is one pass over the file's bytes.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
    time::Instant,
};

use dropgrid::prelude::*;
use rand::{RngExt, SeedableRng};

const ROWS: usize = 20_000;
const WIDTH: usize = 784;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("table.csv");
    for (name, decimals) in [("pixels", false), ("measurements", true)] {
        write(&path, decimals).expect("a writable folder");
        let bytes = seconds(|| fs::read(&path).expect("the file").iter().map(|&byte| usize::from(byte == b',')).sum());
        reset_peak();
        let before = memory("VmRSS:");
        let reading = seconds(|| Dataset::from_csv(&path, Classes::<10>::in_column("label")).expect("a table").len());
        let peak = memory("VmHWM:").saturating_sub(before);
        let numbers = ROWS * WIDTH * size_of::<f32>() / 1024;
        println!(
            "{name}: {reading:.2} s, {:.1} x a pass over its bytes; {:.2} x the memory of its numbers",
            reading / bytes,
            peak as f64 / numbers as f64
        );
    }
}

/// A label and its features, a row a line.
fn write(path: &Path, decimals: bool) -> std::io::Result<()> {
    let mut draw = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let mut file = BufWriter::new(File::create(path)?);
    let names: Vec<String> = (0..WIDTH).map(|column| format!("pixel{column}")).collect();
    writeln!(file, "label,{}", names.join(","))?;
    for row in 0..ROWS {
        write!(file, "{}", row % 10)?;
        for _ in 0..WIDTH {
            if decimals {
                write!(file, ",{:.8}", draw.random_range(-1.0..1.0_f64))?;
            } else if draw.random_range(0..5) == 0 {
                write!(file, ",{}", draw.random_range(0..256_u32))?;
            } else {
                write!(file, ",0")?;
            }
        }
        writeln!(file)?;
    }
    file.flush()
}

/// The median time of three runs.
fn seconds(run: impl Fn() -> usize) -> f64 {
    let mut times = [(); 3].map(|()| {
        let start = Instant::now();
        assert!(std::hint::black_box(run()) > 0, "the file was not read");
        start.elapsed().as_secs_f64()
    });
    times.sort_by(f64::total_cmp);
    times[1]
}

/// Forgets the largest memory that this process had so far, where the system can.
fn reset_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// A number of kB from the status of this process; 0 where the system has none.
fn memory(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}
