//! Products whose left operand is gathered from a slice: the windows of images, which are not written out.

use super::{DEPTH, HEIGHT, View, even, pack::pack_right, write};
use crate::{
    scratch::{GemmScratch, aligned},
    simd::{Gathered, Level, gathered, lanes, level, rows},
};

/// `c = a b`, or `c += a b` where `add`, with `b` of `n` columns, and `c` row-major. Each element is the same sum in
/// the same order as that of [`matmul`](super::matmul).
///
/// # Panics
/// Where a slice is too short.
#[allow(clippy::many_single_char_names, reason = "the letters of the matrix product")]
pub fn matmul_gathered(
    GemmScratch { right, part, .. }: &mut GemmScratch,
    a: Gathered<'_>,
    b: View<'_>,
    n: usize,
    c: &mut [f32],
    add: bool,
) {
    let [m, k] = a.size();
    if m == 0 || n == 0 || k == 0 {
        return;
    }
    assert!(c.len() >= m * n && b.holds(k, n), "an operand is too short");
    let level = narrowed(level(), n);
    let lanes = lanes(level);
    let width = 2 * lanes;
    // Of one vector, the rows are the only sums that do not wait for each other.
    let height = even(m, if n <= lanes { 8 } else { rows(level) });
    let deep = even(k, DEPTH);
    let high = HEIGHT.next_multiple_of(height);
    let is_direct = b.column == 1 && n.is_multiple_of(lanes);
    for k0 in (0..k).step_by(deep) {
        let depth = deep.min(k - k0);
        let add = add || k0 > 0;
        let right = aligned(right, if is_direct { 0 } else { depth * n.next_multiple_of(lanes) });
        if !is_direct {
            pack_right(level, right, b, [k0, depth, 0, n], width);
        }
        for m0 in (0..m).step_by(high) {
            let m1 = (m0 + high).min(m);
            for n0 in (0..n).step_by(width) {
                let columns = width.min(n - n0);
                let vectors = columns.div_ceil(lanes);
                let stride = vectors * lanes;
                let (panel, b_row) =
                    if is_direct { (&b.data[k0 * b.row + n0..], b.row) } else { (&right[n0 * depth..], stride) };
                let (whole, rest) = ((m1 - m0) / height, (m1 - m0) % height);
                for (first, tiles, count) in [(m0, whole, height), (m0 + whole * height, 1, rest)] {
                    if tiles == 0 || count == 0 {
                        continue;
                    }
                    let (size, places) = ([tiles, count, vectors], [first, k0, depth]);
                    if columns == stride {
                        gathered(level, size, a, places, panel, b_row, &mut c[first * n + n0..], n, add);
                        continue;
                    }
                    let part = aligned(part, tiles * count * stride);
                    gathered(level, size, a, places, panel, b_row, part, stride, false);
                    for (i, from) in part.chunks_exact(stride).enumerate() {
                        write(&mut c[(first + i) * n + n0..][..columns], &from[..columns], add);
                    }
                }
            }
        }
    }
}

/// The level with the shortest vectors that hold `n` columns, among those whose products have the same bits.
fn narrowed(level: Level, n: usize) -> Level {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 if n <= lanes(Level::Avx2) => Level::Avx2,
        // Elsewhere there is one level, whatever `n` is.
        level => {
            let _ = n;
            level
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::matmul, *};
    use crate::simd::forced::on_each;

    /// Checks a product of each number of columns against that of the operand written out, bit for bit.
    fn check([m, k]: [usize; 2], columns: &[usize]) {
        // Places that overlap, in no order.
        let rows: Vec<u32> = (0..m).map(|i| (i * 37 % 101) as u32).collect();
        let depths: Vec<u32> = (0..k).map(|at| (at * 53 % 211) as u32).collect();
        let number = |seed: usize, at: usize| ((at * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0;
        let data: Vec<f32> = (0..311).map(|at| number(1, at)).collect();
        let gathered = Gathered::new(&data, &rows, &depths);
        let a: Vec<f32> =
            rows.iter().flat_map(|&i| depths.iter().map(move |k| (i + k) as usize)).map(|at| data[at]).collect();
        let mut scratch = GemmScratch::default();
        for &n in columns {
            let b: Vec<f32> = (0..k * n).map(|at| number(2, at)).collect();
            // Stored as it is, and as its transpose.
            let turned: Vec<f32> = (0..k * n).map(|at| b[at % k * n + at / k]).collect();
            for (view, add) in [(View::rows(&b, n), true), (View::rows(&turned, k).t(), false)] {
                let mut wanted: Vec<f32> = (0..m * n + 40).map(|at| number(3, at)).collect();
                let mut found = wanted.clone();
                matmul(&mut scratch, [m, k, n], View::rows(&a, k), view, &mut wanted, add);
                matmul_gathered(&mut scratch, gathered, view, n, &mut found, add);
                let bits = |numbers: &[f32]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&found), bits(&wanted), "{:?}: {m} {k} {n}", level());
            }
        }
    }

    #[test]
    fn every_rest_of_a_tile_is_one_sum_in_one_order() {
        on_each(|| {
            let width = 2 * lanes(level());
            if cfg!(miri) {
                check([9, 3], &[1, width / 2 + 1]);
                return check([3, DEPTH + 1], &[width]);
            }
            for m in (1..20).chain([HEIGHT - 1, HEIGHT + 1, 2 * HEIGHT + 3]) {
                let columns: Vec<usize> = (1..2 * width + 2).collect();
                for k in [1, 2, 9] {
                    check([m, k], &columns);
                }
            }
            check([11, DEPTH + 1], &[1, width / 2, width + 1]);
            check([5, 2 * DEPTH + 1], &[3, width, 2 * width]);
        });
    }

    #[test]
    #[should_panic(expected = "a place outside the slice")]
    fn a_place_outside_the_slice_is_refused() {
        Gathered::new(&[0.0; 4], &[0, 2], &[1, 2]);
    }
}
