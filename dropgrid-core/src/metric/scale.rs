//! Multiplication by powers of two, which rounds nothing within the range of `f64`.

/// The exponent `e` of a finite number with `2^e <= |value| < 2^(e + 1)`; 0 of 0.
pub(super) fn exponent(value: f64) -> i32 {
    const SUBNORMAL: i32 = 54;
    let biased = |value: f64| ((value.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    if value == 0.0 {
        0
    } else if value.is_subnormal() {
        biased(value * power(SUBNORMAL)) - SUBNORMAL
    } else {
        biased(value)
    }
}

/// `value * 2^exponent`.
pub(super) fn shifted(value: f64, exponent: i32) -> f64 {
    let (mut value, mut left) = (value, exponent);
    while left != 0 && value != 0.0 && value.is_finite() {
        let step = left.clamp(-1000, 1000);
        value *= power(step);
        left -= step;
    }
    value
}

/// `2^exponent`, from -1022 to 1023.
fn power(exponent: i32) -> f64 {
    f64::from_bits(u64::from((1023 + exponent).unsigned_abs()) << 52)
}

/// The exponent by which values are moved before they are squared: 0 unless the largest is so large or so small that
/// squares, or squares of the differences that rounding lets it have, leave the range of `f64`.
pub(super) fn unit(values: impl Iterator<Item = f64>) -> i32 {
    const SAFE: i32 = 400;
    let exponent = exponent(values.fold(0.0, |largest, value| largest.max(value.abs())));
    if exponent.abs() > SAFE { exponent } else { 0 }
}

/// The square root of `a b` for two numbers of at least 0, also where the product leaves the range of `f64`.
pub(super) fn geometric_mean(a: f64, b: f64) -> f64 {
    let product = a * b;
    if a == b {
        a
    } else if product.is_normal() || a == 0.0 || b == 0.0 {
        product.sqrt()
    } else {
        a.sqrt() * b.sqrt()
    }
}

/// The weights with a scale that sums and products of them can bear, where theirs is not: no metric depends on it.
///
/// Large weights get a largest one near 2^200, so that small ones among them stay what they are; small ones one near 1.
/// A weight above 0 stays above it.
pub(super) fn rescaled(weights: &[f64]) -> Option<Vec<f64>> {
    const LARGE: i32 = 200;
    let by = match exponent(weights.iter().copied().fold(0.0, f64::max)) {
        large if large > LARGE => LARGE - large,
        small if small < 0 => -small,
        _ => return None,
    };
    let scaled = |&weight: &f64| if weight > 0.0 { shifted(weight, by).max(f64::MIN_POSITIVE) } else { weight };
    Some(weights.iter().map(scaled).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_of_all_sizes() {
        for (value, expected) in [
            (1.0, 0),
            (-1.5, 0),
            (2.0, 1),
            (0.75, -1),
            (f64::MAX, 1023),
            (f64::MIN_POSITIVE, -1022),
            (5e-324, -1074),
            (3.0 * 5e-324, -1073),
            (0.0, 0),
        ] {
            assert_eq!(exponent(value), expected, "{value:e}");
        }
        for value in [1.0, -0.3, 1e300, 5e-324, f64::MAX] {
            let near = shifted(value, -exponent(value));
            assert!((1.0..2.0).contains(&near.abs()), "{value:e} is moved to {near}");
            assert_eq!(shifted(near, exponent(value)), value);
        }
    }

    #[test]
    fn weights_are_moved_and_not_changed() {
        assert_eq!(rescaled(&[1.0, 2.5, 0.0]), None);
        assert_eq!(rescaled(&[0.3, 0.7]), Some(vec![0.6, 1.4]));
        assert_eq!(rescaled(&[5e-324, 0.0, 1e-323]), Some(vec![0.5, 0.0, 1.0]));
        let [large, small] = rescaled(&[1e300, 1e-20]).expect("weights of another scale")[..] else { unreachable!() };
        assert_eq!((exponent(large), shifted(small, 996 - 200)), (200, 1e-20));
        assert_eq!(rescaled(&[f64::MAX, 5e-324]).expect("weights")[1], f64::MIN_POSITIVE);
    }

    #[test]
    fn a_mean_of_any_size() {
        assert_eq!(geometric_mean(3.0, 12.0), 6.0);
        assert_eq!(geometric_mean(0.0, 1.0), 0.0);
        assert_eq!(geometric_mean(1e200, 1e-200), 1.0);
        assert!((geometric_mean(4e200, 1e200) / 2e200 - 1.0).abs() < 1e-15); // two roots and a product are rounded
        assert!((geometric_mean(4e-200, 1e-200) / 2e-200 - 1.0).abs() < 1e-15);
    }
}
