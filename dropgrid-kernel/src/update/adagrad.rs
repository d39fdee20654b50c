//! Adagrad.

use super::{moments::BESIDE_ZERO, shared::on_threads};
use crate::{simd::multiversion, underflow::flush};

/// The settings of one step of Adagrad.
#[derive(Debug, Clone, Copy)]
pub struct Adagrad {
    pub lr: f64,
    /// The learning rate of step t is `lr` / (1 + (t - 1) `lr_decay`).
    pub lr_decay: f64,
    pub eps: f64,
    pub l2: f64,
    /// The number of steps so far, this one included.
    pub t: i32,
}

/// One step of Adagrad ([Duchi et al. 2011](https://jmlr.org/papers/v12/duchi11a.html), in the form of PyTorch), with
/// the sums of the squares of all gradients so far in `squares`.
pub fn adagrad(step: Adagrad, parameters: &mut [f32], gradients: &[f32], squares: &mut [f32]) {
    on_threads([parameters, squares], gradients, |[parameters, squares], gradients| {
        part(step, parameters, gradients, squares);
    });
}

multiversion! {
    /// The step of some of the parameters.
    fn part(
        step: Adagrad, parameters: &mut [f32], gradients: &[f32], squares: &mut [f32],
    ) {
        let Adagrad { lr, lr_decay, eps, l2, t } = step;
        let size = (lr / (1.0 + f64::from(t - 1) * lr_decay)) as f32;
        let (eps, l2) = (eps as f32, l2 as f32);
        for ((p, g), s) in parameters.iter_mut().zip(gradients).zip(squares) {
            let g = g + l2 * *p;
            let beside = g + BESIDE_ZERO;
            *s += beside * beside;
            *p = flush(*p - size * g / (s.sqrt() + eps));
        }
    }
}
