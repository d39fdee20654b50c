//! The training recipe.

use crate::error::{Error, Result};

/// How a candidate is trained. A field of the model under `#[train]` overrides the setting of its name.
///
/// # Examples
/// ```
/// # use dropgrid_core::recipe::Train;
/// let recipe = Train::adam(1e-3).epochs(20).batch_size(32);
/// assert!(recipe.check().is_ok());
/// let error = recipe.epochs(0).check().unwrap_err();
/// assert_eq!(error.to_string(), "epochs is 0, expected at least 1");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Train {
    /// The learning rate.
    pub lr: f64,
    /// Passes over the training rows.
    pub epochs: usize,
    /// Rows a batch.
    pub batch_size: usize,
}

impl Default for Train {
    /// Adam at 1e-3, 10 epochs, batches of 32.
    fn default() -> Self {
        Self { lr: 1e-3, epochs: 10, batch_size: 32 }
    }
}

impl Train {
    /// Adam ([Kingma and Ba 2015](https://arxiv.org/abs/1412.6980)) with learning rate `lr`, betas 0.9 and 0.999,
    /// epsilon 1e-8 and no weight decay.
    pub fn adam(lr: f64) -> Self {
        Self { lr, ..Self::default() }
    }

    /// The learning rate.
    pub fn lr(self, lr: f64) -> Self {
        Self { lr, ..self }
    }

    /// Passes over the training rows.
    pub fn epochs(self, epochs: usize) -> Self {
        Self { epochs, ..self }
    }

    /// Rows a batch. The last batch of an epoch has what is left.
    pub fn batch_size(self, batch_size: usize) -> Self {
        Self { batch_size, ..self }
    }

    /// Checks every setting.
    ///
    /// # Errors
    /// [`Error::Setting`] where epochs or batch size are 0, or the learning rate is not positive and finite.
    pub fn check(&self) -> Result<()> {
        let setting = |setting, value: String, expected| Err(Error::Setting { setting, value, expected });
        if !(self.lr > 0.0 && self.lr.is_finite()) {
            return setting("lr", self.lr.to_string(), "a positive, finite number");
        }
        if self.epochs == 0 || self.epochs > u32::MAX as usize {
            return setting("epochs", self.epochs.to_string(), "at least 1");
        }
        if self.batch_size == 0 {
            return setting("batch_size", self.batch_size.to_string(), "at least 1");
        }
        Ok(())
    }
}
