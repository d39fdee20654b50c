//! Trials of earlier studies.

use crate::metric::Direction;

/// The trials of another study, from which a model of the scores learns before the search has any of its own.
///
/// The data may be other data, so scores are compared within their study only: each becomes its distance from the mean
/// of its study, in its standard deviations ([Yogatama and Mann
/// 2014](https://proceedings.mlr.press/v33/yogatama14.html)).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PriorStudy<P> {
    /// The direction in which its scores are better.
    pub direction: Direction,
    /// The candidates, and the scores of each on the folds of the study.
    pub trials: Vec<(P, Vec<f64>)>,
    /// The weights of the folds.
    pub weights: Vec<f64>,
}

impl<P> PriorStudy<P> {
    /// The trials of a study whose folds have these weights.
    pub fn new(direction: Direction, trials: Vec<(P, Vec<f64>)>, weights: Vec<f64>) -> Self {
        Self { direction, trials, weights }
    }
}
