//! The built-in losses on slices.

use super::{Link, TrainTarget, row_weights::RowWeights};
use crate::{
    data::{Fit, batches::width},
    kernel::loss::{Distance, Logistic, Softmax, cross_entropy, distance, logistic},
    recipe::{Loss, Train},
};

/// A built-in loss with its settings, and what a batch of it takes beside its outputs.
pub(super) struct SliceLoss {
    formula: Formula,
    is_plain: bool,
    /// A number for each row or for each output.
    buffers: [Vec<f32>; 2],
}

enum Formula {
    Softmax(Softmax),
    Logistic(Logistic),
    Distance(Distance),
}

impl SliceLoss {
    /// The loss of `recipe` for outputs that are read by `link`, on rows that count as `counts` says.
    pub(super) fn new<T: TrainTarget>(link: Link, recipe: &Train, view: &Fit<'_, T>, counts: &RowWeights<'_>) -> Self {
        let loss = recipe.loss.unwrap_or(link.loss());
        let (smoothing, delta) = (recipe.label_smoothing, recipe.huber_delta);
        let gamma = if loss.is_focal() { recipe.focal_gamma } else { 0.0 };
        let is_even = counts.is_even() && smoothing == 0.0 && gamma == 0.0;
        let (formula, is_plain) = match link {
            Link::Softmax => {
                let weights = counts.of_classes(width::<T::Output>());
                (Formula::Softmax(Softmax::new(weights, smoothing, gamma)), is_even)
            }
            Link::Logistic => {
                let pos = counts.positives(view, &recipe.pos_weight);
                let is_plain = is_even && pos.iter().all(|&pos| pos == 1.0);
                (Formula::Logistic(Logistic { pos, smoothing, gamma }), is_plain)
            }
            Link::Identity => {
                let distance = match loss {
                    Loss::Mae => Distance::Absolute,
                    Loss::Huber => Distance::Huber(delta),
                    Loss::SmoothL1 => Distance::SmoothL1(delta),
                    _ => Distance::Square,
                };
                (Formula::Distance(distance), is_even && distance == Distance::Square)
            }
        };
        Self { formula, is_plain, buffers: [Vec::new(), Vec::new()] }
    }

    /// Whether it is the target's own loss, of rows that count the same.
    pub(super) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// The loss of `rows`, and its derivative by the output in `gradient`.
    pub(super) fn gradient<T: TrainTarget>(
        &mut self,
        targets: &T,
        counts: &RowWeights<'_>,
        output: &[f32],
        rows: &[usize],
        gradient: &mut [f32],
    ) -> f32 {
        let Self { formula, is_plain, buffers: [first, second] } = self;
        let outputs = width::<T::Output>();
        let labels = rows.iter().map(|&row| counts.label(row));
        match formula {
            Formula::Softmax(_) if *is_plain => {
                gradient.copy_from_slice(output);
                cross_entropy(gradient, outputs, labels)
            }
            Formula::Softmax(softmax) => {
                let share = counts.share(rows);
                first.clear();
                first.extend(rows.iter().map(|&row| (counts.sample(row) * share) as f32));
                softmax.gradient(output, labels, first, gradient)
            }
            Formula::Logistic(sides) => {
                first.resize(output.len(), 0.0);
                second.resize(output.len(), 0.0);
                targets.encode(rows, first);
                let share = counts.share(rows) / outputs as f64;
                let each = first.chunks_exact_mut(outputs).zip(second.chunks_exact_mut(outputs));
                for (&row, (on, off)) in rows.iter().zip(each) {
                    sides.sides(counts.of(row) * share, on, off);
                }
                logistic(output, first, second, sides.gamma as f32, gradient)
            }
            Formula::Distance(formula) => {
                first.resize(output.len(), 0.0);
                targets.encode(rows, first);
                let share = counts.share(rows) / outputs as f64;
                if !counts.is_even() {
                    second.resize(output.len(), 0.0);
                    for (&row, shares) in rows.iter().zip(second.chunks_exact_mut(outputs)) {
                        shares.fill((counts.of(row) * share) as f32);
                    }
                }
                distance(*formula, output, first, second, share as f32, gradient)
            }
        }
    }

    /// The sum of the losses of `rows`, each times what it counts, in `f64`.
    pub(super) fn sum<T: TrainTarget>(
        &self,
        targets: &T,
        counts: &RowWeights<'_>,
        output: &[f32],
        rows: &[usize],
    ) -> f64 {
        let mut wanted = vec![0.0; width::<T::Output>()];
        let mut sum = 0.0;
        for (&row, output) in rows.iter().zip(output.chunks_exact(wanted.len())) {
            targets.encode(&[row], &mut wanted);
            sum += match &self.formula {
                // It weighs classes by itself, since PyTorch smooths over weighted classes.
                Formula::Softmax(softmax) => counts.sample(row) * softmax.loss(output, counts.label(row)),
                Formula::Logistic(logistic) => counts.of(row) * logistic.loss(output, &wanted),
                Formula::Distance(distance) => counts.of(row) * distance.loss(output, &wanted),
            };
        }
        sum
    }
}
