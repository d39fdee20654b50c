//! The range of each setting.

use std::fmt;

use super::{ClassWeight, PosWeight, Train};
use crate::error::{Error, Result};

const POSITIVE: &str = "a positive, finite number";
const SHARE: &str = "a number in [0, 1)";
const AMOUNT: &str = "a finite number of at least 0";

/// A number of at least 0 and below 1.
fn share(setting: &'static str, value: f64) -> Result<()> {
    number(setting, value, (0.0..1.0).contains(&value), SHARE)
}

/// A finite number of at least 0.
fn amount(setting: &'static str, value: f64) -> Result<()> {
    number(setting, value, value >= 0.0 && value.is_finite(), AMOUNT)
}

/// A number above 0.
fn positive(setting: &'static str, value: f64) -> Result<()> {
    number(setting, value, value > 0.0 && value.is_finite(), POSITIVE)
}

/// A number above 0 in single precision too, in which steps are made: an epsilon of 0 there would divide 0 by 0.
fn single(setting: &'static str, value: f64) -> Result<()> {
    positive(setting, value)?;
    let range = f64::from(f32::MIN_POSITIVE)..=f64::from(f32::MAX);
    number(setting, value, range.contains(&value), "a number from 1.2e-38 to 3.4e38")
}

fn number(setting: &'static str, value: f64, fine: bool, expected: &'static str) -> Result<()> {
    if fine { Ok(()) } else { refused(setting, value, expected) }
}

fn refused(setting: &'static str, value: impl fmt::Display, expected: &'static str) -> Result<()> {
    Err(Error::Setting { setting, value: value.to_string(), expected })
}

/// A count of 1 to 2^32 - 1.
fn count(setting: &'static str, value: usize) -> Result<()> {
    match value {
        0 => refused(setting, value, "at least 1"),
        _ if value > u32::MAX as usize => refused(setting, value, "at most 4294967295"),
        _ => Ok(()),
    }
}

impl Train {
    /// Checks every setting by itself.
    ///
    /// # Errors
    /// [`Error::Setting`] where a setting is outside its range.
    pub fn check(&self) -> Result<()> {
        single("lr", self.lr)?;
        share("threshold", self.threshold)?;
        if self.mc_samples > 0 {
            count("mc_samples", self.mc_samples)?;
        }
        single("eps", self.eps)?;
        share("beta1", self.beta1)?;
        share("beta2", self.beta2)?;
        share("momentum", self.momentum.unwrap_or(0.0))?;
        amount("weight_decay", self.weight_decay)?;
        let dampening = self.dampening;
        number("dampening", dampening, (0.0..=1.0).contains(&dampening), "a number in [0, 1]")?;
        share("alpha", self.alpha)?;
        amount("momentum_decay", self.momentum_decay)?;
        amount("lr_decay", self.lr_decay)?;
        let accumulator = self.initial_accumulator_value;
        let range = 0.0..=f64::from(f32::MAX);
        number("initial_accumulator_value", accumulator, range.contains(&accumulator), "a number from 0 to 3.4e38")?;
        positive("clip_norm", self.clip_norm.unwrap_or(1.0))?;
        positive("clip_value", self.clip_value.unwrap_or(1.0))?;
        share("ema", self.ema.unwrap_or(0.0))?;
        self.schedule.check()?;
        share("label_smoothing", self.label_smoothing)?;
        positive("huber_delta", self.huber_delta)?;
        amount("focal_gamma", self.focal_gamma)?;
        let is_amount = |weight: &f64| *weight >= 0.0 && weight.is_finite();
        match &self.class_weight {
            ClassWeight::Given(weights) if !weights.iter().all(is_amount) || weights.iter().all(|&w| w == 0.0) => {
                refused("class_weight", &self.class_weight, "finite numbers of at least 0, not all of them 0")?;
            }
            _ => {}
        }
        let is_positive = |weight: &f64| *weight > 0.0 && weight.is_finite();
        match &self.pos_weight {
            PosWeight::Same(weight) => positive("pos_weight", *weight)?,
            PosWeight::Given(weights) if !weights.iter().all(is_positive) => {
                refused("pos_weight", &self.pos_weight, "positive, finite numbers")?;
            }
            _ => {}
        }
        amount("min_delta", self.early_stopping.unwrap_or_default().min_delta)?;
        let fraction = self.validation_fraction;
        let is_inside = fraction > 0.0 && fraction < 1.0;
        number("validation_fraction", fraction, is_inside, "a number between 0 and 1 and neither of them")?;
        count("epochs", self.epochs)?;
        count("batch_size", self.batch_size)?;
        count("accumulate", self.accumulate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_outside_its_range_is_refused() {
        let recipe = Train::default;
        for (recipe, message) in [
            (recipe().lr(0.0), "lr is 0, expected a positive, finite number"),
            (recipe().eps(0.0), "eps is 0, expected a positive, finite number"),
            (
                recipe().eps(1e-50),
                "eps is 0.00000000000000000000000000000000000000000000000001, expected a number from 1.2e-38 to 3.4e38",
            ),
            (recipe().beta2(1.0), "beta2 is 1, expected a number in [0, 1)"),
            (recipe().dampening(1.5), "dampening is 1.5, expected a number in [0, 1]"),
            (recipe().alpha(1.0), "alpha is 1, expected a number in [0, 1)"),
            (recipe().momentum_decay(-1.0), "momentum_decay is -1, expected a finite number of at least 0"),
            (recipe().lr_decay(f64::INFINITY), "lr_decay is inf, expected a finite number of at least 0"),
            (
                recipe().initial_accumulator_value(-0.5),
                "initial_accumulator_value is -0.5, expected a number from 0 to 3.4e38",
            ),
            (recipe().clip_norm(0.0), "clip_norm is 0, expected a positive, finite number"),
            (recipe().clip_value(f64::NAN), "clip_value is NaN, expected a positive, finite number"),
            (recipe().ema(1.0), "ema is 1, expected a number in [0, 1)"),
            (recipe().accumulate(0), "accumulate is 0, expected at least 1"),
            (recipe().min_delta(-1e-3), "min_delta is -0.001, expected a finite number of at least 0"),
            (
                recipe().validation_fraction(0.0),
                "validation_fraction is 0, expected a number between 0 and 1 and neither of them",
            ),
            (recipe().epochs(1 << 33), "epochs is 8589934592, expected at most 4294967295"),
        ] {
            assert_eq!(recipe.check().unwrap_err().to_string(), message);
        }
        assert!(recipe().clip_norm(1.0).clip_value(0.5).ema(0.999).accumulate(4).drop_last(true).check().is_ok());
        assert!(recipe().beta2(0.999_999_99).eps(1e-30).check().is_ok());
    }
}
