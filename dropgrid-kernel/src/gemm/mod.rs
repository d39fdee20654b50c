//! Matrix products of the sizes that occur in a training step.
//!
//! The algorithm of [Goto and van de Geijn 2008](https://doi.org/10.1145/1356052.1356053), for operands of any strides:
//! the right operand is packed into panels of a tile's width that stay in the first-level cache, and the left operand
//! is broadcast. [`matmul`] computes a product as its transpose where that wastes fewer lanes and copies less. Either
//! way, each element is the same sum in the same order, whatever the other dimensions are.

mod gathered;
mod pack;
mod packed;
mod shared;

use std::mem;

pub use self::gathered::matmul_gathered;
use self::pack::{pack_left_rows, pack_right};
pub use self::packed::PackedMatrix;
pub(crate) use self::shared::WORTH;
use super::{
    scratch::{GemmScratch, aligned},
    simd::{LeftOperand, Level, lanes, level, rows, tiles, transpose},
};

/// A matrix in a slice: element (i, j) is at `i * row + j * column`.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    data: &'a [f32],
    row: usize,
    column: usize,
}

impl<'a> View<'a> {
    /// A row-major matrix with rows of `width` numbers, or one whose rows begin `width` numbers apart.
    pub fn rows(data: &'a [f32], width: usize) -> Self {
        Self { data, row: width, column: 1 }
    }

    /// The transpose of this matrix.
    pub fn t(self) -> Self {
        Self { row: self.column, column: self.row, ..self }
    }

    /// The matrix from this row and this column on.
    fn from(self, row: usize, column: usize) -> Self {
        Self { data: &self.data[row * self.row + column * self.column..], ..self }
    }

    fn holds(self, rows: usize, columns: usize) -> bool {
        (rows - 1) * self.row + (columns - 1) * self.column < self.data.len()
    }
}

// Under Miri these three are small, so that a test that exceeds them does not take minutes.

/// The most terms of a sum in one pass, so that a panel of the right operand stays in the first-level cache.
const DEPTH: usize = if cfg!(miri) { 12 } else { 400 };
/// Rows of the left operand that stay in the second-level cache.
const HEIGHT: usize = if cfg!(miri) { 12 } else { 128 };
/// The distance between columns of the left operand, in numbers, from which on it is packed.
const FAR: usize = if cfg!(miri) { 16 } else { 256 };

/// `c = a b`, or `c += a b` where `add`, with `a` of m by k, `b` of k by n, and `c` row-major of m by n.
///
/// # Panics
/// Where a slice is too short.
#[allow(clippy::many_single_char_names, reason = "the letters of the matrix product")]
pub fn matmul(scratch: &mut GemmScratch, [m, k, n]: [usize; 3], a: View<'_>, b: View<'_>, c: &mut [f32], add: bool) {
    if m == 0 || n == 0 {
        return;
    }
    assert!(c.len() >= m * n, "the result is too short");
    if k == 0 {
        if !add {
            c[..m * n].fill(0.0);
        }
        return;
    }
    assert!(a.holds(m, k) && b.holds(k, n), "an operand is too short");
    if shared::on_threads(scratch, [m, k, n], a, b, c, add) {
        return;
    }
    on_one_thread(scratch, [m, k, n], a, b, c, add);
}

/// The product of operands that are long enough, and of at least one term.
#[allow(clippy::many_single_char_names, reason = "the letters of the matrix product")]
fn on_one_thread(scratch: &mut GemmScratch, [m, k, n]: [usize; 3], a: View<'_>, b: View<'_>, c: &mut [f32], add: bool) {
    let level = level();
    if cost(level, [m, k, n], b, 1) <= cost(level, [n, k, m], a.t(), n) {
        panels(scratch, level, [m, k, n], a, b, c, add);
        return;
    }
    let mut buffer = mem::take(&mut scratch.transposed);
    let transposed = aligned(&mut buffer, m * n);
    if add {
        transpose(level, [m, n], c, n, transposed, m);
    }
    panels(scratch, level, [n, k, m], b.t(), a.t(), transposed, add);
    transpose(level, [n, m], transposed, m, c, n);
    scratch.transposed = buffer;
}

/// The approximate cost of a product with `b` packed, in vector operations: sums, packing, and transposing the result
/// where its columns are not contiguous.
fn cost(level: Level, [m, k, n]: [usize; 3], b: View<'_>, c_column: usize) -> usize {
    let vectors = n.div_ceil(lanes(level));
    let copied = if b.column == 1 { vectors } else { vectors * 4 };
    let stored = if c_column == 1 { vectors } else { vectors * 5 };
    m * k * vectors + k * copied + m * stored
}

/// Computes the product panel by panel of `b`.
#[allow(clippy::many_single_char_names, clippy::too_many_arguments, reason = "the letters of the matrix product")]
fn panels(
    GemmScratch { right, left, part, .. }: &mut GemmScratch,
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
    // Rows at a large distance would share a few cache sets.
    let pack_left = a.column != 1 && a.column >= FAR && n > width;
    // Packing pays where the panel is read often, or where it does not fit into the first-level cache unpacked.
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
                    let left = LeftOperand { data, start: start + first * a_tile, row, depth: step };
                    let size = [tile_count, count, vectors, depth];
                    let i0 = m0 + first * height;
                    if columns == vectors * lanes {
                        tiles(level, size, left, a_tile, panel, b_row, &mut c[i0 * n + n0..], n, add);
                        continue;
                    }
                    // Columns that fill no vector are computed with padding and copied without it.
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

/// The size of the parts where `len` is divided into the fewest parts of at most `most`, as evenly as possible.
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
