//! What passes with dropout on give, by the kind of the target.

use std::fmt;

use super::predictions::Predictions;
use crate::data::{Binary, Classes, MultiLabel, Regression};

/// What many passes with dropout on gave for some rows: see [`Fitted::mc_predict`](crate::train::Fitted::mc_predict).
///
/// Where there are probabilities, the entropy of their mean says how unsure a prediction is, and the mutual information
/// how much of that is the model's own: it is high where passes contradict each other, and 0 where all of them are
/// equally unsure ([Houlsby et al. 2011](https://arxiv.org/abs/1112.5745)). Both are in nats.
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

    /// The means as predictions: what decides, what is scored.
    pub fn predictions(&self) -> &Predictions<T> {
        &self.mean
    }

    /// What is left of the entropy of the mean without the mean of the entropies; rounding leaves nothing below 0.
    fn information(&self) -> impl Iterator<Item = f64> {
        self.entropy.iter().zip(&self.expected_entropy).map(|(of_mean, mean)| (of_mean - mean).max(0.0))
    }
}

impl<const N: usize> McPredictions<Classes<N>> {
    /// The mean probability of each class, one array a row.
    pub fn mean(&self) -> Vec<[f64; N]> {
        self.mean.probabilities()
    }

    /// The standard deviation of the probability of each class over the passes, one array a row.
    pub fn std(&self) -> Vec<[f64; N]> {
        self.std.as_chunks::<N>().0.to_vec()
    }

    /// The predictive entropy of each row: that of the mean, from 0 to ln `N`.
    pub fn entropy(&self) -> &[f64] {
        &self.entropy
    }

    /// The mutual information of each row between its class and the masks: the predictive entropy less the mean entropy
    /// of the passes.
    pub fn mutual_information(&self) -> Vec<f64> {
        self.information().collect()
    }
}

impl McPredictions<Binary> {
    /// The mean probabilities of class 0 and class 1, one array a row.
    pub fn mean(&self) -> Vec<[f64; 2]> {
        self.mean.probabilities()
    }

    /// The standard deviation of the probability of either class over the passes, one number a row.
    pub fn std(&self) -> &[f64] {
        &self.std
    }

    /// The predictive entropy of each row: that of the mean, from 0 to ln 2.
    pub fn entropy(&self) -> &[f64] {
        &self.entropy
    }

    /// The mutual information of each row between its class and the masks: the predictive entropy less the mean entropy
    /// of the passes.
    pub fn mutual_information(&self) -> Vec<f64> {
        self.information().collect()
    }
}

impl<const N: usize> McPredictions<MultiLabel<N>> {
    /// The mean probability of each flag, one array a row.
    pub fn mean(&self) -> Vec<[f64; N]> {
        self.mean.probabilities()
    }

    /// The standard deviation of the probability of each flag over the passes, one array a row.
    pub fn std(&self) -> Vec<[f64; N]> {
        self.std.as_chunks::<N>().0.to_vec()
    }

    /// The predictive entropy of each flag: that of the mean, from 0 to ln 2, one array a row.
    pub fn entropy(&self) -> Vec<[f64; N]> {
        self.entropy.as_chunks::<N>().0.to_vec()
    }

    /// The mutual information of each flag and the masks, one array a row: the predictive entropy less the mean entropy
    /// of the passes.
    pub fn mutual_information(&self) -> Vec<[f64; N]> {
        let information: Vec<f64> = self.information().collect();
        information.as_chunks::<N>().0.to_vec()
    }
}

/// The entropy of a number needs its distribution, which a network that predicts numbers does not give: its spread says
/// how far the passes are apart.
impl<const N: usize> McPredictions<Regression<N>> {
    /// The mean of each number, one array a row.
    pub fn mean(&self) -> Vec<[f64; N]> {
        self.mean.values()
    }

    /// The standard deviation of each number over the passes, one array a row.
    pub fn std(&self) -> Vec<[f64; N]> {
        self.std.as_chunks::<N>().0.to_vec()
    }
}

impl<T> fmt::Debug for McPredictions<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("McPredictions").field("mean", &self.mean).field("std", &self.std).finish_non_exhaustive()
    }
}
