//! What a training has given so far, for those who look at it.

use std::cell::Cell;

use super::checkpoint::{StateReader, StateWriter};
use crate::hook::{Batch, Epoch, FitInfo, Hooks};

/// The hooks and rules of a search beside one of its fits.
#[derive(Debug)]
pub(crate) struct HookContext<'a> {
    pub(crate) hooks: &'a Hooks,
    pub(crate) fit: FitInfo,
    /// Whether rules may end it.
    pub(crate) has_rules: bool,
    /// Epochs trained to their ends so far.
    pub(crate) epochs: Cell<usize>,
}

impl<'a> HookContext<'a> {
    pub(crate) fn new(hooks: &'a Hooks, fit: FitInfo) -> Self {
        Self { has_rules: hooks.has_rules(), hooks, fit, epochs: Cell::new(0) }
    }
}

/// Adds the batches of an epoch up, and calls the hooks.
pub(super) struct HookCalls<'a> {
    hook_context: &'a HookContext<'a>,
    /// The epochs so far, where rules ask for them.
    epochs: Vec<Epoch>,
    /// The number of the epoch, from 1.
    number: usize,
    lr: f64,
    /// The sum of the losses of its rows, and their number.
    loss: f64,
    rows: usize,
}

impl<'a> HookCalls<'a> {
    pub(super) fn new(hook_context: &'a HookContext<'a>) -> Self {
        Self { hook_context, epochs: Vec::new(), number: 0, lr: 0.0, loss: 0.0, rows: 0 }
    }

    /// Whether somebody looks at batches.
    pub(super) fn has_hooks(&self) -> bool {
        !self.hook_context.hooks.is_empty()
    }

    /// Begins an epoch whose first step is at `lr`.
    pub(super) fn begin(&mut self, lr: f64) {
        (self.number, self.lr, self.loss, self.rows) = (self.number + 1, lr, 0.0, 0);
    }

    /// After a batch; `lr` is there where somebody looks.
    pub(super) fn batch(&mut self, number: usize, rows: usize, loss: f32, lr: Option<f64>) {
        self.loss += f64::from(loss) * rows as f64;
        self.rows += rows;
        if let Some(lr) = lr {
            let batch = Batch { epoch: self.number, number, rows, loss, lr };
            self.hook_context.hooks.each(|hook| hook.batch_end(&self.hook_context.fit, &batch));
        }
    }

    /// Ends the epoch, and gives the name of the rule that ends the training.
    pub(super) fn end(&mut self, watched: Option<f64>) -> Option<&'a str> {
        let HookContext { hooks, fit, has_rules, epochs } = self.hook_context;
        epochs.set(self.number);
        let epoch =
            Epoch { number: self.number, train_loss: self.loss / self.rows as f64, monitored: watched, lr: self.lr };
        hooks.each(|hook| hook.epoch_end(fit, &epoch));
        if !has_rules {
            return None;
        }
        self.epochs.push(epoch);
        hooks.ended_by(&self.epochs)
    }

    /// Writes the epochs so far.
    pub(super) fn write(&self, to: &mut StateWriter) {
        to.count(self.number);
        to.count(self.epochs.len());
        for Epoch { number, train_loss, monitored: watched, lr } in &self.epochs {
            to.count(*number);
            to.double(*train_loss);
            to.byte(watched.is_some().into());
            to.double(watched.unwrap_or_default());
            to.double(*lr);
        }
    }

    /// Reads what [`write`](Self::write) wrote; `None` where rules ask for epochs that nobody has written down.
    pub(super) fn read(&mut self, from: &mut StateReader<'_>) -> Option<()> {
        self.number = from.count()?;
        let epochs = from.count()?;
        let mut epoch = || {
            let (number, train_loss) = (from.count()?, from.double()?);
            let (is_watched, watched, lr) = (from.byte()? == 1, from.double()?, from.double()?);
            Some(Epoch { number, train_loss, monitored: is_watched.then_some(watched), lr })
        };
        self.epochs = (0..epochs).map(|_| epoch()).collect::<Option<_>>()?;
        self.hook_context.epochs.set(self.number);
        (!self.hook_context.has_rules || epochs == self.number).then_some(())
    }
}
