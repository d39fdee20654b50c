//! Tiles of a matrix product whose left operand is gathered from a slice.

#[cfg(target_arch = "x86_64")]
use super::kernel::{avx2, avx512};
use super::{Level, kernel::base, lanes, tile::ROWS};

/// A left operand: element (i, k) is at `rows[i] + depths[k]` in a slice.
#[derive(Debug, Clone, Copy)]
pub struct Gathered<'a> {
    data: &'a [f32],
    rows: &'a [u32],
    depths: &'a [u32],
}

impl<'a> Gathered<'a> {
    /// An operand with these places.
    ///
    /// # Panics
    /// Where a place is outside the slice.
    pub fn new(data: &'a [f32], rows: &'a [u32], depths: &'a [u32]) -> Self {
        let most = |places: &[u32]| places.iter().copied().max().map_or(0, |most| most as usize);
        assert!(most(rows) + most(depths) < data.len(), "a place outside the slice");
        Self { data, rows, depths }
    }

    /// Its numbers of rows and of columns.
    pub fn size(&self) -> [usize; 2] {
        [self.rows.len(), self.depths.len()]
    }
}

/// Computes tiles of a matrix product, one below the other: `c = a b`, or `c += a b` where `add`.
///
/// There are `tiles` tiles of `count` rows each, from row `first` of `a` on, and sums of `depth` terms, from column
/// `start` of `a` on. `b` has `depth` rows of `vectors * lanes(level)` columns, at a distance of `b_row`. Row i of the
/// first tile starts at `c[i * stride]`.
///
/// # Panics
/// Where an operand is too short, where a tile has no rows or more than `ROWS`, or where it has not one or two vectors.
#[inline]
#[allow(clippy::too_many_arguments, reason = "the operands of a matrix product")]
pub fn gathered(
    level: Level,
    [tiles, count, vectors]: [usize; 3],
    a: Gathered<'_>,
    [first, start, depth]: [usize; 3],
    b: &[f32],
    b_row: usize,
    c: &mut [f32],
    stride: usize,
    add: bool,
) {
    let width = vectors * lanes(level);
    assert!(tiles > 0 && (1..=ROWS).contains(&count) && (1..=2).contains(&vectors) && depth > 0);
    assert!((depth - 1) * b_row + width <= b.len());
    assert!((tiles * count - 1) * stride + width <= c.len());
    // Indexing checks both ranges.
    let (rows, depths) = (&a.rows[first..][..tiles * count], &a.depths[start..][..depth]);

    macro_rules! rows {
        ($kernel:ident, $vectors:literal) => {
            rows!($kernel, $vectors, 1 2 3 4 5 6 7 8)
        };
        ($kernel:ident, $vectors:literal, $($count:literal)+) => {
            match count {
                // SAFETY: the kernel's features are those of `level`, or of one below it. It reads `a` at sums of a
                // place of a row and of one of a column, which `Gathered::new` has bounded, `rows` and `depths` within
                // their lengths, `b` at `k * b_row + j` for j < width, and writes `c` at `(t * count + i) * stride +
                // j`: the assertions bound the largest of each. `c` is borrowed mutably, so it overlaps neither.
                $(
                    $count => unsafe {
                        let (a, rows, depths) = (a.data.as_ptr(), rows.as_ptr(), depths.as_ptr());
                        let (b, c) = (b.as_ptr(), c.as_mut_ptr());
                        $kernel::gathered::<$count, $vectors>([tiles, depth], a, rows, depths, b, b_row, c, stride, add);
                    },
                )+
                _ => unreachable!("checked above"),
            }
        };
    }
    match (level, vectors) {
        #[cfg(target_arch = "x86_64")]
        (Level::Avx512, 1) => rows!(avx512, 1),
        #[cfg(target_arch = "x86_64")]
        (Level::Avx512, _) => rows!(avx512, 2),
        #[cfg(target_arch = "x86_64")]
        (Level::Avx2, 1) => rows!(avx2, 1),
        #[cfg(target_arch = "x86_64")]
        (Level::Avx2, _) => rows!(avx2, 2),
        (Level::Base, 1) => rows!(base, 1),
        (Level::Base, _) => rows!(base, 2),
    }
}
