//! The arithmetic of a training step on slices, without tensors, allocation or locks.
//!
//! It is a part of `dropgrid-core`, and a crate of its own for two reasons: where the core is built without
//! optimisation, as for tests, the kernels are optimised all the same; and Miri, whose compiler does not build dfdx,
//! runs their tests. It makes no promise to other crates.
//!
//! Every kernel is compiled for several instruction sets, of which `simd` chooses one at run time. All unsafe code is
//! in `simd`. Elementwise functions give the same bits on every processor. Matrix products give the same bits on all
//! processors that fuse products and sums (AVX2, AVX-512, aarch64); elsewhere each product is rounded as well.

#![allow(missing_docs, reason = "parts of another crate: types and functions have comments, and fields names")]

mod aligned_vec;
pub mod attention;
pub mod columns;
pub mod conv;
mod depthwise;
pub mod elementwise;
pub mod gemm;
pub mod loss;
pub mod mask;
pub mod noise;
pub mod norm;
pub mod pool;
pub mod prelu;
pub mod recurrent;
mod scalar;
pub mod scratch;
pub mod simd;
pub mod threads;
pub mod transpose;
mod underflow;
pub mod update;
pub mod windows;

pub use aligned_vec::{AlignedVec, OutOfMemory};
pub use scalar::power;

// The keys of draws, for tests.
#[cfg(test)]
#[path = "../../dropgrid-core/src/seed.rs"]
#[allow(dead_code, unreachable_pub, reason = "a part of another crate")]
mod seed;

/// True where this processor and this build fuse a product and the sum it is added to, so that both are rounded once.
/// Matrix products have other bits where they are rounded twice.
pub fn is_fused() -> bool {
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
