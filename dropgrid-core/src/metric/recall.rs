//! Recall.

use super::{Support, ratio::ratio};

ratio!(
    /// The share of the rows of a class that are predicted as it, in [0, 1].
    ///
    /// `rows predicted right / rows true`, 0 with a warning where no row is true. As scikit-learn's
    /// [`recall_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.recall_score.html):
    /// averages are over the classes that are there, in truth or prediction, or over all flags.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::metric::{Averaging, Metric, Recall, Scored};
    /// let scored = Scored::labels(&[0, 1, 1, 1], &[0, 0, 1, 1], 2)?;
    /// assert_eq!(Recall::binary().score(&scored)?.value, 2.0 / 3.0);
    /// assert_eq!(Recall::averaged(Averaging::Macro).score(&scored)?.value, (1.0 + 2.0 / 3.0) / 2.0);
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    Recall,
    "recall",
    Support::True,
    |count| (count.right, count.truth)
);
