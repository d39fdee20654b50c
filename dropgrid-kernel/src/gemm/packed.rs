//! Right operands that are packed once, for products of a single row.

use std::iter;

use super::{DEPTH, View, even, pack::pack_right};
use crate::{
    AlignedVec, OutOfMemory,
    simd::{Level, VECTORS, lanes, level, row},
};

/// The most numbers in the vectors of a row that are summed at once.
const WIDEST: usize = VECTORS * 16;

/// The right operand of products of single rows, in the order in which they read it.
///
/// [`matmul`](super::matmul) packs its operand in each product, which for a single row takes longer than the sums. A
/// product of a row has the same bits as by `matmul`.
#[derive(Debug)]
pub struct PackedMatrix {
    /// The instruction set that it is packed for.
    level: Level,
    /// The rows and columns.
    size: [usize; 2],
    /// Panels of columns, one after the other; the last columns are filled up with zeros to a vector.
    panels: AlignedVec,
}

impl PackedMatrix {
    /// The matrix `b` of `k` rows and `n` columns.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    ///
    /// # Panics
    /// Where the slice is too short.
    #[allow(clippy::many_single_char_names, reason = "the letters of the matrix product")]
    pub fn of(b: View<'_>, [k, n]: [usize; 2]) -> Result<Self, OutOfMemory> {
        assert!(k == 0 || n == 0 || b.holds(k, n), "an operand is too short");
        let level = level();
        let mut panels = AlignedVec::filled(0.0, k.saturating_mul(n.next_multiple_of(lanes(level))))?;
        if k > 0 {
            for Panel { start, columns, vectors } in panels_of(level, n) {
                let to = &mut panels[start * k..][..k * vectors * lanes(level)];
                pack_right(level, to, b, [0, k, start, start + columns], vectors * lanes(level));
            }
        }
        Ok(Self { level, size: [k, n], panels })
    }

    /// `c = a b`, with `a` of as many numbers as the matrix has rows, and `c` of as many as it has columns.
    ///
    /// # Panics
    /// Where a slice is too short.
    pub fn product(&self, a: &[f32], c: &mut [f32]) {
        let ([k, n], lanes) = (self.size, lanes(self.level));
        let (a, c) = (&a[..k], &mut c[..n]);
        if k == 0 {
            c.fill(0.0);
            return;
        }
        let deep = even(k, DEPTH);
        for Panel { start, columns, vectors } in panels_of(self.level, n) {
            let width = vectors * lanes;
            let mut sums = [0.0; WIDEST];
            let parts = a.chunks(deep).zip(self.panels[start * k..][..k * width].chunks(deep * width));
            for (part, (a, b)) in parts.enumerate() {
                row(self.level, vectors, a, b, &mut sums, part > 0);
            }
            c[start..][..columns].copy_from_slice(&sums[..columns]);
        }
    }
}

/// Columns that are summed at once: the first one, how many there are, and the vectors that hold them.
struct Panel {
    start: usize,
    columns: usize,
    vectors: usize,
}

/// The panels of `n` columns: as wide as their vectors allow.
fn panels_of(level: Level, n: usize) -> impl Iterator<Item = Panel> {
    let lanes = lanes(level);
    let mut start = 0;
    iter::from_fn(move || {
        let left = n.saturating_sub(start);
        // A power of two, so that there are few kernels.
        let vectors = 1 << (left.div_ceil(lanes).min(VECTORS).checked_ilog2()?);
        let panel = Panel { start, columns: left.min(vectors * lanes), vectors };
        start += panel.columns;
        Some(panel)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gemm::matmul,
        scratch::GemmScratch,
        simd::forced::{lengths, on_each},
    };

    /// Numbers of both signs, none of which is whole.
    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|at| ((at * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0).collect()
    }

    /// Widths with every rest, and those that take panels of every number of vectors; depths of one part and of
    /// several.
    fn sizes() -> Vec<[usize; 2]> {
        let widths = lengths().map(|n| [5, n]);
        let depths = lengths().map(|k| [k, 21]);
        let wide =
            if cfg!(miri) { vec![[13, 70], [2, 131]] } else { vec![[1000, 131], [401, 300], [800, 10], [3, 517]] };
        widths.chain(depths).chain(wide).collect()
    }

    /// Against sums in double precision, each of which is exact to more digits than those in single precision.
    #[test]
    fn a_product_is_the_sum_of_its_terms() {
        on_each(|| {
            for [k, n] in sizes() {
                let (a, b) = (numbers(k, 1), numbers(k * n, 2));
                let mut c = vec![f32::NAN; n];
                PackedMatrix::of(View::rows(&b, n), [k, n]).expect("memory").product(&a, &mut c);
                for (j, &found) in c.iter().enumerate() {
                    let terms = (0..k).map(|at| f64::from(a[at]) * f64::from(b[at * n + j]));
                    let (sum, size) = terms.fold((0.0, 0.0), |(sum, size), term| (sum + term, size + term.abs()));
                    // Each of the k sums rounds by half a unit of at most the sum of the sizes, as does each product.
                    let bound = (k + 1) as f64 * f64::from(f32::EPSILON) * size;
                    assert!((f64::from(found) - sum).abs() <= bound, "{k} x {n}, column {j}: {found}, not {sum}");
                }
            }
        });
    }

    #[test]
    fn a_row_has_the_bits_that_it_has_among_others() {
        on_each(|| {
            for [k, n] in sizes() {
                let (a, b) = (numbers(3 * k, 3), numbers(k * n, 4));
                let by_columns: Vec<f32> = (0..k * n).map(|at| b[at % k * n + at / k]).collect();
                let mut expected = vec![0.0; 3 * n];
                let rows = View::rows(&b, n);
                matmul(&mut GemmScratch::default(), [3, k, n], View::rows(&a, k), rows, &mut expected, false);
                for view in [rows, View::rows(&by_columns, k).t()] {
                    let packed = PackedMatrix::of(view, [k, n]).expect("memory");
                    for (a, expected) in a.chunks(k).zip(expected.chunks(n)) {
                        let mut found = vec![f32::NAN; n];
                        packed.product(a, &mut found);
                        assert!(
                            found.iter().map(|x| x.to_bits()).eq(expected.iter().map(|x| x.to_bits())),
                            "{k} x {n}"
                        );
                    }
                }
            }
        });
    }

    #[test]
    fn an_empty_sum_is_zero() {
        let packed = PackedMatrix::of(View::rows(&[], 3), [0, 3]).expect("memory");
        let mut c = [1.0; 3];
        packed.product(&[], &mut c);
        assert_eq!(c, [0.0; 3]);
        PackedMatrix::of(View::rows(&[], 0), [3, 0]).expect("memory").product(&[1.0; 3], &mut []);
    }
}
