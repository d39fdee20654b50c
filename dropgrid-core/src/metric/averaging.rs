//! From a score for each class to one number.

use super::{
    Measured, Place, Scored, Support, Warning,
    counts::{Count, Counted},
    sum::{mean, sum},
};
use crate::error::{Result, ScoringError};

/// The average that makes one score of those of several classes or flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Averaging {
    /// One score of all decisions together.
    Micro,
    /// The mean over the classes: every class counts the same.
    Macro,
    /// The mean over the classes, each weighted by its true rows.
    Weighted,
}

impl Averaging {
    /// The name in results, after the metric's.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Micro => "_micro",
            Self::Macro => "_macro",
            Self::Weighted => "_weighted",
        }
    }
}

/// The classes or rows over which a ratio of counts is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// Class 1 of two.
    Binary,
    /// One class against the rest.
    Class(usize),
    All(Averaging),
    /// The mean over the rows.
    Samples,
}

impl Over {
    pub(super) fn name(self, metric: &str) -> String {
        match self {
            Self::Binary => metric.to_owned(),
            Self::Class(class) => format!("{metric}_class_{class}"),
            Self::All(averaging) => metric.to_owned() + averaging.suffix(),
            Self::Samples => format!("{metric}_samples"),
        }
    }

    pub(super) fn check(self, metric: impl FnOnce() -> String, classes: usize) -> Result<()> {
        match self {
            Self::Binary if classes != 2 => Err(ScoringError::NotBinary { metric: metric(), classes }.into()),
            Self::Class(class) if class >= classes => {
                Err(ScoringError::NoSuchClass { metric: metric(), class, classes }.into())
            }
            _ => Ok(()),
        }
    }

    /// The average of `ratio`, a numerator and a denominator, where 0/0 counts as 0 with a warning.
    pub(super) fn average<K: Counted>(
        self,
        scored: &Scored<'_, K>,
        support: Support,
        ratio: impl Fn(&Count) -> (f64, f64),
    ) -> Result<Measured> {
        let score = |count: &Count| match ratio(count) {
            (_, 0.0) => 0.0,
            (above, below) => above / below,
        };
        let empty = |counts: &[Count]| -> Vec<usize> {
            counts.iter().filter(|count| ratio(count).1 == 0.0).map(|count| count.class).collect()
        };
        let (value, place) = match self {
            Self::Binary | Self::Class(_) => {
                let class = if let Self::Class(class) = self { class } else { 1 };
                let counts = K::counts(scored)?;
                let none = Count { class, right: 0.0, predicted: 0.0, truth: 0.0 };
                let count = counts.into_iter().find(|count| count.class == class).unwrap_or(none);
                (score(&count), Place::Classes(empty(&[count])))
            }
            Self::All(Averaging::Micro) => {
                let counts = K::counts(scored)?;
                let total = |part: fn(&Count) -> f64| sum(counts.iter().map(part));
                let (right, predicted) = (total(|count| count.right), total(|count| count.predicted));
                let all = Count { class: 0, right, predicted, truth: total(|count| count.truth) };
                let place = if empty(&[all]).is_empty() { Place::Rows(0) } else { Place::Everywhere };
                (score(&all), place)
            }
            Self::All(averaging) => {
                let counts = K::counts(scored)?;
                let truths: Vec<f64> = counts.iter().map(|count| count.truth).collect();
                let weighted = averaging == Averaging::Weighted && truths.iter().any(|&truth| truth > 0.0);
                let value = mean(counts.iter().map(score), weighted.then_some(truths.as_slice()));
                (value, Place::Classes(empty(&counts)))
            }
            Self::Samples => {
                let counts = K::row_counts(scored)?;
                (mean(counts.iter().map(score), scored.relative_weights()), Place::Rows(empty(&counts).len()))
            }
        };
        let odd = !matches!(&place, Place::Rows(0)) && place != Place::Classes(Vec::new());
        Ok(Measured { value, warnings: odd.then_some(Warning::ZeroDivision { support, place }).into_iter().collect() })
    }
}
