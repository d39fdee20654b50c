//! The curve of a training, and the hooks that see it grow.

use std::mem;

use super::checkpoint::StateCodec;
use crate::{
    hook::{Batch, FitInfo, Hooks},
    record::{Curve, Epoch},
};

/// The hooks and rules of a search, for one of its trainings.
#[derive(Debug)]
pub(crate) struct HookContext<'a> {
    pub(crate) hooks: &'a Hooks,
    pub(crate) fit: FitInfo,
    /// True if rules may stop the training.
    pub(crate) has_rules: bool,
}

/// The largest number of epochs for which memory is reserved in advance.
const MOST_RESERVED: usize = 1 << 12;

/// Adds epochs to a curve, and calls the hooks and rules.
pub(super) struct HookCalls<'a, 'c> {
    context: &'a HookContext<'a>,
    curve: &'c mut Curve,
    /// The batches of the epoch so far.
    batches: BatchSums,
}

/// Sums over the batches of one epoch.
#[derive(Default)]
struct BatchSums {
    /// The sum of the losses of all rows.
    loss: f64,
    rows: usize,
    /// The learning rate of the last step for which it was given.
    lr: f64,
}

/// The quantities that are measured after an epoch.
#[derive(Default)]
pub(super) struct EpochMeasures {
    /// The monitored quantity; `None` if there is none.
    pub(super) monitored: Option<f64>,
    /// The scores of the training rows and of the validation rows. Empty if the curve has no scores.
    pub(super) scores: [Vec<f64>; 2],
}

impl<'a, 'c> HookCalls<'a, 'c> {
    /// Makes the calls of a training before its first epoch, and empties `curve`.
    pub(super) fn new(context: &'a HookContext<'a>, curve: &'c mut Curve) -> Self {
        // An epoch then allocates nothing.
        curve.epochs.reserve(context.fit.epochs.min(MOST_RESERVED));
        let mut calls = Self { context, curve, batches: BatchSums::default() };
        calls.clear();
        calls
    }

    /// Resets to the beginning of the training.
    pub(super) fn clear(&mut self) {
        self.curve.epochs.clear();
    }

    /// Returns the complete epochs so far.
    pub(super) fn curve(&self) -> &Curve {
        self.curve
    }

    /// Returns true if a hook sees each batch.
    pub(super) fn has_hooks(&self) -> bool {
        !self.context.hooks.is_empty()
    }

    /// Adds the mean loss of batch number `number`, from 1, of epoch number `epoch`. The learning rate of its step,
    /// `lr`, must be given for the last batch of an epoch, and for every batch if there are hooks.
    pub(super) fn batch(&mut self, (epoch, number): (usize, usize), rows: usize, loss: f32, lr: Option<f64>) {
        let Self { context: HookContext { hooks, fit, .. }, batches, .. } = self;
        batches.loss += f64::from(loss) * rows as f64;
        batches.rows += rows;
        if let Some(lr) = lr {
            batches.lr = lr;
            let batch = Batch { epoch, number, rows, loss, lr };
            hooks.each(|hook| hook.batch_end(fit, &batch));
        }
    }

    /// Ends the epoch with its measures. Returns the name of the rule that stops the training; `None` if none does.
    pub(super) fn end_epoch(&mut self, measures: EpochMeasures) -> Option<&'a str> {
        let HookContext { hooks, fit, has_rules } = self.context;
        let BatchSums { loss, rows, lr } = mem::take(&mut self.batches);
        let EpochMeasures { monitored, scores: [train_scores, validation_scores] } = measures;
        let epochs = &mut self.curve.epochs;
        let number = epochs.len() + 1;
        epochs.push(Epoch { number, train_loss: loss / rows as f64, monitored, lr, train_scores, validation_scores });
        hooks.each(|hook| hook.epoch_end(fit, &epochs[number - 1]));
        if *has_rules { hooks.ended_by(epochs) } else { None }
    }

    /// Writes or reads the curve.
    pub(super) fn code(&mut self, codec: &mut StateCodec<'_>) -> Option<()> {
        let epochs = &mut self.curve.epochs;
        let mut count = epochs.len();
        codec.count(&mut count)?;
        for at in 0..count {
            if at == epochs.len() {
                epochs.push(Epoch { number: at + 1, ..Epoch::default() });
            }
            let Epoch { number: _, train_loss, monitored, lr, train_scores, validation_scores } = &mut epochs[at];
            codec.double(train_loss)?;
            codec.optional(monitored)?;
            codec.double(lr)?;
            codec.doubles(train_scores)?;
            codec.doubles(validation_scores)?;
        }
        Some(())
    }
}
