//! Adamax.

use super::{moments::Lerp, shared::on_threads};
use crate::{
    scalar::power,
    simd::multiversion,
    underflow::{SMALLEST, flush},
};

/// The settings of one step of Adamax.
#[derive(Debug, Clone, Copy)]
pub struct Adamax {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    /// Added to the magnitude of each gradient. Below 2^-63 it counts as that.
    pub eps: f64,
    pub l2: f64,
    /// The number of steps so far, this one included.
    pub t: i32,
}

/// One step of Adamax ([Kingma and Ba 2015](https://arxiv.org/abs/1412.6980), algorithm 2, in the form of PyTorch):
/// Adam that divides by the highest magnitude of the gradients, which decays, in `highest`.
pub fn adamax(step: Adamax, parameters: &mut [f32], gradients: &[f32], moment: &mut [f32], highest: &mut [f32]) {
    on_threads([parameters, moment, highest], gradients, |[parameters, moment, highest], gradients| {
        part(step, parameters, gradients, moment, highest);
    });
}

multiversion! {
    /// The step of some of the parameters.
    fn part(
        step: Adamax, parameters: &mut [f32], gradients: &[f32], moment: &mut [f32], highest: &mut [f32],
    ) {
        let Adamax { lr, beta1, beta2, eps, l2, t } = step;
        let first = Lerp::new(1.0 - beta1);
        let size = (lr / (1.0 - power(beta1, t))) as f32;
        let (kept, l2) = (beta2 as f32, l2 as f32);
        let eps = (eps as f32).max(SMALLEST);
        for ((p, g), (m, u)) in parameters.iter_mut().zip(gradients).zip(moment.iter_mut().zip(highest)) {
            let g = g + l2 * *p;
            *m = flush(first.of(*m, g));
            let (faded, new) = (*u * kept, g.abs() + eps);
            *u = if faded > new { faded } else { new };
            *p = flush(*p - size * *m / *u);
        }
    }
}
