//! The inner loops of the tiles of a matrix product, with the instructions of each level.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    __m256, __m512, _mm256_add_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_set1_ps, _mm256_setzero_ps,
    _mm256_storeu_ps, _mm512_add_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_set1_ps, _mm512_setzero_ps,
    _mm512_storeu_ps,
};

/// Terms of a sum in one iteration of the inner loop. With one term, a third of the instructions compute addresses,
/// which costs time where two threads share the issue slots of a core.
const TERMS: usize = 4;

/// Defines the inner loop of a tile with the instructions of one level, in a module of the level's name.
macro_rules! kernel {
    (
        $(#[$meta:meta])* $name:ident, $lanes:literal, $vector:ty, $zero:expr,
        |$p:ident| $load:expr, |$q:ident, $v:ident| $store:expr, |$s:ident| $splat:expr,
        |$x:ident, $y:ident, $z:ident| $fma:expr, |$m:ident, $n:ident| $sum:expr
    ) => {
        pub(super) mod $name {
            use super::*;

            /// See [`tiles`](super::super::tile::tiles). Where `ALONG`, the rows of `a` are contiguous and `far` apart;
            /// else its columns are.
            $(#[$meta])*
            #[allow(clippy::too_many_arguments, reason = "the operands of a matrix product")]
            pub(in crate::simd) unsafe fn tiles<const COUNT: usize, const VECTORS: usize, const ALONG: bool>(
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
                        store(&sums, c, stride, add);
                    }
                }
            }

            /// See [`gathered`](super::super::gathered::gathered): element (i, k) of the left operand is at
            /// `rows[i] + depths[k]`.
            $(#[$meta])*
            #[allow(clippy::too_many_arguments, reason = "the operands of a matrix product")]
            pub(in crate::simd) unsafe fn gathered<const COUNT: usize, const VECTORS: usize>(
                [tiles, depth]: [usize; 2],
                a: *const f32,
                rows: *const u32,
                depths: *const u32,
                b: *const f32,
                b_row: usize,
                c: *mut f32,
                stride: usize,
                add: bool,
            ) {
                // SAFETY: the caller guarantees that every index is in bounds, see `gathered`.
                unsafe {
                    for t in 0..tiles {
                        let rows: [*const f32; COUNT] = std::array::from_fn(|i| a.add(*rows.add(t * COUNT + i) as usize));
                        let (mut b, mut sums) = (b, [[$zero; VECTORS]; COUNT]);
                        // After the last row `b` may point past its slice, where it is not read.
                        for k in 0..depth {
                            let at = *depths.add(k) as usize;
                            term(&mut sums, rows.map(|row| row.add(at)), b);
                            b = b.wrapping_add(b_row);
                        }
                        store(&sums, c.add(t * COUNT * stride), stride, add);
                    }
                }
            }

            /// Writes the sums of a tile, or adds them.
            $(#[$meta])*
            #[inline]
            unsafe fn store<const COUNT: usize, const VECTORS: usize>(
                sums: &[[$vector; VECTORS]; COUNT],
                c: *mut f32,
                stride: usize,
                add: bool,
            ) {
                // SAFETY: the caller guarantees that every index is in bounds, see `tiles`.
                unsafe {
                    for (i, sums) in sums.iter().enumerate() {
                        for (j, sum) in sums.iter().enumerate() {
                            let $q = c.add(i * stride + j * $lanes);
                            let $v = if add {
                                let $p = $q.cast_const();
                                let ($m, $n) = ($load, *sum);
                                $sum
                            } else {
                                *sum
                            };
                            $store;
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
