//! The explained share of losses of probabilities.

use super::{
    Direction, Fraction, Measured, Metric, Needs, Outputs, Scored, Warning,
    log_loss::{SUM_TOLERANCE, surprise},
    outputs::weighted_sum,
    sum::{Sum, sum},
};
use crate::{data::Labels, error::Result};

/// The share of the [log loss](super::LogLoss) of a constant guess that predictions save: 1 at best, 0 for a guess of
/// each class's share of the rows, or below.
///
/// `1 - log_loss(truth, predicted) / log_loss(truth, shares)`. NaN with a warning for a single row. As scikit-learn's
/// [`d2_log_loss_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.d2_log_loss_score.html) with
/// `labels=range(classes)`; but where all rows are of one class, 1 if every row has it with probability 1 and else 0,
/// where that divides by what clipping leaves.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{D2LogLoss, Metric, Scored};
/// let score = D2LogLoss.score(&Scored::binary(&[0, 1], &[0.5, 0.5])?)?;
/// assert_eq!(score.value, 0.0);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct D2LogLoss;

/// The share of the [Brier score](super::BrierScore) of a constant guess that predictions save: 1 at best, 0 for a
/// guess of each class's share of the rows, or below. It is also known as the Brier skill score.
///
/// `1 - brier(truth, predicted) / brier(truth, shares)`. NaN with a warning for a single row. As scikit-learn's
/// [`d2_brier_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.d2_brier_score.html); but where
/// all rows are of one class, 1 if every row has it with probability 1 and else 0, where that divides by 0.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{D2Brier, Metric, Scored};
/// let score = D2Brier.score(&Scored::binary(&[0, 1], &[0.5, 1.0])?)?;
/// assert_eq!(score.value, 0.5);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct D2Brier;

/// The share of the rows that each class has, by weight.
fn shares(scored: &Scored<'_, Labels>) -> Vec<f64> {
    let mut sums = vec![Sum::default(); scored.width()];
    for (row, &class) in scored.truth().iter().enumerate() {
        sums[class].add(scored.weight(row));
    }
    let weights: Vec<f64> = sums.into_iter().map(Sum::value).collect();
    let all = sum(weights.iter().copied());
    weights.into_iter().map(|weight| weight / all).collect()
}

/// `1 - Σ w loss(row, predicted) / Σ w loss(row, shares)`, where a certain prediction of the one class that there is
/// explains all, and any other one nothing.
fn explained(scored: &Scored<'_, Labels>, loss: impl Fn(usize, &dyn Fn(usize) -> f64) -> f64) -> Result<Measured> {
    if scored.len() < 2 {
        return Ok(Measured::undefined(Warning::TooFewRows { rows: scored.len(), needed: 2 }));
    }
    let (probabilities, weights): (Outputs<'_>, _) = (scored.probabilities()?, scored.relative_weights());
    let shares = shares(scored);
    let of_rows = |guess: &dyn Fn(usize, usize) -> f64| {
        let losses = scored.truth().iter().enumerate().map(|(row, &truth)| loss(truth, &|class| guess(row, class)));
        weighted_sum(losses, weights)
    };
    let value = if shares.contains(&1.0) {
        let rows = scored.truth().iter().enumerate().filter(|(row, _)| scored.weight(*row) > 0.0);
        let certain = rows.map(|(row, &truth)| probabilities.get(row, truth)).all(|probability| probability == 1.0);
        f64::from(u8::from(certain))
    } else {
        let unexplained = of_rows(&|row, class| probabilities.get(row, class));
        Fraction::new(unexplained, of_rows(&|_, class| shares[class])).explained()
    };
    let odd = probabilities.bad_sum(SUM_TOLERANCE).map(|(row, sum)| Warning::RowSum { row: row + 1, sum });
    Ok(Measured { value, warnings: odd.into_iter().collect() })
}

/// Implements an explained share of a loss of probabilities, given the loss of a row.
macro_rules! explained_loss {
    ($metric:ident, $name:literal, |$scored:ident| $loss:expr) => {
        impl Metric for $metric {
            type Kind = Labels;

            fn name(&self) -> String {
                $name.to_owned()
            }

            fn direction(&self) -> Direction {
                Direction::Maximize
            }

            fn best(&self) -> Option<f64> {
                Some(1.0)
            }

            fn needs(&self) -> Needs {
                Needs::Probabilities
            }

            fn undefined_for(&self, rows: &Scored<'_, Labels>) -> Option<Warning> {
                (rows.len() < 2).then_some(Warning::TooFewRows { rows: rows.len(), needed: 2 })
            }

            fn measure(&self, $scored: &Scored<'_, Labels>) -> Result<Measured> {
                explained($scored, $loss)
            }
        }
    };
}

explained_loss!(D2LogLoss, "d2_log_loss", |scored| |truth, probability| surprise(probability(truth)));
explained_loss!(D2Brier, "d2_brier_score", |scored| |truth, probability| {
    let off = |class| f64::from(u8::from(class == truth)) - probability(class);
    (0..scored.width()).map(|class| off(class).powi(2)).sum()
});
