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

// Under Miri the three are small, so that a test that crosses them does not take minutes.

/// Terms of a sum that are taken at once: a panel of the right operand stays in the first cache.
const DEPTH: usize = if cfg!(miri) { 12 } else { 400 };
/// Rows of the left operand that stay in the second cache.
const HEIGHT: usize = if cfg!(miri) { 12 } else { 128 };
/// Numbers from one column of the left operand to the next, from which on it is packed.
const FAR: usize = if cfg!(miri) { 16 } else { 256 };

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
    let pack_left = a.column != 1 && a.column >= FAR && n > width;
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
mod tests;
