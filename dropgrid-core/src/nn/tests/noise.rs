//! Tests of the statistics of noise over many seeds.

use super::*;

#[test]
fn alpha_dropout_keeps_mean_and_variance() {
    for p in [0.1, 0.5, 0.8] {
        let mut all = Vec::new();
        for seed in 0..20 {
            let x = numbers(10_000, 100 + seed);
            let input = Cpu::seed_from_u64(seed).tensor_from_vec(x, (10_000,));
            let y = AlphaDropout { p }.forward_mut(input.leaky_traced()).as_vec();
            all.extend(y.into_iter().map(f64::from));
        }
        let count = all.len() as f64;
        let moment = |power: i32| all.iter().map(|value| value.powi(power)).sum::<f64>() / count;
        let (mean, square, fourth) = (moment(1), moment(2), moment(4));
        // The tolerance is five standard errors.
        assert!(mean.abs() < 5.0 / count.sqrt(), "{p}: {mean}");
        assert!((square - 1.0).abs() < 5.0 * ((fourth - square * square) / count).sqrt(), "{p}: {square}");
    }
}

// Covers rates between two multiples of 2^-16 and rates near 1.
#[test]
fn a_dropout_keeps_the_mean_at_every_rate() {
    for p in [0.1_f32, 0.3, 0.999, 0.99999] {
        // Counts the mask of a program, and the output of the layer for a batch of ones on the tape.
        let (mut sum, mut kept, mut count) = (0.0, 0.0, 0.0);
        for seed in 0..40 {
            let key = Seed(seed).key(Purpose::Noise);
            let ones = || Cpu::seed_from_u64(seed).tensor_from_vec(vec![1.0_f32; 100_000], (100_000,));
            let masks = [dropout_mask(key, 0, p, 100_000), Dropout { p }.forward_mut(ones().leaky_traced()).as_vec()];
            for factor in masks.concat() {
                sum += f64::from(factor);
                kept += f64::from(u8::from(factor > 0.0));
                count += 1.0;
            }
        }
        // All factors are equal, so the mean over all draws is the factor times the fraction of kept values.
        let factor = sum / kept;
        let mean = factor * (1.0 - (f64::from(p) * 65536.0).round().min(65535.0) / 65536.0);
        assert!((mean - 1.0).abs() < 1e-6, "{p}: {mean}");
        let deviation = ((factor - 1.0) / count).sqrt();
        assert!((sum / count - 1.0).abs() < 5.0 * deviation, "{p}: {}", sum / count);
    }
}

#[test]
fn gaussian_dropout_has_the_mean_and_the_variance_of_a_dropout() {
    for p in [0.1_f32, 0.5, 0.8] {
        let mut all = Vec::new();
        for seed in 0..20 {
            let input = Cpu::seed_from_u64(seed).tensor_from_vec(vec![1.0_f32; 10_000], (10_000,));
            let y = GaussianDropout { p }.forward_mut(input.leaky_traced()).as_vec();
            all.extend(y.into_iter().map(f64::from));
        }
        let (count, variance) = (all.len() as f64, f64::from(p / (1.0 - p)));
        let mean = all.iter().sum::<f64>() / count;
        let square = all.iter().map(|value| (value - 1.0).powi(2)).sum::<f64>() / count;
        // The tolerances are five standard errors. The variance of the square of a normal number is twice the square of
        // its mean.
        assert!((mean - 1.0).abs() < 5.0 * (variance / count).sqrt(), "{p}: {mean}");
        assert!((square - variance).abs() < 5.0 * variance * (2.0 / count).sqrt(), "{p}: {square}");
    }
}

#[test]
fn noise_of_no_size_changes_nothing_and_an_evaluation_pass_never_does() {
    let x = numbers(24, 30);
    let batch = || Cpu::seed_from_u64(DEVICE).tensor_from_vec(x.clone(), (2, Const::<3>, Const::<2>, Const::<2>));
    macro_rules! check {
        ($($some:expr, $none:expr;)+) => {$(
            let (mut some, mut none) = ($some, $none);
            assert_ne!(some.forward_mut(batch().leaky_traced()).as_vec(), x, "{some:?}");
            assert_eq!(some.forward(batch()).as_vec(), x, "{some:?}");
            assert_eq!(none.forward_mut(batch().leaky_traced()).as_vec(), x, "{none:?}");
        )+};
    }
    check! {
        Dropout2D { p: 0.5 }, Dropout2D { p: 0.0 };
        GaussianDropout { p: 0.5 }, GaussianDropout { p: 0.0 };
        GaussianNoise { stddev: 0.1 }, GaussianNoise { stddev: 0.0 };
        AlphaDropout { p: 0.5 }, AlphaDropout { p: 0.0 };
    }
}
