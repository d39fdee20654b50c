//! Large products on several threads. Each thread computes rows or columns of the result, whose elements are the same sums in
//! the same order, so the bits do not depend on the number of threads.

use std::{
    cell::RefCell,
    mem,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{View, on_one_thread};
use crate::{
    scratch::{GemmScratch, prefix},
    simd::{lanes, level},
};

/// The multiplications for which another thread is worth waking: some 50 microseconds of them.
const WORTH: usize = 1 << 22;

thread_local! {
    static THREADS: RefCell<Option<Arc<ProductThreads>>> = const { RefCell::new(None) };
}

/// Threads for the large products of several workers, of which a worker uses those that no other one needs. They start with
/// the first product that is large enough.
#[derive(Debug)]
pub struct ProductThreads {
    count: usize,
    /// The workers that are at work.
    busy: AtomicUsize,
    /// All threads but that which asks for a product; none where the system starts none.
    pool: OnceLock<Option<ThreadPool>>,
}

impl ProductThreads {
    /// So many threads, for as many workers at the most.
    pub fn new(count: usize) -> Arc<Self> {
        Arc::new(Self { count, busy: AtomicUsize::new(0), pool: OnceLock::new() })
    }

    /// Runs `work` as the work of one worker: its large products on this thread are computed by these threads.
    pub fn install<R>(self: &Arc<Self>, work: impl FnOnce() -> R) -> R {
        self.busy.fetch_add(1, Ordering::Relaxed);
        let _reset = ResetOnDrop { threads: self, before: THREADS.replace(Some(Arc::clone(self))) };
        work()
    }

    /// The threads for a product of one worker, at most so many: one in so many workers of those that there are.
    fn share(&self, most: usize) -> Option<(&ThreadPool, usize)> {
        let share = (self.count / self.busy.load(Ordering::Relaxed).max(1)).min(most);
        let name = |thread| format!("dropgrid-product-{thread}");
        let start = || ThreadPoolBuilder::new().num_threads(self.count - 1).thread_name(name).build().ok();
        if share < 2 { None } else { Some((self.pool.get_or_init(start).as_ref()?, share)) }
    }
}

/// Ends the work of a worker, also by a panic.
struct ResetOnDrop<'a> {
    threads: &'a ProductThreads,
    before: Option<Arc<ProductThreads>>,
}

impl Drop for ResetOnDrop<'_> {
    fn drop(&mut self) {
        self.threads.busy.fetch_sub(1, Ordering::Relaxed);
        THREADS.replace(self.before.take());
    }
}

/// Computes a product on several threads, where it is large enough and there are some. False where it is not.
#[allow(clippy::many_single_char_names, reason = "the letters of the matrix product")]
pub(super) fn on_threads(
    scratch: &mut GemmScratch,
    [m, k, n]: [usize; 3],
    a: View<'_>,
    b: View<'_>,
    c: &mut [f32],
    add: bool,
) -> bool {
    let worth = m * k * n / WORTH;
    if worth < 2 {
        return false;
    }
    let Some(threads) = THREADS.with_borrow(Clone::clone) else { return false };
    let Some((pool, share)) = threads.share(worth) else { return false };
    let mut parts = mem::take(&mut scratch.parts);
    if parts.len() < share {
        parts.resize_with(share, GemmScratch::default);
    }
    if m >= n {
        rows(pool, &mut parts[..share], [m, k, n], a, b, c, add);
    } else {
        columns(pool, &mut parts[..share], [m, k, n], a, b, c, add);
    }
    scratch.parts = parts;
    true
}

/// Gives each thread rows of the result.
#[allow(clippy::many_single_char_names, clippy::too_many_arguments, reason = "the letters of the matrix product")]
fn rows(
    pool: &ThreadPool,
    parts: &mut [GemmScratch],
    [m, k, n]: [usize; 3],
    a: View<'_>,
    b: View<'_>,
    c: &mut [f32],
    add: bool,
) {
    let high = m.div_ceil(parts.len()).next_multiple_of(lanes(level()));
    pool.in_place_scope(|scope| {
        let compute = move |part: &mut GemmScratch, c: &mut [f32], first| {
            on_one_thread(part, [c.len() / n, k, n], a.from(first, 0), b, c, add);
        };
        let mut jobs = parts.iter_mut().zip(c[..m * n].chunks_mut(high * n)).zip((0..).step_by(high));
        let own = jobs.next();
        for ((part, c), first) in jobs {
            scope.spawn(move |_| compute(part, c, first));
        }
        if let Some(((part, c), first)) = own {
            compute(part, c, first);
        }
    });
}

/// Gives each thread columns of the result, which it computes in memory of its own.
#[allow(clippy::many_single_char_names, clippy::too_many_arguments, reason = "the letters of the matrix product")]
fn columns(
    pool: &ThreadPool,
    parts: &mut [GemmScratch],
    [m, k, n]: [usize; 3],
    a: View<'_>,
    b: View<'_>,
    c: &mut [f32],
    add: bool,
) {
    // No part but the last has columns that fill no two vectors.
    let wide = n.div_ceil(parts.len()).next_multiple_of(2 * lanes(level()));
    let widths = || (0..n).step_by(wide).map(|first| (first, wide.min(n - first)));
    pool.in_place_scope(|scope| {
        let compute = move |part: &mut GemmScratch, mut out: Vec<f32>, (first, width): (usize, usize)| {
            on_one_thread(part, [m, k, width], a, b.from(0, first), &mut out[..m * width], add);
            part.columns = out;
        };
        let mut own = None;
        for (part, (first, width)) in parts.iter_mut().zip(widths()) {
            let mut out = mem::take(&mut part.columns);
            let to = prefix(&mut out, m * width);
            if add {
                for (to, from) in to.chunks_exact_mut(width).zip(c.chunks_exact(n)) {
                    to.copy_from_slice(&from[first..first + width]);
                }
            }
            if first == 0 {
                own = Some((part, out));
            } else {
                scope.spawn(move |_| compute(part, out, (first, width)));
            }
        }
        if let Some((part, out)) = own {
            compute(part, out, (0, wide.min(n)));
        }
    });
    for (part, (first, width)) in parts.iter().zip(widths()) {
        for (to, from) in c.chunks_exact_mut(n).zip(part.columns[..m * width].chunks_exact(width)) {
            to[first..first + width].copy_from_slice(from);
        }
    }
}

#[cfg(test)]
#[cfg(not(miri))]
mod tests {
    use super::*;
    use crate::gemm::matmul;

    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 16_777_216.0 - 0.5
        };
        (0..count).map(|_| next()).collect()
    }

    /// By rows and by columns, with operands of each order, added and not, and with rests of every kind.
    #[test]
    fn a_product_has_the_same_bits_on_any_number_of_threads() {
        for [m, k, n] in
            [[256, 384, 128], [128, 384, 256], [131, 777, 201], [201, 401, 131], [2048, 9, 700], [1, 4096, 2500]]
        {
            let (a, b, c) = (numbers(m * k, 1), numbers(k * n, 2), numbers(m * n, 3));
            let views = [
                (View::rows(&a, k), View::rows(&b, n)),
                (View::rows(&a, m).t(), View::rows(&b, n)),
                (View::rows(&a, k), View::rows(&b, k).t()),
            ];
            for (of_a, of_b) in views {
                for add in [false, true] {
                    let on = |threads: usize| {
                        let mut out = c.clone();
                        let mut scratch = GemmScratch::default();
                        ProductThreads::new(threads)
                            .install(|| matmul(&mut scratch, [m, k, n], of_a, of_b, &mut out, add));
                        (out, scratch.parts.len())
                    };
                    let (alone, parts) = on(1);
                    assert_eq!(parts, 0);
                    for threads in [2, 3, 7] {
                        let (shared, parts) = on(threads);
                        assert_eq!(parts, threads.min(m * k * n / WORTH), "{m} {k} {n}");
                        assert!(
                            shared.iter().map(|x| x.to_bits()).eq(alone.iter().map(|x| x.to_bits())),
                            "{m} {k} {n}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_small_product_stays_on_its_thread() {
        let (a, mut scratch, mut c) = (numbers(128 * 128, 1), GemmScratch::default(), vec![0.0; 128 * 128]);
        let threads = ProductThreads::new(4);
        let view = View::rows(&a, 128);
        threads.install(|| matmul(&mut scratch, [128; 3], view, view, &mut c, false));
        assert!(scratch.parts.is_empty() && threads.pool.get().is_none());
        assert!(THREADS.with_borrow(Option::is_none), "the thread is a worker still");
    }

    #[test]
    fn workers_leave_each_other_their_threads() {
        let threads = ProductThreads::new(5);
        let share = |most| threads.share(most).map(|(_, share)| share);
        assert_eq!(share(100), Some(5));
        threads.install(|| {
            assert_eq!((share(100), share(3), share(1)), (Some(5), Some(3), None));
            threads.install(|| assert_eq!(share(100), Some(2)));
            threads.install(|| threads.install(|| assert_eq!(share(100), None)));
        });
        let panicked =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| threads.install(|| panic!("in its work"))));
        assert!(panicked.is_err() && threads.busy.load(Ordering::Relaxed) == 0);
    }
}
