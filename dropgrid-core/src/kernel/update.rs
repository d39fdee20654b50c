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
    /// ([Hinton 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf)); epsilon under the root.
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
