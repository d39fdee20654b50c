//! Matrix products of the sizes that a training step has.
//!
//! One algorithm, [Goto and van de Geijn's](https://doi.org/10.1145/1356052.1356053), for operands and results of any
//! strides: the right operand is packed into panels of a tile's width that stay in the first cache, the left one is
//! broadcast. A product may as well be computed as its transpose; [`matmul`] takes whichever wastes fewer lanes and
//! copies less. Each element is the same sum in the same order either way, whatever the other dimensions are.

mod pack;

use std::mem;

use self::pack::{aligned, pack_left_rows, pack_right};
use super::simd::{Left, Level, lanes, level, rows, tiles, transpose};

/// A matrix in a slice: element (i, j) is at `i * row + j * column`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    data: &'a [f32],
    row: usize,
    column: usize,
}

impl<'a> View<'a> {
    /// A row-major matrix of rows of `width`.
    pub(crate) fn rows(data: &'a [f32], width: usize) -> Self {
        Self { data, row: width, column: 1 }
    }

    /// The transpose of this matrix.
    pub(crate) fn t(self) -> Self {
        Self { row: self.column, column: self.row, ..self }
    }

    fn holds(self, rows: usize, columns: usize) -> bool {
        (rows - 1) * self.row + (columns - 1) * self.column < self.data.len()
    }
}

/// Room for packed operands, kept from product to product.
#[derive(Debug, Default)]
pub(crate) struct Room {
    right: Vec<f32>,
    left: Vec<f32>,
    turned: Vec<f32>,
    part: Vec<f32>,
}

/// Terms of a sum that are taken at once: a panel of the right operand stays in the first cache.
const DEPTH: usize = 400;
/// Rows of the left operand that stay in the second cache.
const HEIGHT: usize = 128;

/// `c = a b`, or `c += a b` where `add`: `a` is m by k, `b` k by n, `c` row-major in rows of n.
///
/// # Panics
/// Where a slice is too short.
#[allow(clippy::many_single_char_names, reason = "the letters of the matrix product")]
pub(crate) fn matmul(room: &mut Room, [m, k, n]: [usize; 3], a: View<'_>, b: View<'_>, c: &mut [f32], add: bool) {
    if m == 0 || n == 0 {
        return;
    }
    assert!(c.len() >= m * n, "the result has no room");
    if k == 0 {
        if !add {
            c[..m * n].fill(0.0);
        }
        return;
    }
    assert!(a.holds(m, k) && b.holds(k, n), "an operand is too short");
    let level = level();
    if cost(level, [m, k, n], b, 1) <= cost(level, [n, k, m], a.t(), n) {
        panels(room, level, [m, k, n], a, b, c, add);
        return;
    }
    let mut lines = mem::take(&mut room.turned);
    let turned = aligned(&mut lines, m * n);
    if add {
        transpose(level, [m, n], c, n, turned, m);
    }
    panels(room, level, [n, k, m], b.t(), a.t(), turned, add);
    transpose(level, [n, m], turned, m, c, n);
    room.turned = lines;
}

/// About how long a product takes with `b` packed, in vectors: sums, packing, and turning a result of the wrong way.
fn cost(level: Level, [m, k, n]: [usize; 3], b: View<'_>, c_column: usize) -> usize {
    let vectors = n.div_ceil(lanes(level));
    let copied = if b.column == 1 { vectors } else { vectors * 4 };
    let stored = if c_column == 1 { vectors } else { vectors * 5 };
    m * k * vectors + k * copied + m * stored
}

/// The product by panels of `b`.
#[allow(clippy::many_single_char_names, clippy::too_many_arguments, reason = "the letters of the matrix product")]
fn panels(
    Room { right, left, part, .. }: &mut Room,
    level: Level,
    [m, k, n]: [usize; 3],
    a: View<'_>,
    b: View<'_>,
    c: &mut [f32],
    add: bool,
) {
    let lanes = lanes(level);
    let width = 2 * lanes;
    let height = even(m, rows(level));
    let deep = even(k, DEPTH);
    let high = HEIGHT.next_multiple_of(height);
    // Rows far apart would fall on the same few lines of the cache.
    let pack_left = a.column != 1 && a.column >= 256 && n > width;
    // Packing is worth its copy where the panel is read often, or does not fit into the first cache as it lies.
    let direct = b.column == 1 && n >= width && (m <= 4 * height || k * n <= 4096);
    for k0 in (0..k).step_by(deep) {
        let depth = deep.min(k - k0);
        let add = add || k0 > 0;
        let packed_from = if direct { n / width * width } else { 0 };
        let right = aligned(right, depth * (n - packed_from).next_multiple_of(lanes));
        pack_right(level, right, b, [k0, depth, packed_from, n], width);
        for m0 in (0..m).step_by(high) {
            let m1 = (m0 + high).min(m);
            let left = pack_left.then(|| {
                let left = aligned(left, (m1 - m0).next_multiple_of(height) * depth);
                pack_left_rows(left, a, [m0, m1, k0, depth], height);
                &*left
            });
            for n0 in (0..n).step_by(width) {
                let columns = width.min(n - n0);
                let vectors = columns.div_ceil(lanes);
                let (panel, b_row) = if n0 < packed_from {
                    (&b.data[k0 * b.row + n0..], b.row)
                } else {
                    (&right[(n0 - packed_from) * depth..], vectors * lanes)
                };
                let (data, start, row, step, a_tile) = match left {
                    Some(left) => (left, 0, 1, height, height * depth),
                    None => (a.data, m0 * a.row + k0 * a.column, a.row, a.column, height * a.row),
                };
                let (whole, rest) = ((m1 - m0) / height, (m1 - m0) % height);
                for (first, tile_count, count) in [(0, whole, height), (whole, 1, rest)] {
                    if tile_count == 0 || count == 0 {
                        continue;
                    }
                    let left = Left { data, start: start + first * a_tile, row, depth: step };
                    let size = [tile_count, count, vectors, depth];
                    let i0 = m0 + first * height;
                    if columns == vectors * lanes {
                        tiles(level, size, left, a_tile, panel, b_row, &mut c[i0 * n + n0..], n, add);
                        continue;
                    }
                    // Columns that fill no vector are computed with the ones that pad them, and copied without.
                    let stride = vectors * lanes;
                    let part = aligned(part, tile_count * count * stride);
                    tiles(level, size, left, a_tile, panel, b_row, part, stride, false);
                    for (i, from) in part.chunks_exact(stride).enumerate() {
                        write(&mut c[(i0 + i) * n + n0..][..columns], &from[..columns], add);
                    }
                }
            }
        }
    }
}

/// The largest part of `len` that is at most `most` and leaves no small rest.
fn even(len: usize, most: usize) -> usize {
    len.div_ceil(len.div_ceil(most))
}

fn write(to: &mut [f32], from: &[f32], add: bool) {
    if add {
        to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
    } else {
        to.copy_from_slice(from);
    }
}

#[cfg(test)]
#[allow(clippy::many_single_char_names, reason = "the letters of the matrix product")]
mod tests {
    use super::{super::simd::forced::on_each, *};

    fn numbers(len: usize, seed: usize) -> Vec<f32> {
        (0..len).map(|at| ((at * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0).collect()
    }

    /// One element of a product: sums of at most [`DEPTH`] terms, each from 0 on, added one after the other.
    fn by_definition(level: Level, terms: impl ExactSizeIterator<Item = (f32, f32)>, start: Option<f32>) -> f32 {
        let is_fused = cfg!(target_arch = "aarch64") || level != Level::Base;
        let deep = even(terms.len(), DEPTH);
        let terms: Vec<(f32, f32)> = terms.collect();
        let part = |part: &[(f32, f32)]| {
            part.iter().fold(0.0, |sum: f32, &(x, y)| if is_fused { x.mul_add(y, sum) } else { x * y + sum })
        };
        let parts = terms.chunks(deep).map(part);
        start.into_iter().chain(parts).reduce(|sum, part| sum + part).expect("a term")
    }

    fn check([m, k, n]: [usize; 3], a_turned: bool, b_turned: bool, add: bool) {
        let (a, b, start) = (numbers(m * k, 1), numbers(k * n, 2), numbers(m * n, 3));
        let a = if a_turned { View::rows(&a, m).t() } else { View::rows(&a, k) };
        let b = if b_turned { View::rows(&b, k).t() } else { View::rows(&b, n) };
        let products = on_each(|| {
            let mut c = start.clone();
            matmul(&mut Room::default(), [m, k, n], a, b, &mut c, add);
            c
        });
        let element = |view: View<'_>, i, j| view.data[i * view.row + j * view.column];
        for (level, c) in products {
            for i in 0..m {
                for j in 0..n {
                    let terms = (0..k).map(|at| (element(a, i, at), element(b, at, j)));
                    let wanted = by_definition(level, terms, add.then_some(start[i * n + j]));
                    let found = c[i * n + j];
                    assert_eq!(found.to_bits(), wanted.to_bits(), "{level:?} {m} {k} {n} {i} {j}: {found} {wanted}");
                }
            }
        }
    }

    #[test]
    fn a_product_of_any_kind_is_one_sum_in_one_order() {
        let sizes: &[[usize; 3]] = if cfg!(miri) {
            &[[1, 1, 1], [3, 5, 7], [9, 3, 17], [17, 2, 9]]
        } else {
            &[
                [1, 1, 1],
                [1, 900, 1],
                [3, 5, 7],
                [7, 13, 11],
                [10, 32, 128],
                [32, 10, 128],
                [32, 128, 10],
                [128, 32, 64],
                [33, 900, 65],
                [150, 20, 520],
                [300, 40, 300],
            ]
        };
        for &size in sizes {
            for case in 0..8 {
                check(size, case & 1 > 0, case & 2 > 0, case & 4 > 0);
            }
        }
    }

    #[test]
    fn nothing_gives_nothing() {
        let mut c = [1.0; 4];
        matmul(&mut Room::default(), [2, 0, 2], View::rows(&[], 0), View::rows(&[], 2), &mut c, true);
        assert_eq!(c, [1.0; 4]);
        matmul(&mut Room::default(), [2, 0, 2], View::rows(&[], 0), View::rows(&[], 2), &mut c, false);
        assert_eq!(c, [0.0; 4]);
        matmul(&mut Room::default(), [0, 3, 0], View::rows(&[], 3), View::rows(&[], 0), &mut [], false);
    }

    #[test]
    #[should_panic(expected = "an operand is too short")]
    fn a_short_operand_is_refused() {
        matmul(
            &mut Room::default(),
            [2, 2, 2],
            View::rows(&[0.0; 3], 2),
            View::rows(&[0.0; 4], 2),
            &mut [0.0; 4],
            false,
        );
    }

    // A batch's last rows, an evaluation in one batch or in many: a row's bits depend on the row alone.
    #[test]
    fn a_row_does_not_depend_on_its_neighbours() {
        let (most, k, n) = if cfg!(miri) { (12, 9, 11) } else { (70, 500, 40) };
        let (a, b) = (numbers(most * k, 1), numbers(k * n, 2));
        let product = |rows: usize| {
            on_each(|| {
                let mut c = vec![0.0; rows * n];
                matmul(&mut Room::default(), [rows, k, n], View::rows(&a, k), View::rows(&b, k).t(), &mut c, false);
                c
            })
        };
        let all = product(most);
        for rows in [1, 2, 7, 33, 64].into_iter().filter(|rows| *rows < most) {
            for ((level, some), (_, all)) in product(rows).into_iter().zip(&all) {
                assert_eq!(some, all[..rows * n], "{level:?} {rows}");
            }
        }
    }
}
