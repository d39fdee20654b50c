//! Copies of operands in the order in which tiles read them.

use super::{
    super::simd::{Level, lanes, transpose},
    View,
};

/// The first `len` numbers of `buffer` from the start of a cache line on, so that no packed vector lies across two.
pub(super) fn aligned(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    if buffer.len() < len + 16 {
        buffer.resize(len + 16, 0.0);
    }
    let start = buffer.as_ptr().align_offset(64).min(16);
    &mut buffer[start..start + len]
}

/// Packs `depth` rows of `b` from row `k0` and column `start` on into panels of `width` columns, the last as narrow as
/// vectors allow.
pub(super) fn pack_right(level: Level, to: &mut [f32], b: View<'_>, [k0, depth, start, n]: [usize; 4], width: usize) {
    for n0 in (start..n).step_by(width) {
        let columns = width.min(n - n0);
        let stride = columns.next_multiple_of(lanes(level));
        let panel = &mut to[(n0 - start) * depth..][..stride * depth];
        let from = &b.data[k0 * b.row + n0 * b.column..];
        if b.column == 1 {
            pack_rows(panel, stride, from, b.row, columns);
        } else if b.row == 1 {
            pack_columns(level, panel, stride, from, b.column, [depth, columns]);
        } else {
            for (k, row) in panel.chunks_exact_mut(stride).enumerate() {
                row.fill(0.0);
                (0..columns).for_each(|j| row[j] = from[k * b.row + j * b.column]);
            }
        }
    }
}

/// Rows that lie together in the operand too.
fn pack_rows(panel: &mut [f32], stride: usize, from: &[f32], b_row: usize, columns: usize) {
    if columns == 16 && stride == 16 {
        for (k, row) in panel.as_chunks_mut::<16>().0.iter_mut().enumerate() {
            row.copy_from_slice(&from[k * b_row..][..16]);
        }
        return;
    }
    for (k, row) in panel.chunks_exact_mut(stride).enumerate() {
        row[..columns].copy_from_slice(&from[k * b_row..][..columns]);
        row[columns..].fill(0.0);
    }
}

/// Rows whose columns lie together in the operand.
fn pack_columns(
    level: Level,
    panel: &mut [f32],
    stride: usize,
    from: &[f32],
    b_column: usize,
    [depth, columns]: [usize; 2],
) {
    transpose(level, [columns, depth], from, b_column, panel, stride);
    if columns < stride {
        panel.chunks_exact_mut(stride).for_each(|row| row[columns..].fill(0.0));
    }
}

/// Packs rows `m0..m1` of `a` into tiles of `height` rows: the rows of a tile lie together at each depth.
pub(super) fn pack_left_rows(to: &mut [f32], a: View<'_>, [m0, m1, k0, depth]: [usize; 4], height: usize) {
    for (i0, tile) in (m0..m1).step_by(height).zip(to.chunks_exact_mut(height * depth)) {
        let from = &a.data[i0 * a.row + k0 * a.column..];
        let count = height.min(m1 - i0);
        let is_whole = count == height && a.row == 1;
        match height {
            // The heights of whole tiles: a copy whose length is known is a move or two, and else a call.
            8 if is_whole => pack_tile::<8>(tile, from, a.column),
            6 if is_whole => pack_tile::<6>(tile, from, a.column),
            4 if is_whole => pack_tile::<4>(tile, from, a.column),
            // The last tile may have fewer rows; it is as high as the others all the same, since that is what its
            // readers take from one depth to the next.
            _ => {
                for (k, to) in tile.chunks_exact_mut(height).enumerate() {
                    (0..count).for_each(|i| to[i] = from[k * a.column + i * a.row]);
                }
            }
        }
    }
}

/// A tile of `HEIGHT` rows whose numbers lie together in the operand too.
fn pack_tile<const HEIGHT: usize>(tile: &mut [f32], from: &[f32], column: usize) {
    for (k, to) in tile.as_chunks_mut::<HEIGHT>().0.iter_mut().enumerate() {
        to.copy_from_slice(&from[k * column..][..HEIGHT]);
    }
}
