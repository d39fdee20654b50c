//! Adadelta.

use super::{moments::mean_of_squares, shared::on_threads};
use crate::{simd::multiversion, underflow::flush};

/// The settings of one step of Adadelta.
#[derive(Debug, Clone, Copy)]
pub struct Adadelta {
    pub lr: f64,
    /// Decay of both means of squares.
    pub alpha: f64,
    pub eps: f64,
    pub l2: f64,
}

/// One step of Adadelta ([Zeiler 2012](https://arxiv.org/abs/1212.5701), algorithm 1, in the form of PyTorch, which has
/// a learning rate), with the means of the squares of the gradients in `squares`, and those of the steps in `steps`.
pub fn adadelta(step: Adadelta, parameters: &mut [f32], gradients: &[f32], squares: &mut [f32], steps: &mut [f32]) {
    on_threads([parameters, squares, steps], gradients, |[parameters, squares, steps], gradients| {
        part(step, parameters, gradients, squares, steps);
    });
}

multiversion! {
    /// The step of some of the parameters.
    fn part(
        step: Adadelta, parameters: &mut [f32], gradients: &[f32], squares: &mut [f32], steps: &mut [f32],
    ) {
        let Adadelta { lr, alpha, eps, l2 } = step;
        let (kept, share) = (alpha as f32, (1.0 - alpha) as f32);
        let [lr, eps, l2] = [lr, eps, l2].map(|scalar| scalar as f32);
        for ((p, g), (s, d)) in parameters.iter_mut().zip(gradients).zip(squares.iter_mut().zip(steps)) {
            let g = g + l2 * *p;
            *s = mean_of_squares(*s, kept, share, g);
            let along = (*d + eps).sqrt() / (*s + eps).sqrt() * g;
            *d = mean_of_squares(*d, kept, share, along);
            *p = flush(*p - lr * along);
        }
    }
}
