//! What a trained model predicts, by the kind of its target.

use super::{Fitted, Objective};
use crate::{
    data::{Binary, Classes, Features, MultiLabel, Regression},
    error::Result,
    metric::argmax,
    model::Model,
};

impl<M: Model, const N: usize> Fitted<M, Classes<N>>
where
    Classes<N>: Objective<Output = M::Output>,
{
    /// The most probable class of each row.
    ///
    /// # Errors
    /// [`Error::InputWidth`](crate::Error::InputWidth) where rows do not have the length that the network takes.
    pub fn predict(&self, features: &Features) -> Result<Vec<usize>> {
        Ok(self.predict_proba(features)?.iter().map(|row| argmax(row)).collect())
    }

    /// The probability of each class, one array a row.
    ///
    /// # Errors
    /// [`Error::InputWidth`](crate::Error::InputWidth) where rows do not have the length that the network takes.
    pub fn predict_proba(&self, features: &Features) -> Result<Vec<[f64; N]>> {
        Ok(self.outputs(features)?.as_chunks::<N>().0.to_vec())
    }
}

impl<M: Model> Fitted<M, Binary>
where
    Binary: Objective<Output = M::Output>,
{
    /// The class of each row: 1 where its probability is above one half.
    ///
    /// # Errors
    /// [`Error::InputWidth`](crate::Error::InputWidth) where rows do not have the length that the network takes.
    pub fn predict(&self, features: &Features) -> Result<Vec<usize>> {
        Ok(self.outputs(features)?.into_iter().map(|positive| usize::from(positive > 0.5)).collect())
    }

    /// The probabilities of class 0 and class 1, one array a row.
    ///
    /// # Errors
    /// [`Error::InputWidth`](crate::Error::InputWidth) where rows do not have the length that the network takes.
    pub fn predict_proba(&self, features: &Features) -> Result<Vec<[f64; 2]>> {
        Ok(self.outputs(features)?.into_iter().map(|positive| [1.0 - positive, positive]).collect())
    }
}

impl<M: Model, const N: usize> Fitted<M, MultiLabel<N>>
where
    MultiLabel<N>: Objective<Output = M::Output>,
{
    /// The flags of each row: those whose probability is above one half.
    ///
    /// # Errors
    /// [`Error::InputWidth`](crate::Error::InputWidth) where rows do not have the length that the network takes.
    pub fn predict(&self, features: &Features) -> Result<Vec<[bool; N]>> {
        Ok(self.predict_proba(features)?.into_iter().map(|row| row.map(|probability| probability > 0.5)).collect())
    }

    /// The probability of each flag, one array a row.
    ///
    /// # Errors
    /// [`Error::InputWidth`](crate::Error::InputWidth) where rows do not have the length that the network takes.
    pub fn predict_proba(&self, features: &Features) -> Result<Vec<[f64; N]>> {
        Ok(self.outputs(features)?.as_chunks::<N>().0.to_vec())
    }
}

impl<M: Model, const N: usize> Fitted<M, Regression<N>>
where
    Regression<N>: Objective<Output = M::Output>,
{
    /// The numbers predicted, one array a row.
    ///
    /// # Errors
    /// [`Error::InputWidth`](crate::Error::InputWidth) where rows do not have the length that the network takes.
    pub fn predict(&self, features: &Features) -> Result<Vec<[f64; N]>> {
        Ok(self.outputs(features)?.as_chunks::<N>().0.to_vec())
    }
}
