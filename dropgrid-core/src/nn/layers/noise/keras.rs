//! Tests of noise layers against results of Keras, which `tests/golden/noise.py` writes.

use std::collections::HashMap;

use dfdx::{
    nn::{Module, ModuleMut},
    shapes::{Const, Dim},
    tensor::{Cpu, TensorFromVec, Trace},
};

use super::*;

const X: usize = 24;
const DRAWS: usize = 300;
/// The error of a few roundings in single precision, for numbers below 4.
const ROUNDED: f64 = 2e-6;
/// Rows, channels, height and width.
const AXES: [usize; 4] = [3, 4, 2, 2];

fn golden() -> HashMap<String, Vec<f64>> {
    let lines = include_str!("../../../../../tests/golden/noise.txt").lines().skip(1).map(|line| {
        let mut words = line.split(' ');
        let mut word = || words.next().expect("a word");
        let name = format!("{} {}", word(), word());
        (name, words.map(|number| number.parse().expect("a number")).collect())
    });
    lines.collect()
}

/// Returns a part of the sequence from which the script takes its tensors.
fn numbers(start: usize) -> Vec<f32> {
    (start..start + AXES.iter().product::<usize>())
        .map(|at| (((at * 37 + 11) % 101) as f64 / 101.0 - 0.5) as f32)
        .collect()
}

/// The results of the script by case and name. Each result is compared once.
struct Golden(HashMap<String, Vec<f64>>);

impl Golden {
    #[track_caller]
    fn take(&mut self, case: &str, name: &str) -> Vec<f64> {
        self.0.remove(&format!("{case} {name}")).expect("a result that was not compared yet")
    }

    /// Checks that an evaluation pass changes nothing, as in Keras, and that Keras draws noise of this shape.
    #[track_caller]
    fn check(&mut self, case: &str, evaluated: &[f32], shape: [usize; 4]) {
        assert_eq!(evaluated, numbers(X), "{case}");
        let wanted: Vec<f32> = self.take(case, "evaluation").into_iter().map(|value| value as f32).collect();
        assert_eq!(evaluated, wanted, "{case}");
        assert_eq!(self.take(case, "shape"), shape.map(|size| size as f64), "{case}");
    }

    /// Compares a training pass with a given mask, within an absolute error.
    #[track_caller]
    fn training(&mut self, case: &str, noise: Noise, mask: &[f32], within: f64) {
        let (mut y, wanted) = (vec![0.0; mask.len()], self.take(case, "training"));
        noise.apply(&numbers(X), mask, &mut y);
        assert_eq!(y.len(), wanted.len(), "{case}");
        for (found, wanted) in y.iter().zip(&wanted) {
            assert!((f64::from(*found) - wanted).abs() < within, "{case}: {found} instead of {wanted}");
        }
    }

    /// Compares the mean and standard deviation of `values` with those of as many draws of Keras.
    #[track_caller]
    fn moments(&mut self, case: &str, values: &[f32]) {
        let [count, mean, std] = self.take(case, "moments")[..] else { panic!("{case}: three numbers") };
        assert_eq!(values.len() as f64, count, "{case}");
        let moment = |power: i32| {
            values.iter().map(|&value| dropgrid_kernel::power(f64::from(value) - mean, power)).sum::<f64>() / count
        };
        let (found, square) = (mean + moment(1), moment(2) - moment(1).powi(2));
        // Five standard errors of the difference of two estimates; the draws are the same in every run.
        let bound = 5.0 * (2.0 * square / count).sqrt();
        assert!((found - mean).abs() < bound, "{case}: a mean of {found}, Keras' is {mean}, within {bound}");
        let bound = 5.0 * (2.0 * (moment(4) - square * square) / count).sqrt();
        assert!((square - std * std).abs() <= bound, "{case}: a variance of {square}, Keras' is {}", std * std);
    }
}

/// Runs an evaluation pass on the input of the script.
macro_rules! evaluated {
    ($layer:expr) => {
        $layer.forward(Cpu::default().tensor_from_vec(numbers(X), (3, Const::<4>, Const::<2>, Const::<2>))).as_vec()
    };
}

/// Runs a training pass on ones.
macro_rules! ones {
    ($layer:expr, $($axis:expr),+) => {{
        let shape = ($($axis,)+);
        let input = Cpu::seed_from_u64(7).tensor_from_vec(vec![1.0; 1 $(* Dim::size(&$axis))+], shape);
        $layer.forward_mut(input.leaky_traced()).as_vec()
    }};
}

#[test]
fn noise_is_keras() {
    let mut golden = Golden(golden());
    let draws = numbers(DRAWS);
    for rate in [0.1, 0.5, 0.8_f64] {
        let p = rate as f32;
        // Here the rate is rounded to a multiple of 2^-16; results change by up to 4 / (1 - p)^2 times the rounding
        // error.
        let drawn = ROUNDED + 4.0 / 131_072.0 / (1.0 - rate).powi(2);
        let (case, mut layer) = (format!("gaussian_dropout_{rate}"), GaussianDropout { p });
        golden.check(&case, &evaluated!(layer), AXES);
        let noise = layer.noise(&AXES[1..]).expect("noise");
        let Noise::Product { deviation } = noise else { panic!("{noise:?}") };
        let wanted = golden.take(&case, "deviation");
        assert!((f64::from(deviation) - wanted[0]).abs() < 1e-6, "{case}: {deviation} instead of {wanted:?}");
        golden.training(&case, noise, &draws.iter().map(|draw| 1.0 + deviation * draw).collect::<Vec<_>>(), ROUNDED);
        golden.moments(&case, &ones!(layer, 200_000));

        let (case, mut layer) = (format!("alpha_dropout_{rate}"), AlphaDropout { p });
        golden.check(&case, &evaluated!(layer), AXES);
        let noise = layer.noise(&AXES[1..]).expect("noise");
        let Noise::Alpha { rate: kept, .. } = noise else { panic!("{noise:?}") };
        // Keras keeps values whose draw is at least the rate.
        let mask: Vec<f32> = draws.iter().map(|draw| if draw + 0.5 >= p { kept.scale } else { 0.0 }).collect();
        golden.training(&case, noise, &mask, drawn);
        golden.moments(&case, &ones!(layer, 200_000));

        let (case, mut layer) = (format!("spatial_dropout_{rate}"), Dropout2D { p });
        golden.check(&case, &evaluated!(layer), [AXES[0], AXES[1], 1, 1]);
        let values = ones!(layer, 2000, Const::<100>, Const::<2>, Const::<2>);
        let (channels, _) = values.as_chunks::<4>();
        let mut found: Vec<f32> = channels.iter().map(|channel| channel[0]).collect();
        assert!(channels.iter().all(|channel| *channel == [channel[0]; 4]), "a channel stays or drops as a whole");
        golden.moments(&case, &found.iter().map(|value| f32::from(u8::from(*value == 0.0))).collect::<Vec<_>>());
        found.sort_by(f32::total_cmp);
        found.dedup();
        let wanted: Vec<f32> = golden.take(&case, "training").into_iter().map(|value| value as f32).collect();
        let is_close = |(a, b): (&f32, &f32)| f64::from(a - b).abs() < drawn;
        assert!(found.iter().zip(&wanted).all(is_close), "{case}: {found:?}, not {wanted:?}");
        assert_eq!(found.len(), wanted.len());
    }
    for stddev in [0.05_f32, 1.0] {
        let case = if stddev < 1.0 { "gaussian_noise_0.05" } else { "gaussian_noise_1.0" };
        let mut layer = GaussianNoise { stddev };
        golden.check(case, &evaluated!(layer), AXES);
        let noise = layer.noise(&AXES[1..]).expect("noise");
        let Noise::Sum { deviation } = noise else { panic!("{noise:?}") };
        assert!((f64::from(deviation) - golden.take(case, "deviation")[0]).abs() < 1e-8);
        golden.training(case, noise, &draws.iter().map(|draw| deviation * draw).collect::<Vec<_>>(), ROUNDED);
        golden.moments(case, &ones!(layer, 200_000));
    }
    assert!(golden.0.is_empty(), "{:?}", golden.0.keys());
}
