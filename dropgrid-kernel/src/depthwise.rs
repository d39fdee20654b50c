//! Depthwise convolutions, of each channel by itself, on images with channels last.
//!
//! As matrix products they would have one column a group, which cannot be vectorized. Here the channels are the lanes
//! of a vector, with weights of shape (taps, channels). That takes a twelfth of the time on 8 x 8 images of 16
//! channels, and a fiftieth on 14 x 14 images of 32.

use super::{scratch::prefix, simd::multiversion, transpose::transpose, underflow::flush_all, windows::Windows};

/// The convolution of each image by a weight of shape (channels, taps).
pub(super) fn forward(windows: &Windows, buffer: &mut Vec<f32>, images: &[f32], weight: &[f32], out: &mut [f32]) {
    let taps = prefix(buffer, weight.len());
    transpose([windows.channels, windows.taps()], weight, taps, false);
    let each = images.chunks_exact(windows.image_len()).zip(out.chunks_exact_mut(windows.windows() * windows.channels));
    each.for_each(|(image, out)| slide(windows, image, taps, out));
}

/// Adds the gradient of the weight, and that of the images unless `to_images` is empty, given `[images, weight,
/// gradient]` with the gradient of the output of [`forward`].
pub(super) fn backward(
    windows: &Windows,
    buffers: [&mut Vec<f32>; 2],
    [images, weight, gradient]: [&[f32]; 3],
    to_weight: &mut [f32],
    to_images: &mut [f32],
) {
    let [taps, to_taps] = buffers.map(|buffer| prefix(buffer, weight.len()));
    let (len, out_len) = (windows.image_len(), windows.windows() * windows.channels);
    to_taps.fill(0.0);
    for (image, gradient) in images.chunks_exact(len).zip(gradient.chunks_exact(out_len)) {
        backward_weight(windows, image, gradient, to_taps);
    }
    transpose([windows.taps(), windows.channels], to_taps, to_weight, true);
    transpose([windows.channels, windows.taps()], weight, taps, false);
    for (to, gradient) in to_images.chunks_exact_mut(len).zip(gradient.chunks_exact(out_len)) {
        backward_image(windows, taps, gradient, to);
    }
}

multiversion! {
    /// For each window and channel, the sum over the taps of pixel times weight.
    fn slide(windows: &Windows, image: &[f32], taps: &[f32], to: &mut [f32]) {
        let channels = windows.channels;
        windows.for_each(|window, at| {
            let to = &mut to[window * channels..][..channels];
            to.fill(0.0);
            windows.taps_at(at, |tap, pixel| add_products(&image[pixel * channels..], &taps[tap * channels..], to));
            flush_all(to);
        });
    }
}

multiversion! {
    /// Adds the derivative of [`slide`] by the taps to `to`.
    fn backward_weight(windows: &Windows, image: &[f32], gradient: &[f32], to: &mut [f32]) {
        let channels = windows.channels;
        windows.for_each(|window, at| {
            let gradient = &gradient[window * channels..];
            windows.taps_at(at, |tap, pixel| {
                add_products(&image[pixel * channels..], gradient, &mut to[tap * channels..][..channels]);
            });
        });
    }
}

multiversion! {
    /// Adds the derivative of [`slide`] by the image to `to`.
    fn backward_image(windows: &Windows, taps: &[f32], gradient: &[f32], to: &mut [f32]) {
        let channels = windows.channels;
        windows.for_each(|window, at| {
            let gradient = &gradient[window * channels..];
            windows.taps_at(at, |tap, pixel| {
                add_products(&taps[tap * channels..], gradient, &mut to[pixel * channels..][..channels]);
            });
        });
        flush_all(to);
    }
}

/// `to += a b`, number by number.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn add_products(a: &[f32], b: &[f32], to: &mut [f32]) {
    let (a, b) = (&a[..to.len()], &b[..to.len()]);
    to.iter_mut().zip(a.iter().zip(b)).for_each(|(to, (a, b))| *to += a * b);
}

#[cfg(test)]
mod tests {
    use super::{
        super::simd::forced::{lengths, same_on_each},
        *,
    };

    fn numbers(len: usize, seed: usize) -> Vec<f32> {
        (0..len).map(|at| ((at * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0).collect()
    }

    /// The sums themselves are tested with those of every convolution; here only their bits on each level.
    #[test]
    fn every_level_gives_the_same_bits() {
        for channels in lengths() {
            let windows = Windows::new([channels, 5, 4], [3, 2], [2, 1, 1]);
            let images = numbers(2 * windows.image_len(), 1);
            let weight = numbers(windows.taps() * channels, 2);
            let gradient = numbers(2 * windows.windows() * channels, 3);
            let [out, to_weight, to_images] = same_on_each(|| {
                let mut out = vec![0.0; gradient.len()];
                forward(&windows, &mut Vec::new(), &images, &weight, &mut out);
                let (mut to_weight, mut to_images) = (vec![1.0; weight.len()], vec![1.0; images.len()]);
                let buffers = [&mut Vec::new(), &mut Vec::new()];
                backward(&windows, buffers, [&images, &weight, &gradient], &mut to_weight, &mut to_images);
                [out, to_weight, to_images]
            });
            // The sum of outputs times their gradients is linear in the weight, and in the images.
            let dot = |a: &[f32], b: &[f32], less: f32| -> f64 {
                a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b - less)).sum()
            };
            let sum = dot(&gradient, &out, 0.0);
            for found in [dot(&weight, &to_weight, 1.0), dot(&images, &to_images, 1.0)] {
                // Some hundred products of numbers below 1 in single precision.
                assert!((found - sum).abs() < 1e-3, "{channels}: {found}, not {sum}");
            }
        }
    }
}
