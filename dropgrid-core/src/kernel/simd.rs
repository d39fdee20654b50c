//! What the processor can do, chosen while running. All unsafe code of dropgrid is in this file.
//!
//! Two things need it. A function compiled for an instruction set may be called only where the processor has it:
//! [`multiversion`] calls such a function after asking [`level`]. And the inner loop of the matrix product reads and
//! writes through pointers: [`tiles`] checks every index they will take before it hands them over.

#![allow(unsafe_code)]

/// An instruction set for which the kernels are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// What every processor of the target has: SSE2 on x86-64, NEON on aarch64.
    Base,
    /// AVX2 with FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// The AVX-512 of servers since 2017 and of Zen 4.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// The best instruction set of this processor. The standard library asks the processor once and remembers.
pub(crate) fn level() -> Level {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
        {
            return Level::Avx512;
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return Level::Avx2;
        }
    }
    Level::Base
}

/// Compiles a function for every [`Level`] and calls the best one.
///
/// The body is ordinary safe code, inlined into each version; what differs is how wide the compiler's vectors are.
/// Rust neither reorders nor contracts floating-point operations, so every version gives the same bits.
macro_rules! multiversion {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $ret:ty)? $body:block) => {
        $(#[$meta])*
        #[allow(unsafe_code)]
        $vis fn $name($($arg: $type),*) $(-> $ret)? {
            #[inline(always)]
            #[allow(clippy::inline_always, clippy::too_many_arguments, reason = "the body is inlined into each version")]
            fn body($($arg: $type),*) $(-> $ret)? $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")]
                #[allow(clippy::too_many_arguments)]
                fn avx512($($arg: $type),*) $(-> $ret)? { body($($arg),*) }
                #[target_feature(enable = "avx2,fma")]
                #[allow(clippy::too_many_arguments)]
                fn avx2($($arg: $type),*) $(-> $ret)? { body($($arg),*) }
                match $crate::kernel::simd::level() {
                    // SAFETY: `level` has found every enabled feature on this processor.
                    $crate::kernel::simd::Level::Avx512 => return unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::kernel::simd::Level::Avx2 => return unsafe { avx2($($arg),*) },
                    $crate::kernel::simd::Level::Base => {}
                }
            }
            body($($arg),*)
        }
    };
}
pub(crate) use multiversion;

/// The most rows of a tile.
pub(crate) const ROWS: usize = 8;

/// The left operand of a tile: element (i, k) is at `start + i * row + k * depth`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Left<'a> {
    pub(crate) data: &'a [f32],
    pub(crate) start: usize,
    pub(crate) row: usize,
    pub(crate) depth: usize,
}

/// The lanes of one vector of a level.
pub(crate) fn lanes(level: Level) -> usize {
    match level {
        Level::Base => 4,
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => 8,
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => 16,
    }
}

/// Rows of a full tile of a level: as many as leave the accumulators in registers.
pub(crate) fn rows(level: Level) -> usize {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => 8,
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => 6,
        Level::Base => 4,
    }
}

/// Tiles of a matrix product, one below the other: `c = a b`, or `c += a b` where `add`.
///
/// There are `tiles` of them with `count` rows each; the left operand of the next starts `a_tile` after that of the one
/// before. `b` holds `depth` rows of `vectors * lanes(level)` columns, each `b_row` after the one before; row i of the
/// first tile starts at `c[i * stride]`.
///
/// # Panics
/// Where an operand is too short, or a tile has no rows, more than [`ROWS`], or not one or two vectors.
#[inline]
#[allow(clippy::too_many_arguments, reason = "the operands of a matrix product")]
pub(crate) fn tiles(
    level: Level,
    [tiles, count, vectors, depth]: [usize; 4],
    a: Left<'_>,
    a_tile: usize,
    b: &[f32],
    b_row: usize,
    c: &mut [f32],
    stride: usize,
    add: bool,
) {
    let width = vectors * lanes(level);
    assert!(tiles > 0 && (1..=ROWS).contains(&count) && (1..=2).contains(&vectors) && depth > 0);
    assert!(a.start + (tiles - 1) * a_tile + (count - 1) * a.row + (depth - 1) * a.depth < a.data.len());
    assert!((depth - 1) * b_row + width <= b.len());
    assert!((tiles * count - 1) * stride + width <= c.len());

    macro_rules! rows {
        ($kernel:ident, $vectors:literal, $($count:literal)+) => {
            match count {
                // SAFETY: the kernel's features are those of `level`, which only `level()` makes. It reads `a` at
                // `start + t * a_tile + i * row + k * depth` for t < tiles, i < count and k < depth, `b` at
                // `k * b_row + j` for j < width, and writes `c` at `(t * count + i) * stride + j`: the three
                // assertions bound the largest of each, and all terms are unsigned, so the others are smaller. `c` is
                // borrowed mutably, so it overlaps neither.
                $($count => unsafe {
                    let a_start = a.data.as_ptr().add(a.start);
                    let (b, c) = (b.as_ptr(), c.as_mut_ptr());
                    $kernel::<$count, $vectors>(tiles, depth, a_start, a.row, a.depth, a_tile, b, b_row, c, stride, add);
                },)+
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

/// The inner loop of a tile in the words of one instruction set.
macro_rules! kernel {
    (
        $(#[$meta:meta])* $name:ident, $lanes:literal, $zero:expr,
        |$p:ident| $load:expr, |$q:ident, $v:ident| $store:expr, |$s:ident| $splat:expr,
        |$x:ident, $y:ident, $z:ident| $fma:expr, |$m:ident, $n:ident| $sum:expr
    ) => {
        $(#[$meta])*
        #[allow(clippy::too_many_arguments, clippy::needless_range_loop, reason = "an index into three arrays at once")]
        unsafe fn $name<const COUNT: usize, const VECTORS: usize>(
            tiles: usize,
            depth: usize,
            a: *const f32,
            row: usize,
            step: usize,
            a_tile: usize,
            b: *const f32,
            b_row: usize,
            c: *mut f32,
            stride: usize,
            add: bool,
        ) {
            // SAFETY: the caller vouches for every index, see `tiles`.
            unsafe {
                for t in 0..tiles {
                    let (mut a, mut b, c) = (a.add(t * a_tile), b, c.add(t * COUNT * stride));
                    let mut sums = [[$zero; VECTORS]; COUNT];
                    for _ in 0..depth {
                        let mut columns = [$zero; VECTORS];
                        for j in 0..VECTORS {
                            let $p = b.add(j * $lanes);
                            columns[j] = $load;
                        }
                        for i in 0..COUNT {
                            let $s = *a.add(i * row);
                            let $x = $splat;
                            for j in 0..VECTORS {
                                let ($y, $z) = (columns[j], sums[i][j]);
                                sums[i][j] = $fma;
                            }
                        }
                        // Behind the last row both may point past their slices, where they are not read.
                        a = a.wrapping_add(step);
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
    };
}

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    _mm256_add_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_set1_ps, _mm256_setzero_ps, _mm256_storeu_ps,
    _mm512_add_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_set1_ps, _mm512_setzero_ps, _mm512_storeu_ps,
};

#[cfg(target_arch = "x86_64")]
kernel!(
    #[target_feature(enable = "avx512f")]
    avx512,
    16,
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
    _mm256_setzero_ps(),
    |p| _mm256_loadu_ps(p),
    |q, v| _mm256_storeu_ps(q, v),
    |s| _mm256_set1_ps(s),
    |x, y, z| _mm256_fmadd_ps(x, y, z),
    |m, n| _mm256_add_ps(m, n)
);

/// One product and sum of four lanes: fused where every processor of the target can, else rounded twice.
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
    [0.0; 4],
    |p| *p.cast::<[f32; 4]>(),
    |q, v| *q.cast::<[f32; 4]>() = v,
    |s| s,
    |x, y, z| fused(x, y, z),
    |m, n| std::array::from_fn::<f32, 4, _>(|lane| m[lane] + n[lane])
);

/// `to[j * to_row + i] = from[i * from_row + j]` for i < `rows` and j < `columns`.
///
/// # Panics
/// Where a slice is too short.
#[inline]
pub(crate) fn transpose(
    level: Level,
    [rows, columns]: [usize; 2],
    from: &[f32],
    from_row: usize,
    to: &mut [f32],
    to_row: usize,
) {
    if rows == 0 || columns == 0 {
        return;
    }
    assert!((rows - 1) * from_row + columns <= from.len());
    assert!((columns - 1) * to_row + rows <= to.len());
    let (mut wide_rows, mut wide_columns) = (0, 0);
    #[cfg(target_arch = "x86_64")]
    if level != Level::Base {
        (wide_rows, wide_columns) = (rows / 8 * 8, columns / 8 * 8);
        for i in (0..wide_rows).step_by(8) {
            for j in (0..wide_columns).step_by(8) {
                // SAFETY: both levels have AVX2. The block reads rows i..i + 8 and columns j..j + 8 of `from` and
                // writes rows j..j + 8 and columns i..i + 8 of `to`: inside what the assertions above bound.
                unsafe {
                    transpose8(
                        from.as_ptr().add(i * from_row + j),
                        from_row,
                        to.as_mut_ptr().add(j * to_row + i),
                        to_row,
                    );
                };
            }
        }
    }
    let _ = level;
    for i in 0..rows {
        let start = if i < wide_rows { wide_columns } else { 0 };
        for j in start..columns {
            to[j * to_row + i] = from[i * from_row + j];
        }
    }
}

/// The transpose of eight rows of eight.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
#[allow(clippy::many_single_char_names, reason = "eight rows")]
unsafe fn transpose8(from: *const f32, from_row: usize, to: *mut f32, to_row: usize) {
    use std::arch::x86_64::{_mm256_permute2f128_ps, _mm256_shuffle_ps, _mm256_unpackhi_ps, _mm256_unpacklo_ps};
    // SAFETY: the caller vouches for eight rows of eight on both sides.
    unsafe {
        let row = |i: usize| _mm256_loadu_ps(from.add(i * from_row));
        let (a, b, c, d) = (row(0), row(1), row(2), row(3));
        let (e, f, g, h) = (row(4), row(5), row(6), row(7));
        let (ab, ab2) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
        let (cd, cd2) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
        let (ef, ef2) = (_mm256_unpacklo_ps(e, f), _mm256_unpackhi_ps(e, f));
        let (gh, gh2) = (_mm256_unpacklo_ps(g, h), _mm256_unpackhi_ps(g, h));
        let left = [
            _mm256_shuffle_ps::<0x44>(ab, cd),
            _mm256_shuffle_ps::<0xee>(ab, cd),
            _mm256_shuffle_ps::<0x44>(ab2, cd2),
            _mm256_shuffle_ps::<0xee>(ab2, cd2),
        ];
        let right = [
            _mm256_shuffle_ps::<0x44>(ef, gh),
            _mm256_shuffle_ps::<0xee>(ef, gh),
            _mm256_shuffle_ps::<0x44>(ef2, gh2),
            _mm256_shuffle_ps::<0xee>(ef2, gh2),
        ];
        for i in 0..4 {
            _mm256_storeu_ps(to.add(i * to_row), _mm256_permute2f128_ps::<0x20>(left[i], right[i]));
            _mm256_storeu_ps(to.add((i + 4) * to_row), _mm256_permute2f128_ps::<0x31>(left[i], right[i]));
        }
    }
}
