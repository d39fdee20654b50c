//! Prediction with a trained model.

use super::Fitted;
use crate::{
    data::{Binary, Classes, MultiLabel, Regression},
    error::{Error, Result},
    model::{FeaturesFor, Model},
    phase::check_len,
    train::{evaluate::take_outputs, loss::TrainTarget},
};

// The names of the functions and the bounds of their arguments come from without, so that the compiler's messages show
// them there and not in the macro.
macro_rules! predict {
    (
        $target:ty $([const $n:ident])?:
        $predict:ident($features:ty) -> $one:ty = $method:ident, $what:literal $(;
        $predict_names:ident($features_of_names:ty) -> $names:ty;
        $predict_proba:ident($features_of_proba:ty) -> $row:ty)?
    ) => {
        impl<M: Model $(, const $n: usize)?> Fitted<M, $target>
        where
            $target: TrainTarget<Output = M::Output>,
        {
            #[doc = $what]
            ///
            /// # Errors
            /// [`DataError::InputWidth`](crate::error::DataError::InputWidth) if rows do not have the length of the
            /// network's input; [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer) if a column is
            /// missing or unknown.
            pub fn $predict(&self, features: $features) -> Result<Vec<$one>> {
                Ok(self.predictions(features)?.$method())
            }

            $(
                /// The names of the predicted classes or flags. They are numbers if the training data had no names.
                ///
                /// # Errors
                /// Fails with the errors of [`predict`](Self::predict).
                pub fn $predict_names(&self, features: $features_of_names) -> Result<Vec<$names>> {
                    Ok(self.predictions(features)?.names())
                }

                /// The predicted probabilities, one array per row.
                ///
                /// # Errors
                /// Fails with the errors of [`predict`](Self::predict).
                pub fn $predict_proba(&self, features: $features_of_proba) -> Result<Vec<$row>> {
                    Ok(self.predictions(features)?.probabilities())
                }
            )?
        }
    };
}

predict! {
    Classes<N> [const N]:
    predict(&(impl FeaturesFor<M> + ?Sized)) -> usize = classes, "The most probable class of each row.";
    predict_names(&(impl FeaturesFor<M> + ?Sized)) -> String;
    predict_proba(&(impl FeaturesFor<M> + ?Sized)) -> [f64; N]
}
predict! {
    Binary:
    predict(&(impl FeaturesFor<M> + ?Sized)) -> usize = classes,
    "The class of each row: 1 where its probability is above the threshold.";
    predict_names(&(impl FeaturesFor<M> + ?Sized)) -> String;
    predict_proba(&(impl FeaturesFor<M> + ?Sized)) -> [f64; 2]
}
predict! {
    MultiLabel<N> [const N]:
    predict(&(impl FeaturesFor<M> + ?Sized)) -> [bool; N] = flags,
    "The flags of each row: those whose probability is above the threshold.";
    predict_names(&(impl FeaturesFor<M> + ?Sized)) -> Vec<String>;
    predict_proba(&(impl FeaturesFor<M> + ?Sized)) -> [f64; N]
}
predict! {
    Regression<N> [const N]:
    predict(&(impl FeaturesFor<M> + ?Sized)) -> [f64; N] = values, "The predicted numbers, one array per row."
}

impl<M: Model, T: TrainTarget<Output = M::Output>> Fitted<M, T> {
    /// Computes the outputs of the network for all rows, before they become probabilities.
    fn logits(&self, features: &(impl FeaturesFor<M> + ?Sized)) -> Result<Vec<f64>> {
        let features = features.features()?;
        let rows: Vec<usize> = (0..features.len()).collect();
        let features = self.matched(&features)?;
        check_len(&features, self.width())?;
        Ok(self.network.outputs(&features, &rows, &take_outputs)?)
    }
}

impl<M: Model, const N: usize> Fitted<M, Classes<N>>
where
    Classes<N>: TrainTarget<Output = M::Output>,
{
    /// The logit of each class, one array per row, as scikit-learn's `decision_function`. The predicted class has the
    /// largest logit.
    ///
    /// # Errors
    /// Fails with the errors of [`predict`](Self::predict).
    pub fn decision_function(&self, features: &(impl FeaturesFor<M> + ?Sized)) -> Result<Vec<[f64; N]>> {
        Ok(self.logits(features)?.as_chunks::<N>().0.to_vec())
    }
}

impl<M: Model> Fitted<M, Binary>
where
    Binary: TrainTarget<Output = M::Output>,
{
    /// The log-odds of class 1, one number per row, as scikit-learn's `decision_function`. If it is above 0, class 1 is
    /// more probable than class 0.
    ///
    /// # Errors
    /// Fails with the errors of [`predict`](Self::predict).
    pub fn decision_function(&self, features: &(impl FeaturesFor<M> + ?Sized)) -> Result<Vec<f64>> {
        self.logits(features)
    }
}

impl<M: Model, const N: usize> Fitted<M, MultiLabel<N>>
where
    MultiLabel<N>: TrainTarget<Output = M::Output>,
{
    /// The log-odds of each flag, one array per row, as scikit-learn's `decision_function`. If it is above 0, the flag
    /// is more probably on than off.
    ///
    /// # Errors
    /// Fails with the errors of [`predict`](Self::predict).
    pub fn decision_function(&self, features: &(impl FeaturesFor<M> + ?Sized)) -> Result<Vec<[f64; N]>> {
        Ok(self.logits(features)?.as_chunks::<N>().0.to_vec())
    }
}

/// Checks a decision threshold.
///
/// # Errors
/// [`Error::Setting`] for a threshold outside [0, 1).
fn check_threshold(threshold: f64) -> Result<f64> {
    if (0.0..1.0).contains(&threshold) {
        return Ok(threshold);
    }
    let value = threshold.to_string();
    Err(Error::Setting { setting: "threshold", value, expected: "a number in [0, 1)" })
}

macro_rules! threshold {
    ($target:ty $(; const $n:ident)?) => {
        impl<M: Model $(, const $n: usize)?> Fitted<M, $target>
        where
            $target: TrainTarget<Output = M::Output>,
        {
            /// Sets the decision threshold: the probability above which the model predicts class 1, or a flag as on. It
            /// affects predictions and the scores computed from them, but not probabilities.
            ///
            /// # Errors
            /// [`Error::Setting`] for a threshold outside [0, 1).
            pub fn with_threshold(self, threshold: f64) -> Result<Self> {
                Ok(Self { threshold: check_threshold(threshold)?, ..self })
            }

            /// The probability above which the model predicts class 1, or a flag as on. It is the threshold of the
            /// recipe, by default one half.
            pub fn threshold(&self) -> f64 {
                self.threshold
            }
        }
    };
}

threshold!(Binary);
threshold!(MultiLabel<N>; const N);
