//! Prediction with Monte-Carlo dropout.

use super::{Fitted, McPredictions};
use crate::{
    error::Result,
    model::{FeaturesFor, Model},
    seed::{Purpose, REFIT, Seed},
    train::{
        evaluate::{McDropout, sample},
        loss::TrainTarget,
    },
};

impl<M: Model, T: TrainTarget<Output = M::Output>> Fitted<M, T> {
    /// Predicts with Monte-Carlo dropout: runs many passes with dropout on. Returns the mean and the standard deviation
    /// over the passes for each row and output. For probabilities it also returns the entropy of the mean and the
    /// mutual information.
    ///
    /// The passes differ from [`predict`](Self::predict) only in dropout, and the model does not change. Every layer of
    /// noise counts as dropout, as [`Dropout`](crate::nn::Dropout) does. It is an error if the
    /// training pass of a network with statistics differs in anything else: a batch normalisation would use the
    /// statistics of the batch. A custom layer without statistics is not checked. Each row and pass has its own masks.
    /// The same `seed` gives the same bits.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) for 0 passes;
    /// [`DataError::InputWidth`](crate::error::DataError::InputWidth) or
    /// [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer) if the features do not match the model; as
    /// [`Error::Fit`](crate::Error::Fit), [`Failure::NotDropoutAlone`](crate::Failure::NotDropoutAlone),
    /// [`Failure::NonFiniteWeights`](crate::Failure::NonFiniteWeights) or
    /// [`Failure::NonFiniteOutput`](crate::Failure::NonFiniteOutput).
    ///
    /// # Examples
    /// `fitted.mc_predict(&features, McDropout(50), 42)?.entropy()`
    pub fn mc_predict(
        &self,
        features: &(impl FeaturesFor<M> + ?Sized),
        dropout: McDropout,
        seed: u64,
    ) -> Result<McPredictions<T>> {
        let passes = dropout.passes()?;
        let features = features.features()?;
        let rows: Vec<usize> = (0..features.len()).collect();
        let key = Seed(seed).key(Purpose::MonteCarlo).fold(REFIT);
        let features = &*self.matched(&features)?;
        let moments = sample::<M, T>(&self.params, &*self.network, features, &rows, (passes, key, self.scaler()))?;
        Ok(McPredictions::new(
            self.predictions_of(moments.mean),
            moments.std,
            moments.entropy,
            moments.expected_entropy,
        ))
    }
}
