//! Statistical comparison of candidates: the corrected resampled t-test.

use std::cmp::Ordering;

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::{average::mean_and_std, cv_results::CvResults, metric_ref::MetricRef};
use crate::record::FoldInfo;

/// The difference of two candidates by one metric, fold by fold: the corrected resampled t-test.
///
/// Scores of different folds are not independent, since their training parts overlap, and a plain t-test of them finds
/// differences where there are none. The test multiplies the variance of the differences by `1/k + n_test/n_train` in
/// place of `1/k` ([Nadeau and Bengio 2003](https://doi.org/10.1023/A:1024068626366)).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Comparison {
    /// The mean over the folds of the first candidate's score minus the second's.
    pub difference: f64,
    /// Its corrected standard error.
    pub standard_error: f64,
    /// The difference divided by its standard error.
    pub t: f64,
    /// The number of folds less one.
    pub degrees_of_freedom: usize,
    /// The probability of a difference at least as large, either way, between candidates that are equally good.
    pub p_value: f64,
}

impl Comparison {
    /// The interval that holds the true difference with probability `confidence`, such as 0.95.
    pub fn interval(&self, confidence: f64) -> (f64, f64) {
        let reach = match student(self.degrees_of_freedom) {
            Some(student) if self.standard_error > 0.0 => {
                student.inverse_cdf(f64::midpoint(1.0, confidence)) * self.standard_error
            }
            _ => 0.0,
        };
        (self.difference - reach, self.difference + reach)
    }

    /// The comparison of fold-wise differences, where the folds together test `test` rows and train on `train`.
    fn of(differences: &[f64], test: usize, train: usize) -> Option<Self> {
        let folds = differences.len();
        if folds < 2 || differences.iter().any(|difference| !difference.is_finite()) {
            return None;
        }
        let (difference, std) = mean_and_std(differences, &vec![1.0; folds]);
        let variance = std * std * folds as f64 / (folds - 1) as f64;
        let standard_error = (variance * (1.0 / folds as f64 + test as f64 / train as f64)).sqrt();
        let t = if difference == 0.0 { 0.0 } else { difference / standard_error };
        let degrees_of_freedom = folds - 1;
        let p_value = student(degrees_of_freedom).map_or(f64::NAN, |student| 2.0 * student.sf(t.abs()));
        Some(Self { difference, standard_error, t, degrees_of_freedom, p_value })
    }
}

fn student(degrees_of_freedom: usize) -> Option<StudentsT> {
    StudentsT::new(0.0, 1.0, degrees_of_freedom as f64).ok()
}

impl CvResults {
    /// True of a candidate that may be compared with the best: their means are of the same budget and folds, and it
    /// could have been the best.
    fn is_compared(&self, candidate: &super::CandidateScores) -> bool {
        self.competes(candidate) && !candidate.mean(0).is_nan()
    }

    /// Compares candidates number `first` and `second` by a metric, given by [position or name](MetricRef). `None`
    /// where either has a score that is NaN or infinite, or there are fewer than two folds. Where the cross-validation
    /// was [repeated](crate::search::Search::repeats), a fold's score is the mean of its repeats.
    ///
    /// A p-value speaks of this pair alone. To compare the best with all others, see
    /// [`indistinguishable`](Self::indistinguishable).
    pub fn compare<R: MetricRef>(&self, first: usize, second: usize, metric: R) -> R::Value<Option<Comparison>> {
        metric.pick(self.metrics(), |metric| self.compare_by(&[(second, first)], metric))
    }

    /// Compares the means of candidates by the deciding metric: in each pair, the second one with the first one.
    pub(super) fn compare_pairs(&self, pairs: &[(usize, usize)]) -> Option<Comparison> {
        if pairs.is_empty() { None } else { self.compare_by(pairs, 0) }
    }

    fn compare_by(&self, pairs: &[(usize, usize)], metric: usize) -> Option<Comparison> {
        // Repeats are no new rows: a fold counts once, by the mean of its repeats.
        let (folds, repeats) = (self.folds_of_one(), self.repeats() as f64);
        let scores = |candidate: usize| self.candidates()[candidate].scores(metric);
        let scores: Vec<[Vec<f64>; 2]> = pairs.iter().map(|&(from, to)| [scores(from), scores(to)]).collect();
        let difference = |fold: usize| {
            let of_fold = |scores: &[f64]| scores.iter().skip(fold).step_by(folds).sum::<f64>();
            let differences = scores.iter().map(|[from, to]| (of_fold(to) - of_fold(from)) / repeats);
            differences.sum::<f64>() / pairs.len() as f64
        };
        let differences: Vec<f64> = (0..folds).map(difference).collect();
        let total = |part: fn(&FoldInfo) -> usize| self.fold_infos()[..folds].iter().map(part).sum();
        Comparison::of(&differences, total(|fold| fold.test), total(|fold| fold.train))
    }

    /// The candidates that cannot be told from the best one by the deciding metric, in the order of the space, the best
    /// among them.
    ///
    /// Each candidate is compared with the best ([`compare`](Self::compare)); those whose difference is significant at
    /// level `alpha`, such as 0.05, after
    /// [Holm's](https://en.wikipedia.org/wiki/Holm%E2%80%93Bonferroni_method) correction for so many comparisons, are
    /// out, and so are those with failed folds and those that are no [finalists](super::CandidateScores::is_finalist).
    pub fn indistinguishable(&self, alpha: f64) -> Vec<usize> {
        let Some(best) = self.best() else { return Vec::new() };
        let mut tested: Vec<(usize, f64)> = (0..self.candidates().len())
            .filter(|&other| other != best && self.is_compared(&self.candidates()[other]))
            .map(|other| (other, self.compare(best, other, 0).map_or(1.0, |comparison| comparison.p_value)))
            .collect();
        tested.sort_by(|a, b| a.1.partial_cmp(&b.1).unwrap_or(Ordering::Equal));
        let count = tested.len();
        let told_apart =
            tested.iter().enumerate().take_while(|&(at, &(_, p_value))| p_value <= alpha / (count - at) as f64).count();
        let mut left: Vec<usize> = tested.split_off(told_apart).into_iter().map(|(other, _)| other).collect();
        left.push(best);
        left.sort_unstable();
        left
    }
}

impl CvResults {
    /// One sentence about how sure the best candidate is to be the best: how many others may be as good as it, by the
    /// test of [`indistinguishable`](Self::indistinguishable) at level `alpha`. `None` where there is nothing to
    /// compare.
    pub(super) fn comparison(&self, alpha: f64) -> Option<String> {
        self.best().filter(|_| self.folds_of_one() > 1)?;
        let scored = self.candidates().iter().filter(|candidate| self.is_compared(candidate)).count();
        let (others, alike) = (scored.checked_sub(1)?, self.indistinguishable(alpha).len().saturating_sub(1));
        let test = format!("(corrected t-test, {:.0} %)", alpha * 100.0);
        let may = "may be as good as the best";
        let chance = "within what chance gives";
        Some(match (alike, others - alike) {
            (0, 0) => return None,
            (1, 0) => format!("The other candidate {may}: their difference is {chance} {test}."),
            (alike, 0) => format!("All {alike} other candidates {may}: their differences are {chance} {test}."),
            (0, 1) => format!("The other candidate is worse than the best by more than chance gives {test}."),
            (0, worse) => {
                format!("All {worse} other candidates are worse than the best by more than chance gives {test}.")
            }
            (alike, worse) => {
                let differences = if alike == 1 { "its difference is" } else { "their differences are" };
                let rest = if worse == 1 { "the other one is".to_owned() } else { format!("the other {worse} are") };
                format!("{alike} of {others} other candidates {may}: {differences} {chance}; {rest} worse {test}.")
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against `scipy.stats.t.sf` and `scipy.stats.t.ppf` 1.17: differences [.02, .01, .03, -.01, .02] over five folds
    /// of 20 rows out of 100.
    #[test]
    fn the_corrected_test_of_five_folds() {
        let comparison = Comparison::of(&[0.02, 0.01, 0.03, -0.01, 0.02], 100, 400).expect("five numbers");
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} is not {b}");
        close(comparison.difference, 0.014);
        close(comparison.standard_error, 0.010_173_494_974_687_903);
        close(comparison.t, 1.376_124_924_112_373);
        close(comparison.p_value, 0.240_801_502_902_750_65);
        let (low, high) = comparison.interval(0.95);
        close(low, -0.014_246_150_325_226_581);
        close(high, 0.042_246_150_325_226_58);
    }

    #[test]
    fn equal_scores_are_equal_and_a_constant_difference_is_certain() {
        let equal = Comparison::of(&[0.0; 3], 30, 60).expect("numbers");
        assert_eq!((equal.t, equal.p_value), (0.0, 1.0));
        let certain = Comparison::of(&[0.5; 3], 30, 60).expect("numbers");
        assert_eq!((certain.p_value, certain.interval(0.95)), (0.0, (0.5, 0.5)));
        assert_eq!(Comparison::of(&[0.5], 30, 60), None);
        assert_eq!(Comparison::of(&[0.5, f64::NAN], 30, 60), None);
    }
}
