//! The Jaccard index.

use super::{Support, ratio::ratio};

ratio!(
    /// The share of the rows that are of a class or predicted as it that are both, in [0, 1]: the intersection over the
    /// union.
    ///
    /// `rows predicted right / (rows true + rows predicted - rows predicted right)`, 0 with a warning where no row is
    /// true or predicted. As scikit-learn's
    /// [`jaccard_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.jaccard_score.html):
    /// averages are over the classes that are there, in truth or prediction, or over all flags.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::metric::{Averaging, Jaccard, Metric, Scored};
    /// let scored = Scored::labels(&[0, 1, 1, 1], &[0, 0, 1, 1], 2)?;
    /// assert_eq!(Jaccard::binary().score(&scored)?.value, 2.0 / 3.0);
    /// assert_eq!(Jaccard::averaged(Averaging::Micro).score(&scored)?.value, 3.0 / 5.0);
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    Jaccard,
    "jaccard",
    Support::TrueNorPredicted,
    |count| (count.right, count.truth + count.predicted - count.right)
);
