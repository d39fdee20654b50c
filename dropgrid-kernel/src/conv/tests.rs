use super::*;
#[cfg(not(miri))]
use crate::simd::forced::lengths;
use crate::{simd::forced::on_each, windows::Windows};

fn numbers(len: usize, seed: usize) -> Vec<f32> {
    (0..len).map(|at| ((at * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0).collect()
}

/// Image sides, channels, outputs, groups, kernel, stride, padding, dilation.
const CASES: [[usize; 9]; 9] = [
    [8, 8, 1, 16, 1, 3, 1, 0, 1],
    [5, 7, 3, 4, 1, 3, 1, 1, 1],
    [6, 6, 4, 4, 1, 1, 1, 0, 1],
    [9, 5, 4, 6, 2, 3, 2, 1, 1],
    [7, 8, 4, 4, 4, 3, 1, 1, 1],
    [9, 9, 2, 3, 1, 3, 1, 2, 2],
    [8, 6, 3, 3, 3, 2, 3, 1, 2],
    [4, 4, 2, 5, 1, 4, 1, 0, 1],
    [3, 2, 2, 2, 1, 5, 2, 3, 1],
];

fn conv([height, width, channels, outputs, groups, kernel, stride, padding, dilation]: [usize; 9]) -> Conv {
    let windows = Windows::new([channels, height, width], [kernel; 2], [stride, padding, dilation]);
    Conv { windows, outputs, groups }
}

/// Calls `each` for every product of the definition: (image place, weight place, output place).
#[allow(clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "places in small images, asked to be inside")]
fn products(conv: &Conv, mut each: impl FnMut(usize, usize, usize)) {
    let Conv { windows, outputs, groups } = *conv;
    let (channels, group_outputs) = (windows.channels / groups, outputs / groups);
    for y in 0..windows.count[0] as isize {
        for x in 0..windows.count[1] as isize {
            for output in 0..outputs {
                for row in 0..windows.kernel[0] as isize {
                    for column in 0..windows.kernel[1] as isize {
                        let place = |at: isize, tap: isize, padding: usize| {
                            at * windows.stride as isize + tap * windows.dilation as isize - padding as isize
                        };
                        let [above, beside] = windows.padding;
                        let (iy, ix) = (place(y, row, above), place(x, column, beside));
                        let inside = |at: isize, size: usize| at >= 0 && at < size as isize;
                        if !inside(iy, windows.image[0]) || !inside(ix, windows.image[1]) {
                            continue;
                        }
                        for channel in 0..channels {
                            let pixel = iy as usize * windows.image[1] + ix as usize;
                            let tap = row as usize * windows.kernel[1] + column as usize;
                            let from = output / group_outputs * channels + channel;
                            each(
                                pixel * windows.channels + from,
                                (output * windows.taps() + tap) * channels + channel,
                                (y as usize * windows.count[1] + x as usize) * outputs + output,
                            );
                        }
                    }
                }
            }
        }
    }
}

#[track_caller]
fn assert_close(found: &[f32], exact: &[f64], terms: usize) {
    assert_eq!(found.len(), exact.len());
    for (found, exact) in found.iter().zip(exact) {
        // A sum of that many products below 1 in single precision.
        assert!((f64::from(*found) - exact).abs() < 1e-6 * (terms as f64 + 1.0), "{found} {exact}");
    }
}

#[test]
fn convolutions_are_the_sums_of_their_definition() {
    let cases = if cfg!(miri) { &CASES[7..] } else { &CASES[..] };
    for &case in cases {
        // More images than are processed at a time would take too long under Miri.
        let conv = conv(case);
        check(&conv, if cfg!(miri) { 1 } else { conv.at_once().min(60) + 3 });
    }
}

// Any number of input and output channels: dense, depthwise and in two groups. Under Miri this would take minutes;
// there its parts are tested by themselves: products, windows and depthwise convolutions.
#[cfg(not(miri))]
#[test]
fn channels_of_any_number_are_the_sums_of_their_definition() {
    for channels in lengths() {
        check(&conv([3, 4, channels, 3, 1, 2, 1, 1, 1]), 2);
        check(&conv([3, 4, 2, channels, 1, 2, 1, 0, 1]), 2);
        check(&conv([3, 4, channels, channels, channels, 2, 1, 1, 1]), 2);
        check(&conv([3, 4, 2 * channels, 4, 2, 2, 1, 1, 1]), 2);
        check(&conv([3, 4, channels, 5, 1, 1, 1, 0, 1]), 2);
    }
}

/// Compares a convolution of `count` images and its derivatives with the sums of the definition, on each level.
fn check(conv: &Conv, count: usize) {
    let weight = numbers(conv.outputs * conv.window_len(), 1);
    let images = numbers(count * conv.windows.image_len(), 2);
    let gradient = numbers(count * conv.output_len(), 3);
    let (image_len, output_len) = (conv.windows.image_len(), conv.output_len());
    let mut exact = vec![0.0; gradient.len()];
    let mut exact_weight = vec![1.0; weight.len()];
    let mut exact_images = vec![1.0; images.len()];
    for image in 0..count {
        products(conv, |from, by, to| {
            let (from, to) = (image * image_len + from, image * output_len + to);
            let [x, w, g] = [images[from], weight[by], gradient[to]].map(f64::from);
            exact[to] += x * w;
            exact_weight[by] += x * g;
            exact_images[from] += w * g;
        });
    }
    on_each(|| {
        let mut scratch = ConvScratch::default();
        let mut out = vec![0.0; gradient.len()];
        conv.forward(&mut scratch, &images, &weight, &mut out);
        assert_close(&out, &exact, conv.window_len());
        for add in [false, true] {
            let (mut to_weight, mut to_images) = (vec![1.0; weight.len()], vec![1.0; images.len()]);
            conv.backward(&mut scratch, &images, &weight, &gradient, &mut to_weight, &mut to_images, [add; 2]);
            let moved = |exact: &[f64]| -> Vec<f64> {
                exact.iter().map(|value| if add { *value } else { value - 1.0 }).collect()
            };
            assert_close(&to_weight, &moved(&exact_weight), count * conv.windows.windows());
            assert_close(&to_images, &moved(&exact_images), conv.outputs * conv.windows.taps());
            let mut alone = vec![1.0; weight.len()];
            conv.backward(&mut scratch, &images, &weight, &gradient, &mut alone, &mut [], [add; 2]);
            assert_eq!(alone, to_weight);
        }
    });
}

// Sequences are images of one column, with a padding before and behind alone.
#[test]
fn convolutions_of_sequences_are_the_sums_of_their_definition() {
    // Steps, channels, outputs, groups, kernel, stride, padding, dilation.
    let cases: [[usize; 8]; 6] = [
        [9, 3, 4, 1, 3, 1, 1, 1],
        [9, 3, 4, 1, 3, 1, 0, 1],
        [10, 4, 6, 2, 3, 2, 2, 2],
        [7, 4, 4, 4, 2, 1, 1, 1],
        [6, 5, 3, 1, 1, 1, 0, 1],
        [5, 2, 3, 1, 5, 3, 4, 1],
    ];
    for [steps, channels, outputs, groups, kernel, stride, padding, dilation] in cases {
        let windows = Windows::of_steps([steps, channels], kernel, [stride, padding, dilation]);
        check(&Conv { windows, outputs, groups }, if cfg!(miri) { 1 } else { 5 });
    }
}

#[test]
fn an_image_does_not_depend_on_its_neighbours() {
    let conv = conv(if cfg!(miri) { [2, 3, 1, 3, 1, 2, 1, 0, 1] } else { [6, 6, 3, 5, 1, 3, 1, 1, 1] });
    let most = if cfg!(miri) { 3 } else { 11 };
    let images = numbers(conv.windows.image_len() * most, 2);
    let weight = numbers(conv.outputs * conv.window_len(), 1);
    let run = |count: usize| {
        let mut out = vec![0.0; count * conv.output_len()];
        conv.forward(&mut ConvScratch::default(), &images[..count * conv.windows.image_len()], &weight, &mut out);
        out
    };
    on_each(|| {
        let all = run(most);
        for count in (1..most).step_by(3) {
            assert_eq!(run(count), all[..count * conv.output_len()]);
        }
    });
}

#[test]
fn windows_of_no_taps_give_0() {
    let conv = conv([3, 3, 2, 2, 1, 0, 1, 0, 1]);
    let (images, mut out) = (numbers(18, 1), vec![1.0; conv.output_len()]);
    conv.forward(&mut ConvScratch::default(), &images, &[], &mut out);
    assert_eq!(out, vec![0.0; conv.output_len()]);
    let mut to_images = vec![1.0; 18];
    conv.backward(&mut ConvScratch::default(), &images, &[], &out, &mut [], &mut to_images, [false; 2]);
    assert_eq!(to_images, [0.0; 18]);
}

/// Dense, in groups and depthwise, with gradients of the images by turned kernels and by windows: on any number of
/// threads each number is the same sum in the same order.
#[cfg(feature = "threads")]
#[cfg(not(miri))]
#[test]
fn a_convolution_has_the_same_bits_on_any_number_of_threads() {
    use crate::threads::SpareThreads;

    for case in [
        [28, 28, 3, 40, 1, 3, 1, 1, 1],
        [14, 15, 24, 64, 2, 3, 1, 1, 1],
        [28, 28, 8, 48, 1, 5, 2, 2, 1],
        [40, 40, 48, 48, 48, 5, 1, 2, 1],
    ] {
        let (conv, count) = (conv(case), 23);
        let weight = numbers(conv.outputs * conv.window_len(), 1);
        let images = numbers(count * conv.windows.image_len(), 2);
        let gradient = numbers(count * conv.output_len(), 3);
        assert!(count * conv.multiplications() >= 4 * WORTH, "{case:?} is worth no threads");
        let on = |threads: usize| {
            let (mut scratch, mut out) = (ConvScratch::default(), vec![0.0; gradient.len()]);
            let (mut to_weight, mut to_images) = (numbers(weight.len(), 4), numbers(images.len(), 5));
            SpareThreads::new(threads).install(|| {
                conv.forward(&mut scratch, &images, &weight, &mut out);
                let to = (&mut to_weight, &mut to_images);
                conv.backward(&mut scratch, &images, &weight, &gradient, to.0, to.1, [true; 2]);
            });
            let all = [out, to_weight, to_images].concat();
            (all.into_iter().map(f32::to_bits).collect::<Vec<_>>(), scratch.parts.len())
        };
        let (alone, parts) = on(1);
        assert_eq!(parts, 0);
        for threads in [2, 3, 4] {
            let (shared, parts) = on(threads);
            assert_eq!(parts, threads);
            assert!(shared == alone, "{case:?} on {threads} threads");
        }
    }
}
