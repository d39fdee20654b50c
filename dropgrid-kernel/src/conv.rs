//! Convolutions of images with channels last, as matrix products with their windows.
//!
//! The windows of a few images at a time are written out ([`unfold`]) and stay in the second-level cache for the product
//! with the weight. The result has its channels last again, so that a bias, a rectifier and a dropout follow as they do
//! after a dense layer.

use super::{
    depthwise,
    gemm::{View, matmul},
    scratch::{ConvScratch, prefix},
    windows::{Windows, fold, unfold},
};

/// A convolution. Its weight has shape (outputs, kernel height, kernel width, channels / groups).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv {
    pub windows: Windows,
    pub outputs: usize,
    pub groups: usize,
}

/// The numbers of the windows that are written out at a time: 128 kB.
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

    /// The numbers in a window of one group.
    fn window_len(&self) -> usize {
        self.windows.taps() * self.channels()
    }

    /// The numbers in the output of one image.
    pub fn output_len(&self) -> usize {
        self.windows.windows() * self.outputs
    }

    /// The images whose windows are written out at a time. It does not depend on the batch, since the order of sums over
    /// images depends on it.
    fn at_once(&self) -> usize {
        (PATCHES / (self.windows.windows() * self.window_len()).max(1)).max(1)
    }

    /// True where the windows of an image are the image itself.
    fn is_pointwise(&self) -> bool {
        let Windows { kernel, stride, padding, .. } = self.windows;
        kernel == [1, 1] && stride == 1 && padding == 0 && self.groups == 1
    }

    /// True where each output channel depends on one input channel, of the same number.
    fn is_depthwise(&self) -> bool {
        self.groups > 1 && self.groups == self.windows.channels && self.groups == self.outputs
    }

    /// The convolution of each image, without a bias.
    pub fn forward(&self, scratch: &mut ConvScratch, images: &[f32], weight: &[f32], out: &mut [f32]) {
        let (len, width) = (self.windows.image_len(), self.window_len());
        if out.is_empty() || len == 0 {
            out.fill(0.0);
            return;
        }
        if self.is_depthwise() {
            depthwise::forward(&self.windows, &mut scratch.part, images, weight, out);
            return;
        }
        let outputs = self.group_outputs();
        if self.is_pointwise() {
            let size = [out.len() / outputs, width, outputs];
            matmul(&mut scratch.gemm, size, View::rows(images, width), View::rows(weight, width).t(), out, false);
            return;
        }
        let at_once = self.at_once();
        let parts = images.chunks(at_once * len).zip(out.chunks_mut(at_once * self.output_len()));
        for (images, out) in parts {
            let rows = out.len() / self.outputs;
            for group in 0..self.groups {
                let patches = self.unfold(&mut scratch.patches, images, group);
                let weight = View::rows(&weight[group * outputs * width..][..outputs * width], width).t();
                let patches = View::rows(patches, width);
                if self.groups == 1 {
                    matmul(&mut scratch.gemm, [rows, width, outputs], patches, weight, out, false);
                    continue;
                }
                let part = prefix(&mut scratch.part, rows * outputs);
                matmul(&mut scratch.gemm, [rows, width, outputs], patches, weight, part, false);
                let columns = out.chunks_exact_mut(self.outputs).zip(part.chunks_exact(outputs));
                columns.for_each(|(to, from)| to[group * outputs..][..outputs].copy_from_slice(from));
            }
        }
    }

    /// Computes, from the gradient of the output, the gradient of the weight, and that of the images unless `to_images` is
    /// empty.
    ///
    /// Each is added to what is there where its flag in `add` is set.
    #[allow(clippy::too_many_arguments, reason = "the operands of a convolution and its derivatives")]
    pub fn backward(
        &self,
        scratch: &mut ConvScratch,
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
            let buffers = [&mut scratch.part, &mut scratch.gradient];
            depthwise::backward(&self.windows, buffers, [images, weight, gradient], to_weight, to_images);
            return;
        }
        let outputs = self.group_outputs();
        let at_once = if self.is_pointwise() { usize::MAX / len.max(self.output_len()) } else { self.at_once() };
        let mut to_images = to_images.chunks_mut(at_once * len);
        for (images, gradient) in images.chunks(at_once * len).zip(gradient.chunks(at_once * self.output_len())) {
            let rows = gradient.len() / self.outputs;
            let mut to_images = to_images.next();
            for group in 0..self.groups {
                let part = prefix(&mut scratch.part, if self.groups == 1 { 0 } else { rows * outputs });
                let columns = part.chunks_exact_mut(outputs).zip(gradient.chunks_exact(self.outputs));
                columns.for_each(|(to, from)| to.copy_from_slice(&from[group * outputs..][..outputs]));
                let g = View::rows(if self.groups == 1 { gradient } else { part }, outputs);
                let weights = group * outputs * width..(group + 1) * outputs * width;
                let patches =
                    if self.is_pointwise() { images } else { self.unfold(&mut scratch.patches, images, group) };
                let to = &mut to_weight[weights.clone()];
                matmul(&mut scratch.gemm, [outputs, rows, width], g.t(), View::rows(patches, width), to, true);
                let Some(to) = to_images.as_deref_mut().filter(|to| !to.is_empty()) else { continue };
                let w = View::rows(&weight[weights], width);
                if self.is_pointwise() {
                    matmul(&mut scratch.gemm, [rows, outputs, width], g, w, to, true);
                    continue;
                }
                let to_windows = prefix(&mut scratch.gradient, rows * width);
                matmul(&mut scratch.gemm, [rows, outputs, width], g, w, to_windows, false);
                let windows = self.windows.windows() * width;
                for (to_windows, to) in to_windows.chunks_exact(windows).zip(to.chunks_exact_mut(len)) {
                    fold(&self.windows, to_windows, group * self.channels(), self.channels(), to);
                }
            }
        }
    }

    /// The windows of one group of channels of each image.
    fn unfold<'a>(&self, buffer: &'a mut Vec<f32>, images: &[f32], group: usize) -> &'a [f32] {
        let (len, windows) = (self.windows.image_len(), self.windows.windows() * self.window_len());
        let patches = prefix(buffer, images.len() / len * windows);
        for (image, to) in images.chunks_exact(len).zip(patches.chunks_exact_mut(windows)) {
            unfold(&self.windows, image, group * self.channels(), self.channels(), to);
        }
        patches
    }
}

#[cfg(test)]
mod tests;
