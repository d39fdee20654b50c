//! The steps of optimizers on slices, and clipping of gradients: the formulae of PyTorch, operation by operation.
//!
//! As in PyTorch, coefficients such as 1 - beta and beta^t are computed in double precision and rounded once. In single
//! precision, 1 - 0.999 has a relative error of 1.3e-5, and 1 - 0.99999 one of 1.4e-3.

use super::{simd::multiversion, underflow::flush};

/// Added to a gradient before it is squared, so that the mean of squares that are 0 is a normal number, and every term of it.
///
/// It is 2^-52, less than the last place of an epsilon of 1e-8, and changes no gradient above 2e-9.
const BESIDE_ZERO: f32 = f32::EPSILON * f32::EPSILON / 64.0;

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

/// Linear interpolation as PyTorch's `lerp` computes it: from the nearer end.
#[derive(Clone, Copy)]
struct Lerp {
    share: f32,
    rest: f32,
}

impl Lerp {
    fn new(share: f64) -> Self {
        let share = share as f32;
        Self { share, rest: 1.0 - share }
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
    fn of(self, from: f32, to: f32) -> f32 {
        if self.share < 0.5 { from + self.share * (to - from) } else { to - (to - from) * self.rest }
    }
}

/// A moving average of squares, with the square of `g`.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn mean_of_squares(mean: f32, kept: f32, share: f32, g: f32) -> f32 {
    let g = g + BESIDE_ZERO;
    mean * kept + share * g * g
}

multiversion! {
    /// One step of Adam ([Kingma and Ba 2015](https://arxiv.org/abs/1412.6980), algorithm 1). With a slice `highest`, which
    /// keeps the highest second moments so far, it is AMSGrad
    /// ([Reddi et al. 2018](https://openreview.net/forum?id=ryQu7f-RZ)) in the form of PyTorch, which corrects the bias of
    /// the highest second moment.
    pub fn adam(
        step: Adam, parameters: &mut [f32], gradients: &[f32], moment1: &mut [f32], moment2: &mut [f32],
        highest: Option<&mut [f32]>,
    ) {
        let Adam { lr, beta1, beta2, eps, l2, decoupled, t } = step;
        let first = Lerp::new(1.0 - beta1);
        let (kept, share) = (beta2 as f32, (1.0 - beta2) as f32);
        let size = (lr / (1.0 - beta1.powi(t))) as f32;
        let correction = (1.0 - beta2.powi(t)).sqrt().recip() as f32;
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

multiversion! {
    /// One step of gradient descent, with classic or Nesterov momentum
    /// ([Sutskever et al. 2013](https://proceedings.mlr.press/v28/sutskever13.html), in the form of PyTorch).
    pub fn sgd(step: Sgd, parameters: &mut [f32], gradients: &[f32], velocity: &mut [f32]) {
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

/// The settings of one step of RMSprop.
#[derive(Debug, Clone, Copy)]
pub struct RmsProp {
    pub lr: f64,
    pub alpha: f64,
    pub eps: f64,
    pub momentum: Option<f64>,
    pub l2: f64,
}

multiversion! {
    /// One step of RMSprop
    /// ([Hinton 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf), in the form of
    /// PyTorch: epsilon is added to the root). With a slice `mean`, which keeps the mean of the gradients, it is centered
    /// ([Graves 2013](https://arxiv.org/abs/1308.0850)): the square of the mean is subtracted from the mean of the squares.
    ///
    /// The gradients are overwritten.
    pub fn rmsprop(
        step: RmsProp, parameters: &mut [f32], gradients: &mut [f32], squares: &mut [f32], mean: Option<&mut [f32]>,
        velocity: &mut [f32],
    ) {
        let RmsProp { alpha, momentum, .. } = step;
        let (kept, share, follow) = (alpha as f32, (1.0 - alpha) as f32, Lerp::new(1.0 - alpha));
        let [lr, eps, l2] = [step.lr, step.eps, step.l2].map(|scalar| scalar as f32);
        let own = parameters.iter().zip(&mut *gradients).zip(squares);
        match mean {
            None => {
                for ((p, g), s) in own {
                    let gradient = *g + l2 * *p;
                    *s = mean_of_squares(*s, kept, share, gradient);
                    *g = flush(gradient / (s.sqrt() + eps));
                }
            }
            Some(mean) => {
                for (((p, g), s), mean) in own.zip(mean) {
                    let gradient = *g + l2 * *p;
                    *s = mean_of_squares(*s, kept, share, gradient);
                    *mean = flush(follow.of(*mean, gradient));
                    // A variance of equal gradients may round below 0.
                    let variance = *s - *mean * *mean;
                    let variance = if variance < 0.0 { 0.0 } else { variance };
                    *g = flush(gradient / (variance.sqrt() + eps));
                }
            }
        }
        match momentum {
            None => parameters.iter_mut().zip(gradients).for_each(|(p, g)| *p = flush(*p - *g * lr)),
            Some(momentum) => {
                let momentum = momentum as f32;
                for ((p, g), v) in parameters.iter_mut().zip(gradients).zip(velocity) {
                    *v = flush(*v * momentum + *g);
                    *p = flush(*p - *v * lr);
                }
            }
        }
    }
}

multiversion! {
    /// `to += from * factor`.
    pub fn add_scaled(from: &[f32], factor: f32, to: &mut [f32]) {
        to.iter_mut().zip(from).for_each(|(to, from)| *to = flush(*to + from * factor));
    }
}

multiversion! {
    /// Multiplies each number by `factor`.
    pub fn scale(values: &mut [f32], factor: f32) {
        for value in values {
            *value = flush(*value * factor);
        }
    }
}

multiversion! {
    /// Clamps each number to `-limit..=limit`. NaN stays NaN.
    pub fn clamp(values: &mut [f32], limit: f32) {
        for value in values {
            *value = if *value > limit { limit } else if *value < -limit { -limit } else { *value };
        }
    }
}

multiversion! {
    /// The sum of the squares, in double precision, where it cannot overflow.
    pub fn sum_of_squares(values: &[f32]) -> f64 {
        let mut sums = [0.0_f64; 16];
        let (chunks, rest) = values.as_chunks::<16>();
        for chunk in chunks {
            for (sum, value) in sums.iter_mut().zip(chunk) {
                *sum += f64::from(*value) * f64::from(*value);
            }
        }
        for (sum, value) in sums.iter_mut().zip(rest) {
            *sum += f64::from(*value) * f64::from(*value);
        }
        sums.iter().sum()
    }
}

multiversion! {
    /// `average += (value - average) * share`.
    pub fn follow(average: &mut [f32], values: &[f32], share: f32) {
        average.iter_mut().zip(values).for_each(|(average, value)| *average = flush(*average + (value - *average) * share));
    }
}

#[cfg(test)]
mod tests;
