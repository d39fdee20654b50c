//! Adam, AdamW and AMSGrad.

use super::{
    moments::{Lerp, mean_of_squares},
    shared::on_threads,
};
use crate::{scalar::power, simd::multiversion, underflow::flush};

/// The settings of one step of Adam.
#[derive(Debug, Clone, Copy)]
pub struct Adam {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
    /// L2 penalty: times the parameter, it is added to the gradient.
    pub l2: f64,
    /// Decoupled weight decay: times the parameter, it is added to the step.
    pub decoupled: f64,
    /// The number of steps so far, this one included.
    pub t: i32,
}

/// One step of Adam ([Kingma and Ba 2015](https://arxiv.org/abs/1412.6980), algorithm 1). With a slice `highest`, which
/// keeps the highest second moments so far, it is AMSGrad
/// ([Reddi et al. 2018](https://openreview.net/forum?id=ryQu7f-RZ)) in the form of PyTorch, which corrects the bias of
/// the highest second moment.
pub fn adam(
    step: Adam,
    parameters: &mut [f32],
    gradients: &[f32],
    moment1: &mut [f32],
    moment2: &mut [f32],
    highest: Option<&mut [f32]>,
) {
    // Without numbers of its own, it is empty.
    let is_given = highest.is_some();
    on_threads(
        [parameters, moment1, moment2, highest.unwrap_or_default()],
        gradients,
        |[parameters, moment1, moment2, highest], gradients| {
            part(step, parameters, gradients, moment1, moment2, is_given.then_some(highest));
        },
    );
}

multiversion! {
    /// The step of some of the parameters.
    fn part(
        step: Adam, parameters: &mut [f32], gradients: &[f32], moment1: &mut [f32], moment2: &mut [f32], highest: Option<&mut [f32]>,
    ) {
        let Adam { lr, beta1, beta2, eps, l2, decoupled, t } = step;
        let first = Lerp::new(1.0 - beta1);
        let (kept, share) = (beta2 as f32, (1.0 - beta2) as f32);
        let size = (lr / (1.0 - power(beta1, t))) as f32;
        let correction = (1.0 - power(beta2, t)).sqrt().recip() as f32;
        let [eps, l2, decoupled] = [eps, l2, decoupled].map(|scalar| scalar as f32);
        let moments = moment1.iter_mut().zip(moment2);
        if let Some(highest) = highest {
            for (((p, g), (m, v)), top) in parameters.iter_mut().zip(gradients).zip(moments).zip(highest) {
                let g = g + l2 * *p;
                *m = flush(first.of(*m, g));
                *v = mean_of_squares(*v, kept, share, g);
                *top = if *v > *top { *v } else { *top };
                *p = flush(*p - (size * *m / (top.sqrt() * correction + eps) + decoupled * *p));
            }
            return;
        }
        if l2 == 0.0 && decoupled == 0.0 {
            for ((p, g), (m, v)) in parameters.iter_mut().zip(gradients).zip(moments) {
                *m = flush(first.of(*m, *g));
                *v = mean_of_squares(*v, kept, share, *g);
                *p -= size * *m / (v.sqrt() * correction + eps);
            }
            return;
        }
        for ((p, g), (m, v)) in parameters.iter_mut().zip(gradients).zip(moments) {
            let g = g + l2 * *p;
            *m = flush(first.of(*m, g));
            *v = mean_of_squares(*v, kept, share, g);
            *p = flush(*p - (size * *m / (v.sqrt() * correction + eps) + decoupled * *p));
        }
    }
}
