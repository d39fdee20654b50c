//! The derivatives of a convolution as matrix products.

use std::mem;

use super::{Conv, PART};
use crate::{
    gemm::{View, WORTH, matmul, matmul_gathered},
    scratch::{ConvScratch, prefix, with_parts},
    simd::Gathered,
    threads::share,
    transpose::transpose,
    windows::{Windows, fold},
};

impl Conv {
    /// Adds the derivative of [`forward`](Self::forward) by the weight to `to`.
    pub(super) fn backward_weight(&self, scratch: &mut ConvScratch, images: &[f32], gradient: &[f32], to: &mut [f32]) {
        let (len, width, outputs) = (self.windows.image_len(), self.window_len(), self.group_outputs());
        if self.is_pointwise() {
            let (rows, g) = (gradient.len() / outputs, View::rows(gradient, outputs));
            matmul(&mut scratch.gemm, [outputs, rows, width], g.t(), View::rows(images, width), to, true);
            return;
        }
        let mut buffer = mem::take(&mut scratch.gradient);
        // The transposes of the groups' gradients: numbers of a window by outputs.
        let sums = prefix(&mut buffer, width * self.outputs);
        sums.fill(0.0);
        let rows = width * self.groups;
        match share((images.len() / len * self.multiplications() / WORTH).min(rows)) {
            None => self.weight_sums(scratch, images, gradient, 0, sums),
            Some(share) => {
                // Each thread sums over all images, for numbers of its own, so that each sum has the order of one
                // thread.
                let each = rows.div_ceil(share.count());
                let some = sums.chunks_mut(each * outputs).zip((0..).step_by(each));
                with_parts(
                    scratch,
                    |scratch| &mut scratch.parts,
                    share.count(),
                    |parts| {
                        share.each(parts.iter_mut().zip(some), |(part, (sums, first))| {
                            self.weight_sums(part, images, gradient, first, sums);
                        });
                    },
                );
            }
        }
        transpose([width, outputs], sums, to, true);
        scratch.gradient = buffer;
    }

    /// Adds the sums over all windows for some numbers of a window, those of one group after those of the other, from
    /// `first` on: one sum for each output of the group.
    fn weight_sums(&self, scratch: &mut ConvScratch, images: &[f32], gradient: &[f32], first: usize, sums: &mut [f32]) {
        let (len, width, outputs) = (self.windows.image_len(), self.window_len(), self.group_outputs());
        let at_once = self.at_once();
        let ConvScratch { gemm, images: buffer, starts, taps, part, .. } = scratch;
        for (images, gradient) in images.chunks(at_once * len).zip(gradient.chunks(at_once * self.output_len())) {
            self.starts(starts, images.len() / len);
            let images = self.frame(buffer, images);
            let (mut row, mut rest) = (first, &mut *sums);
            while !rest.is_empty() {
                let (group, tap) = (row / width, row % width);
                let count = (width - tap).min(rest.len() / outputs);
                let (sums, later) = rest.split_at_mut(count * outputs);
                self.taps(taps, group);
                let g = View::rows(self.of_group(part, gradient, group), outputs);
                let taps = &taps[tap..][..count];
                matmul_gathered(gemm, Gathered::new(images, taps, starts), g, outputs, sums, true);
                (row, rest) = (row + count, later);
            }
        }
    }

    /// Adds the derivative of [`forward`](Self::forward) by the images to `to`.
    pub(super) fn backward_images(&self, scratch: &mut ConvScratch, weight: &[f32], gradient: &[f32], to: &mut [f32]) {
        if self.is_pointwise() {
            let (width, outputs) = (self.window_len(), self.outputs);
            let (rows, g) = (gradient.len() / outputs, View::rows(gradient, outputs));
            matmul(&mut scratch.gemm, [rows, outputs, width], g, View::rows(weight, width), to, true);
            return;
        }
        let lengths = [self.output_len(), self.windows.image_len()];
        self.by_images(scratch, lengths, gradient, to, |scratch, gradient, to| {
            self.backward_some_images(scratch, weight, gradient, to);
        });
    }

    /// Adds the derivative by some images on this thread, other than pixel by pixel.
    fn backward_some_images(&self, scratch: &mut ConvScratch, weight: &[f32], gradient: &[f32], to: &mut [f32]) {
        let (len, width, outputs) = (self.windows.image_len(), self.window_len(), self.group_outputs());
        if let Some(reverse) = self.reverse() {
            // Numbers of a window, its taps turned round, by channels.
            let (taps, channels) = (self.windows.taps(), self.channels());
            let mut buffer = mem::take(&mut scratch.gradient);
            let turned = prefix(&mut buffer, weight.len());
            for (at, run) in weight.chunks_exact(channels).enumerate() {
                let (output, tap) = (at / taps, at % taps);
                let place = (output / outputs * taps + taps - 1 - tap) * outputs + output % outputs;
                turned[place * channels..][..channels].copy_from_slice(run);
            }
            let weight = |group: usize| View::rows(&turned[group * outputs * width..][..outputs * width], channels);
            reverse.slide(scratch, gradient, weight, to, true);
            scratch.gradient = buffer;
            return;
        }
        let ConvScratch { gemm, part, gradient: to_windows, .. } = scratch;
        let at_once = (PART / (self.windows.windows() * width)).max(1);
        for (to, gradient) in to.chunks_mut(at_once * len).zip(gradient.chunks(at_once * self.output_len())) {
            for group in 0..self.groups {
                let g = View::rows(self.of_group(part, gradient, group), outputs);
                let w = View::rows(&weight[group * outputs * width..][..outputs * width], width);
                let rows = gradient.len() / self.outputs;
                let to_windows = prefix(to_windows, rows * width);
                matmul(gemm, [rows, outputs, width], g, w, to_windows, false);
                let windows = self.windows.windows() * width;
                for (to_windows, to) in to_windows.chunks_exact(windows).zip(to.chunks_exact_mut(len)) {
                    fold(&self.windows, to_windows, group * self.channels(), self.channels(), to);
                }
            }
        }
    }

    /// The convolution of the gradient of the output, with its taps turned round, that gives the gradient of the
    /// images; `None` where it takes longer than adding windows: where a pixel is in fewer windows than a window has
    /// taps.
    fn reverse(&self) -> Option<Self> {
        let Windows { image, kernel, stride, padding, dilation, count, .. } = self.windows;
        let border = |axis: usize| (dilation * (kernel[axis] - 1)).checked_sub(padding[axis]);
        let borders = [border(0)?, border(1)?];
        let pays = image[0] * image[1] * 2 <= self.windows.windows() * 3;
        let windows = Windows::padded([self.outputs, count[0], count[1]], kernel, [1, dilation], borders);
        let reverse = Self { windows, outputs: self.windows.channels, groups: self.groups };
        (stride == 1 && pays).then_some(reverse)
    }

    /// The gradient of one group of outputs, which is written to `buffer` where there are several groups.
    fn of_group<'a>(&self, buffer: &'a mut Vec<f32>, gradient: &'a [f32], group: usize) -> &'a [f32] {
        if self.groups == 1 {
            return gradient;
        }
        let outputs = self.group_outputs();
        let part = prefix(buffer, gradient.len() / self.groups);
        let columns = part.chunks_exact_mut(outputs).zip(gradient.chunks_exact(self.outputs));
        columns.for_each(|(to, from)| to.copy_from_slice(&from[group * outputs..][..outputs]));
        part
    }
}
