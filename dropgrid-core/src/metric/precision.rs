//! Precision.

use std::marker::PhantomData;

use super::{Averaging, Direction, Measured, Metric, Needs, Scored, Support, averaging::Over, counts::Counted};
use crate::{
    data::{Flags, Labels},
    error::Result,
};

/// The share of the rows predicted as a class that are of it, in [0, 1].
///
/// `rows predicted right / rows predicted`, 0 with a warning where no row is predicted. As scikit-learn's
/// [`precision_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.precision_score.html): averages are over
/// the classes that are there, in truth or prediction, or over all flags.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{Averaging, Metric, Precision, Scored};
/// let scored = Scored::labels(&[0, 1, 1, 1], &[0, 0, 1, 1], 2)?;
/// assert_eq!(Precision::binary().score(&scored)?.value, 1.0);
/// assert_eq!(Precision::averaged(Averaging::Macro).score(&scored)?.value, 0.75);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Precision<K = Labels> {
    over: Over,
    kind: PhantomData<fn() -> K>,
}

impl Precision<Labels> {
    /// Of class 1, the positive one of two.
    pub const fn binary() -> Self {
        Self { over: Over::Binary, kind: PhantomData }
    }

    /// Of one class against the rest.
    pub const fn of_class(class: usize) -> Self {
        Self { over: Over::Class(class), kind: PhantomData }
    }
}

impl Precision<Flags> {
    /// Of each row's flags, then the mean over the rows.
    pub const fn samples() -> Self {
        Self { over: Over::Samples, kind: PhantomData }
    }
}

impl<K: Counted> Precision<K> {
    /// Of all classes or flags, averaged.
    pub const fn averaged(averaging: Averaging) -> Self {
        Self { over: Over::All(averaging), kind: PhantomData }
    }
}

impl<K: Counted> Metric for Precision<K> {
    type Kind = K;

    fn name(&self) -> String {
        self.over.name("precision")
    }

    fn direction(&self) -> Direction {
        Direction::Maximize
    }

    fn needs(&self) -> Needs {
        Needs::Labels
    }

    fn check(&self, classes: usize) -> Result<()> {
        self.over.check(|| self.name(), classes)
    }

    fn measure(&self, scored: &Scored<'_, K>) -> Result<Measured> {
        self.over.average(scored, Support::Predicted, |count| (count.right, count.predicted))
    }
}
