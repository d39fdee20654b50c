//! The arithmetic of a training step on slices: no tensors, no allocation, no lock.
//!
//! Everything is compiled for several instruction sets and chosen while running, see `simd`, where all unsafe code is.
//! Elementwise functions give the same bits on every processor; matrix products do wherever products and sums are fused
//! (AVX2, AVX-512, aarch64), and round once more elsewhere.

pub(crate) mod columns;
pub(crate) mod conv;
mod depthwise;
pub(crate) mod gemm;
mod lines;
pub(crate) mod loss;
pub(crate) mod map;
pub(crate) mod mask;
pub(crate) mod noise;
pub(crate) mod norm;
pub(crate) mod pool;
mod scalar;
pub(crate) mod simd;
pub(crate) mod slopes;
pub(crate) mod turn;
pub(crate) mod update;
pub(crate) mod windows;

pub(crate) use lines::Lines;

/// Whether a product and the sum that takes it are rounded once, on this processor and in this build: where they are
/// rounded twice, other bits come out.
pub(crate) fn is_fused() -> bool {
    cfg!(target_arch = "aarch64") || simd::level() != simd::Level::Base
}

#[cfg(test)]
mod tests {
    use super::{
        gemm::{Room, View, matmul},
        *,
    };

    #[test]
    fn products_are_fused_where_that_is_said() {
        // Of the square of 1 + 2^-12 the last bit is below those that a rounded product keeps.
        let x = 1.0 + 2.0_f32.powi(-12);
        let rounded = x * x;
        let found = simd::forced::on_each(|| {
            let (a, b) = ([-rounded, x], [1.0, x]);
            let mut c = [0.0];
            matmul(&mut Room::default(), [1, 2, 1], View::rows(&a, 2), View::rows(&b, 1), &mut c, false);
            (is_fused(), c[0])
        });
        for (level, (is_fused, rest)) in found {
            assert_eq!(is_fused, rest != 0.0, "{level:?}: {rest}");
        }
    }
}
