//! Axes whose length is a multiple of a width.

use dfdx::shapes::{ConstDim, Dim};

/// An axis of length `K` times `N`, for weights of layers that compute several numbers for each output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times<const N: usize, const K: usize>;

impl<const N: usize, const K: usize> ConstDim for Times<N, K> {
    const SIZE: usize = N * K;
}

impl<const N: usize, const K: usize> Dim for Times<N, K> {
    fn size(&self) -> usize {
        Self::SIZE
    }

    fn from_size(size: usize) -> Option<Self> {
        (size == Self::SIZE).then_some(Self)
    }
}
