//! Large products on several threads. Each thread computes rows or columns of the result, whose elements are the same
//! sums in the same order, so the bits do not depend on the number of threads.

use std::mem;

use super::{View, on_one_thread};
use crate::{
    scratch::{GemmScratch, prefix, with_parts},
    simd::{lanes, level},
    threads::{Share, share},
};

/// The multiplications for which another thread is worth waking: some 50 microseconds of them.
pub(crate) const WORTH: usize = 1 << 22;

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
    let Some(share) = share(m * k * n / WORTH) else { return false };
    with_parts(
        scratch,
        |scratch| &mut scratch.parts,
        share.count(),
        |parts| {
            if m >= n {
                rows(&share, parts, [m, k, n], a, b, c, add);
            } else {
                columns(&share, parts, [m, k, n], a, b, c, add);
            }
        },
    );
    true
}

/// Gives each thread rows of the result.
#[allow(clippy::many_single_char_names, clippy::too_many_arguments, reason = "the letters of the matrix product")]
fn rows(
    share: &Share,
    parts: &mut [GemmScratch],
    [m, k, n]: [usize; 3],
    a: View<'_>,
    b: View<'_>,
    c: &mut [f32],
    add: bool,
) {
    let high = m.div_ceil(parts.len()).next_multiple_of(lanes(level()));
    let stretches = c[..m * n].chunks_mut(high * n).zip((0..).step_by(high));
    share.each(parts.iter_mut().zip(stretches), |(part, (c, first))| {
        on_one_thread(part, [c.len() / n, k, n], a.from(first, 0), b, c, add);
    });
}

/// Gives each thread columns of the result, which it computes in memory of its own.
#[allow(clippy::many_single_char_names, clippy::too_many_arguments, reason = "the letters of the matrix product")]
fn columns(
    share: &Share,
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
    let before = &*c;
    share.each(parts.iter_mut().zip(widths()), |(part, (first, width))| {
        let mut out = mem::take(&mut part.columns);
        let to = prefix(&mut out, m * width);
        if add {
            for (to, from) in to.chunks_exact_mut(width).zip(before.chunks_exact(n)) {
                to.copy_from_slice(&from[first..first + width]);
            }
        }
        on_one_thread(part, [m, k, width], a, b.from(0, first), to, add);
        part.columns = out;
    });
    for (part, (first, width)) in parts.iter().zip(widths()) {
        for (to, from) in c.chunks_exact_mut(n).zip(part.columns[..m * width].chunks_exact(width)) {
            to[first..first + width].copy_from_slice(from);
        }
    }
}

#[cfg(test)]
#[cfg(all(feature = "threads", not(miri)))]
mod tests {
    use super::*;
    use crate::{gemm::matmul, threads::SpareThreads};

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
                        SpareThreads::new(threads)
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
        let view = View::rows(&a, 128);
        SpareThreads::new(4).install(|| matmul(&mut scratch, [128; 3], view, view, &mut c, false));
        assert!(scratch.parts.is_empty());
    }
}
