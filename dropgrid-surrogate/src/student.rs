//! Student's t distribution with the same bits on every machine.

use std::f64::consts::{FRAC_PI_2, PI};

/// The probability that Student's t is above `t`, at least 0, with so many degrees of freedom, at least 1
/// ([Abramowitz and Stegun 1964](https://personal.math.ubc.ca/~cbm/aands/page_948.htm), 26.7.3 and 26.7.4).
///
/// Sums, products, quotients and square roots only: functions of the system's library differ from machine to machine.
pub fn upper_tail(t: f64, degrees: u32) -> f64 {
    let x = t / f64::from(degrees).sqrt();
    if x.is_infinite() {
        return 0.0;
    }
    let cosine = 1.0 / (1.0 + x * x).sqrt();
    let (sine, square) = (x * cosine, cosine * cosine);
    // Of odd degrees 1, 2/3, 2·4/(3·5), … and of even ones 1, 1/2, 1·3/(2·4), …
    let (terms, first) = if degrees % 2 == 1 { (degrees / 2, 2) } else { (degrees / 2, 1) };
    let (mut sum, mut term) = (0.0, 1.0);
    for at in 0..terms {
        sum += term;
        let numerator = f64::from(2 * at + first);
        term *= square * numerator / (numerator + 1.0);
    }
    let within = if degrees % 2 == 1 { (atan(x) + sine * cosine * sum) * 2.0 / PI } else { sine * sum };
    ((1.0 - within) / 2.0).max(0.0)
}

/// The arc tangent of a number of at least 0.
fn atan(x: f64) -> f64 {
    /// Terms of the series: the next one is below 2^-53 for the numbers up to 0.2 that are left.
    const TERMS: u32 = 12;
    if x > 1.0 {
        return FRAC_PI_2 - atan(1.0 / x);
    }
    let half = |x: f64| x / (1.0 + (1.0 + x * x).sqrt());
    let quarter = half(half(x));
    let square = quarter * quarter;
    // x - x³/3 + x⁵/5 - …, the smallest term first.
    let series = (0..TERMS).rev().fold(0.0, |sum, at| 1.0 / f64::from(2 * at + 1) - square * sum);
    4.0 * quarter * series
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By `scipy.stats.t.sf` of scipy 1.17.1.
    #[allow(clippy::unreadable_literal, reason = "as scipy prints them")]
    const TAILS: [(f64, u32, f64); 12] = [
        (0.0, 5, 0.5),
        (0.5, 1, 0.35241638234956674),
        (1.0, 1, 0.25000000000000006),
        (3.0, 2, 0.04773298313335456),
        (2.5, 3, 0.04385332350403278),
        (0.1, 4, 0.4625779204697266),
        (4.0, 5, 0.005161707740415725),
        (3.365, 5, 0.00999923625287086),
        (2.998, 7, 0.009999314788600762),
        (12.0, 8, 1.0719333738443846e-06),
        (1.7, 13, 0.05645789531486985),
        (2.3, 40, 0.013372449572349662),
    ];

    #[test]
    fn tails_are_those_of_scipy() {
        for (t, degrees, expected) in TAILS {
            let tail = upper_tail(t, degrees);
            // 1 less a number near 1 keeps that many digits.
            assert!((tail - expected).abs() <= 4e-16, "{t} of {degrees}: {tail} for {expected}");
        }
        assert_eq!(upper_tail(f64::INFINITY, 5), 0.0);
    }
}
