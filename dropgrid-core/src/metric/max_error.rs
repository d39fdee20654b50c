//! Maximum error.

use super::{Direction, Measured, Metric, Needs, Scored, outputs::check_single};
use crate::{data::Values, error::Result};

/// The largest absolute difference of truth and prediction, 0 at best; of one output.
///
/// `max |truth - predicted|` over the rows whose weight is not 0, as scikit-learn's
/// [`max_error`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.max_error.html), which takes no
/// weights and refuses several outputs, too.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MaxError, Metric, Scored};
/// let scored = Scored::values(&[3.0, -0.5, 2.0, 7.0], &[2.5, 0.0, 2.0, 8.0], 1)?;
/// assert_eq!(MaxError.score(&scored)?.value, 1.0);
/// let error = MaxError.score(&Scored::values(&[3.0, -0.5], &[2.5, 0.0], 2)?).unwrap_err();
/// assert_eq!(error.to_string(), "max_error is for one output, here are 2");
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxError;

impl Metric for MaxError {
    type Kind = Values;

    fn name(&self) -> String {
        "max_error".to_owned()
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
        check_single(self, outputs)
    }

    fn measure(&self, scored: &Scored<'_, Values>) -> Result<Measured> {
        let counted = scored.output(0).enumerate().filter(|&(row, _)| scored.weight(row) > 0.0);
        Ok(counted.map(|(_, (truth, predicted))| (truth - predicted).abs()).fold(0.0, f64::max).into())
    }
}
