//! Buffers that kernels write intermediate numbers to. A caller keeps them from call to call, so that a step allocates
//! nothing once they have grown.

use std::mem;

/// Scratch memory of [`matmul`](super::gemm::matmul).
#[derive(Debug, Default)]
pub struct GemmScratch {
    /// The packed panels of the right operand.
    pub(super) right: Vec<f32>,
    /// The packed rows of the left operand.
    pub(super) left: Vec<f32>,
    /// The result, where the product is computed as its transpose.
    pub(super) transposed: Vec<f32>,
    /// The columns of the result that fill no vector, with padding.
    pub(super) part: Vec<f32>,
    /// The scratch memory of each thread, where the product is shared.
    pub(super) parts: Vec<Self>,
    /// The columns of the result that a thread computes.
    pub(super) columns: Vec<f32>,
}

/// Scratch memory of [`Conv`](super::conv::Conv).
#[derive(Debug, Default)]
pub struct ConvScratch {
    /// The scratch memory of the products.
    pub gemm: GemmScratch,
    /// A few images with their padding.
    pub(super) images: Vec<f32>,
    /// The place of each window, and of each number of a window.
    pub(super) starts: Vec<u32>,
    pub(super) taps: Vec<u32>,
    /// The gradient of the windows, or of the transposed weight.
    pub(super) gradient: Vec<f32>,
    /// The outputs of one group, or the transposed weight.
    pub(super) part: Vec<f32>,
    /// The scratch memory of each thread, where the convolution is shared.
    pub(super) parts: Vec<Self>,
}

/// Calls `compute` with the scratch memory of so many threads, which `of` keeps in that of the caller.
pub(super) fn with_parts<S: Default>(
    scratch: &mut S,
    of: impl Fn(&mut S) -> &mut Vec<S>,
    count: usize,
    compute: impl FnOnce(&mut [S]),
) {
    let mut parts = mem::take(of(scratch));
    if parts.len() < count {
        parts.resize_with(count, S::default);
    }
    compute(&mut parts[..count]);
    *of(scratch) = parts;
}

/// The first `len` numbers of `buffer`, which grows to hold them.
pub(super) fn prefix(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    if buffer.len() < len {
        buffer.resize(len, 0.0);
    }
    &mut buffer[..len]
}

/// The first `len` numbers of `buffer` from the start of a cache line on, so that no vector lies across two lines.
pub(super) fn aligned(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    if buffer.len() < len + 16 {
        buffer.resize(len + 16, 0.0);
    }
    let start = buffer.as_ptr().align_offset(64).min(16);
    &mut buffer[start..start + len]
}
