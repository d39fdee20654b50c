//! Elementwise functions, their derivatives, and sums over rows.

use super::simd::multiversion;

/// e^x to 2 units in the last place; 0 far below, NaN stays NaN.
///
/// 2^n e^r with n the integer nearest to x / ln 2, and a polynomial for e^r of degree 6 (Cephes' `expf`).
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(crate) fn exp(x: f32) -> f32 {
    // Above 88.7 the result overflows, below -87.3 it is no normal number. Comparisons let NaN through.
    let x = if x > 88.0 { 88.0 } else { x };
    let is_tiny = x < -87.0;
    let x = if is_tiny { -87.0 } else { x };
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
fn tanh(x: f32) -> f32 {
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

#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// max(x, 0), where NaN stays NaN.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn relu(x: f32) -> f32 {
    if x < 0.0 { 0.0 } else { x }
}

/// A function of one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Function {
    Relu,
    /// With the slope for negative numbers.
    LeakyRelu(f32),
    Tanh,
    Sigmoid,
    /// x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
    FastGelu,
    Square,
    Abs,
}

const GELU: f32 = 0.797_884_6;
const CUBE: f32 = 0.044_715;

multiversion! {
    /// The function of each number.
    pub(crate) fn apply(function: Function, from: &[f32], to: &mut [f32]) {
        let pairs = to.iter_mut().zip(from);
        match function {
            Function::Relu => pairs.for_each(|(y, x)| *y = relu(*x)),
            Function::LeakyRelu(slope) => pairs.for_each(|(y, x)| *y = if *x > 0.0 { *x } else { slope * *x }),
            Function::Tanh => pairs.for_each(|(y, x)| *y = tanh(*x)),
            Function::Sigmoid => pairs.for_each(|(y, x)| *y = sigmoid(*x)),
            Function::FastGelu => {
                pairs.for_each(|(y, x)| *y = 0.5 * x * (1.0 + tanh(GELU * (x + CUBE * x * x * x))));
            }
            Function::Square => pairs.for_each(|(y, x)| *y = x * x),
            Function::Abs => pairs.for_each(|(y, x)| *y = x.abs()),
        }
    }
}

multiversion! {
    /// `to = gradient * f'(x)`, or `to += ` it where `add`: `x` is what went into the function and `y` what came out.
    pub(crate) fn slope(function: Function, x: &[f32], y: &[f32], gradient: &[f32], to: &mut [f32], add: bool) {
        macro_rules! each {
            (|$x:ident, $y:ident| $slope:expr) => {
                for ((to, g), ($x, $y)) in to.iter_mut().zip(gradient).zip(x.iter().copied().zip(y.iter().copied())) {
                    let _ = ($x, $y);
                    *to = if add { *to } else { 0.0 } + g * $slope;
                }
            };
        }
        match function {
            Function::Relu => each!(|x, y| if x > 0.0 { 1.0 } else { 0.0 }),
            Function::LeakyRelu(slope) => each!(|x, y| if x > 0.0 { 1.0 } else { slope }),
            Function::Tanh => each!(|x, y| 1.0 - y * y),
            Function::Sigmoid => each!(|x, y| y * (1.0 - y)),
            Function::FastGelu => each!(|x, y| {
                let t = tanh(GELU * (x + CUBE * x * x * x));
                0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * GELU * (1.0 + 3.0 * CUBE * x * x)
            }),
            Function::Square => each!(|x, y| 2.0 * x),
            Function::Abs => each!(|x, y| if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else { 0.0 }),
        }
    }
}

multiversion! {
    /// Adds the bias to each row, and takes the rectifier of it where `rectify`.
    pub(crate) fn add_bias(values: &mut [f32], bias: &[f32], rectify: bool) {
        for row in values.chunks_exact_mut(bias.len()) {
            let pairs = row.iter_mut().zip(bias);
            if rectify {
                pairs.for_each(|(value, bias)| *value = relu(*value + bias));
            } else {
                pairs.for_each(|(value, bias)| *value += bias);
            }
        }
    }
}

multiversion! {
    /// The sum of each column, or `sums +=` it where `add`.
    pub(crate) fn column_sums(values: &[f32], sums: &mut [f32], add: bool) {
        if !add {
            sums.fill(0.0);
        }
        for row in values.chunks_exact(sums.len()) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
    }
}

multiversion! {
    /// The gradient before a rectifier and a dropout, in place: `scale` times it where something came out of both.
    pub(crate) fn gate(gradient: &mut [f32], output: &[f32], scale: f32) {
        for (gradient, output) in gradient.iter_mut().zip(output) {
            *gradient = if *output > 0.0 { *gradient * scale } else { 0.0 };
        }
    }
}

multiversion! {
    /// `to = a b`, or `to +=` it where `add`, number by number.
    pub(crate) fn multiply(a: &[f32], b: &[f32], to: &mut [f32], add: bool) {
        for (to, (a, b)) in to.iter_mut().zip(a.iter().zip(b)) {
            *to = if add { *to } else { 0.0 } + a * b;
        }
    }
}

multiversion! {
    /// `to = a + b`, number by number.
    pub(crate) fn sum(a: &[f32], b: &[f32], to: &mut [f32]) {
        for (to, (a, b)) in to.iter_mut().zip(a.iter().zip(b)) {
            *to = a + b;
        }
    }
}

multiversion! {
    /// `to = a`, or `to += a` where `add`.
    pub(crate) fn copy(a: &[f32], to: &mut [f32], add: bool) {
        if add {
            to.iter_mut().zip(a).for_each(|(to, a)| *to += a);
        } else {
            to.copy_from_slice(a);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FUNCTIONS: [Function; 7] = [
        Function::Relu,
        Function::LeakyRelu(0.05),
        Function::Tanh,
        Function::Sigmoid,
        Function::FastGelu,
        Function::Square,
        Function::Abs,
    ];

    fn numbers() -> impl Iterator<Item = f32> {
        (-2000..2000).step_by(if cfg!(miri) { 199 } else { 1 }).map(|at| at as f32 * 0.005 + 0.0013)
    }

    fn value(function: Function, x: f32) -> f32 {
        let mut y = [0.0];
        apply(function, &[x], &mut y);
        y[0]
    }

    #[test]
    fn exp_tanh_and_sigmoid_are_within_units_of_the_last_place() {
        for x in numbers().chain([-87.5, -80.0, 80.0, 87.9, 1e-6, -1e-6]) {
            let ulps = |found: f32, exact: f64| {
                (f64::from(found) - exact).abs() / (exact.abs() * f64::from(f32::EPSILON)).max(1e-37)
            };
            let wide = f64::from(x);
            if x > -87.0 {
                assert!(ulps(exp(x), wide.exp()) < 2.0, "exp {x}: {} {}", exp(x), wide.exp());
            }
            assert!(ulps(tanh(x), wide.tanh()) < 2.0, "tanh {x}");
            if x > -80.0 {
                assert!(ulps(sigmoid(x), 1.0 / (1.0 + (-wide).exp())) < 4.0, "sigmoid {x}");
            }
        }
        assert_eq!([exp(f32::NEG_INFINITY), exp(-1e4), exp(0.0), tanh(-50.0)], [0.0, 0.0, 1.0, -1.0]);
    }

    #[test]
    fn slopes_are_the_derivatives() {
        for function in FUNCTIONS {
            for x in numbers().filter(|x| x.abs() > 0.01 && x.abs() < 4.0) {
                let h = 1.0 / 256.0;
                let estimate =
                    (f64::from(value(function, x + h)) - f64::from(value(function, x - h))) / f64::from(2.0 * h);
                let mut found = [1.0];
                slope(function, &[x], &[value(function, x)], &[2.0], &mut found, true);
                // The difference quotient is exact to its third derivative times h^2 / 6, and rounding over h.
                assert!(
                    (f64::from(found[0]) - 1.0 - 2.0 * estimate).abs() < 2e-3,
                    "{function:?} {x}: {found:?} {estimate}"
                );
            }
        }
    }

    #[test]
    fn what_is_not_a_number_stays_so() {
        for function in FUNCTIONS {
            assert!(value(function, f32::NAN).is_nan(), "{function:?}");
        }
    }
}
