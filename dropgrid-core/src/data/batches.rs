//! Rows of features as dfdx tensors.

use dfdx::{
    shapes::{Const, ConstShape, Rank1, Rank2, Rank3, Shape},
    tensor::{Cpu, Tensor, TensorFromVec},
};

use super::Features;

/// The shape of one sample, as a type, and of a batch of them.
pub trait Sample: ConstShape {
    /// The shape of a batch: the number of samples before the sample's own axes.
    type Batch: Shape;

    /// The shape of a batch of `samples`.
    fn batch(samples: usize) -> Self::Batch;
}

impl<const M: usize> Sample for Rank1<M> {
    type Batch = (usize, Const<M>);

    fn batch(samples: usize) -> Self::Batch {
        (samples, Const)
    }
}

impl<const M: usize, const N: usize> Sample for Rank2<M, N> {
    type Batch = (usize, Const<M>, Const<N>);

    fn batch(samples: usize) -> Self::Batch {
        (samples, Const, Const)
    }
}

impl<const M: usize, const N: usize, const O: usize> Sample for Rank3<M, N, O> {
    type Batch = (usize, Const<M>, Const<N>, Const<O>);

    fn batch(samples: usize) -> Self::Batch {
        (samples, Const, Const, Const)
    }
}

/// The sample of a batch's shape: the way back from [`Sample::Batch`].
pub trait BatchShape: Shape {
    /// The shape of one sample of the batch.
    type Sample: Sample<Batch = Self>;
}

impl<const M: usize> BatchShape for (usize, Const<M>) {
    type Sample = Rank1<M>;
}

impl<const M: usize, const N: usize> BatchShape for (usize, Const<M>, Const<N>) {
    type Sample = Rank2<M, N>;
}

impl<const M: usize, const N: usize, const O: usize> BatchShape for (usize, Const<M>, Const<N>, Const<O>) {
    type Sample = Rank3<M, N, O>;
}

/// The axes of one sample of shape `S`.
pub(crate) fn shape<S: Sample>() -> Vec<usize> {
    S::default().concrete().into_iter().collect()
}

/// The values in one sample of shape `S`.
pub(crate) fn width<S: Sample>() -> usize {
    S::NUMEL
}

/// The given rows as one tensor on `device`, shape (rows, sample).
///
/// The caller has checked that the features have the sample's width.
pub(crate) fn gather<S: Sample>(
    device: &Cpu,
    features: &Features,
    rows: impl ExactSizeIterator<Item = usize>,
) -> Tensor<S::Batch, f32, Cpu> {
    let shape = S::batch(rows.len());
    let mut values = Vec::with_capacity(rows.len() * features.width());
    for row in rows {
        values.extend_from_slice(features.input_row(row));
    }
    device.tensor_from_vec(values, shape)
}

/// Writes the given rows into a buffer, one after the other.
///
/// # Panics
/// Where the buffer is too short.
pub(crate) fn gather_into(buffer: &mut [f32], features: &Features, rows: &[usize]) {
    for (&row, to) in rows.iter().zip(buffer.chunks_exact_mut(features.width().max(1))) {
        to.copy_from_slice(features.input_row(row));
    }
}
