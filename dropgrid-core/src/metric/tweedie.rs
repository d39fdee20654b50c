//! Tweedie deviances, and their explained share.

use super::{
    Direction, Fraction, Measured, Metric, Needs, Scored, Warning,
    outputs::{check_single, weighted_sum},
    poisson,
    sum::mean,
};
use crate::{
    data::Values,
    error::{Error, Result, ScoringError},
};

/// The mean deviance of a Tweedie distribution, 0 at best; of one output.
///
/// The variance of the truth grows with the `power` of its mean: 0 is the [squared error](super::MeanSquaredError), 1
/// [Poisson's](super::MeanPoissonDeviance), between 1 and 2 that of sums such as the claims of a year, 2
/// [gamma's](super::MeanGammaDeviance), 3 the inverse Gaussian. Else `2 (t^(2 - p) / ((1 - p) (2 - p)) - t m^(1 - p) /
/// (1 - p) + m^(2 - p) / (2 - p))` for the truth t, the prediction m and the power p, where a truth below 0 counts as 0
/// in the first term.
///
/// Predictions are above 0 but for power 0; truths are at least 0 from power 1 on, and above 0 from power 2 on. As
/// scikit-learn's
/// [`mean_tweedie_deviance`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_tweedie_deviance.html),
/// which refuses several outputs, too.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MeanTweedieDeviance, Metric, Scored};
/// let scored = Scored::values(&[0.0, 2.0], &[0.5, 2.0], 1)?;
/// assert_eq!(MeanTweedieDeviance::new(0.0).score(&scored)?.value, 0.125);
/// assert_eq!(MeanTweedieDeviance::new(1.0).score(&scored)?.value, 0.5);
/// let error = MeanTweedieDeviance::new(0.5).score(&scored).unwrap_err();
/// assert_eq!(error.to_string(), "power is 0.5, expected a finite number of at most 0 or at least 1");
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanTweedieDeviance {
    power: f64,
}

/// The share of the [Tweedie deviance](MeanTweedieDeviance) from the mean that predictions explain: 1 at best, 0 for a
/// guess of the mean, or below; of one output. Power 0 is [R²](super::R2).
///
/// `1 - D(truth, predicted) / D(truth, mean of the truth)`. NaN with a warning for a single row. As scikit-learn's
/// [`d2_tweedie_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.d2_tweedie_score.html); but
/// where the truth is constant, 1 if the prediction is perfect and else 0, as of R², where that divides by 0.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{D2Tweedie, Metric, Scored};
/// let scored = Scored::values(&[1.0, 3.0], &[1.0, 2.0], 1)?;
/// assert_eq!(D2Tweedie::new(0.0).score(&scored)?.value, 0.5);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct D2Tweedie {
    deviance: MeanTweedieDeviance,
}

impl MeanTweedieDeviance {
    /// The deviance of the `power`, at most 0 or at least 1.
    pub const fn new(power: f64) -> Self {
        Self { power }
    }

    /// The deviance of one row, exactly 0 where truth and prediction are equal.
    fn of(self, (truth, predicted): (f64, f64)) -> f64 {
        let power = self.power;
        if truth == predicted {
            0.0
        } else if power == 0.0 {
            (truth - predicted).powi(2)
        } else if power == 1.0 {
            poisson::deviance((truth, predicted))
        } else if power == 2.0 {
            // With truth and prediction exchanged, a Poisson deviance is 2 (p ln(p / t) - p + t).
            poisson::deviance((predicted, truth)) / predicted
        } else {
            let (first, second) = (1.0 - power, 2.0 - power);
            let own = libm::pow(truth.max(0.0), second) / (first * second);
            2.0 * (own - truth * libm::pow(predicted, first) / first + libm::pow(predicted, second) / second)
        }
    }

    /// Refuses numbers for which the deviance is not defined.
    fn check_domain(self, metric: &impl Metric, scored: &Scored<'_, Values>) -> Result<()> {
        let power = self.power;
        for (row, (truth, predicted)) in scored.output(0).enumerate() {
            let outside = |what, value, expected| {
                Err(ScoringError::Domain { metric: metric.name(), what, row: row + 1, value, expected }.into())
            };
            if power >= 2.0 && truth <= 0.0 {
                return outside("truth", truth, "above 0");
            }
            if power >= 1.0 && truth < 0.0 {
                return outside("truth", truth, "at least 0");
            }
            if power != 0.0 && predicted <= 0.0 {
                return outside("prediction", predicted, "above 0");
            }
        }
        Ok(())
    }

    fn check_power(self, metric: &impl Metric, outputs: usize) -> Result<()> {
        let power = self.power;
        if !power.is_finite() || (0.0 < power && power < 1.0) {
            let expected = "a finite number of at most 0 or at least 1";
            return Err(Error::Setting { setting: "power", value: power.to_string(), expected });
        }
        check_single(metric, outputs)
    }
}

impl D2Tweedie {
    /// The explained share of the deviance of the `power`, at most 0 or at least 1.
    pub const fn new(power: f64) -> Self {
        Self { deviance: MeanTweedieDeviance::new(power) }
    }
}

impl Metric for MeanTweedieDeviance {
    type Kind = Values;

    fn name(&self) -> String {
        format!("mean_tweedie_deviance_{}", self.power)
    }

    fn identity(&self) -> String {
        self.name()
    }

    fn direction(&self) -> Direction {
        Direction::Minimize
    }

    fn best(&self) -> Option<f64> {
        Some(0.0)
    }

    fn needs(&self) -> Needs {
        Needs::Values
    }

    fn check(&self, outputs: usize) -> Result<()> {
        self.check_power(self, outputs)
    }

    fn measure(&self, scored: &Scored<'_, Values>) -> Result<Measured> {
        self.check_domain(self, scored)?;
        Ok(mean(scored.output(0).map(|row| self.of(row)), scored.relative_weights()).into())
    }
}

impl Metric for D2Tweedie {
    type Kind = Values;

    fn name(&self) -> String {
        format!("d2_tweedie_{}", self.deviance.power)
    }

    fn identity(&self) -> String {
        self.name()
    }

    fn direction(&self) -> Direction {
        Direction::Maximize
    }

    fn best(&self) -> Option<f64> {
        Some(1.0)
    }

    fn needs(&self) -> Needs {
        Needs::Values
    }

    fn check(&self, outputs: usize) -> Result<()> {
        self.deviance.check_power(self, outputs)
    }

    fn undefined_for(&self, rows: &Scored<'_, Values>) -> Option<Warning> {
        (rows.len() < 2).then_some(Warning::TooFewRows { rows: rows.len(), needed: 2 })
    }

    fn measure(&self, scored: &Scored<'_, Values>) -> Result<Measured> {
        if scored.len() < 2 {
            return Ok(Measured::undefined(Warning::TooFewRows { rows: scored.len(), needed: 2 }));
        }
        self.deviance.check_domain(self, scored)?;
        let (rows, weights) = (scored.output(0), scored.relative_weights());
        let mut counted =
            rows.clone().enumerate().filter(|(row, _)| scored.weight(*row) > 0.0).map(|(_, (truth, _))| truth);
        let first = counted.next();
        // The mean of equal numbers is not always that number.
        let middle = match first {
            Some(first) if counted.all(|truth| truth == first) => first,
            _ => mean(rows.clone().map(|(truth, _)| truth), weights),
        };
        let unexplained = weighted_sum(rows.clone().map(|row| self.deviance.of(row)), weights);
        let all = weighted_sum(rows.map(|(truth, _)| self.deviance.of((truth, middle))), weights);
        Ok(Fraction::new(unexplained, all).explained().into())
    }
}
