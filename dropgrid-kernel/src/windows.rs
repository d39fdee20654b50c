//! Windows that slide over images with channels last.

use super::simd::multiversion;

/// The positions of the windows of a convolution or a pooling on an image of shape (height, width, channels).
///
/// Window (y, x) has its first tap at (y * stride - padding, x * stride - padding), the others `dilation` apart. A
/// sequence is an image of one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    pub channels: usize,
    /// Height and width of an image.
    pub image: [usize; 2],
    /// Height and width of a window, in taps.
    pub kernel: [usize; 2],
    pub stride: usize,
    /// The rows of zeros above and below an image, and the columns beside it.
    pub padding: [usize; 2],
    pub dilation: usize,
    /// The number of windows along the height, and along the width.
    pub count: [usize; 2],
}

impl Windows {
    /// The windows on images of shape `[channels, height, width]`. There are none where a window is larger than the
    /// image.
    pub fn new(image: [usize; 3], kernel: [usize; 2], [stride, padding, dilation]: [usize; 3]) -> Self {
        Self::padded(image, kernel, [stride, dilation], [padding; 2])
    }

    /// The windows of `kernel` taps on sequences of shape `[steps, channels]`.
    pub fn of_steps([steps, channels]: [usize; 2], kernel: usize, [stride, padding, dilation]: [usize; 3]) -> Self {
        Self::padded([channels, steps, 1], [kernel, 1], [stride, dilation], [padding, 0])
    }

    /// The windows on images whose sides have paddings of their own.
    pub(crate) fn padded(
        [channels, height, width]: [usize; 3],
        kernel: [usize; 2],
        [stride, dilation]: [usize; 2],
        padding: [usize; 2],
    ) -> Self {
        let count = |size: usize, kernel: usize, padding: usize| {
            let rest = (size + 2 * padding).checked_sub(dilation * (kernel.max(1) - 1) + 1);
            rest.map_or(0, |rest| rest / stride.max(1) + 1)
        };
        let count = [count(height, kernel[0], padding[0]), count(width, kernel[1], padding[1])];
        Self { channels, image: [height, width], kernel, stride, padding, dilation, count }
    }

    /// The number of numbers in an image.
    pub fn image_len(&self) -> usize {
        self.image[0] * self.image[1] * self.channels
    }

    /// The number of windows on an image.
    pub fn windows(&self) -> usize {
        self.count[0] * self.count[1]
    }

    /// The number of taps in a window.
    pub fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// Calls `each` with the index of each window, and with its position: row and column of its first tap in the padded
    /// image.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "the loop belongs to its caller's vectors")]
    pub fn for_each(&self, mut each: impl FnMut(usize, [usize; 2])) {
        for y in 0..self.count[0] {
            for x in 0..self.count[1] {
                each(y * self.count[1] + x, [y * self.stride, x * self.stride]);
            }
        }
    }

    /// Calls `each` with the index of each tap that lies on the image, and with the index of its pixel.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "the loop belongs to its caller's vectors")]
    pub fn taps_at(&self, [top, left]: [usize; 2], mut each: impl FnMut(usize, usize)) {
        for row in 0..self.kernel[0] {
            let y = (top + row * self.dilation).wrapping_sub(self.padding[0]);
            if y >= self.image[0] {
                continue;
            }
            for column in 0..self.kernel[1] {
                let x = (left + column * self.dilation).wrapping_sub(self.padding[1]);
                if x < self.image[1] {
                    each(row * self.kernel[1] + column, y * self.image[1] + x);
                }
            }
        }
    }

    /// Calls `each` for each run of taps whose pixels are contiguous in the image, with the index of its first tap,
    /// that of its first pixel, and its length.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "the loop belongs to its caller's vectors")]
    fn runs_at(&self, at: [usize; 2], mut each: impl FnMut(usize, usize, usize)) {
        if self.dilation != 1 {
            self.taps_at(at, |tap, pixel| each(tap, pixel, 1));
            return;
        }
        let [top, left] = at;
        let start = self.padding[1].saturating_sub(left).min(self.kernel[1]);
        let end = (self.image[1] + self.padding[1]).saturating_sub(left).min(self.kernel[1]);
        if start >= end {
            return;
        }
        for row in 0..self.kernel[0] {
            let y = (top + row).wrapping_sub(self.padding[0]);
            if y < self.image[0] {
                let pixel = y * self.image[1] + left + start - self.padding[1];
                each(row * self.kernel[1] + start, pixel, end - start);
            }
        }
    }
}

multiversion! {
    /// Adds to each pixel of an image its taps in all windows, which lie one after the other, each as its taps of
    /// `channels` channels, from channel `first` on. Taps beside the image are left out.
    pub fn fold(windows: &Windows, from: &[f32], first: usize, channels: usize, image: &mut [f32]) {
        let (width, all) = (windows.taps() * channels, windows.channels);
        windows.for_each(|window, at| {
            let from = &from[window * width..][..width];
            if channels == all {
                windows.runs_at(at, |tap, pixel, count| {
                    add(&from[tap * all..][..count * all], &mut image[pixel * all..][..count * all]);
                });
            } else {
                windows.taps_at(at, |tap, pixel| {
                    add(&from[tap * channels..][..channels], &mut image[pixel * all + first..][..channels]);
                });
            }
        });
    }
}

#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn add(from: &[f32], to: &mut [f32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
}

#[cfg(test)]
mod tests {
    use super::{
        super::simd::forced::{lengths, same_on_each},
        *,
    };

    /// Calls `each` with the index of each tap of each window among the unfolded windows, and with its index in the
    /// image, where it lies on it.
    fn definition(windows: &Windows, first: usize, channels: usize, mut each: impl FnMut(usize, Option<usize>)) {
        let [height, width] = windows.image;
        for (window, tap) in (0..windows.windows()).flat_map(|window| (0..windows.taps()).map(move |tap| (window, tap)))
        {
            let place = |at: usize, tap: usize, padding: usize, size: usize| {
                (at * windows.stride + tap * windows.dilation).checked_sub(padding).filter(|at| *at < size)
            };
            let [above, beside] = windows.padding;
            let y = place(window / windows.count[1], tap / windows.kernel[1], above, height);
            let x = place(window % windows.count[1], tap % windows.kernel[1], beside, width);
            let pixel = y.zip(x).map(|(y, x)| (y * width + x) * windows.channels + first);
            for channel in 0..channels {
                each((window * windows.taps() + tap) * channels + channel, pixel.map(|pixel| pixel + channel));
            }
        }
    }

    #[test]
    fn windows_of_any_number_of_channels_are_added_to_their_pixels() {
        for channels in lengths() {
            for [stride, padding, dilation] in [[1, 1, 1], [2, 0, 1], [1, 2, 2]] {
                // All channels of an image, and some in its middle.
                for (all, first) in [(channels, 0), (channels + 3, 1)] {
                    let windows = Windows::new([all, 4, 5], [2, 3], [stride, padding, dilation]);
                    let taps: Vec<f32> =
                        (0..windows.windows() * windows.taps() * channels).map(|at| at as f32 + 1.0).collect();
                    let mut wanted = vec![1.0; windows.image_len()];
                    definition(&windows, first, channels, |at, pixel| {
                        if let Some(pixel) = pixel {
                            wanted[pixel] += taps[at];
                        }
                    });
                    let found = same_on_each(|| {
                        let mut image = vec![1.0; wanted.len()];
                        fold(&windows, &taps, first, channels, &mut image);
                        image
                    });
                    // Sums of a few whole numbers, so exactly.
                    assert_eq!(found, wanted, "{windows:?}");
                }
            }
        }
    }
}
