//! Elementwise functions, their derivatives, and sums over rows.

use super::{
    scalar::{exp, expm1, normal, sigmoid, tanh},
    simd::multiversion,
    underflow::{SMALLEST, flush, flush_all},
};

/// max(x, 0), where NaN stays NaN.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn relu(x: f32) -> f32 {
    if x < 0.0 { 0.0 } else { x }
}

/// A function that is applied to each number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Function {
    Relu,
    /// x above 0, else the slope times x.
    LeakyRelu(f32),
    Tanh,
    Sigmoid,
    /// x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
    FastGelu,
    /// x times the distribution function of a standard normal.
    Gelu,
    Square,
    Abs,
    /// x above 0, else alpha (e^x - 1).
    Elu(f32),
    /// [`SELU_SCALE`] times [`Elu`](Self::Elu) with [`SELU_ALPHA`].
    Selu,
    /// x sigmoid(x).
    Silu,
    /// x tanh(ln(1 + e^x)).
    Mish,
}

const GELU: f32 = 0.797_884_6;
const CUBE: f32 = 0.044_715;

/// Scale and alpha of the fixed point of [Klambauer et al. 2017](https://arxiv.org/abs/1706.02515).
pub const SELU_SCALE: f32 = 1.050_701;
pub const SELU_ALPHA: f32 = 1.673_263_2;

/// tanh(ln(1 + e^x)), as a quotient of polynomials in e^x; 1 to all digits from 20 on.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn tanh_softplus(x: f32) -> f32 {
    let e = exp(if x > 20.0 { 20.0 } else { x });
    let n = e * (e + 2.0);
    n / (n + 2.0)
}

multiversion! {
    /// `to = f(from)`, number by number.
    pub fn apply(function: Function, from: &[f32], to: &mut [f32]) {
        macro_rules! each {
            (|$x:ident| $value:expr) => {
                for (y, $x) in to.iter_mut().zip(from.iter().copied()) {
                    *y = flush($value);
                }
            };
        }
        match function {
            // It makes no number smaller than it was.
            Function::Relu => to.iter_mut().zip(from).for_each(|(y, x)| *y = relu(*x)),
            Function::LeakyRelu(slope) => each!(|x| if x > 0.0 { x } else { slope * x }),
            Function::Tanh => each!(|x| tanh(x)),
            Function::Sigmoid => each!(|x| sigmoid(x)),
            Function::FastGelu => each!(|x| 0.5 * x * (1.0 + tanh(GELU * (x + CUBE * x * x * x)))),
            Function::Gelu => each!(|x| x * normal(x)[0]),
            Function::Square => each!(|x| x * x),
            Function::Abs => each!(|x| x.abs()),
            Function::Elu(alpha) => each!(|x| if x > 0.0 { x } else { alpha * expm1(x) }),
            Function::Selu => each!(|x| SELU_SCALE * if x > 0.0 { x } else { SELU_ALPHA * expm1(x) }),
            Function::Silu => each!(|x| x * sigmoid(x)),
            Function::Mish => each!(|x| x * tanh_softplus(x)),
        }
    }
}

multiversion! {
    /// `to = gradient * f'(x)`, or `to +=` it where `add`, with `x` the inputs of the function and `y` its outputs.
    pub fn backward(function: Function, x: &[f32], y: &[f32], gradient: &[f32], to: &mut [f32], add: bool) {
        macro_rules! each {
            (|$x:ident, $y:ident| $slope:expr) => {
                for ((to, g), ($x, $y)) in to.iter_mut().zip(gradient).zip(x.iter().copied().zip(y.iter().copied())) {
                    let _ = ($x, $y);
                    *to = flush(if add { *to } else { 0.0 } + g * $slope);
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
    /// Adds the bias to each row, then applies a rectifier where `rectify`. Either way, NaN stays NaN.
    pub fn add_bias(values: &mut [f32], bias: &[f32], rectify: bool) {
        for row in values.chunks_exact_mut(bias.len()) {
            let pairs = row.iter_mut().zip(bias);
            if rectify {
                pairs.for_each(|(value, bias)| {
                    let sum = *value + bias;
                    *value = if sum < SMALLEST { 0.0 } else { sum };
                });
            } else {
                pairs.for_each(|(value, bias)| *value = flush(*value + bias));
            }
        }
    }
}

multiversion! {
    /// The sum of each column, or `sums +=` it where `add`.
    pub fn column_sums(values: &[f32], sums: &mut [f32], add: bool) {
        if !add {
            sums.fill(0.0);
        }
        for row in values.chunks_exact(sums.len()) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        flush_all(sums);
    }
}

multiversion! {
    /// The derivative of a rectifier followed by a dropout, in place: `scale`, which is at least 1, times the gradient
    /// where their output is above 0, else 0.
    pub fn gate(gradient: &mut [f32], output: &[f32], scale: f32) {
        for (gradient, output) in gradient.iter_mut().zip(output) {
            *gradient = if *output > 0.0 { flush(*gradient) * scale } else { 0.0 };
        }
    }
}

multiversion! {
    /// Writes 0 for the numbers of a product that are too small for another product: see the module `underflow`.
    pub fn flush_product(values: &mut [f32]) {
        flush_all(values);
    }
}

multiversion! {
    /// `to = a b`, or `to +=` it where `add`, number by number.
    pub fn multiply(a: &[f32], b: &[f32], to: &mut [f32], add: bool) {
        for (to, (a, b)) in to.iter_mut().zip(a.iter().zip(b)) {
            *to = flush(if add { *to } else { 0.0 } + a * b);
        }
    }
}

multiversion! {
    /// `to = a + b`, number by number.
    pub fn sum(a: &[f32], b: &[f32], to: &mut [f32]) {
        for (to, (a, b)) in to.iter_mut().zip(a.iter().zip(b)) {
            *to = flush(a + b);
        }
    }
}

multiversion! {
    /// `to = a`, or `to += a` where `add`.
    pub fn copy(a: &[f32], to: &mut [f32], add: bool) {
        if add {
            to.iter_mut().zip(a).for_each(|(to, a)| *to = flush(*to + a));
        } else {
            to.copy_from_slice(a);
        }
    }
}

#[cfg(test)]
mod tests;
