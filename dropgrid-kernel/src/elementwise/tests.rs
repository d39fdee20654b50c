use super::{
    super::simd::forced::{lengths, same_on_each},
    *,
};

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
    for x in numbers().chain([-43.6, -40.0, 80.0, 87.9, 1e-6, -1e-6]) {
        let ulps = |found: f32, exact: f64| {
            (f64::from(found) - exact).abs() / (exact.abs() * f64::from(f32::EPSILON)).max(1e-37)
        };
        let wide = f64::from(x);
        assert!(ulps(exp(x), wide.exp()) < 2.0, "exp {x}: {} {}", exp(x), wide.exp());
        assert!(ulps(tanh(x), wide.tanh()) < 2.0, "tanh {x}");
        assert!(ulps(sigmoid(x), 1.0 / (1.0 + (-wide).exp())) < 4.0, "sigmoid {x}");
    }
    assert_eq!([exp(f32::NEG_INFINITY), exp(-1e4), exp(-43.7), exp(0.0), tanh(-50.0)], [0.0, 0.0, 0.0, 1.0, -1.0]);
    assert_eq!([-43.7, -88.0, -1e4].map(sigmoid), [0.0; 3]);
}

#[test]
fn slopes_are_the_derivatives() {
    for function in FUNCTIONS {
        for x in numbers().filter(|x| x.abs() > 0.01 && x.abs() < 4.0) {
            let h = 1.0 / 256.0;
            let estimate = (f64::from(value(function, x + h)) - f64::from(value(function, x - h))) / f64::from(2.0 * h);
            let mut found = [1.0];
            backward(function, &[x], &[value(function, x)], &[2.0], &mut found, true);
            // The difference quotient is exact to its third derivative times h^2 / 6, and rounding over h.
            assert!(
                (f64::from(found[0]) - 1.0 - 2.0 * estimate).abs() < 2e-3,
                "{function:?} {x}: {found:?} {estimate}"
            );
        }
    }
}

#[test]
fn nan_stays_nan() {
    for function in FUNCTIONS {
        assert!(value(function, f32::NAN).is_nan(), "{function:?}");
    }
}

// Every length, so that every remainder of a vector is computed. Each number is the same as when computed by itself.
#[test]
fn every_level_gives_the_same_bits() {
    for len in lengths().chain(if cfg!(miri) { None } else { Some(1003) }) {
        let numbers = |seed: usize| -> Vec<f32> {
            (0..len).map(|at| ((at * 7919 + seed * 104_729) % 1009) as f32 / 100.0 - 5.0).collect()
        };
        let (x, g, start) = (numbers(1), numbers(2), numbers(3));
        let bits = |numbers: &[f32]| -> Vec<u32> { numbers.iter().map(|number| number.to_bits()).collect() };
        for function in FUNCTIONS {
            let both = |places: std::ops::Range<usize>, add: bool| {
                let (mut y, mut to) = (start[places.clone()].to_vec(), start[places.clone()].to_vec());
                apply(function, &x[places.clone()], &mut y);
                backward(function, &x[places.clone()], &y, &g[places], &mut to, add);
                [bits(&y), bits(&to)]
            };
            // Under Miri there are few lengths: they alternate.
            for add in [false, true].into_iter().filter(|add| !cfg!(miri) || *add == (len % 2 == 0)) {
                let all = same_on_each(|| both(0..len, add));
                let each: Vec<_> = (0..len).map(|at| both(at..at + 1, add)).collect();
                assert_eq!(all, [0, 1].map(|of| each.iter().map(|one| one[of][0]).collect::<Vec<_>>()), "{len}");
            }
        }
        for flag in [false, true] {
            let found = same_on_each(|| {
                let mut to = vec![start.clone(); 5];
                gate(&mut to[0], &x, 1.25);
                multiply(&x, &g, &mut to[1], flag);
                sum(&x, &g, &mut to[2]);
                copy(&x, &mut to[3], flag);
                flush_product(&mut to[4]);
                to
            });
            let from = |at: usize| if flag { start[at] } else { 0.0 };
            for at in 0..len {
                assert_eq!(found[0][at], if x[at] > 0.0 { start[at] * 1.25 } else { 0.0 });
                assert_eq!(found[1][at], from(at) + x[at] * g[at]);
                assert_eq!([found[2][at], found[3][at]], [x[at] + g[at], from(at) + x[at]]);
                assert_eq!(found[4][at], start[at]);
            }
        }
    }
}

#[test]
fn rows_of_every_width_have_their_bias_and_their_sums() {
    for width in lengths() {
        let numbers = |seed: usize| -> Vec<f32> {
            (0..3 * width).map(|at| ((at * 7919 + seed * 104_729) % 1009) as f32 / 100.0 - 5.0).collect()
        };
        let (x, start) = (numbers(1), numbers(2));
        let bias = &start[..width];
        for flag in [false, true] {
            let [biased, sums] = same_on_each(|| {
                let (mut biased, mut sums) = (x.clone(), bias.to_vec());
                add_bias(&mut biased, bias, flag);
                column_sums(&x, &mut sums, flag);
                [biased, sums]
            });
            for (at, found) in biased.into_iter().enumerate() {
                let value = x[at] + bias[at % width];
                assert_eq!(found, if flag { value.max(0.0) } else { value }, "{width}");
            }
            for (at, found) in sums.into_iter().enumerate() {
                let from = if flag { bias[at] } else { 0.0 };
                assert_eq!(found, from + x[at] + x[width + at] + x[2 * width + at], "{width}");
            }
        }
    }
}
