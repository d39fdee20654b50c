//! Rules that choose the candidate to train on all rows.

use std::fmt;

use super::{CandidateScores, CvResults, FreshRepeats, MetricInfo, Results};
use crate::{error::Result, metric::Direction};

/// A rule that chooses the candidate to train on all rows. A closure over the results is one, too.
pub trait Refit<P> {
    /// Checks the settings of the rule before any training, for a search with these `metrics`, the deciding one first.
    ///
    /// # Errors
    /// A setting with which the rule cannot choose. By default there is none.
    fn check(&self, metrics: &[MetricInfo]) -> Result<()> {
        let _ = metrics;
        Ok(())
    }

    /// Chooses a candidate by its position in the results.
    ///
    /// `best` is the first candidate of rank 1 by the deciding metric, and `size` gives a candidate's number of
    /// trainable parameters.
    fn choose(&self, results: &Results<P>, best: usize, size: &mut dyn FnMut(&P) -> usize) -> usize;

    /// The race on fresh repeats by which the search is to choose before it asks this rule. The rule is asked where
    /// that race has no outcome. There is none by default.
    fn fresh_repeats(&self) -> Option<FreshRepeats> {
        None
    }
}

/// The first candidate of rank 1 by the deciding metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Best;

impl<P> Refit<P> for Best {
    fn choose(&self, _results: &Results<P>, best: usize, _size: &mut dyn FnMut(&P) -> usize) -> usize {
        best
    }
}

/// The candidate with the best mean by a Gaussian process of all candidates, [`CvResults::posterior_means`], in place
/// of the best mean score: the luckiest of many candidates is often not the best one. Of equal ones, the first in the
/// order of the space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BestPosteriorMean;

impl<P> Refit<P> for BestPosteriorMean {
    fn choose(&self, results: &Results<P>, best: usize, _size: &mut dyn FnMut(&P) -> usize) -> usize {
        let Some(means) = results.posterior_means() else { return best };
        let direction = results.metrics()[0].direction;
        // The process knows a candidate that failed as one of the worst score, and no model can be made of it.
        let is_scored = |at: &usize| {
            results.competes(&results.candidates()[*at])
                && !means[*at].is_nan()
                && results.candidates()[*at].mean(0).is_finite()
        };
        let scored = (0..means.len()).filter(is_scored);
        scored.reduce(|a, b| if direction.compare(means[b], means[a]).is_lt() { b } else { a }).unwrap_or(best)
    }
}

/// The search runs the race; where it has no outcome, the best of the search is chosen.
impl<P> Refit<P> for FreshRepeats {
    fn check(&self, _metrics: &[MetricInfo]) -> Result<()> {
        self.check_settings()
    }

    fn choose(&self, _results: &Results<P>, best: usize, _size: &mut dyn FnMut(&P) -> usize) -> usize {
        best
    }

    fn fresh_repeats(&self) -> Option<FreshRepeats> {
        Some(*self)
    }
}

impl<P, F: Fn(&Results<P>) -> usize> Refit<P> for F {
    fn choose(&self, results: &Results<P>, _best: usize, _size: &mut dyn FnMut(&P) -> usize) -> usize {
        self(results)
    }
}

/// Declares a rule that takes the simplest candidate within some distance of the best one.
macro_rules! simplest {
    ($(#[$doc:meta])* $name:ident, $distance:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default)]
        pub struct $name<F = FewestParameters> {
            complexity: F,
        }

        impl $name {
            /// The rule with simplicity by the number of trainable parameters.
            pub const fn new() -> Self {
                Self { complexity: FewestParameters }
            }

            /// The rule with simplicity by `complexity`: lower is simpler, and NaN is never the simplest.
            pub const fn simplest<P, F: Fn(&P) -> f64>(complexity: F) -> $name<F> {
                $name { complexity }
            }
        }

        impl<P> Refit<P> for $name<FewestParameters> {
            fn choose(&self, results: &Results<P>, best: usize, size: &mut dyn FnMut(&P) -> usize) -> usize {
                within(results, best, $distance, &mut |at| size(results.candidates()[at].params()) as f64)
            }
        }

        impl<P, F: Fn(&P) -> f64> Refit<P> for $name<F> {
            fn choose(&self, results: &Results<P>, best: usize, _size: &mut dyn FnMut(&P) -> usize) -> usize {
                within(results, best, $distance, &mut |at| (self.complexity)(results.candidates()[at].params()))
            }
        }

        impl<F> fmt::Debug for $name<F> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

simplest! {
    /// The simplest candidate whose mean score is within one standard error of the best one's.
    ///
    /// The standard error is that of the best candidate's folds, `s / sqrt(k)` with the sample standard deviation of
    /// its `k` scores, each the mean over its repeats (Breiman et al. 1984; [Hastie, Tibshirani and
    /// Friedman](https://hastie.su.domains/ElemStatLearn/), section 7.10). Among equally simple candidates, the better
    /// mean counts, then the order of the space.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::report::{OneStandardError, Refit};
    /// # struct MlpParams { dropout: f64 }
    /// # fn check(_: impl Refit<MlpParams>) {}
    /// # check(
    /// OneStandardError::new() // the fewest trainable parameters
    /// # );
    /// # check(
    /// OneStandardError::simplest(|params: &MlpParams| -params.dropout) // the highest rate
    /// # );
    /// ```
    OneStandardError, |best, folds| best.fold_std(0) / (folds - 1.0).max(1.0).sqrt()
}

simplest! {
    /// The simplest candidate whose mean score is within one standard deviation of the best one's: scikit-learn's
    /// example
    /// [`best_low_complexity`](https://scikit-learn.org/stable/auto_examples/model_selection/plot_grid_search_refit_callable.html).
    ///
    /// The deviation is `std_test_score` of the best candidate, that of its folds divided by their number. It is
    /// `sqrt(k - 1)` times the [standard error](OneStandardError) of `k` folds, twice that of five, so it gives up more
    /// of the score for a simpler model. Among equally simple candidates, the better mean counts, then the order of the
    /// space; the example takes the first one.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::report::{OneStandardDeviation, Refit};
    /// # struct MlpParams { hidden: usize }
    /// # fn check(_: impl Refit<MlpParams>) {}
    /// # check(
    /// OneStandardDeviation::simplest(|params: &MlpParams| params.hidden as f64) // the narrowest layer
    /// # );
    /// ```
    OneStandardDeviation, |best, _| best.std(0)
}

/// Simplicity by the number of trainable parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FewestParameters;

/// The simplest candidate whose mean score is within `distance` of the best one's. `distance` gets the best candidate
/// and the number of folds, and `complexity` the place of a candidate.
fn within(
    results: &CvResults,
    best: usize,
    distance: fn(&CandidateScores, f64) -> f64,
    complexity: &mut dyn FnMut(usize) -> f64,
) -> usize {
    let candidates = results.candidates();
    let mean = candidates[best].mean(0);
    let error = distance(&candidates[best], results.folds_of_one() as f64);
    let is_within = |score: f64| match results.metrics()[0].direction {
        Direction::Maximize => score >= mean - error,
        Direction::Minimize => score <= mean + error,
    };
    let mut chosen = (best, complexity(best));
    let finalists = candidates.iter().enumerate().filter(|(_, candidate)| results.competes(candidate));
    for (at, candidate) in finalists.filter(|(_, candidate)| is_within(candidate.mean(0))) {
        let complexity = complexity(at);
        let simpler = complexity < chosen.1 || (chosen.1.is_nan() && !complexity.is_nan());
        let as_simple = complexity == chosen.1;
        let better = results.metrics()[0].direction.compare(candidate.mean(0), candidates[chosen.0].mean(0)).is_lt();
        if simpler || (as_simple && better) {
            chosen = (at, complexity);
        }
    }
    chosen.0
}
