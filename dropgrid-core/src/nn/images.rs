//! What layers of images have in common.

use dfdx::{
    shapes::{Axis, Dtype, HasShape},
    tensor::{Tape, Tensor},
    tensor_ops::{Device, GatherTo, ReshapeTo, TryConcatAlong},
};

use super::on_slices::Passed;
use crate::kernel::{turn::turn, windows::Windows};

/// Images of so many channels and pixels, with their channels last.
pub(super) fn last(images: &[f32], channels: usize, pixels: usize) -> Vec<f32> {
    let mut to = vec![0.0; images.len()];
    turn([channels, pixels], images, &mut to, false);
    to
}

/// Images of so many channels and pixels, with their channels first.
pub(super) fn first(images: &[f32], channels: usize, pixels: usize) -> Vec<f32> {
    let mut to = vec![0.0; images.len()];
    turn([pixels, channels], images, &mut to, false);
    to
}

/// The windows on images as columns, shape (batch * channels, taps, windows), by operations of any device: a tap beside
/// the image is the number `beside`.
pub(super) fn patches<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    images: Tensor<(usize, usize, usize, usize), E, D, T>,
    windows: &Windows,
    beside: E,
) -> Passed<(usize, usize, usize), E, D, T> {
    let (batch, channels, height, width) = *images.shape();
    let (rows, pixels) = (batch * channels, height * width);
    let device = images.device().clone();
    let (taps, count) = (windows.taps(), windows.windows());
    // Every tap at the pixel behind the last one, until it is found on the image.
    let mut places = vec![pixels; taps * count];
    windows.for_each(|window, at| windows.taps_at(at, |tap, pixel| places[tap * count + window] = pixel));
    let places = device.try_tensor_from_vec(places.repeat(rows), (rows, taps * count))?;
    let beside: Tensor<(usize, usize), E, D> = device.try_tensor_from_vec(vec![beside; rows], (rows, 1))?;
    let images = (images.try_reshape_like(&(rows, pixels))?, beside).try_concat_along(Axis::<1>)?;
    images.try_gather::<(usize, usize), _>(places)?.try_reshape_like(&(rows, taps, count))
}
