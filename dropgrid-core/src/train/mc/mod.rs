//! Monte-Carlo dropout: many passes with dropout on, their mean, and how far they are apart.

mod moments;
mod passes;
mod predictions;

pub(crate) use moments::Moments;
pub(crate) use passes::{check, sample};
pub use predictions::McPredictions;

use crate::{
    data::Features,
    error::{Error, Result},
    model::Model,
    seed::{Purpose, REFIT, Seed},
    train::{Fitted, Objective},
};

/// A number of passes with dropout on, over which predictions are averaged
/// ([Gal and Ghahramani 2016](https://proceedings.mlr.press/v48/gal16.html)).
///
/// It is the only way to run dropout outside training, and has to be asked for by name: [`Fitted::mc_predict`],
/// [`Search::mc_scoring`](crate::search::Search::mc_scoring), or the setting
/// [`mc_samples`](crate::recipe::Train::mc_samples) of a recipe. It is no metric, since a score with dropout on by accident
/// is what the phases are there to prevent:
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
    /// [`Error::Setting`] where there are none, or more than are ever drawn for.
    pub(crate) fn passes(self) -> Result<usize> {
        let refused = |expected| Err(Error::Setting { setting: "McDropout", value: self.0.to_string(), expected });
        match self.0 {
            0 => refused("at least 1 pass"),
            passes if passes > u32::MAX as usize => refused("at most 4294967295 passes"),
            passes => Ok(passes),
        }
    }
}

impl<M: Model, T: Objective<Output = M::Output>> Fitted<M, T> {
    /// The mean of many passes with dropout on, and how far they are apart: for each row and output their standard
    /// deviation, and where there are probabilities the entropy of the mean and the mutual information.
    ///
    /// Dropout is all that differs from [`predict`](Self::predict): the model does not change, and a network with
    /// statistics whose training pass does anything else is refused, as a batch normalisation would normalise by the batch; a
    /// layer of one's own without statistics is taken at its word. Layers of
    /// noise other than [`Dropout`](crate::nn::Dropout) are dropouts here. The same
    /// `seed` gives the same bits. Masks are drawn for each row and pass.
    ///
    /// # Errors
    /// [`Error::Setting`] for 0 passes; [`DataError::InputWidth`](crate::error::DataError::InputWidth);
    /// [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer);
    /// [`Failure::NotDropoutAlone`](crate::Failure::NotDropoutAlone),
    /// [`Failure::NonFiniteWeights`](crate::Failure::NonFiniteWeights),
    /// [`Failure::NonFiniteOutput`](crate::Failure::NonFiniteOutput), each as [`Error::Fit`].
    ///
    /// # Examples
    /// `fitted.mc_predict(&features, McDropout(50), 42)?.entropy()`
    pub fn mc_predict(&self, features: &Features, dropout: McDropout, seed: u64) -> Result<McPredictions<T>> {
        let passes = dropout.passes()?;
        let rows: Vec<usize> = (0..features.len()).collect();
        let key = Seed(seed).key(Purpose::MonteCarlo).fold(REFIT);
        let features = &*self.in_order(features)?;
        let moments = sample::<M, T>(&self.params, self.network.as_any(), features, &rows, passes, key)?;
        Ok(McPredictions::new(self.known(moments.mean), moments.std, moments.entropy, moments.expected_entropy))
    }
}
