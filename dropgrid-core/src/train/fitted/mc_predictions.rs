//! Predictions with Monte-Carlo dropout, by type of target.

use std::fmt;

use super::predictions::Predictions;
use crate::data::{Binary, Classes, MultiLabel, Regression};

/// Predictions of many passes with dropout on, from [`Fitted::mc_predict`](crate::train::Fitted::mc_predict).
///
/// For probabilities there are two measures of uncertainty, in nats. The entropy of the mean measures the total
/// uncertainty. The mutual information measures the uncertainty of the model: it is high if the passes contradict each
/// other, and 0 if all passes agree ([Houlsby et al. 2011](https://arxiv.org/abs/1112.5745)).
pub struct McPredictions<T> {
    mean: Predictions<T>,
    std: Vec<f64>,
    entropy: Vec<f64>,
    expected_entropy: Vec<f64>,
}

impl<T> McPredictions<T> {
    pub(super) fn new(mean: Predictions<T>, std: Vec<f64>, entropy: Vec<f64>, expected_entropy: Vec<f64>) -> Self {
        Self { mean, std, entropy, expected_entropy }
    }

    /// The means over the passes as [`Predictions`], which give classes, names and scores.
    pub fn predictions(&self) -> &Predictions<T> {
        &self.mean
    }

    /// The entropy of the mean minus the mean of the entropies, clipped at 0 against rounding errors.
    fn information(&self) -> impl Iterator<Item = f64> {
        self.entropy.iter().zip(&self.expected_entropy).map(|(of_mean, mean)| (of_mean - mean).max(0.0))
    }
}

impl<const N: usize> McPredictions<Classes<N>> {
    /// The mean probability of each class, one array per row.
    pub fn mean(&self) -> Vec<[f64; N]> {
        self.mean.probabilities()
    }

    /// The standard deviation of each class probability over the passes, one array per row.
    pub fn std(&self) -> Vec<[f64; N]> {
        self.std.as_chunks::<N>().0.to_vec()
    }

    /// The predictive entropy of each row, which is the entropy of the mean probabilities, from 0 to ln `N`.
    pub fn entropy(&self) -> &[f64] {
        &self.entropy
    }

    /// The mutual information of class and masks for each row: the predictive entropy minus the mean entropy of the
    /// passes.
    pub fn mutual_information(&self) -> Vec<f64> {
        self.information().collect()
    }
}

impl McPredictions<Binary> {
    /// The mean probabilities of class 0 and class 1, one array per row.
    pub fn mean(&self) -> Vec<[f64; 2]> {
        self.mean.probabilities()
    }

    /// The standard deviation of the probability of class 1 over the passes, one number per row. Class 0 has the same.
    pub fn std(&self) -> &[f64] {
        &self.std
    }

    /// The predictive entropy of each row, which is the entropy of the mean probabilities, from 0 to ln 2.
    pub fn entropy(&self) -> &[f64] {
        &self.entropy
    }

    /// The mutual information of class and masks for each row: the predictive entropy minus the mean entropy of the
    /// passes.
    pub fn mutual_information(&self) -> Vec<f64> {
        self.information().collect()
    }
}

impl<const N: usize> McPredictions<MultiLabel<N>> {
    /// The mean probability of each flag, one array per row.
    pub fn mean(&self) -> Vec<[f64; N]> {
        self.mean.probabilities()
    }

    /// The standard deviation of each flag probability over the passes, one array per row.
    pub fn std(&self) -> Vec<[f64; N]> {
        self.std.as_chunks::<N>().0.to_vec()
    }

    /// The predictive entropy of each flag, which is the entropy of its mean probability, from 0 to ln 2, one array per
    /// row.
    pub fn entropy(&self) -> Vec<[f64; N]> {
        self.entropy.as_chunks::<N>().0.to_vec()
    }

    /// The mutual information of each flag and the masks, one array per row: the predictive entropy minus the mean
    /// entropy of the passes.
    pub fn mutual_information(&self) -> Vec<[f64; N]> {
        let information: Vec<f64> = self.information().collect();
        information.as_chunks::<N>().0.to_vec()
    }
}

/// Predicted numbers have no entropy, since the network predicts no distribution. The standard deviation over the
/// passes is their uncertainty.
impl<const N: usize> McPredictions<Regression<N>> {
    /// The mean of each number, one array per row.
    pub fn mean(&self) -> Vec<[f64; N]> {
        self.mean.values()
    }

    /// The standard deviation of each number over the passes, one array per row.
    pub fn std(&self) -> Vec<[f64; N]> {
        self.std.as_chunks::<N>().0.to_vec()
    }
}

impl<T> fmt::Debug for McPredictions<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("McPredictions").field("mean", &self.mean).field("std", &self.std).finish_non_exhaustive()
    }
}
