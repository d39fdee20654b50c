//! Tensor operations of layers for sequences, for any device.

use dfdx::{
    shapes::{Axes2, Axis, Dtype, HasShape, Shape},
    tensor::{Tape, Tensor},
    tensor_ops::{BroadcastTo, Device, GatherTo, PermuteTo, ReshapeTo, TryAdd, TryMatMul, TryMul},
};

use crate::{
    kernel::mask::Rate,
    nn::{layers::dropout::dropout_mask, tensor::cpu_f32::TensorResult},
    seed::{Key, Purpose, Seed},
};

/// A matrix with dynamic sizes.
pub(super) type Rows = (usize, usize);

/// A batch of sequences: samples, steps and channels.
pub(super) type Steps = (usize, usize, usize);

/// The dropout masks of a pass. They share one key, which is drawn for the first mask.
#[derive(Debug, Default)]
pub(super) struct Masks {
    key: Option<Key>,
    layer: u32,
}

impl Masks {
    /// Applies a dropout with probability `p` in a training pass.
    pub(super) fn drop<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        &mut self,
        input: Tensor<S, E, D, T>,
        p: f32,
    ) -> TensorResult<S, E, D, T> {
        let layer = self.layer;
        self.layer += 1;
        if !T::OWNS_TAPE || Rate::new(p).is_none() {
            return Ok(input);
        }
        let (shape, device) = (*input.shape(), input.device().clone());
        let key = *self.key.get_or_insert_with(|| Seed(device.random_u64()).key(Purpose::Noise));
        let mask = dropout_mask(key, layer, p, shape.num_elements());
        let mask = mask.into_iter().map(|factor| E::from_f32(factor).unwrap_or_default()).collect();
        input.try_mul(device.try_tensor_from_vec(mask, shape)?)
    }
}

/// Gathers the given rows of a matrix.
pub(super) fn take_rows<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    matrix: Tensor<Rows, E, D, T>,
    rows: Vec<usize>,
) -> TensorResult<Rows, E, D, T> {
    let shape = (rows.len(),);
    let rows = matrix.device().try_tensor_from_vec(rows, shape)?;
    matrix.try_gather(rows)
}

/// Computes x W^T + b. `weight` has the shape (outputs, inputs).
pub(super) fn dense<W: Shape, B: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Tensor<Rows, E, D, T>,
    weight: &Tensor<W, E, D>,
    bias: &Tensor<B, E, D>,
) -> TensorResult<Rows, E, D, T> {
    let (rows, inputs) = *x.shape();
    let outputs = bias.shape().num_elements();
    let weight = weight.retaped::<T>().try_reshape_like(&(outputs, inputs))?;
    let out = x.try_matmul(weight.try_permute::<_, Axes2<1, 0>>()?)?;
    out.try_add(repeated::<_, _, _, T>(bias, rows)?)
}

/// Repeats a row vector `rows` times.
fn repeated<B: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    row: &Tensor<B, E, D>,
    rows: usize,
) -> TensorResult<Rows, E, D, T> {
    let width = row.shape().num_elements();
    row.retaped::<T>().try_reshape_like(&(width,))?.try_broadcast_like::<_, Axis<0>>(&(rows, width))
}

/// Computes the layer normalisation of each row.
pub(super) fn normalised<B: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Tensor<Rows, E, D, T>,
    [gamma, beta]: [&Tensor<B, E, D>; 2],
    epsilon: f64,
) -> TensorResult<Rows, E, D, T> {
    let (rows, _) = *x.shape();
    let x = x.try_normalize::<Axis<1>>(epsilon)?;
    x.try_mul(repeated::<_, _, _, T>(gamma, rows)?)?.try_add(repeated::<_, _, _, T>(beta, rows)?)
}
