//! RAdam.

use super::{
    moments::{Lerp, mean_of_squares},
    shared::on_threads,
};
use crate::{scalar::power, simd::multiversion, underflow::flush};

/// The settings of one step of RAdam.
#[derive(Debug, Clone, Copy)]
pub struct RAdam {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
    pub l2: f64,
    /// Decoupled weight decay: times the parameter, it is added to the step.
    pub decoupled: f64,
    /// The number of steps so far, this one included.
    pub t: i32,
}

impl RAdam {
    /// The factor of the adaptive step, or `None` in the first steps, whose second moment has too few terms to divide
    /// by.
    fn rectified(self) -> Option<f64> {
        let decayed = power(self.beta2, self.t);
        let correction = 1.0 - decayed;
        let most = 2.0 / (1.0 - self.beta2) - 1.0;
        let terms = most - 2.0 * f64::from(self.t) * decayed / correction;
        let variance = (terms - 4.0) * (terms - 2.0) * most / ((most - 4.0) * (most - 2.0) * terms);
        (terms > 5.0).then(|| (variance * correction).sqrt())
    }
}

/// One step of RAdam ([Liu et al. 2020](https://arxiv.org/abs/1908.03265), algorithm 2, in the form of PyTorch: epsilon
/// is added to the root before its bias is corrected).
pub fn radam(step: RAdam, parameters: &mut [f32], gradients: &[f32], moment1: &mut [f32], moment2: &mut [f32]) {
    on_threads([parameters, moment1, moment2], gradients, |[parameters, moment1, moment2], gradients| {
        part(step, parameters, gradients, moment1, moment2);
    });
}

multiversion! {
    /// The step of some of the parameters.
    fn part(
        step: RAdam, parameters: &mut [f32], gradients: &[f32], moment1: &mut [f32], moment2: &mut [f32],
    ) {
        let RAdam { lr, beta1, beta2, eps, l2, decoupled, t } = step;
        let first = Lerp::new(1.0 - beta1);
        let (kept, share) = (beta2 as f32, (1.0 - beta2) as f32);
        let size = lr / (1.0 - power(beta1, t));
        let [eps, l2, decoupled] = [eps, l2, decoupled].map(|scalar| scalar as f32);
        let all = parameters.iter_mut().zip(gradients).zip(moment1.iter_mut().zip(moment2));
        match step.rectified() {
            Some(factor) => {
                let size = (size * factor) as f32;
                for ((p, g), (m, v)) in all {
                    let g = g + l2 * *p;
                    *m = flush(first.of(*m, g));
                    *v = mean_of_squares(*v, kept, share, g);
                    *p = flush(*p - (size * *m / (v.sqrt() + eps) + decoupled * *p));
                }
            }
            None => {
                let size = size as f32;
                for ((p, g), (m, v)) in all {
                    let g = g + l2 * *p;
                    *m = flush(first.of(*m, g));
                    *v = mean_of_squares(*v, kept, share, g);
                    *p = flush(*p - (size * *m + decoupled * *p));
                }
            }
        }
    }
}
