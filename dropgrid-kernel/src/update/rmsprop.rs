//! RMSprop.

use super::{
    moments::{Lerp, mean_of_squares},
    shared::on_threads,
};
use crate::{simd::multiversion, underflow::flush};

/// The settings of one step of RMSprop.
#[derive(Debug, Clone, Copy)]
pub struct RmsProp {
    pub lr: f64,
    pub alpha: f64,
    pub eps: f64,
    pub momentum: Option<f64>,
    pub l2: f64,
}

/// One step of RMSprop
/// ([Hinton 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf), in the form of
/// PyTorch: epsilon is added to the root). With a slice `mean`, which keeps the mean of the gradients, it is centered
/// ([Graves 2013](https://arxiv.org/abs/1308.0850)): the square of the mean is subtracted from the mean of the squares.
///
/// The gradients are overwritten.
pub fn rmsprop(
    step: RmsProp,
    parameters: &mut [f32],
    gradients: &mut [f32],
    squares: &mut [f32],
    mean: Option<&mut [f32]>,
    velocity: &mut [f32],
) {
    // Without numbers of its own, it is empty.
    let is_given = mean.is_some();
    on_threads(
        [parameters, gradients, squares, mean.unwrap_or_default(), velocity],
        &[],
        |[parameters, gradients, squares, mean, velocity], _| {
            part(step, parameters, gradients, squares, is_given.then_some(mean), velocity);
        },
    );
}

multiversion! {
    /// The step of some of the parameters.
    fn part(
        step: RmsProp, parameters: &mut [f32], gradients: &mut [f32], squares: &mut [f32], mean: Option<&mut [f32]>, velocity: &mut [f32],
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
