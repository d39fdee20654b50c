//! The best of one rate that a threshold reaches while another keeps to a limit.

use super::{Direction, Measured, Metric, Needs, Scored, Warning, ranking::Ranking, sum::Sum};
use crate::{
    data::Labels,
    error::{Error, Result, ScoringError},
};

/// The weight of rows that are predicted as class 1 at a threshold, and of all.
#[derive(Debug, Clone, Copy)]
struct Point {
    true_positive: f64,
    false_positive: f64,
    positive: f64,
    negative: f64,
}

impl Point {
    /// The share of class 1 that is found: sensitivity.
    fn recall(self) -> f64 {
        self.true_positive / self.positive
    }

    /// The share of what is found that is of class 1; 1 where nothing is found.
    fn precision(self) -> f64 {
        let found = self.true_positive + self.false_positive;
        if found == 0.0 { 1.0 } else { self.true_positive / found }
    }

    /// The share of class 0 that is not found: 1 less the false-positive rate.
    fn specificity(self) -> f64 {
        (self.negative - self.false_positive) / self.negative
    }
}

/// The highest rate `of` a point whose other rate, `within`, is at least `limit`: over nothing found, and over each
/// distinct score of positive rows as threshold. At any other score the true positives are those of the one above, and
/// there are more false ones.
fn highest(
    scored: &Scored<'_, Labels>,
    limit: f64,
    of: fn(Point) -> f64,
    within: fn(Point) -> f64,
    needs_both: bool,
) -> Result<Measured> {
    let scores = scored.scores()?;
    let mut ranking = Ranking::default();
    for (row, &class) in scored.truth().iter().enumerate() {
        let weight = scored.relative_weights().map(|weights| weights[row]);
        // The highest score is the first in ascending order.
        ranking.add(class == 1, -scores.get(row, 1), weight);
    }
    let sorted = ranking.sorted();
    let (positive, negative) = sorted.totals();
    if positive == 0.0 {
        return Ok(Measured::undefined(Warning::NoPositive { class: Some(1) }));
    }
    if needs_both && negative == 0.0 {
        return Ok(Measured::undefined(Warning::OneClass { class: Some(1), positive: true }));
    }
    let (mut found, mut false_alarms) = (Sum::default(), Sum::default());
    let nothing = Point { true_positive: 0.0, false_positive: 0.0, positive, negative };
    let points = sorted.ties().map(|tie| {
        found.add(tie.positive);
        false_alarms.add(tie.before + tie.negative);
        Point { true_positive: found.value(), false_positive: false_alarms.value(), ..nothing }
    });
    let allowed = std::iter::once(nothing).chain(points).filter(|point| within(*point) >= limit);
    Ok(allowed.map(of).fold(0.0, f64::max).into())
}

/// Defines a metric that is the best of one rate while another is at least a limit.
macro_rules! operating_point {
    ($(#[$meta:meta])* $metric:ident, $name:literal, $limit:literal, $of:expr, $within:expr, $needs_both:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $metric {
            limit: f64,
        }

        impl $metric {
            #[doc = concat!("The metric at a ", $limit, " of at least `limit`, in [0, 1].")]
            pub const fn new(limit: f64) -> Self {
                Self { limit }
            }
        }

        impl Metric for $metric {
            type Kind = Labels;

            fn name(&self) -> String {
                format!(concat!($name, "_{}"), self.limit)
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
                Needs::Scores
            }

            fn check(&self, classes: usize) -> Result<()> {
                if classes != 2 {
                    return Err(ScoringError::NotBinary { metric: self.name(), classes }.into());
                }
                if (0.0..=1.0).contains(&self.limit) {
                    return Ok(());
                }
                let value = self.limit.to_string();
                Err(Error::Setting { setting: $limit, value, expected: "a number in [0, 1]" })
            }

            fn undefined_for(&self, rows: &Scored<'_, Labels>) -> Option<Warning> {
                self.measure(rows).ok()?.reason()
            }

            fn measure(&self, scored: &Scored<'_, Labels>) -> Result<Measured> {
                highest(scored, self.limit, $of, $within, $needs_both)
            }
        }
    };
}

operating_point!(
    /// The highest recall of class 1, of two, that a threshold has at a given precision, in [0, 1]; 0 where no
    /// threshold has that precision.
    ///
    /// `max recall(t)` over the thresholds t with `precision(t) >= limit`: the largest of scikit-learn's
    /// [`precision_recall_curve`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.precision_recall_curve.html).
    /// Keras' [`RecallAtPrecision`](https://keras.io/api/metrics/classification_metrics/) looks at 200 thresholds; this
    /// looks at all. NaN with a warning where no row is of class 1.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::metric::{Metric, RecallAtPrecision, Scored};
    /// let scored = Scored::binary(&[0, 1, 0, 1], &[0.1, 0.3, 0.4, 0.9])?;
    /// assert_eq!(RecallAtPrecision::new(0.9).score(&scored)?.value, 0.5);
    /// assert_eq!(RecallAtPrecision::new(0.6).score(&scored)?.value, 1.0);
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    RecallAtPrecision, "recall_at_precision", "precision", Point::recall, Point::precision, false
);
operating_point!(
    /// The highest precision of class 1, of two, that a threshold has at a given recall, in [0, 1].
    ///
    /// `max precision(t)` over the thresholds t with `recall(t) >= limit`, on the same curve as
    /// [`RecallAtPrecision`]. NaN with a warning where no row is of class 1.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::metric::{Metric, PrecisionAtRecall, Scored};
    /// let scored = Scored::binary(&[0, 1, 0, 1], &[0.1, 0.3, 0.4, 0.9])?;
    /// assert_eq!(PrecisionAtRecall::new(0.5).score(&scored)?.value, 1.0);
    /// assert_eq!(PrecisionAtRecall::new(0.9).score(&scored)?.value, 2.0 / 3.0);
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    PrecisionAtRecall, "precision_at_recall", "recall", Point::precision, Point::recall, false
);
operating_point!(
    /// The highest sensitivity that a threshold has at a given specificity, in [0, 1]: the share of class 1 that is
    /// found while at most a share of 1 - `limit` of class 0 is found with it, the limit of a false-positive rate.
    ///
    /// `max sensitivity(t)` over the thresholds t with `specificity(t) >= limit`: the largest of scikit-learn's
    /// [`roc_curve`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.roc_curve.html). Keras'
    /// `SensitivityAtSpecificity` looks at 200 thresholds; this looks at all. NaN with a warning where all rows are of
    /// one class.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::metric::{Metric, Scored, SensitivityAtSpecificity};
    /// let scored = Scored::binary(&[0, 1, 0, 1], &[0.1, 0.3, 0.4, 0.9])?;
    /// assert_eq!(SensitivityAtSpecificity::new(0.9).score(&scored)?.value, 0.5);
    /// assert_eq!(SensitivityAtSpecificity::new(0.5).score(&scored)?.value, 1.0);
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    SensitivityAtSpecificity,
    "sensitivity_at_specificity",
    "specificity",
    Point::recall,
    Point::specificity,
    true
);
operating_point!(
    /// The highest specificity that a threshold has at a given sensitivity, in [0, 1].
    ///
    /// `max specificity(t)` over the thresholds t with `sensitivity(t) >= limit`, on the same curve as
    /// [`SensitivityAtSpecificity`]. NaN with a warning where all rows are of one class.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::metric::{Metric, Scored, SpecificityAtSensitivity};
    /// let scored = Scored::binary(&[0, 1, 0, 1], &[0.1, 0.3, 0.4, 0.9])?;
    /// assert_eq!(SpecificityAtSensitivity::new(0.5).score(&scored)?.value, 1.0);
    /// assert_eq!(SpecificityAtSensitivity::new(1.0).score(&scored)?.value, 0.5);
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    SpecificityAtSensitivity,
    "specificity_at_sensitivity",
    "sensitivity",
    Point::specificity,
    Point::recall,
    true
);
