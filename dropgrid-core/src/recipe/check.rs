//! What a setting may be.

use super::Train;
use crate::error::{Error, Result};

const POSITIVE: &str = "a positive, finite number";
const SHARE: &str = "a number in [0, 1)";
const AMOUNT: &str = "a finite number of at least 0";

/// A number of at least 0 and below 1.
fn share(setting: &'static str, value: f64) -> Result<()> {
    number(setting, value, (0.0..1.0).contains(&value), SHARE)
}

/// A number above 0.
fn positive(setting: &'static str, value: f64) -> Result<()> {
    number(setting, value, value > 0.0 && value.is_finite(), POSITIVE)
}

fn number(setting: &'static str, value: f64, fine: bool, expected: &'static str) -> Result<()> {
    if fine { Ok(()) } else { Err(Error::Setting { setting, value: value.to_string(), expected }) }
}

/// A count of 1 to 2^32 - 1.
fn count(setting: &'static str, value: usize) -> Result<()> {
    let refused = |expected| Err(Error::Setting { setting, value: value.to_string(), expected });
    match value {
        0 => refused("at least 1"),
        _ if value > u32::MAX as usize => refused("at most 4294967295"),
        _ => Ok(()),
    }
}

impl Train {
    /// Checks every setting by itself.
    ///
    /// # Errors
    /// [`Error::Setting`] where a setting is outside its range.
    pub fn check(&self) -> Result<()> {
        positive("lr", self.lr)?;
        positive("eps", self.eps)?;
        share("beta1", self.beta1)?;
        share("beta2", self.beta2)?;
        share("momentum", self.momentum.unwrap_or(0.0))?;
        let decay = self.weight_decay;
        number("weight_decay", decay, decay >= 0.0 && decay.is_finite(), AMOUNT)?;
        count("epochs", self.epochs)?;
        count("batch_size", self.batch_size)
    }
}
