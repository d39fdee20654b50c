//! Convolutions of images with channels last, as matrix products with their windows.
//!
//! The forward product and that of the weight's gradient read the windows where they are: a window is the place of its
//! first tap, and a tap is its distance from there ([`Gathered`]). Images with padding are copied into a frame of
//! zeros, a few at a time. The gradient of the images is a convolution of that of the output, or else its windows are
//! written out and added (`fold`). The result has its channels last again, so that a bias, a rectifier and a dropout
//! follow as they do after a dense layer.

mod backward;

use super::{
    depthwise,
    gemm::{View, WORTH, matmul, matmul_gathered},
    scratch::{ConvScratch, prefix, with_parts},
    simd::Gathered,
    threads::share,
    windows::Windows,
};

/// A convolution. Its weight has shape (outputs, kernel height, kernel width, channels / groups).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv {
    pub windows: Windows,
    pub outputs: usize,
    pub groups: usize,
}

/// The numbers of the images, or of the windows, that are processed at a time: 128 kB.
const PART: usize = 1 << 15;

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

    /// Height and width of an image with its padding.
    fn framed(&self) -> [usize; 2] {
        [0, 1].map(|axis| self.windows.image[axis] + 2 * self.windows.padding[axis])
    }

    /// The images that are processed at a time. It does not depend on the batch, since the order of sums over images
    /// depends on it.
    fn at_once(&self) -> usize {
        (PART / (self.framed().iter().product::<usize>() * self.windows.channels).max(1)).max(1)
    }

    /// The images with their padding, which are written to `buffer` where there is any.
    fn frame<'a>(&self, buffer: &'a mut Vec<f32>, images: &'a [f32]) -> &'a [f32] {
        let Windows { padding: [above, beside], channels, image: [height, width], .. } = self.windows;
        if [above, beside] == [0, 0] {
            return images;
        }
        let [framed_height, framed_width] = self.framed();
        let (row, len) = (framed_width * channels, framed_height * framed_width * channels);
        let to = prefix(buffer, images.len() / (height * width * channels) * len);
        to.fill(0.0);
        for (image, to) in images.chunks_exact(height * width * channels).zip(to.chunks_exact_mut(len)) {
            let rows = image.chunks_exact(width * channels).zip(to[above * row..].chunks_exact_mut(row));
            rows.for_each(|(from, to)| to[beside * channels..][..width * channels].copy_from_slice(from));
        }
        to
    }

    /// Writes the place of the first tap of each window of `count` framed images.
    fn starts(&self, to: &mut Vec<u32>, count: usize) {
        let Windows { channels, stride, count: [down, across], .. } = self.windows;
        let [height, width] = self.framed();
        to.clear();
        for row in (0..count).flat_map(|image| (0..down).map(move |y| image * height + y * stride)) {
            let start = row * width * channels;
            to.extend((0..across).map(|x| (start + x * stride * channels) as u32));
        }
    }

    /// Writes the distance of each number of a window of one group from its first tap.
    fn taps(&self, to: &mut Vec<u32>, group: usize) {
        let Windows { channels, kernel: [height, width], dilation, .. } = self.windows;
        let row = self.framed()[1] * channels;
        to.clear();
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let start = y * dilation * row + x * dilation * channels + group * self.channels();
            to.extend((start..start + self.channels()).map(|place| place as u32));
        }
    }

    /// True where the windows of an image are the image itself.
    fn is_pointwise(&self) -> bool {
        let Windows { kernel, stride, padding, .. } = self.windows;
        kernel == [1, 1] && stride == 1 && padding == [0, 0] && self.groups == 1
    }

    /// True where each output channel depends on one input channel, of the same number.
    fn is_depthwise(&self) -> bool {
        self.groups > 1 && self.groups == self.windows.channels && self.groups == self.outputs
    }

    /// The convolution of each image, without a bias.
    pub fn forward(&self, scratch: &mut ConvScratch, images: &[f32], weight: &[f32], out: &mut [f32]) {
        let (len, width) = (self.windows.image_len(), self.window_len());
        if out.is_empty() || len == 0 || width == 0 {
            out.fill(0.0);
            return;
        }
        if self.is_pointwise() {
            let size = [out.len() / self.outputs, width, self.outputs];
            matmul(&mut scratch.gemm, size, View::rows(images, width), View::rows(weight, width).t(), out, false);
            return;
        }
        self.by_images(scratch, [len, self.output_len()], images, out, |scratch, images, out| {
            self.forward_images(scratch, images, weight, out);
        });
    }

    /// Calls `compute` with the numbers of all images and the results of all, or of some images on each of several
    /// threads.
    fn by_images(
        &self,
        scratch: &mut ConvScratch,
        [len, to_len]: [usize; 2],
        images: &[f32],
        to: &mut [f32],
        compute: impl Fn(&mut ConvScratch, &[f32], &mut [f32]) + Sync,
    ) {
        let count = images.len() / len;
        let Some(share) = share((count * self.multiplications() / WORTH).min(count)) else {
            return compute(scratch, images, to);
        };
        let each = count.div_ceil(share.count());
        let some = images.chunks(each * len).zip(to.chunks_mut(each * to_len));
        with_parts(
            scratch,
            |scratch| &mut scratch.parts,
            share.count(),
            |parts| {
                share.each(parts.iter_mut().zip(some), |(part, (images, to))| compute(part, images, to));
            },
        );
    }

    /// The multiplications for one image.
    fn multiplications(&self) -> usize {
        self.output_len() * self.window_len()
    }

    /// The convolution of images on this thread, other than pixel by pixel.
    fn forward_images(&self, scratch: &mut ConvScratch, images: &[f32], weight: &[f32], out: &mut [f32]) {
        if self.is_depthwise() {
            depthwise::forward(&self.windows, &mut scratch.part, images, weight, out);
            return;
        }
        let (outputs, width) = (self.group_outputs(), self.window_len());
        let weight = |group: usize| View::rows(&weight[group * outputs * width..][..outputs * width], width).t();
        self.slide(scratch, images, weight, out, false);
    }

    /// The products of windows and weights: `weight` gives the matrix of a group, numbers of a window by outputs. They
    /// are added to `out` where `add`.
    fn slide<'a>(
        &self,
        scratch: &mut ConvScratch,
        images: &[f32],
        weight: impl Fn(usize) -> View<'a>,
        out: &mut [f32],
        add: bool,
    ) {
        let (at_once, len, outputs) = (self.at_once(), self.windows.image_len(), self.group_outputs());
        let ConvScratch { gemm, images: buffer, starts, taps, part, .. } = scratch;
        for (images, out) in images.chunks(at_once * len).zip(out.chunks_mut(at_once * self.output_len())) {
            self.starts(starts, images.len() / len);
            let images = self.frame(buffer, images);
            for group in 0..self.groups {
                self.taps(taps, group);
                let windows = Gathered::new(images, starts, taps);
                if self.groups == 1 {
                    matmul_gathered(gemm, windows, weight(group), outputs, out, add);
                    continue;
                }
                let part = prefix(part, starts.len() * outputs);
                matmul_gathered(gemm, windows, weight(group), outputs, part, false);
                for (to, from) in out.chunks_exact_mut(self.outputs).zip(part.chunks_exact(outputs)) {
                    let to = &mut to[group * outputs..][..outputs];
                    to.iter_mut().zip(from).for_each(|(to, from)| *to = if add { *to + from } else { *from });
                }
            }
        }
    }

    /// Computes, from the gradient of the output, the gradient of the weight, and that of the images unless `to_images`
    /// is empty.
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
        let len = self.windows.image_len();
        if !add[0] {
            to_weight.fill(0.0);
        }
        if !add[1] {
            to_images.fill(0.0);
        }
        if gradient.is_empty() || len == 0 || self.window_len() == 0 {
            return;
        }
        if self.is_depthwise() {
            let buffers = [&mut scratch.part, &mut scratch.gradient];
            depthwise::backward(&self.windows, buffers, [images, weight, gradient], to_weight, to_images);
            return;
        }
        self.backward_weight(scratch, images, gradient, to_weight);
        if !to_images.is_empty() {
            self.backward_images(scratch, weight, gradient, to_images);
        }
    }
}

#[cfg(test)]
mod tests;
