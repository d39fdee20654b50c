//! F-scores.

use std::marker::PhantomData;

use super::{Averaging, Direction, Measured, Metric, Needs, Scored, Support, averaging::Over, counts::Counted};
use crate::{
    data::{Flags, Labels},
    error::{Error, Result},
};

/// The weighted harmonic mean of precision and recall, in [0, 1]: recall counts `beta` times as much as precision.
///
/// `(1 + beta²) right / (beta² true + predicted)`, 0 with a warning where no row is true or predicted. As
/// scikit-learn's [`fbeta_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.fbeta_score.html):
/// averages are over the classes that are there, in truth or prediction, or over all flags.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{FBeta, Metric, Scored};
/// let scored = Scored::labels(&[0, 1, 1, 1], &[0, 0, 1, 1], 2)?;
/// assert_eq!(FBeta::binary(2.0).score(&scored)?.value, 10.0 / 14.0);
/// assert!(FBeta::binary(-1.0).score(&scored).is_err());
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FBeta<K = Labels> {
    beta: f64,
    over: Over,
    kind: PhantomData<fn() -> K>,
}

/// The harmonic mean of precision and recall, in [0, 1]: [`FBeta`] with `beta` = 1.
///
/// `2 right / (true + predicted)`, as scikit-learn's
/// [`f1_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.f1_score.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{Averaging, F1, Metric, Place, Scored, Support, Warning};
/// let scored = Scored::labels(&[0, 1, 1, 1], &[0, 0, 1, 1], 2)?;
/// assert_eq!(F1::binary().score(&scored)?.value, 0.8);
/// assert_eq!(F1::averaged(Averaging::Micro).score(&scored)?.value, 0.75);
/// let nothing = F1::binary().score(&Scored::labels(&[0, 0], &[0, 0], 2)?)?;
/// let place = Place::Classes(vec![1]);
/// assert_eq!(nothing.value, 0.0);
/// assert_eq!(nothing.warnings, [Warning::ZeroDivision { support: Support::TrueNorPredicted, place }]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct F1<K = Labels> {
    of: FBeta<K>,
}

/// [`F1::binary`](struct@F1): the metric by its name alone, as scikit-learn's `scoring="f1"`.
#[allow(non_upper_case_globals, reason = "metrics without settings are written so")]
pub const F1: F1 = F1::binary();

/// A square of `beta` beside which 1 does not count.
const HUGE: f64 = 1e100;

impl FBeta<Labels> {
    /// The F-score of class 1, the positive one of two.
    pub const fn binary(beta: f64) -> Self {
        Self { beta, over: Over::Binary, kind: PhantomData }
    }

    /// The F-score of one class against the rest.
    pub const fn of_class(beta: f64, class: usize) -> Self {
        Self { beta, over: Over::Class(class), kind: PhantomData }
    }
}

impl FBeta<Flags> {
    /// The mean over the rows of the F-score of each row's flags.
    pub const fn samples(beta: f64) -> Self {
        Self { beta, over: Over::Samples, kind: PhantomData }
    }
}

impl<K: Counted> FBeta<K> {
    /// The F-score of each class or flag, averaged.
    pub const fn averaged(beta: f64, averaging: Averaging) -> Self {
        Self { beta, over: Over::All(averaging), kind: PhantomData }
    }
}

impl F1<Labels> {
    /// The F-score of class 1, the positive one of two.
    pub const fn binary() -> Self {
        Self { of: FBeta::binary(1.0) }
    }

    /// The F-score of one class against the rest.
    pub const fn of_class(class: usize) -> Self {
        Self { of: FBeta::of_class(1.0, class) }
    }
}

impl F1<Flags> {
    /// The mean over the rows of the F-score of each row's flags.
    pub const fn samples() -> Self {
        Self { of: FBeta::samples(1.0) }
    }
}

impl<K: Counted> F1<K> {
    /// The F-score of each class or flag, averaged.
    pub const fn averaged(averaging: Averaging) -> Self {
        Self { of: FBeta::averaged(1.0, averaging) }
    }
}

impl<K: Counted> Metric for FBeta<K> {
    type Kind = K;

    fn name(&self) -> String {
        self.over.name(&format!("f{}", self.beta))
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
        Needs::Labels
    }

    fn check(&self, classes: usize) -> Result<()> {
        if self.beta.is_nan() || self.beta < 0.0 {
            return Err(Error::Setting { setting: "beta", value: self.beta.to_string(), expected: "at least 0" });
        }
        self.over.check(|| self.name(), classes)
    }

    fn measure(&self, scored: &Scored<'_, K>) -> Result<Measured> {
        let square = self.beta * self.beta;
        self.over.average(scored, Support::TrueNorPredicted, |count| {
            if square > HUGE {
                // Both sides divided by the square, which products with weights would overflow.
                return (count.right, count.truth + count.predicted / square);
            }
            ((1.0 + square) * count.right, square * count.truth + count.predicted)
        })
    }
}

impl<K: Counted> Metric for F1<K> {
    type Kind = K;

    fn name(&self) -> String {
        self.of.name()
    }

    fn identity(&self) -> String {
        self.name()
    }

    fn direction(&self) -> Direction {
        self.of.direction()
    }

    fn best(&self) -> Option<f64> {
        self.of.best()
    }

    fn needs(&self) -> Needs {
        self.of.needs()
    }

    fn check(&self, classes: usize) -> Result<()> {
        self.of.check(classes)
    }

    fn measure(&self, scored: &Scored<'_, K>) -> Result<Measured> {
        self.of.measure(scored)
    }
}
