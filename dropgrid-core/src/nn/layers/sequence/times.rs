//! Axes of weights whose length is a multiple of a width.

use dfdx::shapes::{ConstDim, Dim};

/// `K` times `N`: an axis of the weights of a layer that computes several numbers for each of its `N` outputs.
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
