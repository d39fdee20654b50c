//! The units of a search's work, and their outcomes.

mod curve;

pub use curve::{Curve, Epoch};

use std::{fmt, num::NonZeroU32, str::FromStr, time::Duration};

use crate::{
    error::{Error, Failure, Result},
    metric::{Direction, Warning},
};

/// The part of a candidate's whole training that a [`Job`] gets: the resource of successive halving and its kind.
///
/// A job of more epochs goes on from the state of one with fewer, and has the bits of a training that ran through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Budget {
    /// The first so many epochs of the whole training, fewer than it has; its learning-rate schedule is that of the whole.
    Epochs(NonZeroU32),
    /// Every epoch, on a share of the fold's training rows.
    Rows(Share),
    /// Every epoch on all training rows.
    #[default]
    Full,
}

impl Budget {
    /// The first so many epochs.
    ///
    /// # Errors
    /// [`Error::Setting`] for 0.
    pub fn epochs(epochs: u32) -> Result<Self> {
        let error = || Error::Setting { setting: "epochs", value: epochs.to_string(), expected: "at least 1" };
        NonZeroU32::new(epochs).map(Self::Epochs).ok_or_else(error)
    }

    /// Every epoch on a share of the training rows; a share of 1 is the whole training.
    ///
    /// # Errors
    /// [`Error::Setting`] for a share outside (0, 1].
    pub fn rows(share: f64) -> Result<Self> {
        Share::new(share).map(|share| if share == Share::ALL { Self::Full } else { Self::Rows(share) })
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Epochs(epochs) if epochs.get() == 1 => write!(f, "1 epoch"),
            Self::Epochs(epochs) => write!(f, "{epochs} epochs"),
            Self::Rows(share) => write!(f, "{share} of the rows"),
            Self::Full => f.write_str("all"),
        }
    }
}

/// A share of the training rows, above 0 and at most 1.
// The bits of the number: those of positive numbers are in the order of the numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Share(u64);

impl Share {
    /// All rows.
    pub const ALL: Self = Self(1.0_f64.to_bits());

    /// The share as a number in (0, 1].
    ///
    /// # Errors
    /// [`Error::Setting`] for any other number.
    pub fn new(share: f64) -> Result<Self> {
        if share > 0.0 && share <= 1.0 {
            return Ok(Self(share.to_bits()));
        }
        Err(Error::Setting {
            setting: "share of the rows",
            value: share.to_string(),
            expected: "above 0 and at most 1",
        })
    }

    /// The share as a number.
    pub fn get(self) -> f64 {
        f64::from_bits(self.0)
    }

    /// The number of rows that the share is of `rows`, rounded down, but at least one.
    pub fn of(self, rows: usize) -> usize {
        #[expect(clippy::cast_sign_loss, reason = "a share is positive")]
        let count = (rows as f64 * self.get()) as usize;
        count.clamp(1, rows.max(1))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share({self})")
    }
}

/// The training that a fit has: its [`Budget`], resolved by the recipe of its candidate. A study knows a fit by its
/// candidate, its fold and its resource.
///
/// It is written and read as text: `20` epochs, the first 5 of a schedule that is spread over 20 as `5/20`, and 20 on
/// half of the rows as `20@0.5`.
///
/// ```
/// # use dropgrid_core::record::{Resource, Share};
/// let resource: Resource = "5/20@0.5".parse().expect("a resource");
/// assert_eq!((resource.epochs, resource.spread, resource.rows.get()), (5, Some(20), 0.5));
/// assert_eq!(resource.to_string(), "5/20@0.5");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Resource {
    /// The share of the fold's training rows.
    pub rows: Share,
    /// The epochs over which the learning-rate schedule is spread, where it is: with others it is another training from the
    /// first step on.
    pub spread: Option<u32>,
    /// The most epochs that are trained.
    pub epochs: u32,
}

impl Resource {
    /// So many epochs on all rows, by a schedule that does not depend on their number.
    pub fn epochs(epochs: u32) -> Self {
        Self { rows: Share::ALL, spread: None, epochs }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.epochs)?;
        if let Some(spread) = self.spread {
            write!(f, "/{spread}")?;
        }
        if self.rows == Share::ALL { Ok(()) } else { write!(f, "@{}", self.rows) }
    }
}

/// The text is not a [`Resource`] as [`Display`](fmt::Display) writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected epochs, as `20`, `5/20` or `20@0.5`")]
pub struct ParseResourceError;

impl FromStr for Resource {
    type Err = ParseResourceError;

    fn from_str(text: &str) -> Result<Self, ParseResourceError> {
        let number = |text: &str| text.parse::<u32>().map_err(|_| ParseResourceError);
        let (epochs, rows) = text.split_once('@').map_or((text, None), |(epochs, rows)| (epochs, Some(rows)));
        let (epochs, spread) = epochs.split_once('/').map_or((epochs, None), |(epochs, of)| (epochs, Some(of)));
        let share = |text: &str| Share::new(text.parse().ok()?).ok();
        let resource = Self {
            rows: rows.map_or(Some(Share::ALL), share).ok_or(ParseResourceError)?,
            spread: spread.map(number).transpose()?,
            epochs: number(epochs)?,
        };
        // One text a resource: a study finds a fit by it.
        if resource.to_string() == text { Ok(resource) } else { Err(ParseResourceError) }
    }
}

/// One unit of work: train a candidate on a fold and score it.
#[derive(Debug, Clone, PartialEq)]
pub struct Job<P> {
    /// Number of the candidate; in a grid, its index in the space.
    pub candidate: u64,
    /// The candidate's hyperparameters.
    pub params: P,
    /// The fold, from 0.
    pub fold: u32,
    /// The part of the whole training that the job gets.
    pub budget: Budget,
}

/// The outcome of a [`Job`].
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Number of the candidate.
    pub candidate: u64,
    /// The fold, from 0.
    pub fold: u32,
    /// The part of the whole training that the job got.
    pub budget: Budget,
    /// The score of each metric, or why there is none.
    ///
    /// A score is NaN where the metric is undefined on the fold; its warning is then in `warnings`.
    pub outcome: Result<Vec<f64>, Failure>,
    /// What is odd about each score, in the order of the metrics; empty where the fit failed.
    pub warnings: Vec<Vec<Warning>>,
    /// The score of each metric on the rows trained on, where asked for and the fit did not fail.
    pub train_scores: Option<Vec<f64>>,
    /// Time of the training; of a failed fit, the time until it failed.
    pub fit_time: Duration,
    /// Time of the scoring.
    pub score_time: Duration,
    /// The epochs of the training; none where it did not get through one.
    pub curve: Curve,
    /// Facts about the fit beside its scores and times.
    pub details: Details,
}

impl Record {
    /// Whether a store replaces this record by another one of the same fit: this fit ran out of time, and the other has
    /// scores.
    pub(crate) fn gives_way_to(&self, other: &Self) -> bool {
        matches!(self.outcome, Err(Failure::TimedOut { .. })) && other.outcome.is_ok()
    }
}

/// Facts about a fit beside its scores and times. A field that a study's file lacks reads as the default.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Details {
    /// How long it was trained, where the training itself decided that.
    pub epochs: Option<Epochs>,
    /// The rule of the search that ended the training before its last epoch.
    pub stopped_by: Option<String>,
    /// The settings of layers that are tied to hyperparameters, as they were evaluated: `late.p = 0.05`. A study knows by
    /// them whether the candidate is still the same network.
    pub tied: Option<String>,
    /// How far the passes with dropout on are apart that were scored: the mean of their standard deviation over rows and
    /// outputs.
    pub spread: Option<f64>,
    /// Why earlier attempts at the fit failed, the first one first; empty where the first attempt counts.
    pub retried: Vec<Failure>,
}

/// How long a fit was trained, where the training itself decided that. Epochs are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epochs {
    /// The epochs trained.
    pub trained: u32,
    /// The epoch after which the network was as it was scored.
    pub scored: u32,
}

/// The sizes of a fold, and its weight in means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoldInfo {
    /// Rows of the training part; of them, a training that watches something leaves some out of its steps.
    pub train: usize,
    /// Rows scored.
    pub test: usize,
    /// Weight in a candidate's mean.
    pub weight: f64,
}

/// The weighted mean and standard deviation (ddof 0), independent of the order of the values.
pub(crate) fn mean_and_std(values: &[f64], weights: &[f64]) -> (f64, f64) {
    let sum = |terms: &mut dyn Iterator<Item = f64>| {
        let mut terms: Vec<f64> = terms.collect();
        terms.sort_by(f64::total_cmp);
        terms.iter().sum::<f64>()
    };
    let total = sum(&mut weights.iter().copied());
    let pairs = || values.iter().zip(weights);
    let mean = sum(&mut pairs().map(|(value, weight)| value * weight)) / total;
    let variance = sum(&mut pairs().map(|(value, weight)| weight * (value - mean).powi(2))) / total;
    (mean, variance.sqrt())
}

/// A metric's name and direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricInfo {
    /// The name in results.
    pub name: String,
    /// Whether higher is better.
    pub direction: Direction,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_reads_as_it_was_written() {
        let half = Share::new(0.5).expect("a share");
        for (text, epochs, spread, rows) in [
            ("20", 20, None, Share::ALL),
            ("5/20", 5, Some(20), Share::ALL),
            ("20@0.5", 20, None, half),
            ("5/20@0.5", 5, Some(20), half),
        ] {
            let resource = Resource { rows, spread, epochs };
            assert_eq!((resource.to_string().as_str(), text.parse()), (text, Ok(resource)));
        }
        let third = Resource { rows: Share::new(1.0 / 3.0).expect("a share"), spread: None, epochs: 9 };
        assert_eq!(third.to_string().parse(), Ok(third));
        for text in ["", "x", "020", "5/", "/5", "5@", "5@1", "5@0", "5@1.5", "5@NaN", "-1", "5 "] {
            assert_eq!(text.parse::<Resource>(), Err(ParseResourceError), "{text:?}");
        }
    }

    #[test]
    fn shares_are_ordered_as_numbers_and_leave_a_row() {
        let share = |number| Share::new(number).expect("a share");
        assert!(share(0.1) < share(0.25) && share(0.25) < Share::ALL);
        assert_eq!((share(0.5).of(7), share(1e-9).of(7), Share::ALL.of(7)), (3, 1, 7));
        for number in [0.0, -0.5, 1.5, f64::NAN] {
            assert!(Share::new(number).is_err(), "{number}");
        }
        assert_eq!(Budget::rows(1.0).expect("a budget"), Budget::Full);
        assert!(Budget::epochs(0).is_err());
    }
}
