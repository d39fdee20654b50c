//! Clipping and accumulation of gradients, and the average of the weights.

use super::Train;

impl Train {
    /// Scales the gradients of all parameters together down to a norm of at most `clip_norm` before each step:
    /// PyTorch's `clip_grad_norm_` ([Pascanu et al. 2013](https://proceedings.mlr.press/v28/pascanu13.html)), which
    /// multiplies them by min(1, `clip_norm` / (norm + 10^-6)).
    pub fn clip_norm(self, clip_norm: f64) -> Self {
        Self { clip_norm: Some(clip_norm), ..self }
    }

    /// Cuts each gradient off at `-clip_value` and `clip_value` before each step: PyTorch's `clip_grad_value_`. Where
    /// the recipe also clips by norm, this comes first.
    pub fn clip_value(self, clip_value: f64) -> Self {
        Self { clip_value: Some(clip_value), ..self }
    }

    /// One step of the optimizer for `accumulate` batches, along their mean gradient: the step of a batch that is so
    /// many times as large, in the memory of a small one.
    ///
    /// Batches count by their rows, so this holds for a last batch that is smaller, too. Batches that are left at the
    /// end of an epoch make a step of their own.
    pub fn accumulate(self, accumulate: usize) -> Self {
        Self { accumulate, ..self }
    }

    /// Scores and keeps an exponential moving average of the weights, while training goes on with the weights
    /// themselves: after each step, `average = ema * average + (1 - ema) * weights`, with `ema` in [0, 1)
    /// ([Polyak and Juditsky 1992](https://doi.org/10.1137/0330046); PyTorch's `AveragedModel` with
    /// `get_ema_multi_avg_fn`).
    ///
    /// The average begins with the weights of the first step, so it has no bias towards 0 to be corrected, as Adam's
    /// moments have. What is not trained, as the statistics of a batch norm, is that of the last batch.
    pub fn ema(self, ema: f64) -> Self {
        Self { ema: Some(ema), ..self }
    }
}
