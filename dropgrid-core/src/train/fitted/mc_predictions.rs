//! Predictions of Monte-Carlo dropout, by the kind of the target.

use std::fmt;

use super::predictions::Predictions;
use crate::data::{Binary, Classes, MultiLabel, Regression};

/// Predictions of many passes with dropout on for some rows, from
/// [`Fitted::mc_predict`](crate::train::Fitted::mc_predict).
///
/// For probabilities there are two measures of uncertainty, both in nats. The entropy of the mean measures all of it.
/// The mutual information measures the model's part: it is high where passes contradict each other, and 0 where all
/// passes are equally unsure ([Houlsby et al. 2011](https://arxiv.org/abs/1112.5745)).
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

    /// The means over the passes as predictions, with classes, names and scores.
    pub fn predictions(&self) -> &Predictions<T> {
        &self.mean
    }

    /// The entropy of the mean less the mean of the entropies, and at least 0 whatever the rounding.
    fn information(&self) -> impl Iterator<Item = f64> {
        self.entropy.iter().zip(&self.expected_entropy).map(|(of_mean, mean)| (of_mean - mean).max(0.0))
    }
}

impl<const N: usize> McPredictions<Classes<N>> {
    /// The mean probability of each class, one array per row.
    pub fn mean(&self) -> Vec<[f64; N]> {
        self.mean.probabilities()
    }

    /// The standard deviation of the probability of each class over the passes, one array per row.
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
    /// The mean probabilities of class 0 and class 1, one array per row.
    pub fn mean(&self) -> Vec<[f64; 2]> {
        self.mean.probabilities()
    }

    /// The standard deviation of the probability of either class over the passes, one number per row.
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
    /// The mean probability of each flag, one array per row.
    pub fn mean(&self) -> Vec<[f64; N]> {
        self.mean.probabilities()
    }

    /// The standard deviation of the probability of each flag over the passes, one array per row.
    pub fn std(&self) -> Vec<[f64; N]> {
        self.std.as_chunks::<N>().0.to_vec()
    }

    /// The predictive entropy of each flag: that of the mean, from 0 to ln 2, one array per row.
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

/// Predicted numbers have no entropy, since the network gives no distribution of them. Their uncertainty is the
/// standard deviation over the passes.
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
