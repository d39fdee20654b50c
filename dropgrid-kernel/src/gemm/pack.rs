//! Packing of operands into the order in which tiles read them.

use super::{
    super::simd::{Level, lanes, transpose},
    View,
};

/// Packs `depth` rows of `b`, from row `k0` and column `start` on, into panels of `width` columns. The last panel has
/// as many whole vectors as its columns need.
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

/// Packs an operand whose rows are contiguous.
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

/// Packs an operand whose columns are contiguous.
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

/// Packs rows `m0..m1` of `a` into tiles of `height` rows. The numbers of a tile at one depth are contiguous.
pub(super) fn pack_left_rows(to: &mut [f32], a: View<'_>, [m0, m1, k0, depth]: [usize; 4], height: usize) {
    for (i0, tile) in (m0..m1).step_by(height).zip(to.chunks_exact_mut(height * depth)) {
        let from = &a.data[i0 * a.row + k0 * a.column..];
        let count = height.min(m1 - i0);
        let is_whole = count == height && a.row == 1;
        match height {
            // The heights of whole tiles: a copy of a known length is a move or two, any other is a call.
            8 if is_whole => pack_tile::<8>(tile, from, a.column),
            6 if is_whole => pack_tile::<6>(tile, from, a.column),
            4 if is_whole => pack_tile::<4>(tile, from, a.column),
            // The last tile may have fewer rows. It keeps the height of the others, which is the stride of its readers.
            _ => {
                for (k, to) in tile.chunks_exact_mut(height).enumerate() {
                    (0..count).for_each(|i| to[i] = from[k * a.column + i * a.row]);
                }
            }
        }
    }
}

/// Packs a tile of `HEIGHT` rows from an operand whose columns are contiguous.
fn pack_tile<const HEIGHT: usize>(tile: &mut [f32], from: &[f32], column: usize) {
    for (k, to) in tile.as_chunks_mut::<HEIGHT>().0.iter_mut().enumerate() {
        to.copy_from_slice(&from[k * column..][..HEIGHT]);
    }
}
