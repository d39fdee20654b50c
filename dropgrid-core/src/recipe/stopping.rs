//! Early stopping: the rule that ends a training before its last epoch.

use serde::{Deserialize, Serialize};

use super::Train;

/// Ends a training that does not get better: Keras'
/// [`EarlyStopping`](https://keras.io/api/callbacks/early_stopping/), rule for rule.
///
/// After each epoch the [monitored](Train::monitor) quantity is measured on validation rows, which are taken out of the
/// fold's training part (a tenth of it, unless [`validation_fraction`](Train::validation_fraction) says otherwise). It
/// is never measured on a scored row. An epoch is an improvement where the quantity is better than the best one so far
/// by more than `min_delta`; the first epoch always is one. After `patience` epochs in a row without an improvement the
/// training ends.
///
/// A quantity that is NaN is no improvement. Where the first epoch gives a NaN, no later epoch is an improvement. Keras
/// compares the same way.
///
/// # Examples
/// ```
/// # use dropgrid_core::recipe::{EarlyStopping, Train};
/// let recipe = Train::adam(1e-3).epochs(200).early_stopping(EarlyStopping::patience(10).min_delta(1e-3));
/// assert!(recipe.check().is_ok());
/// let error = recipe.validation_fraction(1.0).check().unwrap_err();
/// assert_eq!(error.to_string(), "validation_fraction is 1, expected a number between 0 and 1 and neither of them");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EarlyStopping {
    /// Epochs in a row without an improvement after which the training ends; 0 counts as 1.
    pub patience: usize,
    /// The difference that an improvement exceeds, at least 0.
    pub min_delta: f64,
    /// True where the weights of the best epoch are scored and kept, false where those of the last are.
    pub restore_best: bool,
    /// Epochs at the beginning that are not looked at.
    pub start_from_epoch: usize,
}

impl Default for EarlyStopping {
    /// The patience of
    /// [Lightning](https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.callbacks.EarlyStopping.html), 3
    /// epochs: Keras' 0 ends at the first epoch that is not better.
    fn default() -> Self {
        Self::patience(3)
    }
}

impl EarlyStopping {
    /// Ends after so many epochs in a row without an improvement, however small; the best epoch's weights are restored.
    pub const fn patience(epochs: usize) -> Self {
        Self { patience: epochs, min_delta: 0.0, restore_best: true, start_from_epoch: 0 }
    }

    /// The difference that an improvement exceeds, at least 0.
    pub const fn min_delta(self, min_delta: f64) -> Self {
        Self { min_delta, ..self }
    }

    /// Scores and keeps the weights of the best epoch, or those of the last.
    ///
    /// They are by default, as Lightning tests its best checkpoint; Keras asks for it by `restore_best_weights=True`.
    pub const fn restore_best(self, restore_best: bool) -> Self {
        Self { restore_best, ..self }
    }

    /// Does not look at the first `epochs` epochs: they neither count as improvements nor try the patience.
    pub const fn start_from_epoch(self, epochs: usize) -> Self {
        Self { start_from_epoch: epochs, ..self }
    }
}

impl Train {
    /// Ends a training that does not get better; see [`EarlyStopping`]. It is off by default.
    pub fn early_stopping(self, early_stopping: EarlyStopping) -> Self {
        Self { early_stopping: Some(early_stopping), ..self }
    }

    /// The patience of the [early stopping](Self::early_stopping), which this switches on.
    pub fn patience(self, patience: usize) -> Self {
        let early_stopping = self.early_stopping.unwrap_or_default();
        self.early_stopping(EarlyStopping { patience, ..early_stopping })
    }

    /// The difference that an improvement exceeds, for the [early stopping](Self::early_stopping), which this switches
    /// on.
    pub fn min_delta(self, min_delta: f64) -> Self {
        let early_stopping = self.early_stopping.unwrap_or_default();
        self.early_stopping(early_stopping.min_delta(min_delta))
    }
}
