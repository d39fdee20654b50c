//! Precision.

use super::{Support, ratio::ratio};

ratio!(
    /// The share of the rows predicted as a class that are of it, in [0, 1].
    ///
    /// `rows predicted right / rows predicted`, 0 with a warning where no row is predicted. As scikit-learn's
    /// [`precision_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.precision_score.html):
    /// averages are over the classes that are there, in truth or prediction, or over all flags.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::metric::{Averaging, Metric, Precision, Scored};
    /// let scored = Scored::labels(&[0, 1, 1, 1], &[0, 0, 1, 1], 2)?;
    /// assert_eq!(Precision::binary().score(&scored)?.value, 1.0);
    /// assert_eq!(Precision::averaged(Averaging::Macro).score(&scored)?.value, 0.75);
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    Precision,
    "precision",
    Support::Predicted,
    |count| (count.right, count.predicted)
);
