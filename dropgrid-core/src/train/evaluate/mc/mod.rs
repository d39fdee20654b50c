//! Monte-Carlo dropout: passes with dropout on, their mean and their spread.

mod moments;
mod passes;

pub(crate) use moments::Moments;
pub(crate) use passes::{check, sample};

use crate::error::{Error, Result};

/// A number of passes with dropout on, over which predictions are averaged
/// ([Gal and Ghahramani 2016](https://proceedings.mlr.press/v48/gal16.html)).
///
/// It is the only way to run dropout outside of training, and must be requested explicitly:
/// [`Fitted::mc_predict`](crate::train::Fitted::mc_predict), [`Search::mc_scoring`](crate::search::Search::mc_scoring),
/// or the setting [`mc_samples`](crate::recipe::Train::mc_samples) of a recipe. It is not a metric, so that no score
/// can be computed with dropout left on by accident.
///
/// ```compile_fail,E0277
/// # use dropgrid_core::{data::Labels, metric::Scoring, train::McDropout};
/// fn score(metrics: impl Scoring<Labels>) {}
/// score(McDropout(20));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct McDropout(pub usize);

impl McDropout {
    /// The number of passes.
    ///
    /// # Errors
    /// [`Error::Setting`] for 0 passes or more than 4,294,967,295, the number of random streams.
    pub(crate) fn passes(self) -> Result<usize> {
        let refused = |expected| Err(Error::Setting { setting: "McDropout", value: self.0.to_string(), expected });
        match self.0 {
            0 => refused("at least 1 pass"),
            passes if passes > u32::MAX as usize => refused("at most 4294967295 passes"),
            passes => Ok(passes),
        }
    }
}
