//! Max pooling and average pooling of images with channels last.

use super::{simd::multiversion, underflow::flush, windows::Windows};

/// The function of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// The largest number. Taps beside the image do not count.
    Max,
    /// The sum of the numbers, divided by the number of taps, also of those beside the image.
    Average,
}

multiversion! {
    /// Pools each window of an image, channel by channel.
    pub fn pool(kind: Pool, windows: &Windows, image: &[f32], to: &mut [f32]) {
        let channels = windows.channels;
        let share = 1.0 / windows.taps() as f32;
        windows.for_each(|window, at| {
            let to = &mut to[window * channels..][..channels];
            match kind {
                Pool::Max => {
                    to.fill(f32::NEG_INFINITY);
                    windows.taps_at(at, |_, pixel| {
                        let pairs = to.iter_mut().zip(&image[pixel * channels..][..channels]);
                        // NaN is larger than every number, and stays.
                        pairs.for_each(|(to, x)| *to = if *x > *to || x.is_nan() { *x } else { *to });
                    });
                }
                Pool::Average => {
                    to.fill(0.0);
                    windows.taps_at(at, |_, pixel| {
                        let pairs = to.iter_mut().zip(&image[pixel * channels..][..channels]);
                        pairs.for_each(|(to, x)| *to += x);
                    });
                    for to in to.iter_mut() {
                        *to = flush(*to * share);
                    }
                }
            }
        });
    }
}

multiversion! {
    /// Adds the derivative of [`pool`] by the image to `to`. Of several largest numbers the first, in row-major order,
    /// takes the gradient. `rest` is scratch memory of one number a channel.
    pub fn pool_backward(
        kind: Pool,
        windows: &Windows,
        image: &[f32],
        out: &[f32],
        gradient: &[f32],
        rest: &mut [f32],
        to: &mut [f32],
    ) {
        let channels = windows.channels;
        let share = 1.0 / windows.taps() as f32;
        windows.for_each(|window, at| {
            let place = window * channels;
            rest.copy_from_slice(&gradient[place..][..channels]);
            match kind {
                Pool::Max => {
                    let out = &out[place..][..channels];
                    windows.taps_at(at, |_, pixel| {
                        let place = pixel * channels;
                        let pixels = to[place..][..channels].iter_mut().zip(&image[place..][..channels]);
                        for ((to, x), (rest, out)) in pixels.zip(rest.iter_mut().zip(out)) {
                            let taken = if x == out { *rest } else { 0.0 };
                            *to = flush(*to + taken);
                            *rest -= taken;
                        }
                    });
                }
                Pool::Average => {
                    for rest in rest.iter_mut() {
                        *rest = flush(*rest * share);
                    }
                    windows.taps_at(at, |_, pixel| {
                        let pairs = to[pixel * channels..][..channels].iter_mut().zip(rest.iter());
                        pairs.for_each(|(to, rest)| *to = flush(*to + rest));
                    });
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::simd::forced::{lengths, on_each, same_on_each},
        *,
    };

    fn run(kind: Pool, windows: &Windows, image: &[f32], gradient: &[f32]) -> [Vec<f32>; 2] {
        let run = || {
            let mut out = vec![0.0; windows.windows() * windows.channels];
            pool(kind, windows, image, &mut out);
            let mut to = vec![0.0; image.len()];
            pool_backward(kind, windows, image, &out, gradient, &mut vec![0.0; windows.channels], &mut to);
            [out, to]
        };
        // NaN is not equal to itself.
        if image.iter().any(|x| x.is_nan()) { on_each(run).remove(0).1 } else { same_on_each(run) }
    }

    // Each channel comes out as it does by itself.
    #[test]
    fn channels_of_any_number_do_not_know_each_other() {
        for channels in lengths() {
            let of = |channels: usize| Windows::new([channels, 4, 3], [2, 2], [1, 1, 1]);
            let numbers = |len: usize, seed: usize| -> Vec<f32> {
                (0..len).map(|at| ((at * 7919 + seed) % 1009) as f32 / 504.5 - 1.0).collect()
            };
            let windows = of(channels);
            let (image, gradient) = (numbers(windows.image_len(), 1), numbers(windows.windows() * channels, 2));
            let one = |numbers: &[f32], channel: usize| -> Vec<f32> {
                numbers.iter().skip(channel).step_by(channels).copied().collect()
            };
            for kind in [Pool::Max, Pool::Average] {
                let all = run(kind, &windows, &image, &gradient);
                for channel in 0..channels {
                    let alone = run(kind, &of(1), &one(&image, channel), &one(&gradient, channel));
                    assert_eq!([0, 1].map(|of| one(&all[of], channel)), alone, "{kind:?}: {channel} of {channels}");
                }
            }
        }
    }

    // Two channels, one the negative of the other, of an image of three by three.
    const IMAGE: [f32; 18] =
        [1.0, -1.0, 5.0, -5.0, 2.0, -2.0, 3.0, -3.0, 5.0, -5.0, 4.0, -4.0, 9.0, -9.0, 0.0, 0.0, 7.0, -7.0];

    #[test]
    fn the_largest_number_of_a_window_takes_its_gradient() {
        let windows = Windows::new([2, 3, 3], [2, 2], [1, 0, 1]);
        let [out, to] = run(Pool::Max, &windows, &IMAGE, &[1.0, 10.0, 2.0, 20.0, 3.0, 30.0, 4.0, 40.0]);
        assert_eq!(out, [5.0, -1.0, 5.0, -2.0, 9.0, 0.0, 7.0, 0.0]);
        // The first of the two fives has the gradient of both windows that hold both.
        assert_eq!(to, [0.0, 10.0, 3.0, 0.0, 0.0, 20.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 0.0, 0.0, 70.0, 4.0, 0.0]);
    }

    #[test]
    fn a_mean_counts_the_padding() {
        let windows = Windows::new([2, 3, 3], [2, 2], [2, 1, 1]);
        let [out, to] = run(Pool::Average, &windows, &IMAGE, &[4.0, 0.0, 8.0, 0.0, 12.0, 0.0, 16.0, 4.0]);
        assert_eq!(out, [0.25, -0.25, 1.75, -1.75, 3.0, -3.0, 4.0, -4.0]);
        assert_eq!(to, [1.0, 0.0, 2.0, 0.0, 2.0, 0.0, 3.0, 0.0, 4.0, 1.0, 4.0, 1.0, 3.0, 0.0, 4.0, 1.0, 4.0, 1.0]);
    }

    #[test]
    fn windows_may_be_dilated_and_oblong() {
        let windows = Windows::new([2, 3, 3], [2, 2], [1, 0, 2]);
        assert_eq!(run(Pool::Max, &windows, &IMAGE, &[1.0, 1.0])[0], [9.0, -1.0]);
        let windows = Windows::new([2, 3, 3], [3, 1], [1, 0, 1]);
        assert_eq!(run(Pool::Max, &windows, &IMAGE, &[0.0; 6])[0], [9.0, -1.0, 5.0, 0.0, 7.0, -2.0]);
    }

    #[test]
    fn nan_stays_nan() {
        let windows = Windows::new([1, 2, 2], [2, 2], [1, 0, 1]);
        for place in 0..4 {
            let mut image = [1.0, 2.0, 3.0, 4.0];
            image[place] = f32::NAN;
            for kind in [Pool::Max, Pool::Average] {
                assert!(run(kind, &windows, &image, &[1.0])[0][0].is_nan());
            }
        }
    }
}
