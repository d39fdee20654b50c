//! Schedule-free AdamW.

use super::{
    moments::{Lerp, mean_of_squares},
    shared::on_threads,
};
use crate::{scalar::power, simd::multiversion, underflow::flush};

/// The settings of one step of schedule-free AdamW.
#[derive(Debug, Clone, Copy)]
pub struct ScheduleFree {
    pub lr: f64,
    /// The share of the average in the parameters at which the next gradient is taken.
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
    /// Weight decay: times the parameter, it is added to the normalised gradient.
    pub decay: f64,
    /// The share of this step in the average of all.
    pub share: f64,
    /// The number of steps so far, this one included.
    pub t: i32,
}

/// One step of schedule-free AdamW ([Defazio et al. 2024](https://arxiv.org/abs/2405.15682), algorithm 1, in the form
/// of the authors' package): AdamW moves `base`; `average` is the weighted average of all its places, and is what is
/// scored; the parameters, at which gradients are taken, are between the two.
pub fn schedule_free(
    step: ScheduleFree,
    parameters: &mut [f32],
    gradients: &[f32],
    moment2: &mut [f32],
    base: &mut [f32],
    average: &mut [f32],
) {
    on_threads([parameters, moment2, base, average], gradients, |[parameters, moment2, base, average], gradients| {
        part(step, parameters, gradients, moment2, base, average);
    });
}

multiversion! {
    /// The step of some of the parameters.
    fn part(
        step: ScheduleFree, parameters: &mut [f32], gradients: &[f32], moment2: &mut [f32], base: &mut [f32], average: &mut [f32],
    ) {
        let ScheduleFree { lr, beta1, beta2, eps, decay, t, .. } = step;
        let (kept, share) = (beta2 as f32, (1.0 - beta2) as f32);
        let (towards_base, between) = (Lerp::new(step.share), Lerp::new(beta1));
        let correction = (1.0 - power(beta2, t)).sqrt().recip() as f32;
        let [lr, eps, decay] = [lr, eps, decay].map(|scalar| scalar as f32);
        let state = moment2.iter_mut().zip(base.iter_mut().zip(average));
        for ((p, g), (v, (z, x))) in parameters.iter_mut().zip(gradients).zip(state) {
            *v = mean_of_squares(*v, kept, share, *g);
            *z = flush(*z - lr * (g / (v.sqrt() * correction + eps) + decay * *p));
            *x = flush(towards_base.of(*x, *z));
            *p = flush(between.of(*z, *x));
        }
    }
}
