//! Functions of one number that the compiler vectorizes in the loops of their callers, with the same bits for every
//! width.

#![allow(clippy::many_single_char_names, reason = "mathematics")]

use super::underflow::flush;

/// A power with a whole exponent, by squaring: its bits depend on nothing but the two.
pub fn power(base: f64, exponent: i32) -> f64 {
    let (mut power, mut square, mut rest) = (1.0, base, exponent.unsigned_abs());
    loop {
        if rest % 2 == 1 {
            power *= square;
        }
        rest /= 2;
        if rest == 0 {
            return if exponent < 0 { 1.0 / power } else { power };
        }
        square *= square;
    }
}

/// e^x to 2 units in the last place, or 0 where that is below [`SMALLEST`](super::underflow::SMALLEST). NaN stays NaN.
///
/// 2^n e^r with n the integer nearest to x / ln 2, and a polynomial for e^r of degree 6 (Cephes' `expf`).
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(crate) fn exp(x: f32) -> f32 {
    // Above 88.7 the result overflows, below -43.7 it is too small. Comparisons let NaN through.
    let x = if x > 88.0 { 88.0 } else { x };
    let is_tiny = x < -43.668;
    let x = if is_tiny { -44.0 } else { x };
    // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
    const MAGIC: f32 = 12_582_912.0;
    let shifted = x * std::f32::consts::LOG2_E + MAGIC;
    let n = shifted - MAGIC;
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_199_9e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 5e-1;
    let value = p * r * r + r + 1.0;
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0_f32.to_bits()));
    if is_tiny { 0.0 } else { value * power }
}

/// tanh x to 2 units in the last place (Cephes' `tanhf`).
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn tanh(x: f32) -> f32 {
    let z = x * x;
    let p = -5.704_988_7e-3;
    let p = p * z + 2.063_908_8e-2;
    let p = p * z - 5.373_971_5e-2;
    let p = p * z + 1.333_144_2e-1;
    let p = p * z - 3.333_328e-1;
    let small = p * z * x + x;
    let large = 1.0 - 2.0 / (exp(2.0 * x.abs()) + 1.0);
    if x.abs() < 0.625 { small } else { large.copysign(x) }
}

/// 1 / (1 + e^-x), or 0 where that is below [`SMALLEST`](super::underflow::SMALLEST).
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn sigmoid(x: f32) -> f32 {
    // From -44 down the result is 0, and no quotient on the way to it is denormal.
    let x = if x < -44.0 { -44.0 } else { x };
    flush(1.0 / (1.0 + exp(-x)))
}

/// The distribution function and the density of a standard normal at x (Cephes' `erff` and `erfcf`): the first to 8
/// units in the last place below -1.4 and to 12 elsewhere. Both are 0 beyond 9.3, where e^(-x^2/2) is below
/// [`SMALLEST`](super::underflow::SMALLEST).
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn normal(x: f32) -> [f32; 2] {
    const ROOT_OF_2: f32 = std::f32::consts::SQRT_2;
    // Comparisons let NaN through.
    let a = x.abs();
    let a = if a > 20.0 { 20.0 } else { a };
    // The square of the leading half of the digits is exact; the exponential would magnify its rounding.
    let high = f32::from_bits(a.to_bits() & 0xffff_f000);
    let e = exp(-0.5 * high * high) * exp(-0.5 * (a - high) * (a + high));
    let z = a * std::f32::consts::FRAC_1_SQRT_2;

    // erf z = z P(z^2) below 1.
    let w = 0.5 * a * a;
    let p = 7.853_861e-5;
    let p = p * w - 8.010_194e-4;
    let p = p * w + 5.188_327_6e-3;
    let p = p * w - 2.685_381_3e-2;
    let p = p * w + 1.128_358_5e-1;
    let p = p * w - 3.761_262_6e-1;
    let p = p * w + std::f32::consts::FRAC_2_SQRT_PI;
    let half = 0.5 * (z * p);
    let near = if x < 0.0 { 0.5 - half } else { 0.5 + half };

    // 1 - erf z = e^(-z^2) / z P(1 / z^2) from 1 to 2, and with another P above.
    let y = 2.0 / (a * a);
    let p = 2.326_82e-2;
    let p = p * y - 1.387_039_4e-1;
    let p = p * y + 3.687_424_7e-1;
    let p = p * y - 5.824_733e-1;
    let p = p * y + 6.210_004_7e-1;
    let p = p * y - 4.944_515_3e-1;
    let p = p * y + 3.404_88e-1;
    let p = p * y - 2.741_127e-1;
    let to_2 = p * y + 5.638_259_4e-1;
    let p = -1.047_766_4e1;
    let p = p * y + 1.297_72e1;
    let p = p * y - 7.495_519;
    let p = p * y + 2.921_019;
    let p = p * y - 1.015_265_3;
    let p = p * y + 4.218_463_4e-1;
    let p = p * y - 2.820_767_4e-1;
    let above = p * y + 5.641_895e-1;
    let tail = 0.5 * e * (ROOT_OF_2 / a) * if z < 2.0 { to_2 } else { above };
    let far = if x < 0.0 { tail } else { 1.0 - tail };
    [if z < 1.0 { near } else { far }, e * 0.398_942_3]
}

/// e^x - 1, without the loss of digits near 0 that the difference has.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn expm1(x: f32) -> f32 {
    // The polynomial of `exp` without its 1, where the power of 2 is 1.
    let p = 1.987_569_1e-4;
    let p = p * x + 1.398_199_9e-3;
    let p = p * x + 8.333_452e-3;
    let p = p * x + 4.166_579_6e-2;
    let p = p * x + 1.666_666_5e-1;
    let p = p * x + 5e-1;
    let small = p * x * x + x;
    if x.abs() < 0.34 { small } else { exp(x) - 1.0 }
}

/// ln x of a normal number above 0, to 2 units in the last place (Cephes' `logf`).
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn ln(x: f32) -> f32 {
    // x = 2^e m with m between the roots of 1/2 and of 2, whose bits are these.
    const ROOT_OF_HALF: u32 = 0x3f35_04f3;
    let e = x.to_bits().wrapping_sub(ROOT_OF_HALF).cast_signed() >> 23;
    let f = f32::from_bits(x.to_bits().wrapping_sub((e << 23).cast_unsigned())) - 1.0;
    let z = f * f;
    let p = 7.037_683_6e-2;
    let p = p * f - 1.151_461e-1;
    let p = p * f + 1.167_699_9e-1;
    let p = p * f - 1.242_014_1e-1;
    let p = p * f + 1.424_932_3e-1;
    let p = p * f - 1.666_805_8e-1;
    let p = p * f + 2.000_071_5e-1;
    let p = p * f - 2.499_999_4e-1;
    let p = p * f + 3.333_333e-1;
    let rest = p * f * z + e as f32 * -2.121_944_4e-4 - 0.5 * z;
    f + rest + e as f32 * 0.693_359_4
}

/// Cosine and sine of an angle of `turn` / 2^32 turns, less an eighth of one (Cephes' `sinf` and `cosf`).
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn point_of_circle(turn: u32) -> [f32; 2] {
    // Quarter turns in the high bits; the rest is an angle of at most an eighth to either side.
    const RADIANS: f32 = std::f32::consts::FRAC_PI_2 / 1_073_741_824.0;
    let f = ((turn & 0x3fff_ffff).cast_signed() - 0x2000_0000) as f32 * RADIANS;
    let z = f * f;
    let sine = ((-1.951_529_6e-4 * z + 8.332_161e-3) * z - 1.666_665_5e-1) * z * f + f;
    let cosine = ((2.443_315_7e-5 * z - 1.388_731_6e-3) * z + 4.166_664_6e-2) * z * z - 0.5 * z + 1.0;
    let quarter = turn >> 30;
    let [x, y] = if quarter & 1 == 1 { [-sine, cosine] } else { [cosine, sine] };
    if quarter & 2 == 2 { [-x, -y] } else { [x, y] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ulps(found: f32, exact: f64) -> f64 {
        (f64::from(found) - exact).abs() / (exact.abs() * f64::from(f32::EPSILON)).max(1e-37)
    }

    #[test]
    fn expm1_keeps_its_digits_near_0() {
        for at in (-4000..4000).step_by(if cfg!(miri) { 397 } else { 1 }) {
            for x in [at as f32 * 0.0013, at as f32 * 1e-6] {
                // Subtracting 1 from e^x rounds once more, half a unit at 1/3.
                assert!(ulps(expm1(x), f64::from(x).exp_m1()) < 8.0, "{x}: {}", expm1(x));
            }
        }
        assert_eq!([expm1(0.0), expm1(f32::NEG_INFINITY)], [0.0, -1.0]);
        assert!(expm1(f32::NAN).is_nan());
    }

    #[test]
    fn powers_are_those_of_the_compiler() {
        for exponent in [0, 1, 2, 3, 7, 64, 1000, -1, -2, -9, i32::MAX, i32::MIN] {
            for base in [0.9_f64, 0.999, -1.5, 1.0, 0.0] {
                let wanted = base.powi(exponent);
                let is = power(base, exponent);
                assert!(is == wanted || (is - wanted).abs() < 1e-12 * wanted.abs(), "{base}^{exponent}: {is} {wanted}");
            }
        }
    }

    #[test]
    fn ln_is_within_units_of_the_last_place() {
        for at in (1..40_000).step_by(if cfg!(miri) { 397 } else { 1 }) {
            for x in [at as f32 / 2e4, at as f32 * 1e-12, at as f32 * 1e20] {
                assert!(ulps(ln(x), f64::from(x).ln()) < 3.0, "{x}: {} {}", ln(x), f64::from(x).ln());
            }
        }
        assert_eq!(ln(1.0), 0.0);
    }

    #[test]
    fn points_go_round_the_circle() {
        for at in (0..20_000_u64).step_by(if cfg!(miri) { 397 } else { 1 }) {
            let turn = (at * 214_748) as u32;
            let angle = (f64::from(turn) / 4_294_967_296.0 - 0.125) * std::f64::consts::TAU;
            let [x, y] = point_of_circle(turn);
            // Absolute: near the axes a coordinate is the difference of numbers near 1.
            assert!((f64::from(x) - angle.cos()).abs() < 2e-7, "{turn}: {x}");
            assert!((f64::from(y) - angle.sin()).abs() < 2e-7, "{turn}: {y}");
        }
    }

    #[test]
    fn the_normal_distribution_is_that_of_its_definition() {
        let density = |x: f64| (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
        // The integral of the density from 0 by Simpson's rule, and the continued fraction of a tail.
        let from_zero = |x: f64| {
            let h = x / 200.0;
            let at = |k: u32| {
                density(f64::from(k) * h) * [1.0, 4.0, 2.0][if k.is_multiple_of(200) { 0 } else { 2 - k as usize % 2 }]
            };
            (0..=200).map(at).sum::<f64>() * h / 3.0
        };
        let tail = |x: f64| density(x) / (1..=200).rev().fold(x, |rest, k| x + f64::from(k) / rest);
        let step = if cfg!(miri) { 197 } else { 1 };
        for x in (-930..1300).step_by(step).map(|at| at as f32 * 0.01) {
            let wide = f64::from(x);
            let [share, height] = normal(x);
            let wanted = match wide {
                ..-1.5 => tail(-wide),
                1.5.. => 1.0 - tail(wide),
                _ => 0.5 + from_zero(wide),
            };
            assert!(ulps(share, wanted) < if x < -1.42 { 8.0 } else { 12.0 }, "share {x}: {share} {wanted}");
            assert!(x > 9.3 || ulps(height, density(wide)) < 8.0, "density {x}: {height} {}", density(wide));
        }
        assert_eq!([normal(0.0)[0], normal(f32::INFINITY)[0], normal(-1e38)[0], normal(9.4)[1]], [0.5, 1.0, 0.0, 0.0]);
        assert!(normal(f32::NAN).iter().all(|number| number.is_nan()));
    }
}
