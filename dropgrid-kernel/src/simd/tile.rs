//! Tiles of a matrix product, whose accumulators stay in registers.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    __m256, __m512, _mm256_add_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_set1_ps, _mm256_setzero_ps,
    _mm256_storeu_ps, _mm512_add_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_set1_ps, _mm512_setzero_ps,
    _mm512_storeu_ps,
};

use super::{Level, lanes};

/// The largest number of rows in a tile.
const ROWS: usize = 8;

/// Terms of a sum in one iteration of the inner loop. With one term, a third of the instructions compute addresses, which
/// costs time where two threads share the issue slots of a core.
const TERMS: usize = 4;

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
/// There are `tiles` tiles of `count` rows each. The left operand of a tile starts `a_tile` numbers after that of the tile
/// above. `b` has `depth` rows of `vectors * lanes(level)` columns, at a distance of `b_row`. Row i of the first tile starts
/// at `c[i * stride]`.
///
/// # Panics
/// Where an operand is too short, where neither the rows nor the columns of `a` are contiguous, where a tile has no rows or
/// more than `ROWS`, or where it has not one or two vectors.
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

/// Defines the inner loop of a tile with the instructions of one level, in a module of the level's name.
macro_rules! kernel {
    (
        $(#[$meta:meta])* $name:ident, $lanes:literal, $vector:ty, $zero:expr,
        |$p:ident| $load:expr, |$q:ident, $v:ident| $store:expr, |$s:ident| $splat:expr,
        |$x:ident, $y:ident, $z:ident| $fma:expr, |$m:ident, $n:ident| $sum:expr
    ) => {
        mod $name {
            use super::*;

            /// See [`tiles`](super::tiles). Where `ALONG`, the rows of `a` are contiguous and `far` apart; else its columns
            /// are.
            $(#[$meta])*
            #[allow(clippy::too_many_arguments, reason = "the operands of a matrix product")]
            pub(super) unsafe fn tiles<const COUNT: usize, const VECTORS: usize, const ALONG: bool>(
                tiles: usize,
                depth: usize,
                a: *const f32,
                far: usize,
                a_tile: usize,
                b: *const f32,
                b_row: usize,
                c: *mut f32,
                stride: usize,
                add: bool,
            ) {
                let (row, step) = if ALONG { (far, 1) } else { (1, far) };
                // SAFETY: the caller guarantees that every index is in bounds, see `tiles`.
                unsafe {
                    for t in 0..tiles {
                        let (a, mut b, c) = (a.add(t * a_tile), b, c.add(t * COUNT * stride));
                        let rows: [*const f32; COUNT] = std::array::from_fn(|i| a.add(i * row));
                        let mut sums = [[$zero; VECTORS]; COUNT];
                        let mut k = 0;
                        // After the last row `b` may point past its slice, where it is not read.
                        while k + TERMS <= depth {
                            for u in 0..TERMS {
                                let a = rows.map(|row| row.add((k + u) * step));
                                term(&mut sums, a, b.wrapping_add(u * b_row));
                            }
                            k += TERMS;
                            b = b.wrapping_add(TERMS * b_row);
                        }
                        while k < depth {
                            term(&mut sums, rows.map(|row| row.add(k * step)), b);
                            k += 1;
                            b = b.wrapping_add(b_row);
                        }
                        for i in 0..COUNT {
                            for j in 0..VECTORS {
                                let $q = c.add(i * stride + j * $lanes);
                                let $v = if add {
                                    let $p = $q.cast_const();
                                    let ($m, $n) = ($load, sums[i][j]);
                                    $sum
                                } else {
                                    sums[i][j]
                                };
                                $store;
                            }
                        }
                    }
                }
            }

            /// Adds one term to each sum: one number of `a` for each row, times one row of `b`.
            $(#[$meta])*
            #[inline]
            unsafe fn term<const COUNT: usize, const VECTORS: usize>(
                sums: &mut [[$vector; VECTORS]; COUNT],
                a: [*const f32; COUNT],
                b: *const f32,
            ) {
                // SAFETY: the caller guarantees that every index is in bounds, see `tiles`.
                unsafe {
                    let mut columns = [$zero; VECTORS];
                    for (j, column) in columns.iter_mut().enumerate() {
                        let $p = b.add(j * $lanes);
                        *column = $load;
                    }
                    for (sums, a) in sums.iter_mut().zip(a) {
                        let $s = *a;
                        let $x = $splat;
                        for (sum, column) in sums.iter_mut().zip(columns) {
                            let ($y, $z) = (column, *sum);
                            *sum = $fma;
                        }
                    }
                }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
kernel!(
    #[target_feature(enable = "avx512f")]
    avx512,
    16,
    __m512,
    _mm512_setzero_ps(),
    |p| _mm512_loadu_ps(p),
    |q, v| _mm512_storeu_ps(q, v),
    |s| _mm512_set1_ps(s),
    |x, y, z| _mm512_fmadd_ps(x, y, z),
    |m, n| _mm512_add_ps(m, n)
);

#[cfg(target_arch = "x86_64")]
kernel!(
    #[target_feature(enable = "avx2,fma")]
    avx2,
    8,
    __m256,
    _mm256_setzero_ps(),
    |p| _mm256_loadu_ps(p),
    |q, v| _mm256_storeu_ps(q, v),
    |s| _mm256_set1_ps(s),
    |x, y, z| _mm256_fmadd_ps(x, y, z),
    |m, n| _mm256_add_ps(m, n)
);

/// x y + z in four lanes: fused where every processor of the target can, else rounded twice.
#[inline(always)]
#[allow(clippy::inline_always, reason = "one instruction of the inner loop")]
fn fused(x: f32, y: [f32; 4], z: [f32; 4]) -> [f32; 4] {
    std::array::from_fn(
        |lane| {
            if cfg!(target_arch = "aarch64") { x.mul_add(y[lane], z[lane]) } else { x * y[lane] + z[lane] }
        },
    )
}

kernel!(
    base,
    4,
    [f32; 4],
    [0.0; 4],
    |p| *p.cast::<[f32; 4]>(),
    |q, v| *q.cast::<[f32; 4]>() = v,
    |s| s,
    |x, y, z| fused(x, y, z),
    |m, n| std::array::from_fn::<f32, 4, _>(|lane| m[lane] + n[lane])
);
