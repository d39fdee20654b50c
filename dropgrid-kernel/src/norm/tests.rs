use super::{
    super::simd::forced::{lengths, same_on_each},
    *,
};

fn numbers(len: usize, seed: usize) -> Vec<f32> {
    (0..len).map(|at| ((at * 7919 + seed * 104_729) % 1009) as f32 / 500.0 - 1.0).collect()
}

/// Every remainder of a vector, and sizes beyond the 64 numbers that are taken at a time.
fn sizes() -> impl Iterator<Item = usize> {
    lengths().chain(if cfg!(miri) { 65..66 } else { 63..100 })
}

fn bits(parts: &[&[f32]]) -> Vec<u32> {
    parts.concat().iter().map(|number| number.to_bits()).collect()
}

#[test]
fn every_level_normalises_samples_of_any_size_alike() {
    for size in sizes() {
        let (x, g, start) = (numbers(3 * size, 1), numbers(3 * size, 2), numbers(3 * size, 3));
        let (scale, bias) = (numbers(size, 4), numbers(size, 5));
        same_on_each(|| {
            let (mut kept, mut y) = (vec![0.0; 6], vec![0.0; x.len()]);
            layer_norm(&x, &scale, &bias, 1e-5, &mut kept, &mut y);
            let (mut gamma, mut beta, mut to) = (bias.clone(), scale.clone(), start.clone());
            layer_norm_backward_parameters(&x, &kept, &g, &mut gamma, &mut beta);
            layer_norm_backward_input(&x, &kept, &g, &scale, &mut to, true);
            bits(&[&kept, &y, &gamma, &beta, &to])
        });
        same_on_each(|| {
            let (mut w, mut to, mut to_length) = (vec![0.0; x.len()], start.clone(), numbers(3, 6));
            weight_norm(&x, &[0.5, 1.0, 2.0], &mut w);
            weight_norm_backward(&x, &[0.5, 1.0, 2.0], &g, &mut to, &mut to_length);
            bits(&[&w, &to, &to_length])
        });
    }
}

#[test]
fn every_level_normalises_batches_of_any_shape_alike() {
    // Channels that lie side by side, and such whose numbers do.
    for [channels, run] in sizes().flat_map(|size| [[size, 1], [3, size]]) {
        let len = 4 * channels * run;
        let (x, g, start) = (numbers(len, 1), numbers(len, 2), numbers(len, 3));
        let (scale, bias) = (numbers(channels, 4), numbers(channels, 5));
        let settings = BatchNorm { epsilon: 1e-5, momentum: 0.1, run };
        same_on_each(|| {
            let (mut kept, mut y) = (vec![0.0; 2 * channels], vec![0.0; len]);
            let (mut mean, mut variance) = (bias.clone(), scale.clone());
            batch_norm_statistics(&x, settings, &mut kept, &mut mean, &mut variance);
            batch_norm(&x, &kept, &scale, &bias, run, &mut y);
            let (mut sums, mut to) = (vec![0.0; 2 * channels], start.clone());
            batch_norm_backward_parameters(&x, &kept, &g, run, &mut sums);
            batch_norm_backward_input(&x, &kept, &g, &scale, &sums, run, &mut to, run > 1);
            bits(&[&kept, &y, &mean, &variance, &sums, &to])
        });
    }
}

// The numbers in double precision are compared, not their bits.
#[test]
fn what_is_normalised_has_mean_0_and_variance_1() {
    for size in sizes().filter(|size| *size > 1) {
        let x = numbers(2 * size, 1);
        let (ones, zeros) = (vec![1.0; size], vec![0.0; size]);
        let moments = |y: &[f32]| {
            let mean = y.iter().map(|&y| f64::from(y)).sum::<f64>() / y.len() as f64;
            (mean, y.iter().map(|&y| (f64::from(y) - mean).powi(2)).sum::<f64>() / y.len() as f64)
        };
        let samples = same_on_each(|| {
            let (mut kept, mut y) = ([0.0; 4], vec![0.0; x.len()]);
            layer_norm(&x, &ones, &zeros, 1e-7, &mut kept, &mut y);
            y
        });
        // Two rows of one channel.
        let rows = same_on_each(|| {
            let (mut kept, mut y) = ([0.0; 2], vec![0.0; x.len()]);
            let settings = BatchNorm { epsilon: 1e-7, momentum: 0.1, run: size };
            batch_norm_statistics(&x, settings, &mut kept, &mut [0.0], &mut [1.0]);
            batch_norm(&x, &kept, &[1.0], &[0.0], size, &mut y);
            y
        });
        for (mean, variance) in samples.chunks_exact(size).chain([&rows[..]]).map(moments) {
            assert!(mean.abs() < 1e-5 && (variance - 1.0).abs() < 1e-4, "{size}: {mean} {variance}");
        }
    }
}

#[test]
fn a_sum_in_parts_is_the_sum() {
    for len in [0_usize, 1, 15, 16, 17, 100] {
        let numbers: Vec<f32> = (0..len).map(|at| at as f32).collect();
        // Whole numbers, so exactly.
        assert_eq!(sum_of(&numbers, &numbers, |a, b| 3.0 * a - b), (len * len.saturating_sub(1)) as f32);
    }
}
