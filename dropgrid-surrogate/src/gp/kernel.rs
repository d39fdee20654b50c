//! The Matern kernel with five halves.

use super::square::LANES;

/// The kernel (1 + s + s^2 / 3) e^-s with s = sqrt(5 r) at squared distances r, at a scale, and its derivatives by r,
/// -5/6 (1 + s) e^-s ([Rasmussen and Williams 2006](https://gaussianprocess.org/gpml/), equation 4.17).
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn matern(squares: &[f64; LANES], scale: f64) -> ([f64; LANES], [f64; LANES]) {
    let (mut values, mut slopes) = ([0.0; LANES], [0.0; LANES]);
    for ((value, slope), square) in values.iter_mut().zip(&mut slopes).zip(squares) {
        let s = (5.0 * square).sqrt();
        let e = scale * exp_of_negative(s);
        *value = (1.0 + s + s * s * (1.0 / 3.0)) * e;
        *slope = (-5.0 / 6.0) * (1.0 + s) * e;
    }
    (values, slopes)
}

/// The kernel alone.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn matern_value(square: f64, scale: f64) -> f64 {
    let s = (5.0 * square).sqrt();
    (1.0 + s + s * s * (1.0 / 3.0)) * (scale * exp_of_negative(s))
}

/// e^-s of a number that is at least 0, to 2 units in the last place; above 300 that of 300, which is as good as 0, and
/// whose products are not denormal.
///
/// 2^n e^r with n the integer nearest to -s / ln 2. e^r is 1 + r + r^2 q, with q the polynomial through (e^r - 1 - r) /
/// r^2 at the Chebyshev nodes of half of ln 2 to both sides. It has no branch, so that a loop of it is one of vectors,
/// with the same bits for every width; and its terms are paired, so that few of them wait for each other.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
#[allow(clippy::many_single_char_names, reason = "mathematics")]
fn exp_of_negative(s: f64) -> f64 {
    // Adding 1.5 * 2^52 rounds to an integer and leaves it in the low bits.
    const MAGIC: f64 = 6_755_399_441_055_744.0;
    let s = if s > 300.0 { 300.0 } else { s };
    let shifted = s * -std::f64::consts::LOG2_E + MAGIC;
    let n = shifted - MAGIC;
    // ln 2 in two parts, the first with few digits.
    let r = (-s - n * 0.693_145_751_953_125) - n * 1.428_606_820_309_417_3e-6;
    let r2 = r * r;
    let r4 = r2 * r2;
    let a = (0.500_000_000_000_000_1 + 0.166_666_666_666_666_69 * r)
        + (0.041_666_666_666_624_13 + 0.008_333_333_333_330_062 * r) * r2;
    let b = (0.001_388_888_891_721_371_7 + 0.000_198_412_698_630_536_18 * r)
        + (2.480_152_129_595_437_6e-5 + 2.755_726_845_999_706_4e-6 * r) * r2;
    let c = 2.762_008_844_540_974_6e-7 + 2.510_038_549_551_032e-8 * r;
    let e = 1.0 + (r + r2 * (a + (b + c * r4) * r4));
    e * f64::from_bits((shifted.to_bits() << 52).wrapping_add(1.0_f64.to_bits()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_are_those_of_libm() {
        for step in 0..60_000 {
            let s = f64::from(step) / 200.0;
            let (is, wanted) = (exp_of_negative(s), libm::exp(-s));
            assert!((is - wanted).abs() <= 4.0 * f64::EPSILON * wanted, "{s}: {is} and {wanted}");
        }
        let least = exp_of_negative(300.0);
        assert!(least < 1e-130 && [301.0, 1e9, f64::INFINITY].map(exp_of_negative) == [least; 3]);
        assert!(exp_of_negative(0.0) == 1.0 && exp_of_negative(f64::NAN).is_nan());
    }

    #[test]
    fn slopes_are_those_of_the_kernel() {
        for square in [0.01, 0.3, 2.0, 40.0] {
            let at = |square: f64| {
                let (values, slopes) = matern(&[square; LANES], 1.0);
                assert_eq!(values[0], matern_value(square, 1.0));
                (values[0], slopes[0])
            };
            let slope = (at(square + 1e-6).0 - at(square - 1e-6).0) / 2e-6;
            assert!((at(square).1 - slope).abs() < 1e-7, "{square}");
        }
    }
}
