//! Optimizers over slices. The formulae are those of dfdx 0.13, operation by operation, so the numbers are too.

use super::simd::multiversion;

/// What one step of Adam needs beside the slices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Adam {
    pub(crate) lr: f32,
    pub(crate) beta1: f32,
    pub(crate) beta2: f32,
    pub(crate) eps: f32,
    /// Added to the gradient, times the parameter.
    pub(crate) l2: f32,
    /// Added to the step, times the parameter.
    pub(crate) decoupled: f32,
    /// Steps so far, this one included.
    pub(crate) t: i32,
}

multiversion! {
    /// One step of Adam ([Kingma and Ba 2015](https://arxiv.org/abs/1412.6980), algorithm 1).
    pub(crate) fn adam(step: Adam, parameters: &mut [f32], gradients: &[f32], moment1: &mut [f32], moment2: &mut [f32]) {
        let Adam { lr, beta1, beta2, eps, l2, decoupled, t } = step;
        let correction1 = (1.0 - beta1.powi(t)).recip();
        let correction2 = (1.0 - beta2.powi(t)).recip();
        let moments = moment1.iter_mut().zip(moment2);
        if l2 == 0.0 && decoupled == 0.0 {
            for ((p, g), (m, v)) in parameters.iter_mut().zip(gradients).zip(moments) {
                *m = *m * beta1 + g * (1.0 - beta1);
                *v = *v * beta2 + g * g * (1.0 - beta2);
                *p -= lr * (*m * correction1) / ((*v * correction2).sqrt() + eps);
            }
            return;
        }
        for ((p, g), (m, v)) in parameters.iter_mut().zip(gradients).zip(moments) {
            let g = g + l2 * *p;
            *m = *m * beta1 + g * (1.0 - beta1);
            *v = *v * beta2 + g * g * (1.0 - beta2);
            *p -= lr * (*m * correction1) / ((*v * correction2).sqrt() + eps) + decoupled * *p;
        }
    }
}

/// What one step of gradient descent needs beside the slices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sgd {
    pub(crate) lr: f32,
    pub(crate) momentum: Option<f32>,
    pub(crate) nesterov: bool,
    pub(crate) l2: f32,
}

multiversion! {
    /// One step of gradient descent, with classic or Nesterov momentum
    /// ([Sutskever et al. 2013](https://proceedings.mlr.press/v28/sutskever13.html), in the form of PyTorch).
    pub(crate) fn sgd(step: Sgd, parameters: &mut [f32], gradients: &[f32], velocity: &mut [f32]) {
        let Sgd { lr, momentum, nesterov, l2 } = step;
        let Some(momentum) = momentum else {
            for (p, g) in parameters.iter_mut().zip(gradients) {
                *p -= (g + l2 * *p) * lr;
            }
            return;
        };
        for ((p, g), v) in parameters.iter_mut().zip(gradients).zip(velocity) {
            let g = g + l2 * *p;
            *v = g + momentum * *v;
            *p -= if nesterov { (g + momentum * *v) * lr } else { *v * lr };
        }
    }
}

/// What one step of RMSprop needs beside the slices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RmsProp {
    pub(crate) lr: f32,
    pub(crate) alpha: f32,
    pub(crate) eps: f32,
    pub(crate) momentum: Option<f32>,
    pub(crate) l2: f32,
}

multiversion! {
    /// One step of RMSprop
    /// ([Hinton 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf)); epsilon under the
    /// root.
    pub(crate) fn rmsprop(
        step: RmsProp, parameters: &mut [f32], gradients: &[f32], average: &mut [f32], velocity: &mut [f32],
    ) {
        let RmsProp { lr, alpha, eps, momentum, l2 } = step;
        let squares = parameters.iter_mut().zip(gradients).zip(average);
        let Some(momentum) = momentum else {
            for ((p, g), s) in squares {
                let g = g + l2 * *p;
                *s += (1.0 - alpha) * (g * g - *s);
                *p -= g / (*s + eps).sqrt() * lr;
            }
            return;
        };
        for (((p, g), s), v) in squares.zip(velocity) {
            let g = g + l2 * *p;
            *s += (1.0 - alpha) * (g * g - *s);
            *v = *v * momentum + g / (*s + eps).sqrt();
            *p -= *v * lr;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRADIENTS: [[f32; 2]; 3] = [[0.5, -2.0], [0.25, -1.0], [-1.5, 0.125]];

    fn run(mut step: impl FnMut(&mut [f32], &[f32])) -> [f32; 2] {
        let mut parameters = [1.0, -1.0];
        for gradients in &GRADIENTS {
            step(&mut parameters, gradients);
        }
        parameters
    }

    #[track_caller]
    fn close(found: [f32; 2], wanted: [f64; 2]) {
        // Three steps in single precision.
        assert!(found.iter().zip(wanted).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-6), "{found:?} {wanted:?}");
    }

    /// Runs a formula in double precision on each parameter by itself.
    fn by_formula(mut step: impl FnMut(f64, f64, &mut [f64; 2], i32) -> f64, start: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|at| {
            let (mut parameter, mut state) = ([1.0, -1.0][at], start);
            for (t, gradients) in (1..).zip(GRADIENTS) {
                parameter = step(parameter, f64::from(gradients[at]), &mut state, t);
            }
            parameter
        })
    }

    // PyTorch 2: torch.optim.Adam and AdamW, `_single_tensor_adam`.
    #[test]
    fn adam_is_pytorchs() {
        let (lr, beta1, beta2, eps) = (0.1, 0.9, 0.999, 1e-8);
        for (l2, decoupled) in [(0.0, 0.0), (0.01, 0.0), (0.0, 0.01)] {
            let (mut moment1, mut moment2, mut t) = ([0.0; 2], [0.0; 2], 0);
            let found = run(|parameters, gradients| {
                t += 1;
                let step = Adam {
                    lr: lr as f32,
                    beta1: beta1 as f32,
                    beta2: beta2 as f32,
                    eps: eps as f32,
                    l2: l2 as f32,
                    decoupled: (decoupled * lr) as f32,
                    t,
                };
                adam(step, parameters, gradients, &mut moment1, &mut moment2);
            });
            let wanted = by_formula(
                |p, g, [m, v], t| {
                    let (g, p) = (g + l2 * p, p * (1.0 - lr * decoupled));
                    *m = beta1 * *m + (1.0 - beta1) * g;
                    *v = beta2 * *v + (1.0 - beta2) * g * g;
                    let denominator = (*v / (1.0 - beta2.powi(t))).sqrt() + eps;
                    p - lr / (1.0 - beta1.powi(t)) * *m / denominator
                },
                [0.0; 2],
            );
            // As in dfdx, 1 - 0.999 is taken in single precision, which is off by 5e-5 of itself: of steps of 0.3 in all.
            assert!(found.iter().zip(wanted).all(|(a, b)| (f64::from(*a) - b).abs() < 2e-5), "{found:?} {wanted:?}");
        }
    }

    // PyTorch 2: torch.optim.SGD, without dampening.
    #[test]
    fn sgd_is_pytorchs() {
        for (momentum, nesterov, l2) in [(0.0, false, 0.0), (0.0, false, 0.01), (0.9, false, 0.0), (0.9, true, 0.01)] {
            let mut velocity = [0.0; 2];
            let wish = (momentum > 0.0).then_some(momentum as f32);
            let step = Sgd { lr: 0.1, momentum: wish, nesterov, l2: l2 as f32 };
            let found = run(|parameters, gradients| sgd(step, parameters, gradients, &mut velocity));
            let wanted = by_formula(
                |p, g, [v, _], _| {
                    let g = g + l2 * p;
                    *v = momentum * *v + g;
                    p - 0.1 * if nesterov { g + momentum * *v } else { *v }
                },
                [0.0; 2],
            );
            close(found, wanted);
        }
    }

    // TensorFlow's form: the average starts at 1 and epsilon stands under the root.
    #[test]
    fn rmsprop_is_tensorflows() {
        for (momentum, l2) in [(0.0, 0.0), (0.9, 0.01)] {
            let (mut average, mut velocity) = ([1.0; 2], [0.0; 2]);
            let wish = (momentum > 0.0).then_some(momentum as f32);
            let step = RmsProp { lr: 0.01, alpha: 0.9, eps: 1e-8, momentum: wish, l2: l2 as f32 };
            let found = run(|parameters, gradients| rmsprop(step, parameters, gradients, &mut average, &mut velocity));
            let wanted = by_formula(
                |p, g, [s, v], _| {
                    let g = g + l2 * p;
                    *s = 0.9 * *s + 0.1 * g * g;
                    *v = momentum * *v + g / (*s + 1e-8).sqrt();
                    p - 0.01 * *v
                },
                [1.0, 0.0],
            );
            close(found, wanted);
        }
    }
}
