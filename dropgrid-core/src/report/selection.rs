//! The part of the best score that is owed to the choice of the best.

use super::{BbcObstacle, CvResults, best_probability::probabilities_of_best};
use crate::{metric::Direction, record::mean_and_std, strategy::smoothed};

/// The most candidates that a Gaussian process smooths: the best ones by their mean.
const MOST: usize = 250;

impl CvResults {
    /// The finalists that have a score, in the order of the space.
    fn scored(&self) -> Vec<usize> {
        let is_scored = |at: &usize| {
            let candidate = &self.candidates()[*at];
            self.competes(candidate) && candidate.mean(0).is_finite()
        };
        (0..self.candidates().len()).filter(is_scored).collect()
    }

    /// True where some candidates are no finalists: they were eliminated on the very folds that would now score a
    /// choice.
    fn has_eliminated(&self) -> bool {
        self.candidates().iter().any(|candidate| !candidate.is_finalist())
    }

    /// The scores of a candidate on the folds, each the mean over its repeats, higher is better.
    fn oriented(&self, candidate: usize) -> Vec<f64> {
        let sign = match self.metrics()[0].direction {
            Direction::Maximize => 1.0,
            Direction::Minimize => -1.0,
        };
        let (scores, folds) = (self.candidates()[candidate].scores(0), self.folds_of_one());
        let of_fold = |fold: usize| scores.iter().skip(fold).step_by(folds).sum::<f64>() / self.repeats() as f64;
        (0..folds).map(|fold| sign * of_fold(fold)).collect()
    }

    fn weights_of_one(&self) -> Vec<f64> {
        self.fold_infos()[..self.folds_of_one()].iter().map(|fold| fold.weight).collect()
    }

    /// The score by the deciding metric of a candidate that is chosen without the rows that score it: on each fold, the
    /// one that is best on all other folds counts. `None` with fewer than two folds, without a candidate that has a
    /// score on each, and where candidates were eliminated: which ones was decided on these folds.
    ///
    /// The best mean is too good, since the best of many candidates is partly the luckiest one. This one is not, up to
    /// what a candidate chosen on one fold less is worse; it costs no training. The same is done to rows, in place of
    /// folds, by the bootstrap of [Tsamardinos, Greasidou and Borboudakis
    /// 2018](https://doi.org/10.1007/s10994-018-5714-4).
    pub fn score_chosen_on_other_folds(&self) -> Option<f64> {
        let folds = self.folds_of_one();
        let (scored, weights) = (self.scored(), self.weights_of_one());
        let scores: Vec<Vec<f64>> = scored.iter().map(|&at| self.oriented(at)).collect();
        if folds < 2 || scores.is_empty() || self.has_eliminated() {
            return None;
        }
        let without = |fold: usize, numbers: &[f64]| -> Vec<f64> {
            (0..folds).filter(|&at| at != fold).map(|at| numbers[at]).collect()
        };
        let held_out = |fold: usize| {
            let mean = |scores: &[f64]| mean_and_std(&without(fold, scores), &without(fold, &weights)).0;
            // Of equal ones the first, as in the ranks.
            let best = scores.iter().map(|scores| (mean(scores), scores[fold]));
            best.reduce(|a, b| if b.0 > a.0 { b } else { a }).map(|(_, score)| score)
        };
        let all: Vec<f64> = (0..folds).map(held_out).collect::<Option<_>>()?;
        let score = mean_and_std(&all, &weights).0;
        Some(if self.metrics()[0].direction == Direction::Minimize { -score } else { score })
    }

    /// The probability of each candidate to be the best one by the deciding metric, in the order of the space; 0 of
    /// those that lack a score, and of those behind the best 1000. Empty with fewer than two folds, and where candidates
    /// were eliminated.
    ///
    /// It is the posterior probability of the Bayesian correlated t-test
    /// ([Benavoli, Corani, Demšar and Zaffalon 2017](https://jmlr.org/papers/v18/16-305.html)), for all candidates
    /// together: candidates are compared fold by fold, and the correction for training parts that overlap is that of
    /// [`compare`](Self::compare). 2048 draws with a fixed seed give it to about 1 %.
    pub fn probabilities_of_best(&self) -> Vec<f64> {
        let (folds, scored) = (self.folds_of_one(), self.scored());
        if folds < 2 || self.has_eliminated() {
            return Vec::new();
        }
        let scores: Vec<Vec<f64>> = scored.iter().map(|&at| self.oriented(at)).collect();
        let weights = self.weights_of_one();
        let parts = &self.fold_infos()[..folds];
        let (test, train) = parts.iter().fold((0, 0), |sums, fold| (sums.0 + fold.test, sums.1 + fold.train));
        let correction = (1.0 + folds as f64 * test as f64 / train.max(1) as f64).sqrt();
        let mut all = vec![0.0; self.candidates().len()];
        for (at, probability) in scored.into_iter().zip(probabilities_of_best(&scores, &weights, correction)) {
            all[at] = probability;
        }
        all
    }

    /// One sentence about the score that is corrected by a bootstrap of rows, or about why the search that asked for
    /// one has none.
    pub(super) fn correction(&self) -> Option<String> {
        match self.bbc() {
            Ok(scores) => Some(scores.to_string()),
            Err(BbcObstacle::NotKept) => None,
            Err(obstacle) => Some(format!("There is no score that is corrected for the choice: {obstacle}.")),
        }
    }

    /// One sentence about why there is no such score where candidates were eliminated; `None` where there is one, or
    /// where the bootstrap that was asked for says so.
    pub(super) fn no_selection(&self) -> Option<String> {
        let eliminated = self.candidates().iter().filter(|candidate| candidate.elimination().is_some()).count();
        if eliminated == 0
            || self.folds_of_one() < 2
            || self.best().is_none()
            || self.bbc() != Err(BbcObstacle::NotKept)
        {
            return None;
        }
        let were = if eliminated == 1 { "candidate was" } else { "candidates were" };
        Some(format!(
            "No score is free of the choice: {eliminated} {were} eliminated by scores on these folds, so the best one's is \
             optimistic, and no fold is left to say by how much. Scores on other folds come from \
             `.refit(FreshRepeats::of_top(5))` or `.nested_cross_validate(..)`."
        ))
    }

    /// One sentence about how far the best score may be trusted; `None` where there is nothing to choose.
    pub(super) fn selection(&self) -> Option<String> {
        let best = self.best().filter(|_| self.scored().len() > 1)?;
        let (mean, held_out) = (self.candidates()[best].mean(0), self.score_chosen_on_other_folds()?);
        let probability = self.probabilities_of_best().get(best).copied()?;
        let percent = match (100.0 * probability).round() {
            percent if percent < 1.0 => "less than 1 %".to_owned(),
            percent if percent > 99.0 => "more than 99 %".to_owned(),
            percent => format!("{percent:.0} %"),
        };
        Some(format!(
            "The best has {mean:.6}, and candidates chosen on the other folds have {held_out:.6}; it is truly the best with \
             a probability of {percent}."
        ))
    }
}

impl CvResults {
    /// The mean scores by the deciding metric as a Gaussian process of all candidates smooths them, in the order of the
    /// space: luck that the neighbours of a candidate do not share is taken out. NaN of candidates that are no
    /// finalists, and of those behind the best 250; `None` where no candidate has a score.
    ///
    /// It is the process of [`Gp`](crate::strategy::Gp), on the values that the candidates have: up to 16 different
    /// numbers are even in their order, more are even in their logarithms where the largest is at least 100 times the
    /// smallest.
    pub fn posterior_means(&self) -> Option<Vec<f64>> {
        let direction = self.metrics()[0].direction;
        let mut chosen: Vec<usize> =
            (0..self.candidates().len()).filter(|&at| self.candidates()[at].is_finalist()).collect();
        chosen.sort_by_key(|&at| self.candidates()[at].rank(0));
        chosen.truncate(MOST);
        chosen.sort_unstable();
        let fields: Vec<_> = chosen.iter().map(|&at| self.candidates()[at].fields()).collect();
        let axes = fields.first().map_or(0, Vec::len);
        let column = |axis: usize| fields.iter().map(|fields| fields[axis].1.clone()).collect();
        let columns: Vec<Vec<serde_json::Value>> = (0..axes).map(column).collect();
        let scores = chosen.iter().map(|&at| self.oriented(at)).collect();
        let means = smoothed(&columns, scores, &self.weights_of_one())?;
        let mut all = vec![f64::NAN; self.candidates().len()];
        for (at, mean) in chosen.into_iter().zip(means) {
            all[at] = if direction == Direction::Minimize { -mean } else { mean };
        }
        Some(all)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::*;
    use crate::{
        record::{Budget, Curve, Details, FoldInfo, MetricInfo, Record},
        report::{BestPosteriorMean, ErrorScore, Fields, Refit, Results, entry::Entry},
    };

    struct Width(f64);

    impl Fields for Width {
        fn fields(&self) -> Vec<(&str, Value)> {
            vec![("width", json!(self.0))]
        }
    }

    /// Candidates of the widths 0, 1, 2, ... with these scores on the folds.
    fn results(scores: &[Vec<f64>], direction: Direction) -> Results<Width> {
        results_of_finalists(scores, direction, scores.len())
    }

    /// The same, where only the first so many are finalists.
    fn results_of_finalists(scores: &[Vec<f64>], direction: Direction, finalists: usize) -> Results<Width> {
        let folds = scores[0].len();
        let record = |candidate: usize, fold: usize| Record {
            candidate: candidate as u64,
            fold: fold as u32,
            budget: Budget::Full,
            outcome: Ok(vec![scores[candidate][fold]]),
            warnings: vec![Vec::new()],
            train_scores: None,
            fit_time: Duration::ZERO,
            score_time: Duration::ZERO,
            curve: Curve::default(),
            details: Details::default(),
        };
        let candidate = |at: usize| {
            let records: Vec<Record> = (0..folds).map(|fold| record(at, fold)).collect();
            Entry { is_finalist: at < finalists, ..Entry::from((Width(at as f64), records)) }
        };
        let infos = vec![FoldInfo { repeat: 0, train: 80, test: 20, weight: 1.0 }; folds];
        let metrics = vec![MetricInfo { name: "score".to_owned(), direction }];
        Results::new((0..scores.len()).map(candidate), metrics, infos, ErrorScore::Nan)
    }

    /// Noise in [-1, 1] that has no order.
    fn noise(number: usize) -> f64 {
        let bits = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let bits = (bits ^ (bits >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        ((bits >> 40) as f64 / f64::from(1 << 24) - 0.5) * 2.0
    }

    #[test]
    fn a_candidate_chosen_on_other_folds_is_not_lucky_there() {
        // By hand: without fold 0 the second is best, and has 1 there; without fold 1 the first, without fold 2 the
        // second.
        let by_hand = results(&[vec![5.0, 2.0, 1.0], vec![1.0, 3.0, 3.0]], Direction::Maximize);
        assert_eq!(by_hand.score_chosen_on_other_folds(), Some((1.0 + 2.0 + 1.0) / 3.0));
        // Sixty candidates that are equally good.
        let equal: Vec<Vec<f64>> =
            (0..60).map(|at| (0..5).map(|fold| 0.5 + 0.1 * noise(at * 5 + fold)).collect()).collect();
        let results_of_equal = results(&equal, Direction::Minimize);
        let best = results_of_equal.best().expect("a best one");
        let held_out = results_of_equal.score_chosen_on_other_folds().expect("a score");
        assert!(results_of_equal.candidates()[best].mean(0) < 0.45 && (held_out - 0.5).abs() < 0.05, "{held_out}");
        let probabilities = results_of_equal.probabilities_of_best();
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9 && probabilities[best] < 0.3);
        let sentence = results_of_equal.selection().expect("a sentence");
        assert!(
            sentence.contains("candidates chosen on the other folds have") && sentence.contains(" %."),
            "{sentence}"
        );
        // One that is better on every fold.
        let mut better = equal;
        better[7].iter_mut().for_each(|score| *score -= 1.0);
        let better = results(&better, Direction::Minimize);
        assert!(better.probabilities_of_best()[7] > 0.999);
        assert!(better.selection().is_some_and(|it| it.ends_with("with a probability of more than 99 %.")));
        // Nothing to choose from, and nothing to choose by.
        assert_eq!(results(&[vec![1.0, 2.0]], Direction::Maximize).selection(), None);
        let one_fold = results(&[vec![1.0], vec![2.0]], Direction::Maximize);
        assert_eq!((one_fold.score_chosen_on_other_folds(), one_fold.selection()), (None, None));
        assert!(one_fold.probabilities_of_best().is_empty());
        let scores = [vec![1.0, 2.0], vec![2.0, 2.0], vec![0.0, 1.0]];
        assert!(results(&scores, Direction::Maximize).selection().is_some());
        let eliminated = results_of_finalists(&scores, Direction::Maximize, 2);
        assert_eq!((eliminated.score_chosen_on_other_folds(), eliminated.selection()), (None, None));
        assert!(eliminated.probabilities_of_best().is_empty(), "these folds chose the finalists");
        assert_eq!(eliminated.no_selection(), None, "the last candidate is not done, and nobody dropped it");
        let failed = results(&[vec![f64::NAN, 2.0], vec![1.0, 2.0]], Direction::Maximize);
        assert_eq!(failed.probabilities_of_best(), [0.0, 1.0]);
    }

    #[test]
    fn the_best_posterior_mean_is_not_the_luckiest() {
        for direction in [Direction::Maximize, Direction::Minimize] {
            let sign = if direction == Direction::Maximize { 1.0 } else { -1.0 };
            // Best at width 10, lucky at 17.
            let score = |at: usize, fold: usize| {
                let luck = if at == 17 { 0.6 } else { 0.05 * noise(at * 5 + fold) };
                sign * (luck - (at as f64 - 10.0).powi(2) / 100.0)
            };
            let scores: Vec<Vec<f64>> = (0..21).map(|at| (0..5).map(|fold| score(at, fold)).collect()).collect();
            let results = results(&scores, direction);
            let best = results.best().expect("a best one");
            assert_eq!(best, 17);
            let chosen = BestPosteriorMean.choose(&results, best, &mut |_| 0);
            assert!((8..=12).contains(&chosen), "{chosen}");
            let means = results.posterior_means().expect("means");
            assert!((sign * means[10]).abs() < 0.1, "{means:?}");
        }
        let failed = results(&[vec![f64::NAN; 2], vec![f64::NAN; 2]], Direction::Maximize);
        assert_eq!(failed.posterior_means(), None);
        assert_eq!(BestPosteriorMean.choose(&failed, 1, &mut |_| 0), 1);
        // Nor one that failed, where all others are equal.
        let equal = results(&[vec![f64::NAN; 2], vec![0.9; 2], vec![0.9; 2]], Direction::Maximize);
        assert_eq!(BestPosteriorMean.choose(&equal, 1, &mut |_| 0), 1);
    }
}
