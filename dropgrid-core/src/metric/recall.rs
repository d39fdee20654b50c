//! Recall.

use std::marker::PhantomData;

use super::{Averaging, Direction, Measured, Metric, Needs, Scored, Support, averaging::Over, counts::Counted};
use crate::{
    data::{Flags, Labels},
    error::Result,
};

/// The share of the rows of a class that are predicted as it, in [0, 1].
///
/// `rows predicted right / rows true`, 0 with a warning where no row is true. As scikit-learn's
/// [`recall_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.recall_score.html): averages are over
/// the classes that are there, in truth or prediction, or over all flags.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{Averaging, Metric, Recall, Scored};
/// let scored = Scored::labels(&[0, 1, 1, 1], &[0, 0, 1, 1], 2)?;
/// assert_eq!(Recall::binary().score(&scored)?.value, 2.0 / 3.0);
/// assert_eq!(Recall::averaged(Averaging::Macro).score(&scored)?.value, (1.0 + 2.0 / 3.0) / 2.0);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recall<K = Labels> {
    over: Over,
    kind: PhantomData<fn() -> K>,
}

impl Recall<Labels> {
    /// Of class 1, the positive one of two.
    pub const fn binary() -> Self {
        Self { over: Over::Binary, kind: PhantomData }
    }

    /// Of one class against the rest.
    pub const fn of_class(class: usize) -> Self {
        Self { over: Over::Class(class), kind: PhantomData }
    }
}

impl Recall<Flags> {
    /// Of each row's flags, then the mean over the rows.
    pub const fn samples() -> Self {
        Self { over: Over::Samples, kind: PhantomData }
    }
}

impl<K: Counted> Recall<K> {
    /// Of all classes or flags, averaged.
    pub const fn averaged(averaging: Averaging) -> Self {
        Self { over: Over::All(averaging), kind: PhantomData }
    }
}

impl<K: Counted> Metric for Recall<K> {
    type Kind = K;

    fn name(&self) -> String {
        self.over.name("recall")
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
        self.over.average(scored, Support::True, |count| (count.right, count.truth))
    }
}
