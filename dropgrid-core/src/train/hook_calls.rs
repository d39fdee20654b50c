//! The curve of a training, and the hooks that see it grow.

use std::{cell::Cell, mem};

use super::checkpoint::{StateReader, StateWriter};
use crate::{
    hook::{Batch, FitInfo, Hooks},
    record::{Curve, Epoch},
};

/// The hooks and rules of a search, for one of its trainings.
#[derive(Debug)]
pub(crate) struct HookContext<'a> {
    pub(crate) hooks: &'a Hooks,
    pub(crate) fit: FitInfo,
    /// True where rules may stop the training.
    pub(crate) has_rules: bool,
    /// Complete epochs so far.
    pub(crate) epochs: Cell<usize>,
}

impl<'a> HookContext<'a> {
    /// The context of a training that rules may stop, if there are any.
    pub(crate) fn new(hooks: &'a Hooks, fit: FitInfo) -> Self {
        Self { has_rules: hooks.has_rules(), hooks, fit, epochs: Cell::new(0) }
    }
}

/// The most epochs for which there is room from the beginning.
const MOST_RESERVED: usize = 1 << 12;

/// Collects the curve of a training from its batches, and calls the hooks and rules of its context.
pub(super) struct HookCalls<'a> {
    context: &'a HookContext<'a>,
    /// The complete epochs.
    curve: Curve,
    /// The batches of the epoch so far.
    batches: BatchSums,
}

/// Sums over the batches of one epoch.
#[derive(Default)]
struct BatchSums {
    /// The sum of the losses of all rows.
    loss: f64,
    rows: usize,
    /// The last learning rate that was told.
    lr: f64,
}

impl<'a> HookCalls<'a> {
    pub(super) fn new(context: &'a HookContext<'a>) -> Self {
        // An epoch then allocates nothing.
        let epochs = Vec::with_capacity(context.fit.epochs.min(MOST_RESERVED));
        Self { context, curve: Curve { epochs }, batches: BatchSums::default() }
    }

    /// True where a hook sees each batch.
    pub(super) fn has_hooks(&self) -> bool {
        !self.context.hooks.is_empty()
    }

    /// The complete epochs so far.
    pub(super) fn curve(&self) -> &Curve {
        &self.curve
    }

    /// Takes the mean loss of batch number `number`, from 1. The learning rate of its step, `lr`, is needed for the
    /// last batch of an epoch, and for every batch where there are hooks.
    pub(super) fn batch(&mut self, number: usize, rows: usize, loss: f32, lr: Option<f64>) {
        let Self { context: HookContext { hooks, fit, .. }, curve, batches } = self;
        batches.loss += f64::from(loss) * rows as f64;
        batches.rows += rows;
        if let Some(lr) = lr {
            batches.lr = lr;
            let batch = Batch { epoch: curve.epochs.len() + 1, number, rows, loss, lr };
            hooks.each(|hook| hook.batch_end(fit, &batch));
        }
    }

    /// Ends the epoch with the value of the monitored quantity. Returns the name of the rule that stops the training.
    pub(super) fn end_epoch(&mut self, monitored: Option<f64>) -> Option<&'a str> {
        let HookContext { hooks, fit, has_rules, epochs } = self.context;
        let BatchSums { loss, rows, lr } = mem::take(&mut self.batches);
        let number = self.curve.epochs.len() + 1;
        let epoch = Epoch { number, train_loss: loss / rows as f64, monitored, lr };
        epochs.set(number);
        self.curve.epochs.push(epoch);
        hooks.each(|hook| hook.epoch_end(fit, &epoch));
        if *has_rules { hooks.ended_by(&self.curve.epochs) } else { None }
    }

    /// Writes the curve.
    pub(super) fn write(&self, to: &mut StateWriter) {
        to.count(self.curve.epochs.len());
        for Epoch { number: _, train_loss, monitored, lr } in &self.curve.epochs {
            to.double(*train_loss);
            to.byte(monitored.is_some().into());
            to.double(monitored.unwrap_or_default());
            to.double(*lr);
        }
    }

    /// Reads the curve that [`write`](Self::write) wrote.
    pub(super) fn read(&mut self, from: &mut StateReader<'_>) -> Option<()> {
        let epochs = from.count()?;
        let mut epoch = |number| {
            let (train_loss, is_monitored) = (from.double()?, from.byte()? == 1);
            let (monitored, lr) = (from.double()?, from.double()?);
            Some(Epoch { number, train_loss, monitored: is_monitored.then_some(monitored), lr })
        };
        self.curve.epochs = (1..=epochs).map(&mut epoch).collect::<Option<_>>()?;
        self.context.epochs.set(epochs);
        Some(())
    }
}
