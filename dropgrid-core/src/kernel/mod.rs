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
