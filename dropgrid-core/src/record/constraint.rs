//! Bounds on metrics.

use std::{
    fmt,
    ops::{Bound, RangeBounds},
};

use serde::{Deserialize, Serialize};

use super::{FoldInfo, Record, mean_and_std};

/// A bound on the mean score of a metric. A candidate outside is infeasible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Constraint {
    /// The position of the metric.
    pub metric: usize,
    /// The name of the metric.
    pub name: String,
    /// The lower end of the feasible scores.
    #[serde(with = "bound")]
    pub lower: Bound<f64>,
    /// The upper end of the feasible scores.
    #[serde(with = "bound")]
    pub upper: Bound<f64>,
}

/// The end of a bound as whether it is included, and the bits of its number, which may be infinite.
mod bound {
    use std::ops::Bound;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(bound: &Bound<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        let end = match bound {
            Bound::Included(number) => Some((true, number.to_bits())),
            Bound::Excluded(number) => Some((false, number.to_bits())),
            Bound::Unbounded => None,
        };
        end.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bound<f64>, D::Error> {
        Ok(match Option::<(bool, u64)>::deserialize(deserializer)? {
            Some((true, bits)) => Bound::Included(f64::from_bits(bits)),
            Some((false, bits)) => Bound::Excluded(f64::from_bits(bits)),
            None => Bound::Unbounded,
        })
    }
}

impl Constraint {
    /// A bound on the metric at the position `metric`, of this name: `Constraint::new(0, "recall", 0.9..)`.
    pub fn new(metric: usize, name: impl Into<String>, bounds: impl RangeBounds<f64>) -> Self {
        let (lower, upper) = (bounds.start_bound().cloned(), bounds.end_bound().cloned());
        Self { metric, name: name.into(), lower, upper }
    }

    /// The distance of a score to the nearest feasible one: 0 of a feasible score, infinity of NaN.
    pub fn violation(&self, score: f64) -> f64 {
        if score.is_nan() {
            return f64::INFINITY;
        }
        let lower = match self.lower {
            Bound::Included(lower) => lower,
            Bound::Excluded(lower) => lower.next_up(),
            Bound::Unbounded => f64::NEG_INFINITY,
        };
        let upper = match self.upper {
            Bound::Included(upper) => upper,
            Bound::Excluded(upper) => upper.next_down(),
            Bound::Unbounded => f64::INFINITY,
        };
        if score < lower {
            lower - score
        } else if score > upper {
            score - upper
        } else {
            0.0
        }
    }

    /// The sum of the violations of constraints by a candidate's mean scores over the folds, of which it has a record
    /// each. Infinity where a fold failed.
    pub(crate) fn total_of(constraints: &[Self], records: &[Record], folds: &[FoldInfo]) -> f64 {
        let weights: Vec<f64> = folds.iter().map(|fold| fold.weight).collect();
        Self::total(constraints, |metric| {
            let of_fold = |record: &Record| record.outcome.as_ref().map_or(f64::NAN, |scores| scores[metric]);
            mean_and_std(&records.iter().map(of_fold).collect::<Vec<f64>>(), &weights).0
        })
    }

    /// The sum of the violations of constraints by the mean scores of a candidate, one a metric.
    pub fn total(constraints: &[Self], mean: impl Fn(usize) -> f64) -> f64 {
        constraints.iter().map(|constraint| constraint.violation(mean(constraint.metric))).sum()
    }
}

/// As in `recall >= 0.9` and `0.1 <= loss < 0.5`.
impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, lower, upper, .. } = self;
        match (lower, upper) {
            (Bound::Included(lower), Bound::Unbounded) => return write!(f, "{name} >= {lower}"),
            (Bound::Excluded(lower), Bound::Unbounded) => return write!(f, "{name} > {lower}"),
            (Bound::Included(lower), _) => write!(f, "{lower} <= {name}")?,
            (Bound::Excluded(lower), _) => write!(f, "{lower} < {name}")?,
            (Bound::Unbounded, _) => f.write_str(name)?,
        }
        match upper {
            Bound::Included(upper) => write!(f, " <= {upper}"),
            Bound::Excluded(upper) => write!(f, " < {upper}"),
            Bound::Unbounded => Ok(()),
        }
    }
}
