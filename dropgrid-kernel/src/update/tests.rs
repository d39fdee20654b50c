use super::{
    super::simd::forced::{lengths, same_on_each},
    *,
};

mod adaptive;

/// The number of steps in a test. After each of them, single precision agrees with double.
const STEPS: i32 = if cfg!(miri) { 3 } else { 100 };

/// The gradient of the first or the second parameter in step `t`: of either sign, and of a size from 0.004 to 2.
fn gradient(at: usize, t: i32) -> f32 {
    let number = (t.unsigned_abs() as usize * 7919 + at * 104_729) % 1009;
    (number as f32 / 504.5 - 1.0) * if number.is_multiple_of(3) { 2.0 } else { 0.25 }
}

fn run(mut step: impl FnMut(&mut [f32], &[f32], i32)) -> [f32; 2] {
    let mut parameters = [1.0, -1.0];
    for t in 1..=STEPS {
        step(&mut parameters, &[gradient(0, t), gradient(1, t)], t);
    }
    parameters
}

/// Runs a formula in double precision on each parameter by itself.
fn by_formula(mut step: impl FnMut(f64, f64, &mut [f64; 3], i32) -> f64) -> [f64; 2] {
    [0, 1].map(|at| {
        let (mut parameter, mut state) = ([1.0, -1.0][at], [0.0; 3]);
        for t in 1..=STEPS {
            parameter = step(parameter, f64::from(gradient(at, t)), &mut state, t);
        }
        parameter
    })
}

#[track_caller]
fn close(found: [f32; 2], wanted: [f64; 2]) {
    // Each step rounds a number near 1 to single precision, up or down, by 3e-8 on average.
    assert!(found.iter().zip(wanted).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-6), "{found:?} {wanted:?}");
}

// PyTorch 2: torch.optim.Adam and AdamW, `_single_tensor_adam`.
#[test]
fn adam_is_pytorchs() {
    let (lr, eps) = (0.01, 1e-8);
    // The last decay rounds to 1 in single precision: a moment that never decays.
    for [beta1, beta2] in
        [[0.9, 0.999], [0.0, 0.9], [0.9, 0.99999], [0.3, 0.999_999_99], [0.9, 1.0 - f64::EPSILON / 2.0]]
    {
        for (l2, decoupled, amsgrad) in
            [(0.0, 0.0, false), (0.01, 0.0, false), (0.0, 0.01, false), (0.0, 0.0, true), (0.01, 0.0, true)]
        {
            let (mut moment1, mut moment2, mut highest) = ([0.0; 2], [0.0; 2], [0.0; 2]);
            let found = run(|parameters, gradients, t| {
                let step = Adam { lr, beta1, beta2, eps, l2, decoupled: decoupled * lr, t };
                let highest = amsgrad.then_some(&mut highest[..]);
                adam(step, parameters, gradients, &mut moment1, &mut moment2, highest);
            });
            let wanted = by_formula(|p, g, [m, v, top], t| {
                let (g, p) = (g + l2 * p, p * (1.0 - lr * decoupled));
                *m = beta1 * *m + (1.0 - beta1) * g;
                *v = beta2 * *v + (1.0 - beta2) * g * g;
                *top = if amsgrad { top.max(*v) } else { *v };
                let denominator = (*top / (1.0 - beta2.powi(t))).sqrt() + eps;
                p - lr / (1.0 - beta1.powi(t)) * *m / denominator
            });
            close(found, wanted);
        }
    }
}

// PyTorch 2: torch.optim.SGD, `_single_tensor_sgd`.
#[test]
fn sgd_is_pytorchs() {
    for (momentum, dampening, nesterov, l2) in [
        (0.0, 0.0, false, 0.0),
        (0.0, 0.0, false, 0.01),
        (0.9, 0.0, false, 0.0),
        (0.9, 0.0, true, 0.01),
        (0.9, 0.5, false, 0.01),
    ] {
        let mut velocity = [0.0; 2];
        let wish = (momentum > 0.0).then_some(momentum);
        let mut share = 1.0;
        let found = run(|parameters, gradients, _| {
            let step = Sgd { lr: 0.01, momentum: wish, share, nesterov, l2 };
            sgd(step, parameters, gradients, &mut velocity);
            share = (1.0 - dampening) as f32;
        });
        let wanted = by_formula(|p, g, [v, ..], t| {
            let g = g + l2 * p;
            *v = momentum * *v + if t == 1 { g } else { (1.0 - dampening) * g };
            p - 0.01 * if nesterov { g + momentum * *v } else { *v }
        });
        close(found, wanted);
    }
}

// PyTorch 2: torch.optim.RMSprop, `_single_tensor_rmsprop`.
#[test]
fn rmsprop_is_pytorchs() {
    for (alpha, momentum, l2, centered) in [
        (0.9, 0.0, 0.0, false),
        (0.99, 0.9, 0.01, false),
        (0.3, 0.0, 0.0, true),
        (0.9, 0.9, 0.01, true),
        (0.99999, 0.0, 0.0, false),
        (0.99999, 0.0, 0.0, true),
    ] {
        let (mut squares, mut mean, mut velocity) = ([0.0; 2], [0.0; 2], [0.0; 2]);
        let wish = (momentum > 0.0).then_some(momentum);
        let step = RmsProp { lr: 1e-4, alpha, eps: 1e-8, momentum: wish, l2 };
        let found = run(|parameters, gradients, _| {
            let mean = centered.then_some(&mut mean[..]);
            rmsprop(step, parameters, &mut gradients.to_vec(), &mut squares, mean, &mut velocity);
        });
        let wanted = by_formula(|p, g, [s, v, mean], _| {
            let g = g + l2 * p;
            *s = alpha * *s + (1.0 - alpha) * g * g;
            *mean += (1.0 - alpha) * (g - *mean);
            let variance = if centered { *s - *mean * *mean } else { *s };
            *v = momentum * *v + g / (variance.sqrt() + 1e-8);
            p - 1e-4 * *v
        });
        close(found, wanted);
    }
}

#[test]
fn what_is_done_to_gradients_is_done_to_each_of_any_number() {
    for len in [0, 1, 15, 16, 17, 100] {
        let numbers: Vec<f32> = (0..len).map(|at| (at as f32 - 9.0) * 0.25).collect();
        let wanted: f64 = numbers.iter().map(|&number| f64::from(number).powi(2)).sum();
        // All are quarters, so both sums are exact.
        assert_eq!(sum_of_squares(&numbers), wanted);
        let done = |work: &dyn Fn(&mut [f32])| {
            let mut done = numbers.clone();
            work(&mut done);
            done
        };
        let each = |formula: fn(f32) -> f32| numbers.iter().map(|&number| formula(number)).collect::<Vec<_>>();
        assert_eq!(done(&|to| clamp(to, 1.5)), each(|x| x.clamp(-1.5, 1.5)));
        assert_eq!(done(&|to| scale(to, 0.5)), each(|x| x * 0.5));
        assert_eq!(done(&|to| add_scaled(&numbers, 2.0, to)), each(|x| x * 3.0));
        assert_eq!(done(&|to| follow(to, &vec![1.0; len], 0.25)), each(|x| x * 0.75 + 0.25));
    }
    assert_eq!(sum_of_squares(&[f32::MAX; 2]), 2.0 * f64::from(f32::MAX).powi(2));
    let mut odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];
    clamp(&mut odd, 2.0);
    assert!(odd[0].is_nan() && odd[1..] == [2.0, -2.0]);
}

// Elementwise: each number is the same as when computed by itself, at any place in a vector.
#[test]
#[allow(clippy::many_single_char_names, reason = "slices without a meaning of their own")]
fn every_level_gives_the_same_bits() {
    for len in lengths().chain(if cfg!(miri) { None } else { Some(1003) }) {
        let numbers = |seed: usize| -> Vec<f32> {
            (0..len).map(|at| ((at * 7919 + seed * 104_729) % 1009) as f32 / 504.5).collect()
        };
        let (start, gradients) = (numbers(1), numbers(2));
        for (decay, momentum, nesterov) in [
            (0.0, None, false),
            (0.0, Some(0.9), false),
            (0.0, Some(0.9), true),
            (0.01, None, true),
            (0.01, Some(0.9), false),
            (0.01, Some(0.9), true),
        ] {
            let steps = |places: std::ops::Range<usize>| {
                let mut slices = [(); 7].map(|()| start[places.clone()].to_vec());
                let [p, q, r, g, a, b, c] = &mut slices;
                let gradients = &gradients[places];
                // A beta on either side of 1/2, where the interpolation changes its end.
                let beta1 = if nesterov { 0.3 } else { 0.9 };
                let step = Adam { lr: 0.1, beta1, beta2: 0.999, eps: 1e-8, l2: decay, decoupled: decay, t: 3 };
                adam(step, p, gradients, a, b, nesterov.then_some(&mut c[..]));
                sgd(Sgd { lr: 0.1, momentum, share: 0.9, nesterov, l2: decay }, q, gradients, c);
                let step = RmsProp { lr: 0.1, alpha: 0.9, eps: 1e-8, momentum, l2: decay };
                rmsprop(step, r, g, a, nesterov.then_some(&mut b[..]), c);
                let (lr, beta2, eps) = (0.1, 0.999, 1e-8);
                let (l2, decoupled) = (decay, decay);
                for t in [3, 10] {
                    radam(RAdam { lr, beta1, beta2, eps, l2, decoupled, t }, p, gradients, a, b);
                }
                let (t, momentums) = (3, [0.46, 0.47]);
                let step = NAdam { lr, beta1, beta2, eps, l2, decoupled, t, momentums, product: 0.1 };
                nadam(step, p, gradients, a, b);
                adamax(Adamax { lr, beta1, beta2, eps, l2, t }, q, gradients, a, c);
                adagrad(Adagrad { lr, lr_decay: 0.1, eps, l2, t }, q, gradients, b);
                adadelta(Adadelta { lr, alpha: 0.9, eps, l2 }, r, gradients, b, c);
                lion(Lion { lr, beta1, beta2, decoupled }, r, gradients, a);
                // Shares on either side of 1/2.
                for share in [0.3, 0.7] {
                    let step = ScheduleFree { lr, beta1, beta2, eps, decay, share, t };
                    schedule_free(step, r, gradients, b, a, c);
                }
                follow(a, b, 0.1);
                add_scaled(c, 0.5, p);
                clamp(q, 0.5);
                slices.map(|slice| slice.iter().map(|number| number.to_bits()).collect::<Vec<_>>())
            };
            let all = same_on_each(|| steps(0..len));
            for at in 0..len {
                assert_eq!(steps(at..at + 1).concat(), all.each_ref().map(|slice| slice[at]), "{len} {at}");
            }
        }
        // A sum has one order on every level.
        same_on_each(|| sum_of_squares(&start).to_bits());
    }
}
