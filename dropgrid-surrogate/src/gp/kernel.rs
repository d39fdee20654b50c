//! The Matern kernel with five halves.

use dropgrid_kernel::multiversion;

multiversion! {
    /// Replaces squared distances r by the kernel (1 + s + s^2 / 3) e^-s with s = sqrt(5 r), at a scale, and writes its
    /// derivatives by r, -5/6 (1 + s) e^-s ([Rasmussen and Williams 2006](https://gaussianprocess.org/gpml/), equation
    /// 4.17).
    pub(super) fn matern(squares: &mut [f64], slopes: &mut [f64], scale: f64) {
        for (square, slope) in squares.iter_mut().zip(slopes) {
            let s = (5.0 * *square).sqrt();
            let e = scale * exp_of_negative(-s);
            *square = (1.0 + s + s * s * (1.0 / 3.0)) * e;
            *slope = (-5.0 / 6.0) * (1.0 + s) * e;
        }
    }
}

/// The kernel alone.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn matern_value(square: f64, scale: f64) -> f64 {
    let s = (5.0 * square).sqrt();
    (1.0 + s + s * s * (1.0 / 3.0)) * (scale * exp_of_negative(-s))
}

/// e^x of a number that is at most 0, to 2 units in the last place; 0 below -700.
///
/// 2^n e^r with n the integer nearest to x / ln 2, and the series of e^r. It has no branch, so that a loop of it is one
/// of vectors, with the same bits for every width.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn exp_of_negative(x: f64) -> f64 {
    // Adding 1.5 * 2^52 rounds to an integer and leaves it in the low bits.
    const MAGIC: f64 = 6_755_399_441_055_744.0;
    let bounded = if x < -700.0 { -700.0 } else { x };
    let shifted = bounded * std::f64::consts::LOG2_E + MAGIC;
    let n = shifted - MAGIC;
    // ln 2 in two parts, the first with few digits.
    let r = bounded - n * 0.693_145_751_953_125 - n * 1.428_606_820_309_417_3e-6;
    let mut p = 1.0 / 6_227_020_800.0;
    for factorial in
        [479_001_600.0, 39_916_800.0, 3_628_800.0, 362_880.0, 40_320.0, 5_040.0, 720.0, 120.0, 24.0, 6.0, 2.0, 1.0, 1.0]
    {
        p = p * r + 1.0 / factorial;
    }
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1.0_f64.to_bits()));
    if x < -700.0 { 0.0 } else { p * power }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_are_those_of_libm() {
        for step in 0..70_000 {
            let x = -f64::from(step) / 100.0;
            let (is, wanted) = (exp_of_negative(x), libm::exp(x));
            assert!((is - wanted).abs() <= 4.0 * f64::EPSILON * wanted, "{x}: {is} and {wanted}");
        }
        assert_eq!((exp_of_negative(0.0), exp_of_negative(-1e9)), (1.0, 0.0));
    }

    #[test]
    fn slopes_are_those_of_the_kernel() {
        for square in [0.01, 0.3, 2.0, 40.0] {
            let at = |square: f64| {
                let (mut values, mut slopes) = ([square], [0.0]);
                matern(&mut values, &mut slopes, 1.0);
                assert_eq!(values[0], matern_value(square, 1.0));
                (values[0], slopes[0])
            };
            let slope = (at(square + 1e-6).0 - at(square - 1e-6).0) / 2e-6;
            assert!((at(square).1 - slope).abs() < 1e-7, "{square}");
        }
    }
}
