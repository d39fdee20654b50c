//! Memory layouts and windows of batches of images.

use dfdx::{
    shapes::{Axis, Dtype, HasShape},
    tensor::{Tape, Tensor},
    tensor_ops::{Device, GatherTo, ReshapeTo, TryConcatAlong},
};

use crate::{
    kernel::{transpose::transpose, windows::Windows},
    nn::tensor::cpu_f32::TensorResult,
};

/// Converts images of `channels` × `pixels` from channels first to channels last.
pub(super) fn channels_last(images: &[f32], channels: usize, pixels: usize) -> Vec<f32> {
    let mut to = vec![0.0; images.len()];
    transpose([channels, pixels], images, &mut to, false);
    to
}

/// Converts images of `channels` × `pixels` from channels last to channels first.
pub(super) fn channels_first(images: &[f32], channels: usize, pixels: usize) -> Vec<f32> {
    let mut to = vec![0.0; images.len()];
    transpose([pixels, channels], images, &mut to, false);
    to
}

/// Extracts the windows of images with tensor operations, for any device. Shape (batch * channels, taps, windows). Taps
/// in the padding have the value `padding`.
pub(super) fn patches<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    images: Tensor<(usize, usize, usize, usize), E, D, T>,
    windows: &Windows,
    padding: E,
) -> TensorResult<(usize, usize, usize), E, D, T> {
    let (batch, channels, height, width) = *images.shape();
    let (rows, pixels) = (batch * channels, height * width);
    let device = images.device().clone();
    let (taps, count) = (windows.taps(), windows.windows());
    // Index `pixels` stands for a tap in the padding.
    let mut places = vec![pixels; taps * count];
    windows.for_each(|window, at| windows.taps_at(at, |tap, pixel| places[tap * count + window] = pixel));
    let places = device.try_tensor_from_vec(places.repeat(rows), (rows, taps * count))?;
    let padding: Tensor<(usize, usize), E, D> = device.try_tensor_from_vec(vec![padding; rows], (rows, 1))?;
    let images = (images.try_reshape_like(&(rows, pixels))?, padding).try_concat_along(Axis::<1>)?;
    images.try_gather::<(usize, usize), _>(places)?.try_reshape_like(&(rows, taps, count))
}
