//! The arithmetic of a training step on slices: no tensors, no allocation, no lock.
//!
//! Everything is compiled for several instruction sets and chosen while running, see `simd`, where all unsafe code is.
//! Elementwise functions give the same bits on every processor; matrix products do wherever products and sums are fused
//! (AVX2, AVX-512, aarch64), and round once more elsewhere.

pub(crate) mod columns;
pub(crate) mod conv;
pub(crate) mod gemm;
pub(crate) mod loss;
pub(crate) mod map;
pub(crate) mod mask;
pub(crate) mod noise;
pub(crate) mod norm;
pub(crate) mod pool;
mod scalar;
pub(crate) mod simd;
pub(crate) mod turn;
pub(crate) mod update;
pub(crate) mod windows;

use crate::error::Failure;

/// `len` times `value`, or a failure where there is not the memory.
pub(crate) fn filled(value: f32, len: usize) -> Result<Vec<f32>, Failure> {
    let mut numbers = Vec::new();
    let missing = |_| Failure::Device { message: format!("there is no memory for {len} numbers") };
    numbers.try_reserve_exact(len).map_err(missing)?;
    numbers.resize(len, value);
    Ok(numbers)
}
