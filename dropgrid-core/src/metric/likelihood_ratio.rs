//! Likelihood ratios of a test.

use super::{Direction, Measured, Metric, Needs, Scored, Warning, sum::Sum};
use crate::{
    data::Labels,
    error::{Error, Result, ScoringError},
};

/// The odds that a row is of class 1 once it is predicted so, over its odds before: from 1, a test that says nothing,
/// upwards.
///
/// `(TP / (TP + FN)) / (FP / (FP + TN))`: sensitivity over 1 - specificity, of two classes. It does not depend on how
/// frequent the classes are. Undefined, with a warning, where no row is a false positive: NaN, or the number that
/// [`replace_undefined_by`](Self::replace_undefined_by) sets; and NaN where no row is of class 1. As scikit-learn's
/// [`class_likelihood_ratios`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.class_likelihood_ratios.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{Metric, PositiveLikelihoodRatio, Scored};
/// let scored = Scored::labels(&[0, 0, 0, 1, 1], &[0, 0, 1, 1, 1], 2)?;
/// let score = PositiveLikelihoodRatio::new().score(&scored)?;
/// assert!((score.value - 3.0).abs() < 1e-15); // a third is rounded
/// let scored = Scored::labels(&[0, 1], &[0, 1], 2)?;
/// let ratio = PositiveLikelihoodRatio::new().replace_undefined_by(f64::INFINITY);
/// assert_eq!(ratio.score(&scored)?.value, f64::INFINITY);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PositiveLikelihoodRatio {
    undefined: f64,
}

/// The odds that a row is of class 1 although it is predicted otherwise, over its odds before: from 1, a test that says
/// nothing, down to 0, at best.
///
/// `(FN / (TP + FN)) / (TN / (FP + TN))`: 1 - sensitivity over specificity, of two classes. Undefined, with a warning,
/// where no row is a true negative: NaN, or the number that [`replace_undefined_by`](Self::replace_undefined_by) sets;
/// and NaN where no row is of class 1. As scikit-learn's
/// [`class_likelihood_ratios`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.class_likelihood_ratios.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{Metric, NegativeLikelihoodRatio, Scored};
/// let scored = Scored::labels(&[0, 0, 1, 1], &[0, 0, 1, 0], 2)?;
/// assert_eq!(NegativeLikelihoodRatio::new().score(&scored)?.value, 0.5);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NegativeLikelihoodRatio {
    undefined: f64,
}

/// The weight of the rows of two classes by truth and prediction.
struct Cells {
    true_negative: f64,
    false_positive: f64,
    false_negative: f64,
    true_positive: f64,
}

impl Cells {
    fn of(scored: &Scored<'_, Labels>) -> Result<Self> {
        let mut sums = [[Sum::default(); 2]; 2];
        for (row, (&truth, &predicted)) in scored.truth().iter().zip(scored.predicted()?).enumerate() {
            sums[truth][predicted].add(scored.weight(row));
        }
        let [[true_negative, false_positive], [false_negative, true_positive]] =
            sums.map(|predicted| predicted.map(Sum::value));
        Ok(Self { true_negative, false_positive, false_negative, true_positive })
    }

    /// The positive and the negative rows that are predicted as positive.
    fn predicted_positive(&self) -> (f64, f64) {
        (self.true_positive, self.false_positive)
    }

    /// The positive and the negative rows that are predicted as negative.
    fn predicted_negative(&self) -> (f64, f64) {
        (self.false_negative, self.true_negative)
    }

    fn positive(&self) -> f64 {
        self.true_positive + self.false_negative
    }

    fn negative(&self) -> f64 {
        self.true_negative + self.false_positive
    }
}

/// Implements a likelihood ratio: its name, direction, best value and the range of what stands for an undefined one;
/// the shares of the positive and of the negative rows of which it is made; and the warning where there are no such
/// negative rows.
macro_rules! likelihood_ratio {
    ($metric:ident, $name:literal, $direction:expr, $best:expr, $range:expr, $expected:literal, $of:path, $warning:expr) => {
        impl $metric {
            /// The ratio, NaN where it is undefined.
            pub const fn new() -> Self {
                Self { undefined: f64::NAN }
            }

            #[doc = concat!("The number that stands for a ratio that is undefined: ", $expected, ".")]
            pub const fn replace_undefined_by(mut self, undefined: f64) -> Self {
                self.undefined = undefined;
                self
            }
        }

        impl Default for $metric {
            fn default() -> Self {
                Self::new()
            }
        }

        impl Metric for $metric {
            type Kind = Labels;

            fn name(&self) -> String {
                $name.to_owned()
            }

            fn identity(&self) -> String {
                if self.undefined.is_nan() { self.name() } else { format!("{} or {}", self.name(), self.undefined) }
            }

            fn direction(&self) -> Direction {
                $direction
            }

            fn best(&self) -> Option<f64> {
                $best
            }

            fn needs(&self) -> Needs {
                Needs::Labels
            }

            fn check(&self, classes: usize) -> Result<()> {
                if classes != 2 {
                    return Err(ScoringError::NotBinary { metric: self.name(), classes }.into());
                }
                if self.undefined.is_nan() || $range.contains(&self.undefined) {
                    return Ok(());
                }
                let value = self.undefined.to_string();
                Err(Error::Setting { setting: "replace_undefined_by", value, expected: $expected })
            }

            fn undefined_for(&self, rows: &Scored<'_, Labels>) -> Option<Warning> {
                let only = rows.only_class().filter(|_| self.undefined.is_nan())?;
                Some(if only == 0 { Warning::NoPositive { class: Some(1) } } else { $warning })
            }

            fn measure(&self, scored: &Scored<'_, Labels>) -> Result<Measured> {
                let cells = Cells::of(scored)?;
                let (above, below) = $of(&cells);
                let (positive, negative) = (cells.positive(), cells.negative());
                let mut warnings = Vec::new();
                if positive == 0.0 {
                    warnings.push(Warning::NoPositive { class: Some(1) });
                }
                if below == 0.0 {
                    warnings.push($warning);
                    return Ok(Measured { value: self.undefined, warnings });
                }
                // NaN where no row is positive, as scikit-learn has it whatever stands for an undefined ratio.
                Ok(Measured { value: (above * negative) / (below * positive), warnings })
            }
        }
    };
}

likelihood_ratio!(
    PositiveLikelihoodRatio,
    "positive_likelihood_ratio",
    Direction::Maximize,
    None,
    (1.0..=f64::INFINITY),
    "NaN or a number of at least 1",
    Cells::predicted_positive,
    Warning::NoFalsePositive
);
likelihood_ratio!(
    NegativeLikelihoodRatio,
    "negative_likelihood_ratio",
    Direction::Minimize,
    Some(0.0),
    (0.0..=1.0),
    "NaN or a number in [0, 1]",
    Cells::predicted_negative,
    Warning::NoTrueNegative
);
