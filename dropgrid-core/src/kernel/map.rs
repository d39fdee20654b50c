//! Elementwise functions, their derivatives, and sums over rows.

pub(crate) use super::scalar::exp;
use super::{
    scalar::{expm1, normal, sigmoid, tanh},
    simd::multiversion,
};

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
    /// x times the distribution function of a standard normal.
    Gelu,
    Square,
    Abs,
    /// x above 0, else the number times e^x - 1.
    Elu(f32),
    /// 1.05 times the exponential one of 1.67: see [`SELU_SCALE`] and [`SELU_ALPHA`].
    Selu,
    /// x sigmoid(x).
    Silu,
    /// x tanh(ln(1 + e^x)).
    Mish,
}

const GELU: f32 = 0.797_884_6;
const CUBE: f32 = 0.044_715;

/// The fixed point of [Klambauer et al. 2017](https://arxiv.org/abs/1706.02515): scale and alpha.
pub(crate) const SELU_SCALE: f32 = 1.050_701;
pub(crate) const SELU_ALPHA: f32 = 1.673_263_2;

/// tanh(ln(1 + e^x)), as a quotient of polynomials in e^x; 1 to all digits from 20 on.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn tanh_softplus(x: f32) -> f32 {
    let e = exp(if x > 20.0 { 20.0 } else { x });
    let n = e * (e + 2.0);
    n / (n + 2.0)
}

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
            Function::Gelu => pairs.for_each(|(y, x)| *y = x * normal(*x)[0]),
            Function::Square => pairs.for_each(|(y, x)| *y = x * x),
            Function::Abs => pairs.for_each(|(y, x)| *y = x.abs()),
            Function::Elu(alpha) => pairs.for_each(|(y, x)| *y = if *x > 0.0 { *x } else { alpha * expm1(*x) }),
            Function::Selu => pairs.for_each(|(y, x)| {
                *y = SELU_SCALE * if *x > 0.0 { *x } else { SELU_ALPHA * expm1(*x) };
            }),
            Function::Silu => pairs.for_each(|(y, x)| *y = *x * sigmoid(*x)),
            Function::Mish => pairs.for_each(|(y, x)| *y = *x * tanh_softplus(*x)),
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
            Function::Gelu => each!(|x, y| {
                let [share, density] = normal(x);
                share + x * density
            }),
            Function::Square => each!(|x, y| 2.0 * x),
            Function::Abs => each!(|x, y| if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else { 0.0 }),
            Function::Elu(alpha) => each!(|x, y| if x > 0.0 { 1.0 } else { alpha * exp(x) }),
            Function::Selu => each!(|x, y| SELU_SCALE * if x > 0.0 { 1.0 } else { SELU_ALPHA * exp(x) }),
            Function::Silu => each!(|x, y| {
                let s = sigmoid(x);
                s * (1.0 + x * (1.0 - s))
            }),
            Function::Mish => each!(|x, y| {
                let t = tanh_softplus(x);
                t + x * (1.0 - t * t) * sigmoid(x)
            }),
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
    use super::{super::simd::forced::same_on_each, *};

    const FUNCTIONS: [Function; 12] = [
        Function::Relu,
        Function::LeakyRelu(0.05),
        Function::Tanh,
        Function::Sigmoid,
        Function::FastGelu,
        Function::Gelu,
        Function::Square,
        Function::Abs,
        Function::Elu(0.7),
        Function::Selu,
        Function::Silu,
        Function::Mish,
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

    // A length that is no multiple of a vector, so that the rest is computed by itself.
    #[test]
    fn every_level_gives_the_same_bits() {
        let len = if cfg!(miri) { 37 } else { 1003 };
        let numbers = |seed: usize| -> Vec<f32> {
            (0..len).map(|at| ((at * 7919 + seed * 104_729) % 1009) as f32 / 100.0 - 5.0).collect()
        };
        let (x, g, start) = (numbers(1), numbers(2), numbers(3));
        let bits = |numbers: &[f32]| -> Vec<u32> { numbers.iter().map(|number| number.to_bits()).collect() };
        for function in FUNCTIONS {
            for add in [false, true] {
                same_on_each(|| {
                    let (mut y, mut to) = (start.clone(), start.clone());
                    apply(function, &x, &mut y);
                    slope(function, &x, &y, &g, &mut to, add);
                    (bits(&y), bits(&to))
                });
            }
        }
        for flag in [false, true] {
            same_on_each(|| {
                let mut to = vec![start.clone(); 6];
                add_bias(&mut to[0], &x[..17], flag);
                column_sums(&x, &mut to[1][..17], flag);
                gate(&mut to[2], &x, 1.25);
                multiply(&x, &g, &mut to[3], flag);
                sum(&x, &g, &mut to[4]);
                copy(&x, &mut to[5], flag);
                bits(&to.concat())
            });
        }
    }
}
