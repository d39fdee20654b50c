//! Predicting with Monte-Carlo dropout.

use super::{Fitted, McPredictions};
use crate::{
    data::Features,
    error::Result,
    model::Model,
    seed::{Purpose, REFIT, Seed},
    train::{
        evaluate::{McDropout, sample},
        loss::TrainTarget,
    },
};

impl<M: Model, T: TrainTarget<Output = M::Output>> Fitted<M, T> {
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
    /// [`Error::Setting`](crate::Error::Setting) for 0 passes; [`DataError::InputWidth`](crate::error::DataError::InputWidth);
    /// [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer);
    /// [`Failure::NotDropoutAlone`](crate::Failure::NotDropoutAlone),
    /// [`Failure::NonFiniteWeights`](crate::Failure::NonFiniteWeights),
    /// [`Failure::NonFiniteOutput`](crate::Failure::NonFiniteOutput), each as [`Error::Fit`](crate::Error::Fit).
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
