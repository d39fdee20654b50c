//! What a search adds to its fits, and what a second worker gives and costs. `cargo bench --bench search`
//!
//! Three workloads: S is start-up (100 random rows, one epoch), D the digits (50 fits of 20 epochs), M a wider network
//! (4096 rows of 784). Ratios of medians from one run; absolute times of a shared machine say little. The refit of the
//! best candidate runs alone, so it counts as a fit for one worker and not at all for the ratio of two. Memory is what
//! is allocated at once at most.

#![allow(unsafe_code, reason = "an allocator is an unsafe trait; this one counts and passes on")]

mod support;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use dropgrid::{prelude::*, strategy::Strategy};
use support::{D, M, S, Size, Workload, search};

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call goes to the system's allocator as it comes.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(LIVE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

const RUNS: usize = 7;

fn main() -> dropgrid::Result<()> {
    println!(
        "{:3} {:>5} {:>10} {:>18} {:>22} {:>12} {:>16}",
        "", "fits", "1 worker s", "wall / sum of fits", "1 worker / 2 workers", "1 worker MB", "a worker more MB"
    );
    workload::<S>()?;
    workload::<D>()?;
    workload::<M>()
}

fn workload<W: Workload>() -> dropgrid::Result<()>
where
    Grid: Strategy<W::Space>,
{
    let data = W::data()?;
    let Size { folds, .. } = W::SIZE;
    let mut searches = [Vec::new(), Vec::new()];
    let mut peaks = [Vec::new(), Vec::new()];
    let (mut overheads, mut walls, mut count) = (Vec::new(), Vec::new(), 0);
    // The two numbers of workers take turns, so that a slow minute of the machine hits both.
    for _ in 0..RUNS {
        for workers in [1, 2] {
            let before = LIVE.load(Ordering::Relaxed);
            PEAK.store(before, Ordering::Relaxed);
            let start = Instant::now();
            let report = search::<W>(W::SIZE, workers).fit(&data)?;
            let wall = start.elapsed().as_secs_f64();
            peaks[workers - 1].push((PEAK.load(Ordering::Relaxed) - before) as f64 / 1e6);
            let records = report.results().candidates().iter().flat_map(|candidate| candidate.records());
            let times = records.map(|record| (record.fit_time + record.score_time).as_secs_f64());
            let times: Vec<f64> = times.collect();
            count = times.len();
            let fits: f64 = times.iter().sum();
            // The refit trains on all folds' rows where a fit has all but one, and scores nothing.
            let refit = fits / count as f64 * folds as f64 / (folds - 1) as f64;
            searches[workers - 1].push(wall - refit);
            if workers == 1 {
                walls.push(wall);
                overheads.push(wall / (fits + refit));
            }
        }
    }
    let ([one, two], [small, large]) = (searches.map(median), peaks.map(median));
    println!(
        "{:3} {count:5} {:10.4} {:18.3} {:22.2} {small:12.2} {:16.2}",
        W::NAME,
        median(walls),
        median(overheads),
        one / two,
        large - small
    );
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
