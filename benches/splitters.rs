//! The time to split a million rows, and what scikit-learn takes for the same. `cargo bench --bench splitters`
//!
//! The Python side is `benches/splitters.py`; run both on a quiet machine, one after the other. Both keep the lists of
//! all folds, as a search does, and for the plain splitters fresh memory for these lists is most of the time on both
//! sides. To compare the splitting itself, give both MALLOC_TRIM_THRESHOLD_=4000000000, MALLOC_MMAP_THRESHOLD_=4000000000
//! and MALLOC_ARENA_MAX=1, so that glibc keeps the memory of the run before.

use std::time::Instant;

use dropgrid::{
    prelude::*,
    seed::Seed,
    split::{Rows, Splitter},
};

const ROWS: usize = 1_000_000;
const RUNS: usize = 7;

fn main() -> dropgrid::Result<()> {
    // Ids below `most` with no visible order; scikit-learn's times do not depend on which.
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
    for (name, rows, splitter) in table {
        let mut best = f64::INFINITY;
        for _ in 0..RUNS {
            let start = Instant::now();
            let folds = splitter.split(rows, Seed(1))?;
            best = best.min(start.elapsed().as_secs_f64());
            assert!(!folds.splits.is_empty());
        }
        println!("{name:26} {:8.1} ms", best * 1e3);
    }
    Ok(())
}
