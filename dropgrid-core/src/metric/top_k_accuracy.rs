//! Top-k accuracy.

use super::{Direction, Measured, Metric, Needs, Outputs, Scored, Warning, sum::share};
use crate::{
    data::Labels,
    error::{Error, Result},
};

/// The share of rows whose true class is among the `k` of highest score, in [0, 1].
///
/// Of equal scores the higher class comes first. Two classes are special, as in scikit-learn's
/// [`top_k_accuracy_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.top_k_accuracy_score.html):
/// with `k` = 1, class 1 is first where its score is above 0.5, or above 0 where not all scores are in [0, 1]. A
/// warning says where `k` lets every class count.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{Metric, Scored, TopKAccuracy};
/// let probabilities = [0.7, 0.2, 0.1, 0.1, 0.6, 0.3];
/// let scored = Scored::classes(&[1, 0], &probabilities, 3)?;
/// assert_eq!(TopKAccuracy::new(2).score(&scored)?.value, 0.5);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopKAccuracy {
    k: usize,
}

impl TopKAccuracy {
    /// A row is right where its class is among the best `k`, at least 1.
    pub const fn new(k: usize) -> Self {
        Self { k }
    }
}

impl Metric for TopKAccuracy {
    type Kind = Labels;

    fn name(&self) -> String {
        format!("top_{}_accuracy", self.k)
    }

    fn identity(&self) -> String {
        self.name()
    }

    fn direction(&self) -> Direction {
        Direction::Maximize
    }

    fn best(&self) -> Option<f64> {
        Some(1.0)
    }

    fn needs(&self) -> Needs {
        Needs::Scores
    }

    fn check(&self, _classes: usize) -> Result<()> {
        if self.k == 0 {
            return Err(Error::Setting { setting: "k", value: "0".to_owned(), expected: "at least 1" });
        }
        Ok(())
    }

    fn measure(&self, scored: &Scored<'_, Labels>) -> Result<Measured> {
        let (scores, classes) = (scored.scores()?, scored.width());
        if self.k >= classes {
            return Ok(Measured { value: 1.0, warnings: vec![Warning::EveryClassCounts { k: self.k, classes }] });
        }
        let truth = scored.truth().iter().enumerate();
        let value = if classes == 2 && (scores.one_sided() || scored.given() == Needs::Probabilities) {
            let threshold = threshold(scores, scored.len());
            let hits = truth.map(|(row, &class)| (scores.get(row, 1) > threshold) == (class == 1));
            share(hits, scored.relative_weights())
        } else {
            let better = |row, class| {
                let own = scores.get(row, class);
                let beats = |other: usize| match scores.get(row, other) {
                    score if score == own => other > class,
                    score => score > own,
                };
                (0..classes).filter(|&other| beats(other)).count()
            };
            share(truth.map(|(row, &class)| better(row, class) < self.k), scored.relative_weights())
        };
        Ok(value.into())
    }
}

fn threshold(scores: Outputs<'_>, rows: usize) -> f64 {
    let probable = (0..rows).all(|row| (0.0..=1.0).contains(&scores.get(row, 1)));
    if probable { 0.5 } else { 0.0 }
}
