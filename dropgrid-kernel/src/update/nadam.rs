//! NAdam.

use super::{
    moments::{Lerp, mean_of_squares},
    shared::on_threads,
};
use crate::{scalar::power, simd::multiversion, underflow::flush};

/// The settings of one step of NAdam.
#[derive(Debug, Clone, Copy)]
pub struct NAdam {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
    pub l2: f64,
    /// Decoupled weight decay: times the parameter, it is added to the step.
    pub decoupled: f64,
    /// The number of steps so far, this one included.
    pub t: i32,
    /// The momentums of this step and of the next one.
    pub momentums: [f64; 2],
    /// The product of the momentums of all steps so far, this one included.
    pub product: f64,
}

/// One step of NAdam ([Dozat 2016](https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ), in the form of PyTorch): Adam
/// whose momentum is Nesterov's.
pub fn nadam(step: NAdam, parameters: &mut [f32], gradients: &[f32], moment1: &mut [f32], moment2: &mut [f32]) {
    on_threads([parameters, moment1, moment2], gradients, |[parameters, moment1, moment2], gradients| {
        part(step, parameters, gradients, moment1, moment2);
    });
}

multiversion! {
    /// The step of some of the parameters.
    fn part(
        step: NAdam, parameters: &mut [f32], gradients: &[f32], moment1: &mut [f32], moment2: &mut [f32],
    ) {
        let NAdam { lr, beta1, beta2, eps, l2, decoupled, t, momentums: [momentum, next], product } = step;
        let first = Lerp::new(1.0 - beta1);
        let (kept, share) = (beta2 as f32, (1.0 - beta2) as f32);
        let of_gradient = (lr * (1.0 - momentum) / (1.0 - product)) as f32;
        let of_moment = (lr * next / (1.0 - product * next)) as f32;
        let correction = (1.0 - power(beta2, t)).sqrt().recip() as f32;
        let [eps, l2, decoupled] = [eps, l2, decoupled].map(|scalar| scalar as f32);
        for ((p, g), (m, v)) in parameters.iter_mut().zip(gradients).zip(moment1.iter_mut().zip(moment2)) {
            let g = g + l2 * *p;
            *m = flush(first.of(*m, g));
            *v = mean_of_squares(*v, kept, share, g);
            let along = of_gradient * g + of_moment * *m;
            *p = flush(*p - (along / (v.sqrt() * correction + eps) + decoupled * *p));
        }
    }
}
