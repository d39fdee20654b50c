//! The transformation of Yeo and Johnson (2000) and the estimation of its power.

use super::minimum::minimum;
use crate::split::pairwise;

/// Transforms a number by the power `lambda`.
pub(super) fn yeo_johnson(x: f64, lambda: f64) -> f64 {
    let power = |x: f64, lambda: f64| {
        if lambda.abs() < f64::EPSILON { libm::log1p(x) } else { libm::expm1(lambda * libm::log1p(x)) / lambda }
    };
    // For λ = 1 it is the identity. The logarithms would add rounding errors.
    if lambda == 1.0 {
        x
    } else if x < 0.0 {
        -power(-x, 2.0 - lambda)
    } else {
        power(x, lambda)
    }
}

/// Returns the power with the largest normal likelihood of the numbers, as SciPy's `yeojohnson_normmax`.
pub(super) fn best_power(numbers: &[f64]) -> f64 {
    let largest = numbers.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
    if largest == 0.0 {
        return 1.0;
    }
    // For powers within these bounds, 20 times the largest number and the square of the result do not overflow.
    let log = libm::log1p(20.0 * largest);
    let low = (libm::log(f64::MIN_POSITIVE) - libm::log(f64::EPSILON)) / 2.0 / log;
    let high = f64::midpoint(libm::log(f64::MAX), libm::log(f64::EPSILON)) / log;
    let bounds = if numbers.iter().all(|x| *x < 0.0) {
        [2.0 - high, 2.0 - low]
    } else if numbers.iter().any(|x| *x < 0.0) {
        [low.max(2.0 - high), high.min(2.0 - low)]
    } else {
        [low, high]
    };
    let logs: Vec<f64> = numbers.iter().map(|x| x.signum() * libm::log1p(x.abs())).collect();
    let slope = pairwise(&logs);
    minimum(|lambda| negative_likelihood(numbers, lambda, slope), bounds, 1.48e-8)
}

/// Returns the negative log-likelihood of a power without constant terms. It is infinite if all results are equal.
fn negative_likelihood(numbers: &[f64], lambda: f64, slope: f64) -> f64 {
    let results: Vec<f64> = numbers.iter().map(|x| yeo_johnson(*x, lambda)).collect();
    let count = results.len() as f64;
    let mean = pairwise(&results) / count;
    let squares: Vec<f64> = results.iter().map(|x| (x - mean) * (x - mean)).collect();
    let variance = pairwise(&squares) / count;
    let likelihood = -count / 2.0 * libm::log(variance) + (lambda - 1.0) * slope;
    if variance < f64::MIN_POSITIVE || likelihood.is_infinite() { f64::INFINITY } else { -likelihood }
}
