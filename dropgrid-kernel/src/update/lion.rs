//! Lion.

use super::{moments::Lerp, shared::on_threads};
use crate::{simd::multiversion, underflow::flush};

/// The settings of one step of Lion.
#[derive(Debug, Clone, Copy)]
pub struct Lion {
    pub lr: f64,
    /// The share of the moment in the direction of the step.
    pub beta1: f64,
    /// Decay of the moment.
    pub beta2: f64,
    /// Decoupled weight decay: times the parameter, it is added to the step.
    pub decoupled: f64,
}

/// One step of Lion ([Chen et al. 2023](https://arxiv.org/abs/2302.06675), algorithm 2): the learning rate times the
/// sign of a mean of the moment and the gradient. Where that is 0, so is the step.
pub fn lion(step: Lion, parameters: &mut [f32], gradients: &[f32], moment: &mut [f32]) {
    on_threads([parameters, moment], gradients, |[parameters, moment], gradients| {
        part(step, parameters, gradients, moment);
    });
}

multiversion! {
    /// The step of some of the parameters.
    fn part(
        step: Lion, parameters: &mut [f32], gradients: &[f32], moment: &mut [f32],
    ) {
        let (direction, follow) = (Lerp::new(1.0 - step.beta1), Lerp::new(1.0 - step.beta2));
        let (lr, decoupled) = (step.lr as f32, step.decoupled as f32);
        for ((p, g), m) in parameters.iter_mut().zip(gradients).zip(moment) {
            let along = direction.of(*m, *g);
            // NaN stays NaN.
            let along = if along > 0.0 { lr } else if along < 0.0 { -lr } else { along * 0.0 };
            *p = flush(*p - (along + decoupled * *p));
            *m = flush(follow.of(*m, *g));
        }
    }
}
