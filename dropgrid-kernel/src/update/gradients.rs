//! Sums, clipping and averages of gradients and weights.

use crate::{simd::multiversion, underflow::flush};

multiversion! {
    /// `to += from * factor`.
    pub fn add_scaled(from: &[f32], factor: f32, to: &mut [f32]) {
        to.iter_mut().zip(from).for_each(|(to, from)| *to = flush(*to + from * factor));
    }
}

multiversion! {
    /// Multiplies each number by `factor`.
    pub fn scale(values: &mut [f32], factor: f32) {
        for value in values {
            *value = flush(*value * factor);
        }
    }
}

multiversion! {
    /// Clamps each number to `-limit..=limit`. NaN stays NaN.
    pub fn clamp(values: &mut [f32], limit: f32) {
        for value in values {
            *value = if *value > limit { limit } else if *value < -limit { -limit } else { *value };
        }
    }
}

multiversion! {
    /// The sum of the squares, in double precision, where it cannot overflow.
    pub fn sum_of_squares(values: &[f32]) -> f64 {
        let mut sums = [0.0_f64; 16];
        let (chunks, rest) = values.as_chunks::<16>();
        for chunk in chunks {
            for (sum, value) in sums.iter_mut().zip(chunk) {
                *sum += f64::from(*value) * f64::from(*value);
            }
        }
        for (sum, value) in sums.iter_mut().zip(rest) {
            *sum += f64::from(*value) * f64::from(*value);
        }
        sums.iter().sum()
    }
}

multiversion! {
    /// `average += (value - average) * share`.
    pub fn follow(average: &mut [f32], values: &[f32], share: f32) {
        average.iter_mut().zip(values).for_each(|(average, value)| *average = flush(*average + (value - *average) * share));
    }
}
