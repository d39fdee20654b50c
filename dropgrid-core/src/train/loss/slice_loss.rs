//! The built-in losses on slices.

use super::{Link, TrainTarget, row_weights::RowWeights};
use crate::{
    data::{Fit, batches::width},
    kernel::loss::{Distance, Logistic, Softmax, cross_entropy, distance, logistic},
    recipe::{Loss, Train},
};

/// A built-in loss with its settings and its buffers.
pub(super) struct SliceLoss {
    formula: Formula,
    is_plain: bool,
    /// Two buffers with one number per row or per output.
    buffers: [Vec<f32>; 2],
}

enum Formula {
    Softmax(Softmax),
    Logistic(Logistic),
    Distance(Distance),
}

impl SliceLoss {
    /// Creates the loss of `recipe` for outputs with the given link, on rows with the given weights.
    pub(super) fn new<T: TrainTarget>(link: Link, recipe: &Train, view: &Fit<'_, T>, weights: &RowWeights<'_>) -> Self {
        let loss = recipe.loss.unwrap_or(link.loss());
        let (smoothing, delta) = (recipe.label_smoothing, recipe.huber_delta);
        let gamma = if loss.is_focal() { recipe.focal_gamma } else { 0.0 };
        let is_uniform = weights.is_uniform() && smoothing == 0.0 && gamma == 0.0;
        let (formula, is_plain) = match link {
            Link::Softmax => {
                let classes = weights.of_classes(width::<T::Output>());
                (Formula::Softmax(Softmax::new(classes, smoothing, gamma)), is_uniform)
            }
            Link::Logistic => {
                let pos = weights.pos_weights(view, &recipe.pos_weight);
                let is_plain = is_uniform && pos.iter().all(|&pos| pos == 1.0);
                (Formula::Logistic(Logistic { pos, smoothing, gamma }), is_plain)
            }
            Link::Identity => {
                let distance = match loss {
                    Loss::Mae => Distance::Absolute,
                    Loss::Huber => Distance::Huber(delta),
                    Loss::SmoothL1 => Distance::SmoothL1(delta),
                    _ => Distance::Square,
                };
                (Formula::Distance(distance), is_uniform && distance == Distance::Square)
            }
        };
        Self { formula, is_plain, buffers: [Vec::new(), Vec::new()] }
    }

    /// Returns true if it is the target's default loss and every row has the weight 1.
    pub(super) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Computes the loss of `rows` and writes its gradient with respect to the outputs to `gradient`.
    pub(super) fn gradient<T: TrainTarget>(
        &mut self,
        targets: &T,
        weights: &RowWeights<'_>,
        output: &[f32],
        rows: &[usize],
        gradient: &mut [f32],
    ) -> f32 {
        let Self { formula, is_plain, buffers: [first, second] } = self;
        let outputs = width::<T::Output>();
        let labels = rows.iter().map(|&row| weights.label(row));
        match formula {
            Formula::Softmax(_) if *is_plain => {
                gradient.copy_from_slice(output);
                cross_entropy(gradient, outputs, labels)
            }
            Formula::Softmax(softmax) => {
                let share = weights.share(rows);
                first.clear();
                first.extend(rows.iter().map(|&row| (weights.sample(row) * share) as f32));
                softmax.gradient(output, labels, first, gradient)
            }
            Formula::Logistic(sides) => {
                first.resize(output.len(), 0.0);
                second.resize(output.len(), 0.0);
                targets.encode(rows, first);
                let share = weights.share(rows) / outputs as f64;
                let each = first.chunks_exact_mut(outputs).zip(second.chunks_exact_mut(outputs));
                for (&row, (on, off)) in rows.iter().zip(each) {
                    sides.sides(weights.of(row) * share, on, off);
                }
                logistic(output, first, second, sides.gamma as f32, gradient)
            }
            Formula::Distance(formula) => {
                first.resize(output.len(), 0.0);
                targets.encode(rows, first);
                let share = weights.share(rows) / outputs as f64;
                if !weights.is_uniform() {
                    second.resize(output.len(), 0.0);
                    for (&row, shares) in rows.iter().zip(second.chunks_exact_mut(outputs)) {
                        shares.fill((weights.of(row) * share) as f32);
                    }
                }
                distance(*formula, output, first, second, share as f32, gradient)
            }
        }
    }

    /// Returns the weighted sum of the losses of `rows` in `f64`.
    pub(super) fn sum<T: TrainTarget>(
        &self,
        targets: &T,
        weights: &RowWeights<'_>,
        output: &[f32],
        rows: &[usize],
    ) -> f64 {
        let mut encoded = vec![0.0; width::<T::Output>()];
        let mut sum = 0.0;
        for (&row, output) in rows.iter().zip(output.chunks_exact(encoded.len())) {
            targets.encode(&[row], &mut encoded);
            sum += match &self.formula {
                // The formula includes the class weights, because PyTorch smooths labels over weighted classes.
                Formula::Softmax(softmax) => weights.sample(row) * softmax.loss(output, weights.label(row)),
                Formula::Logistic(logistic) => weights.of(row) * logistic.loss(output, &encoded),
                Formula::Distance(distance) => weights.of(row) * distance.loss(output, &encoded),
            };
        }
        sum
    }
}
