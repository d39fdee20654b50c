//! The time to split a million rows, beside scikit-learn's for the same:
//! `cargo bench --bench splitters -- path/to/python`, with scikit-learn 1.9.1 installed there.
//!
//! The runs of both sides alternate, so that what else the machine does meets both, and medians are compared. Three
//! times are taken, all of them with every fold held at once, as a search holds them:
//!
//! - make: the folds as each side gives them, here [`Indices`], there arrays;
//! - read: the folds, and each index of both parts read once, here by `fold`, there by a reduction of NumPy's. What is
//!   read is compared, so that a ratio is of the same indices;
//! - list: the folds, and each part as a list of `usize`. The other side's arrays are lists already, so it is compared
//!   with make.
//!
//! Both sides have their default allocators. Where the path is left out, only the times of this side are shown; after
//! it may stand what the names of the cases to run start with.

use std::{
    env,
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Instant,
};

use dropgrid::{
    prelude::*,
    seed::Seed,
    split::{Folds, Indices, Rows, Split, Splitter},
};

const ROWS: usize = 1_000_000;
const RUNS: usize = 9;

fn main() -> dropgrid::Result<()> {
    // Ids below `most` with no visible order.
    let ids = |most: usize, salt: usize| -> Vec<usize> {
        (0..ROWS).map(|row| ((row + salt).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33) % most).collect()
    };
    let (labels, groups, few) = (ids(10, 1), ids(1000, 2), ids(5, 3));
    let many = Rows::new(ROWS).with_strata(&labels).with_groups(&groups);
    let few = Rows::new(ROWS).with_groups(&few);
    let sklearn = SklearnShuffle::seed(0);
    let table: [(&str, Rows<'_>, Box<dyn Splitter>); 14] = [
        ("KFold", many, Box::new(KFold::new(5))),
        ("KFold, shuffled", many, Box::new(KFold::new(5).shuffle_with(sklearn))),
        ("StratifiedKFold", many, Box::new(StratifiedKFold::new(5))),
        ("StratifiedKFold, shuffled", many, Box::new(StratifiedKFold::new(5).shuffle_with(sklearn))),
        ("GroupKFold", many, Box::new(GroupKFold::new(5))),
        ("StratifiedGroupKFold", many, Box::new(StratifiedGroupKFold::new(5))),
        ("RepeatedKFold", many, Box::new(RepeatedKFold::new(5).n_repeats(2).shuffle_with(sklearn))),
        ("RepeatedStratifiedKFold", many, Box::new(RepeatedStratifiedKFold::new(5).n_repeats(2).shuffle_with(sklearn))),
        ("ShuffleSplit", many, Box::new(ShuffleSplit::new(5).shuffle_with(sklearn))),
        ("StratifiedShuffleSplit", many, Box::new(StratifiedShuffleSplit::new(5).shuffle_with(sklearn))),
        ("GroupShuffleSplit", many, Box::new(GroupShuffleSplit::new(5).shuffle_with(sklearn))),
        ("LeaveOneGroupOut", few, Box::new(LeaveOneGroupOut)),
        ("LeavePGroupsOut", few, Box::new(LeavePGroupsOut::new(2))),
        ("TimeSeriesSplit", many, Box::new(TimeSeriesSplit::new(5))),
    ];
    let mut arguments = env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let mut python = arguments.next().map(|path| Python::start(&path));
    let only = arguments.next().unwrap_or_default();
    println!("{:26} {:>27} {:>27} {:>27}", "ms here, there, ratio", "make", "read", "list");
    for (name, rows, splitter) in table.into_iter().filter(|(name, ..)| name.starts_with(&only)) {
        let mut here: [Vec<f64>; 3] = Default::default();
        let mut there: [Vec<f64>; 3] = Default::default();
        for _ in 0..RUNS {
            let (times, checksum) = measure(&*splitter, rows)?;
            here.iter_mut().zip(times).for_each(|(all, time)| all.push(time));
            if let Some(python) = &mut python {
                let (make, read, other) = python.measure(name);
                assert_eq!(checksum, other, "{name}: the two sides read other indices");
                there.iter_mut().zip([make, read, make]).for_each(|(all, time)| all.push(time));
            }
        }
        let columns = here.iter_mut().zip(&mut there).map(|(here, there)| {
            let here = median(here);
            if there.is_empty() {
                return format!(" {here:27.3}");
            }
            let there = median(there);
            format!(" {here:8.3} {there:8.2} {:8.1}x", there / here)
        });
        println!("{name:26}{}", columns.collect::<String>());
    }
    if let Some(python) = python {
        python.stop();
    }
    Ok(())
}

/// Milliseconds to make the folds, to make and read them, to make and list them; and the digest of what was read.
fn measure(splitter: &dyn Splitter, rows: Rows<'_>) -> dropgrid::Result<([f64; 3], u64)> {
    let mut checksum = 0;
    let timed = |after: &mut dyn FnMut(&Folds)| -> dropgrid::Result<f64> {
        let start = Instant::now();
        let folds = splitter.split(rows, Seed(1))?;
        after(&folds);
        Ok(start.elapsed().as_secs_f64() * 1e3)
    };
    let parts = |folds: &Folds, each: &mut dyn FnMut(&Indices)| {
        folds.splits.iter().flat_map(|Split { train, test }| [train, test]).for_each(each);
    };
    let make = timed(&mut |_| {})?;
    let read = timed(&mut |folds| {
        parts(folds, &mut |part| {
            let read = part.iter().fold(0, |read, row| read ^ row) as u64;
            checksum = (checksum * 31 + read * 1_000_003 + part.len() as u64) % (1 << 40);
        });
    })?;
    let list = timed(&mut |folds| {
        parts(folds, &mut |part| {
            std::hint::black_box(part.as_slice());
        });
    })?;
    Ok(([make, read, list], checksum))
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// `benches/splitters.py`, which takes the name of a case on a line and answers with its times.
struct Python {
    process: Child,
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
}

impl Python {
    fn start(path: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/splitters.py");
        let mut command = Command::new(path);
        let piped = command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = piped.spawn().expect("a Python at the given path");
        let to = process.stdin.take().expect("its input is a pipe");
        let from = BufReader::new(process.stdout.take().expect("its output is a pipe")).lines();
        Self { process, to, from }
    }

    /// Milliseconds to make the folds and to make and read them, and the digest of what was read.
    fn measure(&mut self, name: &str) -> (f64, f64, u64) {
        writeln!(self.to, "{name}").expect("the script reads");
        let line = self.from.next().expect("the script answers").expect("a line of text");
        let numbers: Vec<&str> = line.split(' ').collect();
        let [make, read, checksum] = numbers[..] else { panic!("{line}") };
        (make.parse().expect("a time"), read.parse().expect("a time"), checksum.parse().expect("a digest"))
    }

    fn stop(mut self) {
        drop(self.to);
        self.process.wait().expect("the script ends with its input");
    }
}
