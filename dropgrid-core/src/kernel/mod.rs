//! The arithmetic of a training step on slices: no tensors, no allocation, no lock.
//!
//! Everything is compiled for several instruction sets and chosen while running, see `simd`, where all unsafe code is.
//! Elementwise functions give the same bits on every processor; matrix products do wherever products and sums are fused
//! (AVX2, AVX-512, aarch64), and round once more elsewhere.

pub(crate) mod gemm;
pub(crate) mod loss;
pub(crate) mod map;
pub(crate) mod mask;
pub(crate) mod simd;
pub(crate) mod update;
