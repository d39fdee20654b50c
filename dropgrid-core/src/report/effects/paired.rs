//! Differences of candidates that are alike but for one value.

use std::fmt;

use serde_json::Value;

use crate::{
    escape::escaped,
    report::{Comparison, CvResults},
};

/// The difference that one value of a hyperparameter makes against another one, everything else being equal.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PairedDifference {
    /// The value that is subtracted.
    pub from: Value,
    /// The value that it is subtracted from.
    pub to: Value,
    /// The pairs of candidates that differ in nothing else.
    pub pairs: usize,
    /// The mean score of the candidates with `to` minus that of their partners with `from`, fold by fold, with its
    /// interval.
    pub comparison: Comparison,
}

/// `0.2 against 0.1: +0.003000 ± 0.001000`, with the half of the interval of 95 %.
impl fmt::Display for PairedDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = self.comparison.interval(0.95);
        let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        let (from, to) = (word(&self.from), word(&self.to));
        let (from, to) = (escaped(&from), escaped(&to));
        write!(f, "{to} against {from}: {:+.6} ± {:.6}", self.comparison.difference, (high - low) / 2.0)
    }
}

impl CvResults {
    /// The difference that each value of a hyperparameter makes against the one before it, in the order of the space,
    /// by the deciding metric: of all pairs of candidates that differ in nothing else, the mean difference on each
    /// fold, compared as in [`compare`](Self::compare). Empty where there is no such hyperparameter, no pair, or fewer
    /// than two folds.
    ///
    /// Candidates of a fold have the same rows and the same draws, so what they share is no part of the difference.
    pub fn paired_differences(&self, name: &str) -> Vec<PairedDifference> {
        let levels = self.levels();
        let Some(axis) = levels.names.iter().position(|other| other == name) else { return Vec::new() };
        // By everything else, then by the value: partners stand side by side.
        let mut order: Vec<(Vec<usize>, usize, usize)> = Vec::with_capacity(levels.candidates.len());
        for (number, at) in &levels.candidates {
            let mut rest = at.clone();
            let value = rest.remove(axis);
            order.push((rest, value, *number));
        }
        order.sort();
        // Of two candidates with the same values the last.
        order.dedup_by(|next, kept| {
            let is_same = (&next.0, next.1) == (&kept.0, kept.1);
            if is_same {
                kept.2 = next.2;
            }
            is_same
        });
        let values = &levels.values[axis];
        let mut pairs: Vec<Vec<(usize, usize)>> = vec![Vec::new(); values.len()];
        for sides in order.windows(2) {
            if sides[0].0 == sides[1].0 && sides[0].1 + 1 == sides[1].1 {
                pairs[sides[1].1].push((sides[0].2, sides[1].2));
            }
        }
        let difference = |to: usize| {
            let pairs = &pairs[to];
            let comparison = self.compare_pairs(pairs)?;
            Some(PairedDifference {
                from: values[to - 1].clone(),
                to: values[to].clone(),
                pairs: pairs.len(),
                comparison,
            })
        };
        (1..values.len()).filter_map(difference).collect()
    }
}
