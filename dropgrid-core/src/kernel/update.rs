//! Optimizers over slices, and what is done to gradients before. The formulae are PyTorch's; where dfdx 0.13 has the
//! same, operation by operation, the numbers are too.

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
    /// One step of Adam ([Kingma and Ba 2015](https://arxiv.org/abs/1412.6980), algorithm 1). With a slice `highest` it
    /// is AMSGrad ([Reddi et al. 2018](https://openreview.net/forum?id=ryQu7f-RZ), in the form of PyTorch, which
    /// corrects the highest second moment and not each): that keeps the highest so far.
    pub(crate) fn adam(
        step: Adam, parameters: &mut [f32], gradients: &[f32], moment1: &mut [f32], moment2: &mut [f32],
        highest: Option<&mut [f32]>,
    ) {
        let Adam { lr, beta1, beta2, eps, l2, decoupled, t } = step;
        let correction1 = (1.0 - beta1.powi(t)).recip();
        let correction2 = (1.0 - beta2.powi(t)).recip();
        let moments = moment1.iter_mut().zip(moment2);
        if let Some(highest) = highest {
            for (((p, g), (m, v)), top) in parameters.iter_mut().zip(gradients).zip(moments).zip(highest) {
                let g = g + l2 * *p;
                *m = *m * beta1 + g * (1.0 - beta1);
                *v = *v * beta2 + g * g * (1.0 - beta2);
                *top = if *v > *top { *v } else { *top };
                *p -= lr * (*m * correction1) / ((*top * correction2).sqrt() + eps) + decoupled * *p;
            }
            return;
        }
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
    /// What a gradient counts in the velocity.
    pub(crate) share: f32,
    pub(crate) nesterov: bool,
    pub(crate) l2: f32,
}

multiversion! {
    /// One step of gradient descent, with classic or Nesterov momentum
    /// ([Sutskever et al. 2013](https://proceedings.mlr.press/v28/sutskever13.html), in the form of PyTorch).
    pub(crate) fn sgd(step: Sgd, parameters: &mut [f32], gradients: &[f32], velocity: &mut [f32]) {
        let Sgd { lr, momentum, share, nesterov, l2 } = step;
        let Some(momentum) = momentum else {
            for (p, g) in parameters.iter_mut().zip(gradients) {
                *p -= (g + l2 * *p) * lr;
            }
            return;
        };
        for ((p, g), v) in parameters.iter_mut().zip(gradients).zip(velocity) {
            let g = g + l2 * *p;
            *v = g * share + momentum * *v;
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
    /// ([Hinton 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf), in the form of
    /// PyTorch: epsilon is added to the root). With a slice `mean` it is centered
    /// ([Graves 2013](https://arxiv.org/abs/1308.0850)): the mean of the gradients is kept there, and its square taken
    /// from the mean of their squares.
    ///
    /// The gradients are used up.
    pub(crate) fn rmsprop(
        step: RmsProp, parameters: &mut [f32], gradients: &mut [f32], squares: &mut [f32], mean: Option<&mut [f32]>,
        velocity: &mut [f32],
    ) {
        let RmsProp { lr, alpha, eps, momentum, l2 } = step;
        let own = parameters.iter().zip(&mut *gradients).zip(squares);
        match mean {
            None => {
                for ((p, g), s) in own {
                    let gradient = *g + l2 * *p;
                    *s = *s * alpha + gradient * gradient * (1.0 - alpha);
                    *g = gradient / (s.sqrt() + eps);
                }
            }
            Some(mean) => {
                for (((p, g), s), mean) in own.zip(mean) {
                    let gradient = *g + l2 * *p;
                    *s = *s * alpha + gradient * gradient * (1.0 - alpha);
                    *mean += (gradient - *mean) * (1.0 - alpha);
                    // A variance of equal gradients may round below 0.
                    let variance = *s - *mean * *mean;
                    let variance = if variance < 0.0 { 0.0 } else { variance };
                    *g = gradient / (variance.sqrt() + eps);
                }
            }
        }
        match momentum {
            None => parameters.iter_mut().zip(gradients).for_each(|(p, g)| *p -= *g * lr),
            Some(momentum) => {
                for ((p, g), v) in parameters.iter_mut().zip(gradients).zip(velocity) {
                    *v = *v * momentum + *g;
                    *p -= *v * lr;
                }
            }
        }
    }
}

multiversion! {
    /// `to += from * factor`.
    pub(crate) fn add_scaled(from: &[f32], factor: f32, to: &mut [f32]) {
        to.iter_mut().zip(from).for_each(|(to, from)| *to += from * factor);
    }
}

multiversion! {
    /// Each number times `factor`.
    pub(crate) fn scale(values: &mut [f32], factor: f32) {
        for value in values {
            *value *= factor;
        }
    }
}

multiversion! {
    /// Each number within `-limit..=limit`; NaN stays NaN.
    pub(crate) fn clamp(values: &mut [f32], limit: f32) {
        for value in values {
            *value = if *value > limit { limit } else if *value < -limit { -limit } else { *value };
        }
    }
}

multiversion! {
    /// The sum of the squares, which no number of single precision can overflow.
    pub(crate) fn sum_of_squares(values: &[f32]) -> f64 {
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
    pub(crate) fn follow(average: &mut [f32], values: &[f32], share: f32) {
        average.iter_mut().zip(values).for_each(|(average, value)| *average += (value - *average) * share);
    }
}

#[cfg(test)]
mod tests;
