//! The training recipe.

mod optimizer;

pub use optimizer::Optimizer;

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
    /// What turns gradients into steps.
    pub optimizer: Optimizer,
    /// The learning rate.
    pub lr: f64,
    /// Passes over the training rows.
    pub epochs: usize,
    /// Rows a batch.
    pub batch_size: usize,
    /// The momentum of SGD and RMSprop, or none.
    pub momentum: Option<f64>,
    /// Whether SGD's momentum is Nesterov's.
    pub nesterov: bool,
    /// The weight decay; 0 is none.
    pub weight_decay: f64,
    /// Decay of Adam's first moment.
    pub beta1: f64,
    /// Decay of Adam's second moment.
    pub beta2: f64,
    /// What Adam and RMSprop add to a denominator.
    pub eps: f64,
}

impl Default for Train {
    /// Adam at 1e-3, 10 epochs, batches of 32.
    fn default() -> Self {
        Self {
            optimizer: Optimizer::Adam,
            lr: 1e-3,
            epochs: 10,
            batch_size: 32,
            momentum: None,
            nesterov: false,
            weight_decay: 0.0,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
        }
    }
}

impl Train {
    /// [Adam](Optimizer::Adam) with learning rate `lr`, betas 0.9 and 0.999, epsilon 1e-8 and no weight decay.
    pub fn adam(lr: f64) -> Self {
        Self { lr, ..Self::default() }
    }

    /// [AdamW](Optimizer::AdamW) with learning rate `lr` and weight decay 0.01.
    pub fn adamw(lr: f64) -> Self {
        Self { optimizer: Optimizer::AdamW, weight_decay: 0.01, ..Self::adam(lr) }
    }

    /// [SGD](Optimizer::Sgd) with learning rate `lr` and no momentum.
    pub fn sgd(lr: f64) -> Self {
        Self { optimizer: Optimizer::Sgd, ..Self::adam(lr) }
    }

    /// [RMSprop](Optimizer::RmsProp) with learning rate `lr`.
    pub fn rmsprop(lr: f64) -> Self {
        Self { optimizer: Optimizer::RmsProp, ..Self::adam(lr) }
    }

    /// The optimizer, with the other settings as they are.
    pub fn optimizer(self, optimizer: Optimizer) -> Self {
        Self { optimizer, ..self }
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

    /// The momentum of SGD or RMSprop, in [0, 1).
    pub fn momentum(self, momentum: f64) -> Self {
        Self { momentum: Some(momentum), ..self }
    }

    /// Whether SGD's momentum is Nesterov's.
    pub fn nesterov(self, nesterov: bool) -> Self {
        Self { nesterov, ..self }
    }

    /// The weight decay, at least 0.
    pub fn weight_decay(self, weight_decay: f64) -> Self {
        Self { weight_decay, ..self }
    }

    /// Decay of Adam's first moment, in [0, 1).
    pub fn beta1(self, beta1: f64) -> Self {
        Self { beta1, ..self }
    }

    /// Decay of Adam's second moment, in [0, 1).
    pub fn beta2(self, beta2: f64) -> Self {
        Self { beta2, ..self }
    }

    /// What Adam and RMSprop add to a denominator, above 0.
    pub fn eps(self, eps: f64) -> Self {
        Self { eps, ..self }
    }

    /// Checks every setting by itself.
    ///
    /// # Errors
    /// [`Error::Setting`] where a setting is outside its range.
    pub fn check(&self) -> Result<()> {
        let number = |setting, value: f64, fine: bool, expected| {
            if fine { Ok(()) } else { Err(Error::Setting { setting, value: value.to_string(), expected }) }
        };
        let share = |value: f64| (0.0..1.0).contains(&value);
        const POSITIVE: &str = "a positive, finite number";
        const SHARE: &str = "a number in [0, 1)";
        number("lr", self.lr, self.lr > 0.0 && self.lr.is_finite(), POSITIVE)?;
        number("eps", self.eps, self.eps > 0.0 && self.eps.is_finite(), POSITIVE)?;
        number("beta1", self.beta1, share(self.beta1), SHARE)?;
        number("beta2", self.beta2, share(self.beta2), SHARE)?;
        let momentum = self.momentum.unwrap_or(0.0);
        number("momentum", momentum, share(momentum), SHARE)?;
        let decay = self.weight_decay;
        number("weight_decay", decay, decay >= 0.0 && decay.is_finite(), "a finite number of at least 0")?;
        for (setting, value) in [("epochs", self.epochs), ("batch_size", self.batch_size)] {
            if value == 0 {
                return Err(Error::Setting { setting, value: value.to_string(), expected: "at least 1" });
            }
        }
        if self.epochs > u32::MAX as usize {
            let value = self.epochs.to_string();
            return Err(Error::Setting { setting: "epochs", value, expected: "at most 4294967295" });
        }
        Ok(())
    }
}
