//! The arithmetic of a training step on slices, without tensors, allocation or locks.
//!
//! Every kernel is compiled for several instruction sets, of which `simd` chooses one at run time. All unsafe code is in
//! `simd`.
//! Elementwise functions give the same bits on every processor. Matrix products give the same bits on all processors that
//! fuse products and sums (AVX2, AVX-512, aarch64); elsewhere each product is rounded as well.

mod aligned_vec;
pub(crate) mod columns;
pub(crate) mod conv;
mod depthwise;
pub(crate) mod elementwise;
pub(crate) mod gemm;
pub(crate) mod loss;
pub(crate) mod mask;
pub(crate) mod noise;
pub(crate) mod norm;
pub(crate) mod pool;
pub(crate) mod prelu;
mod scalar;
pub(crate) mod scratch;
pub(crate) mod simd;
pub(crate) mod transpose;
pub(crate) mod update;
pub(crate) mod windows;

pub(crate) use aligned_vec::AlignedVec;

/// True where this processor and this build fuse a product and the sum it is added to, so that both are rounded once.
/// Matrix products have other bits where they are rounded twice.
pub(crate) fn is_fused() -> bool {
    cfg!(target_arch = "aarch64") || simd::level() != simd::Level::Base
}

#[cfg(test)]
mod tests {
    use super::{
        gemm::{View, matmul},
        scratch::GemmScratch,
        *,
    };

    #[test]
    fn products_are_fused_where_that_is_said() {
        // The last bit of the square of 1 + 2^-12 is lost when the product is rounded.
        let x = 1.0 + 2.0_f32.powi(-12);
        let rounded = x * x;
        let found = simd::forced::on_each(|| {
            let (a, b) = ([-rounded, x], [1.0, x]);
            let mut c = [0.0];
            matmul(&mut GemmScratch::default(), [1, 2, 1], View::rows(&a, 2), View::rows(&b, 1), &mut c, false);
            (is_fused(), c[0])
        });
        for (level, (is_fused, rest)) in found {
            assert_eq!(is_fused, rest != 0.0, "{level:?}: {rest}");
        }
    }
}
