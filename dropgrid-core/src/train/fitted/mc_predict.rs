//! Predicting with Monte-Carlo dropout.

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
    /// Runs many passes with dropout on. Returns their mean and standard deviation for each row and output, and for
    /// probabilities the entropy of the mean and the mutual information.
    ///
    /// The passes differ from [`predict`](Self::predict) in dropout alone, and the model does not change. Every layer
    /// of noise counts as dropout, as [`Dropout`](crate::nn::Dropout) does. A network with statistics whose training
    /// pass does anything else is refused: a batch normalisation, for one, would normalise by the batch. A custom layer
    /// without statistics is not checked. Masks are drawn for each row and pass; the same `seed` gives the same bits.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) for 0 passes;
    /// [`DataError::InputWidth`](crate::error::DataError::InputWidth);
    /// [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer);
    /// [`Failure::NotDropoutAlone`](crate::Failure::NotDropoutAlone),
    /// [`Failure::NonFiniteWeights`](crate::Failure::NonFiniteWeights),
    /// [`Failure::NonFiniteOutput`](crate::Failure::NonFiniteOutput), each as [`Error::Fit`](crate::Error::Fit).
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
