//! The curve of a training, and the hooks that see it grow.

use std::{cell::RefCell, mem};

use super::checkpoint::StateCodec;
use crate::{
    hook::{Batch, FitInfo, Hooks},
    record::{Curve, Epoch},
};

/// The hooks and rules of a search, for one of its trainings, and the curve of the training.
#[derive(Debug)]
pub(crate) struct HookContext<'a> {
    pub(crate) hooks: &'a Hooks,
    pub(crate) fit: FitInfo,
    /// True where rules may stop the training.
    pub(crate) has_rules: bool,
    /// The complete epochs so far. They outlive a training that fails.
    pub(crate) curve: RefCell<Curve>,
}

impl<'a> HookContext<'a> {
    /// The context of a training that rules may stop, if there are any.
    pub(crate) fn new(hooks: &'a Hooks, fit: FitInfo) -> Self {
        // An epoch then allocates nothing.
        let epochs = Vec::with_capacity(fit.epochs.min(MOST_RESERVED));
        Self { has_rules: hooks.has_rules(), hooks, fit, curve: RefCell::new(Curve { epochs }) }
    }
}

/// The most epochs for which there is room from the beginning.
const MOST_RESERVED: usize = 1 << 12;

/// Adds epochs to the curve of its context, and calls the hooks and rules.
pub(super) struct HookCalls<'a> {
    context: &'a HookContext<'a>,
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
    /// The monitored quantity, where there is one.
    pub(super) monitored: Option<f64>,
    /// The scores of the rows trained on and of the validation rows, where a curve has them.
    pub(super) scores: [Vec<f64>; 2],
}

impl<'a> HookCalls<'a> {
    /// The calls of a training before its first epoch.
    pub(super) fn new(context: &'a HookContext<'a>) -> Self {
        context.curve.borrow_mut().epochs.clear();
        Self { context, batches: BatchSums::default() }
    }

    /// True where a hook sees each batch.
    pub(super) fn has_hooks(&self) -> bool {
        !self.context.hooks.is_empty()
    }

    /// The number of complete epochs.
    pub(super) fn epochs(&self) -> usize {
        self.context.curve.borrow().epochs.len()
    }

    /// Adds the mean loss of batch number `number`, from 1, of epoch number `epoch`. The learning rate of its step, `lr`, must
    /// be given for the last batch of an epoch, and for every batch where there are hooks.
    pub(super) fn batch(&mut self, (epoch, number): (usize, usize), rows: usize, loss: f32, lr: Option<f64>) {
        let Self { context: HookContext { hooks, fit, .. }, batches } = self;
        batches.loss += f64::from(loss) * rows as f64;
        batches.rows += rows;
        if let Some(lr) = lr {
            batches.lr = lr;
            let batch = Batch { epoch, number, rows, loss, lr };
            hooks.each(|hook| hook.batch_end(fit, &batch));
        }
    }

    /// Ends the epoch with the measures after it. Returns the name of the rule that stops the training, if one does.
    pub(super) fn end_epoch(&mut self, measures: EpochMeasures) -> Option<&'a str> {
        let HookContext { hooks, fit, has_rules, curve } = self.context;
        let BatchSums { loss, rows, lr } = mem::take(&mut self.batches);
        let EpochMeasures { monitored, scores: [train_scores, validation_scores] } = measures;
        let epochs = &mut curve.borrow_mut().epochs;
        let number = epochs.len() + 1;
        epochs.push(Epoch { number, train_loss: loss / rows as f64, monitored, lr, train_scores, validation_scores });
        hooks.each(|hook| hook.epoch_end(fit, &epochs[number - 1]));
        if *has_rules { hooks.ended_by(epochs) } else { None }
    }

    /// Writes or reads the curve.
    pub(super) fn code(&mut self, codec: &mut StateCodec<'_>) -> Option<()> {
        let epochs = &mut self.context.curve.borrow_mut().epochs;
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
