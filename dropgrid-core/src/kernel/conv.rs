//! Convolutions of images whose channels lie last, as matrix products with their windows.
//!
//! A few images at a time are written out as their windows ([`unfold`]), which then stay in the second cache for the
//! product with the weights: what comes out has its channels last again, so that a bias, a rectifier and a dropout
//! follow as they do after a dense layer.

use super::{
    depthwise,
    gemm::{self, View, matmul},
    windows::{Windows, fold, unfold},
};

/// A convolution. Its weight has shape (outputs, kernel height, kernel width, channels / groups).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Conv {
    pub(crate) windows: Windows,
    pub(crate) outputs: usize,
    pub(crate) groups: usize,
}

/// Room for windows and products, kept from step to step.
#[derive(Debug, Default)]
pub(crate) struct Room {
    pub(crate) gemm: gemm::Room,
    patches: Vec<f32>,
    slopes: Vec<f32>,
    part: Vec<f32>,
}

/// The numbers of the windows that are written out at once: 128 kB.
const PATCHES: usize = 1 << 15;

impl Conv {
    /// Input channels of a group.
    fn channels(&self) -> usize {
        self.windows.channels / self.groups
    }

    /// Output channels of a group.
    fn group_outputs(&self) -> usize {
        self.outputs / self.groups
    }

    /// The numbers of a window of one group.
    fn window_len(&self) -> usize {
        self.windows.taps() * self.channels()
    }

    /// The numbers that come out for an image.
    pub(crate) fn output_len(&self) -> usize {
        self.windows.windows() * self.outputs
    }

    /// Images whose windows are written out at once. Not a matter of the batch: sums over images depend on it.
    fn at_once(&self) -> usize {
        (PATCHES / (self.windows.windows() * self.window_len()).max(1)).max(1)
    }

    /// Whether an image is its own windows.
    fn is_pointwise(&self) -> bool {
        let Windows { kernel, stride, padding, .. } = self.windows;
        kernel == [1, 1] && stride == 1 && padding == 0 && self.groups == 1
    }

    /// Whether each channel that comes out is of one that went in, and of no other.
    fn is_depthwise(&self) -> bool {
        self.groups > 1 && self.groups == self.windows.channels && self.groups == self.outputs
    }

    /// The convolution of each image, without a bias.
    pub(crate) fn forward(&self, room: &mut Room, images: &[f32], weight: &[f32], out: &mut [f32]) {
        let (len, width) = (self.windows.image_len(), self.window_len());
        if out.is_empty() || len == 0 {
            out.fill(0.0);
            return;
        }
        if self.is_depthwise() {
            depthwise::forward(&self.windows, &mut room.part, images, weight, out);
            return;
        }
        let outputs = self.group_outputs();
        if self.is_pointwise() {
            let size = [out.len() / outputs, width, outputs];
            matmul(&mut room.gemm, size, View::rows(images, width), View::rows(weight, width).t(), out, false);
            return;
        }
        let at_once = self.at_once();
        let parts = images.chunks(at_once * len).zip(out.chunks_mut(at_once * self.output_len()));
        for (images, out) in parts {
            let rows = out.len() / self.outputs;
            for group in 0..self.groups {
                let patches = self.unfold(&mut room.patches, images, group);
                let weight = View::rows(&weight[group * outputs * width..][..outputs * width], width).t();
                let patches = View::rows(patches, width);
                if self.groups == 1 {
                    matmul(&mut room.gemm, [rows, width, outputs], patches, weight, out, false);
                    continue;
                }
                let part = room_for(&mut room.part, rows * outputs);
                matmul(&mut room.gemm, [rows, width, outputs], patches, weight, part, false);
                let columns = out.chunks_exact_mut(self.outputs).zip(part.chunks_exact(outputs));
                columns.for_each(|(to, from)| to[group * outputs..][..outputs].copy_from_slice(from));
            }
        }
    }

    /// From the gradient of what came out to that of the weight, and to that of the images unless `to_images` is empty.
    ///
    /// `add` says for either whether it is added to what is there.
    #[allow(clippy::too_many_arguments, reason = "what came in and what goes out")]
    pub(crate) fn backward(
        &self,
        room: &mut Room,
        images: &[f32],
        weight: &[f32],
        gradient: &[f32],
        to_weight: &mut [f32],
        to_images: &mut [f32],
        add: [bool; 2],
    ) {
        let (len, width) = (self.windows.image_len(), self.window_len());
        if !add[0] {
            to_weight.fill(0.0);
        }
        if !add[1] {
            to_images.fill(0.0);
        }
        if gradient.is_empty() || len == 0 {
            return;
        }
        if self.is_depthwise() {
            let rooms = [&mut room.part, &mut room.slopes];
            depthwise::backward(&self.windows, rooms, [images, weight, gradient], to_weight, to_images);
            return;
        }
        let outputs = self.group_outputs();
        let at_once = if self.is_pointwise() { usize::MAX / len.max(self.output_len()) } else { self.at_once() };
        let mut to_images = to_images.chunks_mut(at_once * len);
        for (images, gradient) in images.chunks(at_once * len).zip(gradient.chunks(at_once * self.output_len())) {
            let rows = gradient.len() / self.outputs;
            let mut to_images = to_images.next();
            for group in 0..self.groups {
                let part = room_for(&mut room.part, if self.groups == 1 { 0 } else { rows * outputs });
                let columns = part.chunks_exact_mut(outputs).zip(gradient.chunks_exact(self.outputs));
                columns.for_each(|(to, from)| to.copy_from_slice(&from[group * outputs..][..outputs]));
                let g = View::rows(if self.groups == 1 { gradient } else { part }, outputs);
                let weights = group * outputs * width..(group + 1) * outputs * width;
                let patches = if self.is_pointwise() { images } else { self.unfold(&mut room.patches, images, group) };
                let to = &mut to_weight[weights.clone()];
                matmul(&mut room.gemm, [outputs, rows, width], g.t(), View::rows(patches, width), to, true);
                let Some(to) = to_images.as_deref_mut().filter(|to| !to.is_empty()) else { continue };
                let w = View::rows(&weight[weights], width);
                if self.is_pointwise() {
                    matmul(&mut room.gemm, [rows, outputs, width], g, w, to, true);
                    continue;
                }
                let slopes = room_for(&mut room.slopes, rows * width);
                matmul(&mut room.gemm, [rows, outputs, width], g, w, slopes, false);
                let windows = self.windows.windows() * width;
                for (slopes, to) in slopes.chunks_exact(windows).zip(to.chunks_exact_mut(len)) {
                    fold(&self.windows, slopes, group * self.channels(), self.channels(), to);
                }
            }
        }
    }

    /// The windows of one group of channels of each image.
    fn unfold<'a>(&self, room: &'a mut Vec<f32>, images: &[f32], group: usize) -> &'a [f32] {
        let (len, windows) = (self.windows.image_len(), self.windows.windows() * self.window_len());
        let patches = room_for(room, images.len() / len * windows);
        for (image, to) in images.chunks_exact(len).zip(patches.chunks_exact_mut(windows)) {
            unfold(&self.windows, image, group * self.channels(), self.channels(), to);
        }
        patches
    }
}

pub(super) fn room_for(room: &mut Vec<f32>, len: usize) -> &mut [f32] {
    if room.len() < len {
        room.resize(len, 0.0);
    }
    &mut room[..len]
}

#[cfg(test)]
mod tests;
