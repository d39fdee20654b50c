//! The effect of each hyperparameter on the score.

mod forest;
mod grid;
mod levels;
mod paired;
#[cfg(test)]
mod tests;

pub use paired::PairedDifference;

use std::fmt;

use serde_json::Value;

use super::CvResults;
use crate::escape::escaped;

/// The parts of the variance of the mean scores that hyperparameters have: a functional analysis of variance
/// ([Hooker 2007](https://doi.org/10.1198/106186007X237892),
/// [Hutter, Hoos and Leyton-Brown 2014](https://proceedings.mlr.press/v32/hutter14.html)).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Effects {
    /// The method by which they are found.
    pub method: EffectMethod,
    /// The variance of the mean scores of all candidates.
    pub variance: f64,
    /// The effect of each hyperparameter that has several values, in the order of declaration.
    pub main: Vec<MainEffect>,
    /// The effect that each two of them have together, beside those of each.
    pub pairs: Vec<PairEffect>,
}

/// The method by which effects are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EffectMethod {
    /// The exact analysis of a complete grid.
    CompleteGrid,
    /// The analysis of a forest of regression trees, each on as many candidates, drawn with replacement. It is exact
    /// for the trees. A share is the mean of the trees' shares.
    Forest {
        /// The number of trees.
        trees: usize,
    },
}

impl fmt::Display for EffectMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CompleteGrid => f.write_str("exact for the complete grid"),
            Self::Forest { trees } => write!(f, "by a forest of {trees} trees"),
        }
    }
}

/// The effect of one hyperparameter.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MainEffect {
    /// The hyperparameter.
    pub name: String,
    /// Its share of the variance, in [0, 1].
    pub share: f64,
    /// The values in the order of the space, each with the mean score over all other hyperparameters; of a range some
    /// values that were tried, evenly spread.
    pub means: Vec<(Value, f64)>,
}

/// The effect that two hyperparameters have together.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PairEffect {
    /// The hyperparameters, in the order of declaration.
    pub names: (String, String),
    /// Their share of the variance, in [0, 1], without the shares of each.
    pub share: f64,
}

impl CvResults {
    /// The effects of the hyperparameters on the mean of the deciding metric, among
    /// [finalists](super::CandidateScores::is_finalist) with a finite score.
    ///
    /// Where these are a complete grid, all combinations of their values, the effects are exact. Elsewhere a forest of
    /// regression trees stands for the scores of all combinations, and its [method](Effects::method) says so. Each axis
    /// counts evenly: each value of a list, each part of a range by its distribution. A candidate that lacks a
    /// conditional hyperparameter counts as one that is the same with all of its values. Where the space does not tell,
    /// more than 16 numbers are a range, in logarithms where the largest is at least 100 times the smallest. `None` of
    /// fewer than two scores of a grid or ten of others, or where these are equal.
    ///
    /// Luck is part of the scores, and it is part of the shares of what does nothing. Where a strategy eliminated
    /// candidates, these are the effects among those that are left.
    pub fn effects(&self) -> Option<Effects> {
        let levels = self.levels();
        let scores: Vec<f64> = levels.candidates.iter().map(|(at, _)| self.candidates()[*at].mean(0)).collect();
        if scores.iter().all(|score| *score == scores[0]) {
            return None;
        }
        grid::effects(&levels, &scores).or_else(|| forest::effects(&levels, &scores))
    }

    /// Sentences about the effects: the largest ones, and what the values of the hyperparameter with the largest one
    /// differ by, where all else is equal.
    pub(super) fn effects_sentences(&self) -> Vec<String> {
        let Some(effects) = self.effects() else { return Vec::new() };
        let sentences = [self.shares_sentence(&effects), self.differences_sentence(&effects)];
        sentences.into_iter().flatten().collect()
    }

    fn shares_sentence(&self, effects: &Effects) -> Option<String> {
        let main = effects.main.iter().map(|effect| (effect.share, escaped(&effect.name).into_owned()));
        let pairs = effects
            .pairs
            .iter()
            .map(|PairEffect { names: (a, b), share }| (*share, format!("{} with {}", escaped(a), escaped(b))));
        let mut all: Vec<(f64, String)> = main.chain(pairs).filter(|(share, _)| *share >= LEAST).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        all.truncate(NAMED);
        if all.is_empty() || effects.main.len() < 2 {
            return None;
        }
        let named: Vec<String> =
            all.into_iter().map(|(share, name)| format!("{name} {:.0} %", 100.0 * share)).collect();
        let metric = escaped(&self.metrics()[0].name);
        Some(format!("Shares of the variance of {metric}, {}: {}.", effects.method, named.join(", ")))
    }

    fn differences_sentence(&self, effects: &Effects) -> Option<String> {
        let largest = effects.main.iter().filter(|effect| effect.share >= LEAST);
        let name = &largest.reduce(|best, other| if other.share > best.share { other } else { best })?.name;
        let differences = self.paired_differences(name);
        let shown: Vec<String> = differences.iter().take(NAMED).map(ToString::to_string).collect();
        let more = if differences.len() > NAMED { ", ..." } else { "" };
        let name = escaped(name);
        (!shown.is_empty()).then(|| format!("Paired differences of {name} (95 %): {}{more}.", shown.join(", ")))
    }
}

/// The smallest share that the report names.
const LEAST: f64 = 0.01;
/// The most effects, and the most differences, that the report names.
const NAMED: usize = 4;

/// The largest variance of scores that rounding alone may give.
fn rounding(scores: &[f64]) -> f64 {
    let largest = scores.iter().fold(0.0_f64, |largest, score| largest.max(score.abs()));
    (1e-12 * largest).powi(2)
}
