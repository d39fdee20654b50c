//! Tiles of a matrix product, whose accumulators stay in registers.

#[cfg(target_arch = "x86_64")]
use super::kernel::{avx2, avx512};
use super::{Level, kernel::base, lanes};

/// The largest number of rows in a tile.
pub(super) const ROWS: usize = 8;

/// The left operand of a tile: element (i, k) is at `start + i * row + k * depth`, one of which is 1.
#[derive(Debug, Clone, Copy)]
pub struct LeftOperand<'a> {
    pub data: &'a [f32],
    pub start: usize,
    pub row: usize,
    pub depth: usize,
}

/// The rows of a full tile of a level: as many as keep the accumulators in registers.
pub fn rows(level: Level) -> usize {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => 8,
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => 6,
        Level::Base => 4,
    }
}

/// Computes tiles of a matrix product, one below the other: `c = a b`, or `c += a b` where `add`.
///
/// There are `tiles` tiles of `count` rows each. The left operand of a tile starts `a_tile` numbers after that of the
/// tile above. `b` has `depth` rows of `vectors * lanes(level)` columns, at a distance of `b_row`. Row i of the first
/// tile starts at `c[i * stride]`.
///
/// # Panics
/// Where an operand is too short, where neither the rows nor the columns of `a` are contiguous, where a tile has no
/// rows or more than `ROWS`, or where it has not one or two vectors.
#[inline]
#[allow(clippy::too_many_arguments, reason = "the operands of a matrix product")]
pub fn tiles(
    level: Level,
    [tiles, count, vectors, depth]: [usize; 4],
    a: LeftOperand<'_>,
    a_tile: usize,
    b: &[f32],
    b_row: usize,
    c: &mut [f32],
    stride: usize,
    add: bool,
) {
    let width = vectors * lanes(level);
    assert!(tiles > 0 && (1..=ROWS).contains(&count) && (1..=2).contains(&vectors) && depth > 0);
    assert!(a.row == 1 || a.depth == 1);
    assert!(a.start + (tiles - 1) * a_tile + (count - 1) * a.row + (depth - 1) * a.depth < a.data.len());
    assert!((depth - 1) * b_row + width <= b.len());
    assert!((tiles * count - 1) * stride + width <= c.len());

    macro_rules! rows {
        ($kernel:ident, $vectors:literal, $($count:literal)+) => {
            match (count, a.depth == 1) {
                // SAFETY: the kernel's features are those of `level`, which only `level()` makes. It reads `a` at
                // `start + t * a_tile + i * row + k * depth` for t < tiles, i < count and k < depth, `b` at
                // `k * b_row + j` for j < width, and writes `c` at `(t * count + i) * stride + j`: the three
                // assertions bound the largest of each, and all terms are unsigned, so the others are smaller. `c` is
                // borrowed mutably, so it overlaps neither. Where the depth of `a` is not 1, its row is.
                $(
                    ($count, true) => unsafe {
                        let a_start = a.data.as_ptr().add(a.start);
                        let (b, c) = (b.as_ptr(), c.as_mut_ptr());
                        $kernel::tiles::<$count, $vectors, true>(tiles, depth, a_start, a.row, a_tile, b, b_row, c, stride, add);
                    },
                    // SAFETY: as above.
                    ($count, false) => unsafe {
                        let a_start = a.data.as_ptr().add(a.start);
                        let (b, c) = (b.as_ptr(), c.as_mut_ptr());
                        $kernel::tiles::<$count, $vectors, false>(tiles, depth, a_start, a.depth, a_tile, b, b_row, c, stride, add);
                    },
                )+
                _ => unreachable!("checked above"),
            }
        };
    }
    match (level, vectors) {
        #[cfg(target_arch = "x86_64")]
        (Level::Avx512, 1) => rows!(avx512, 1, 1 2 3 4 5 6 7 8),
        #[cfg(target_arch = "x86_64")]
        (Level::Avx512, _) => rows!(avx512, 2, 1 2 3 4 5 6 7 8),
        #[cfg(target_arch = "x86_64")]
        (Level::Avx2, 1) => rows!(avx2, 1, 1 2 3 4 5 6 7 8),
        #[cfg(target_arch = "x86_64")]
        (Level::Avx2, _) => rows!(avx2, 2, 1 2 3 4 5 6 7 8),
        (Level::Base, 1) => rows!(base, 1, 1 2 3 4 5 6 7 8),
        (Level::Base, _) => rows!(base, 2, 1 2 3 4 5 6 7 8),
    }
}
