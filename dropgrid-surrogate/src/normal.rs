//! The normal distribution in double precision, with the same bits on every machine.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2};

/// ln sqrt(2 pi).
pub const LN_ROOT_2PI: f64 = 0.918_938_533_204_672_8;

/// Below this, the tail is computed by its series.
const FAR: f64 = -25.0;

/// The distribution function.
pub fn cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// The density.
pub fn pdf(z: f64) -> f64 {
    libm::exp(-0.5 * z * z - LN_ROOT_2PI)
}

/// The logarithm of the distribution function.
pub fn log_cdf(z: f64) -> f64 {
    if z > FAR {
        return libm::log(0.5) + libm::log(libm::erfc(-z * FRAC_1_SQRT_2));
    }
    // 1 - 1/z^2 + 3/z^4 - 15/z^6 + 105/z^8 - ..., the next term being below 1e-10 of the sum.
    let y = 1.0 / (z * z);
    let series = 1.0 - y * (1.0 - 3.0 * y * (1.0 - 5.0 * y * (1.0 - 7.0 * y * (1.0 - 9.0 * y))));
    -0.5 * z * z - LN_ROOT_2PI - libm::log(-z) + libm::log(series)
}

/// The logarithm of the mass between `from` and `to`, the lower one first.
pub fn log_mass(from: f64, to: f64) -> f64 {
    // On the side of the lower tail, no difference of two numbers near 1 is taken.
    if from > 0.0 {
        return log_mass(-to, -from);
    }
    if to > 0.0 {
        return libm::log1p(-(cdf(from) + cdf(-to)));
    }
    let (lower, upper) = (log_cdf(from), log_cdf(to));
    upper + log_1m_exp(lower - upper)
}

/// ln(1 - e^x) of a negative number.
fn log_1m_exp(x: f64) -> f64 {
    if x > -LN_2 { libm::log(-libm::expm1(x)) } else { libm::log1p(-libm::exp(x)) }
}

/// ln of the sum of e^x over numbers.
pub fn log_sum_exp(numbers: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = numbers.clone().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return most;
    }
    most + libm::log(numbers.map(|number| libm::exp(number - most)).sum())
}

/// The logarithm of the mean of max(0, z + x) over a standard normal x, ln(z cdf(z) + pdf(z)), and the shares in its
/// derivative: cdf(z) and pdf(z), each over that mean. Its second form is exact where the first one cancels
/// ([Ament et al. 2023](https://arxiv.org/abs/2310.20708), equation 9).
pub fn log_improvement(z: f64) -> (f64, f64, f64) {
    if z > FAR {
        let (cdf, pdf) = (cdf(z), pdf(z));
        let mean = z * cdf + pdf;
        return (libm::log(mean), cdf / mean, pdf / mean);
    }
    // z cdf(z) + pdf(z) = pdf(z) / z^2 (1 - 3/z^2 + 15/z^4 - 105/z^6 + 945/z^8 - ...).
    let y = 1.0 / (z * z);
    let series = 1.0 - 3.0 * y * (1.0 - 5.0 * y * (1.0 - 7.0 * y * (1.0 - 9.0 * y * (1.0 - 11.0 * y))));
    let of_pdf = 1.0 / (y * series);
    let log = -0.5 * z * z - LN_ROOT_2PI - libm::log(of_pdf);
    (log, (1.0 - of_pdf) / z, of_pdf)
}

/// The point of a standard normal between `from` and `to` below which lies that share of the mass between them.
pub fn quantile_between(from: f64, to: f64, share: f64) -> f64 {
    let (below, above) = (cdf(from), cdf(to));
    let wanted = below + share * (above - below);
    let (mut low, mut high) = (from, to);
    // Bisection to the last bit of the wider end.
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if cdf(middle) < wanted { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of SciPy 1.17.1 by `tests/golden/normal.py`: z, `log_ndtr`, and `log(z ndtr(z) + pdf(z))` from 60 digits.
    #[test]
    fn tails_are_those_of_scipy() {
        for line in include_str!("../../tests/golden/normal.txt").lines().skip(1) {
            let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().expect("a number")).collect();
            let &[z, log_ndtr, improvement] = &cells[..] else { panic!("{line}") };
            let close = |is: f64, wanted: f64| (is - wanted).abs() <= 1e-10 * wanted.abs().max(1e-3);
            assert!(close(log_cdf(z), log_ndtr), "{z}: {} and {log_ndtr}", log_cdf(z));
            let (log, of_cdf, of_pdf) = log_improvement(z);
            assert!(close(log, improvement), "{z}: {log} and {improvement}");
            // The derivative is cdf(z) over the mean.
            let step = 1e-5 * z.abs().max(1.0);
            let slope = (log_improvement(z + step).0 - log_improvement(z - step).0) / (2.0 * step);
            assert!((of_cdf - slope).abs() <= 1e-5 * slope.abs().max(1e-3), "{z}: {of_cdf} and {slope}");
            assert!((z * of_cdf + of_pdf - 1.0).abs() < 1e-6 * of_pdf.max(1.0), "{z}");
        }
    }

    #[test]
    fn masses_and_quantiles_belong_together() {
        assert!((log_mass(-1.0, 2.0) - (cdf(2.0) - cdf(-1.0)).ln()).abs() < 1e-14);
        assert_eq!(log_mass(3.0, 4.0), log_mass(-4.0, -3.0));
        assert!((log_mass(-40.0, -39.0) - log_cdf(-39.0)).abs() < 1e-12);
        for (from, to) in [(-1.0, 3.0), (-0.01, 0.02), (-50.0, 50.0), (0.0, 1.0)] {
            for share in [0.0, 0.1, 0.5, 0.999] {
                let at = quantile_between(from, to, share);
                let is = log_mass(from, at) - log_mass(from, to);
                assert!(share == 0.0 || (is.exp() - share).abs() < 1e-9, "{from} to {to}: {share}");
            }
        }
        assert_eq!(log_sum_exp([-1e4, -1e4].into_iter()), -1e4 + 2.0_f64.ln());
        assert_eq!(log_sum_exp([f64::NEG_INFINITY; 2].into_iter()), f64::NEG_INFINITY);
    }
}
