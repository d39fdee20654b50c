//! Gradient descent with momentum.

use super::shared::on_threads;
use crate::{simd::multiversion, underflow::flush};

/// The settings of one step of gradient descent.
#[derive(Debug, Clone, Copy)]
pub struct Sgd {
    pub lr: f64,
    pub momentum: Option<f64>,
    /// The factor of the gradient in the velocity: 1 less the dampening.
    pub share: f32,
    pub nesterov: bool,
    pub l2: f64,
}

/// One step of gradient descent, with classic or Nesterov momentum
/// ([Sutskever et al. 2013](https://proceedings.mlr.press/v28/sutskever13.html), in the form of PyTorch).
pub fn sgd(step: Sgd, parameters: &mut [f32], gradients: &[f32], velocity: &mut [f32]) {
    on_threads([parameters, velocity], gradients, |[parameters, velocity], gradients| {
        part(step, parameters, gradients, velocity);
    });
}

multiversion! {
    /// The step of some of the parameters.
    fn part(
        step: Sgd, parameters: &mut [f32], gradients: &[f32], velocity: &mut [f32],
    ) {
        let Sgd { momentum, share, nesterov, .. } = step;
        let (lr, l2) = (step.lr as f32, step.l2 as f32);
        let Some(momentum) = momentum else {
            for (p, g) in parameters.iter_mut().zip(gradients) {
                *p = flush(*p - (g + l2 * *p) * lr);
            }
            return;
        };
        let momentum = momentum as f32;
        for ((p, g), v) in parameters.iter_mut().zip(gradients).zip(velocity) {
            let g = g + l2 * *p;
            *v = flush(g * share + momentum * *v);
            *p = flush(*p - if nesterov { (g + momentum * *v) * lr } else { *v * lr });
        }
    }
}
