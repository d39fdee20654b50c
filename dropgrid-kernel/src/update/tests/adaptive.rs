//! Optimizers that adapt the step to each parameter.

use super::*;

/// Decays of moments on either side of 1/2, and one that rounds to 1 in single precision.
const BETAS: [[f64; 2]; 4] = [[0.9, 0.999], [0.0, 0.9], [0.3, 0.99999], [0.9, 1.0 - f64::EPSILON / 2.0]];

// PyTorch 2: torch.optim.NAdam, `_single_tensor_nadam`.
#[test]
fn nadam_is_pytorchs() {
    let (lr, eps, momentum_decay) = (0.01, 1e-8, 4e-3);
    for [beta1, beta2] in BETAS {
        for (l2, decay) in [(0.0, 0.0), (0.01, 0.0), (0.0, 0.01)] {
            let momentum = |t: i32| beta1 * (1.0 - 0.5 * 0.96_f64.powf(f64::from(t) * momentum_decay));
            let (mut moment1, mut moment2, mut product) = ([0.0; 2], [0.0; 2], 1.0);
            let found = run(|parameters, gradients, t| {
                product *= momentum(t);
                let (decoupled, momentums) = (decay * lr, [momentum(t), momentum(t + 1)]);
                let step = NAdam { lr, beta1, beta2, eps, l2, decoupled, t, momentums, product };
                nadam(step, parameters, gradients, &mut moment1, &mut moment2);
            });
            let wanted = by_formula(|p, g, [m, v, product], t| {
                let (g, p) = (g + l2 * p, p * (1.0 - lr * decay));
                *product = if t == 1 { momentum(1) } else { *product * momentum(t) };
                *m = beta1 * *m + (1.0 - beta1) * g;
                *v = beta2 * *v + (1.0 - beta2) * g * g;
                let denominator = (*v / (1.0 - beta2.powi(t))).sqrt() + eps;
                let next = momentum(t + 1);
                p - lr * (1.0 - momentum(t)) / (1.0 - *product) * g / denominator
                    - lr * next / (1.0 - *product * next) * *m / denominator
            });
            close(found, wanted);
        }
    }
}

// PyTorch 2: torch.optim.RAdam, `_single_tensor_radam`.
#[test]
fn radam_is_pytorchs() {
    let (lr, eps) = (0.01, 1e-8);
    // The second moment of the last decays too fast to be divided by, ever.
    for [beta1, beta2] in [[0.9, 0.999], [0.0, 0.9], [0.3, 0.99999], [0.9, 0.5]] {
        for (l2, decay) in [(0.0, 0.0), (0.01, 0.0), (0.0, 0.01)] {
            let (mut moment1, mut moment2) = ([0.0; 2], [0.0; 2]);
            let found = run(|parameters, gradients, t| {
                let step = RAdam { lr, beta1, beta2, eps, l2, decoupled: decay * lr, t };
                radam(step, parameters, gradients, &mut moment1, &mut moment2);
            });
            let wanted = by_formula(|p, g, [m, v, _], t| {
                let (g, p) = (g + l2 * p, p * (1.0 - lr * decay));
                *m = beta1 * *m + (1.0 - beta1) * g;
                *v = beta2 * *v + (1.0 - beta2) * g * g;
                let along = lr * *m / (1.0 - beta1.powi(t));
                let correction = 1.0 - beta2.powi(t);
                let most = 2.0 / (1.0 - beta2) - 1.0;
                let terms = most - 2.0 * f64::from(t) * beta2.powi(t) / correction;
                if terms <= 5.0 {
                    return p - along;
                }
                let rectified = ((terms - 4.0) * (terms - 2.0) * most / ((most - 4.0) * (most - 2.0) * terms)).sqrt();
                p - along * rectified * correction.sqrt() / (v.sqrt() + eps)
            });
            close(found, wanted);
        }
    }
}

// PyTorch 2: torch.optim.Adamax, `_single_tensor_adamax`.
#[test]
fn adamax_is_pytorchs() {
    let (lr, eps) = (0.01, 1e-8);
    for [beta1, beta2] in BETAS {
        for l2 in [0.0, 0.01] {
            let (mut moment, mut highest) = ([0.0; 2], [0.0; 2]);
            let found = run(|parameters, gradients, t| {
                adamax(Adamax { lr, beta1, beta2, eps, l2, t }, parameters, gradients, &mut moment, &mut highest);
            });
            let wanted = by_formula(|p, g, [m, u, _], t| {
                let g = g + l2 * p;
                *m = beta1 * *m + (1.0 - beta1) * g;
                *u = (*u * beta2).max(g.abs() + eps);
                p - lr / (1.0 - beta1.powi(t)) * *m / *u
            });
            close(found, wanted);
        }
    }
}

// PyTorch 2: torch.optim.Adagrad, `_single_tensor_adagrad`, and torch.optim.Adadelta, `_single_tensor_adadelta`.
#[test]
fn adagrad_and_adadelta_are_pytorchs() {
    for (l2, lr_decay, eps, start) in [(0.0, 0.0, 1e-10, 0.0), (0.01, 0.1, 1e-3, 0.5)] {
        let mut squares = [start as f32; 2];
        let found = run(|parameters, gradients, t| {
            adagrad(Adagrad { lr: 0.01, lr_decay, eps, l2, t }, parameters, gradients, &mut squares);
        });
        let wanted = by_formula(|p, g, [s, ..], t| {
            let g = g + l2 * p;
            *s = if t == 1 { start } else { *s } + g * g;
            p - 0.01 / (1.0 + f64::from(t - 1) * lr_decay) * g / (s.sqrt() + eps)
        });
        close(found, wanted);
    }
    for (alpha, l2, eps) in [(0.9, 0.0, 1e-6), (0.3, 0.01, 1e-3), (0.99999, 0.0, 1e-6)] {
        let (mut squares, mut steps) = ([0.0; 2], [0.0; 2]);
        let found = run(|parameters, gradients, _| {
            adadelta(Adadelta { lr: 0.5, alpha, eps, l2 }, parameters, gradients, &mut squares, &mut steps);
        });
        let wanted = by_formula(|p, g, [s, d, _], _| {
            let g = g + l2 * p;
            *s = alpha * *s + (1.0 - alpha) * g * g;
            let along = (*d + eps).sqrt() / (*s + eps).sqrt() * g;
            *d = alpha * *d + (1.0 - alpha) * along * along;
            p - 0.5 * along
        });
        close(found, wanted);
    }
}

// Chen et al. 2023, algorithm 2.
#[test]
fn lion_is_the_papers() {
    let lr = 1e-3;
    for ([beta1, beta2], decay) in [([0.9, 0.99], 0.0), ([0.3, 0.4], 0.1), ([0.0, 0.9], 0.0)] {
        let mut moment = [0.0; 2];
        let found = run(|parameters, gradients, _| {
            lion(Lion { lr, beta1, beta2, decoupled: decay * lr }, parameters, gradients, &mut moment);
        });
        let wanted = by_formula(|p, g, [m, ..], _| {
            let along = beta1 * *m + (1.0 - beta1) * g;
            *m = beta2 * *m + (1.0 - beta2) * g;
            p * (1.0 - lr * decay) - lr * along.signum()
        });
        close(found, wanted);
    }
    // No gradient is no step, and NaN stays NaN.
    let (mut parameters, mut moment) = ([1.0; 2], [0.0; 2]);
    lion(Lion { lr, beta1: 0.9, beta2: 0.99, decoupled: 0.0 }, &mut parameters, &[0.0, f32::NAN], &mut moment);
    assert!(parameters[0] == 1.0 && parameters[1].is_nan());
}

// Defazio et al. 2024, algorithm 1, with all steps of one weight.
#[test]
fn schedule_free_adamw_is_the_papers() {
    let (lr, eps) = (0.01, 1e-8);
    for ([beta1, beta2], decay) in BETAS.into_iter().zip([0.0, 0.01, 0.1, 0.0]) {
        let (mut moment2, mut base, mut average) = ([0.0; 2], [1.0, -1.0], [1.0, -1.0]);
        let found = run(|parameters, gradients, t| {
            let step = ScheduleFree { lr, beta1, beta2, eps, decay, share: 1.0 / f64::from(t), t };
            schedule_free(step, parameters, gradients, &mut moment2, &mut base, &mut average);
        });
        let formula = |is_average: bool| {
            by_formula(|p, g, [v, z, x], t| {
                if t == 1 {
                    [*z, *x] = [p; 2];
                }
                let y = beta1 * *x + (1.0 - beta1) * *z;
                *v = beta2 * *v + (1.0 - beta2) * g * g;
                *z -= lr * (g / ((*v / (1.0 - beta2.powi(t))).sqrt() + eps) + decay * y);
                *x += (*z - *x) / f64::from(t);
                if is_average { *x } else { beta1 * *x + (1.0 - beta1) * *z }
            })
        };
        close(found, formula(false));
        close(average, formula(true));
    }
}
