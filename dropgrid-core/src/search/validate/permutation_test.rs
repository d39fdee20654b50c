//! The permutation test: does a candidate score better than chance?

use std::{fmt, sync::Arc, time::Instant};

use super::runner::{FitResult, done};
use crate::{
    data::{Dataset, Truth},
    engine,
    error::{self, Error, Failure, Result, StopReason, Stopped},
    escape::escaped,
    metric::Direction,
    model::{DataFor, Follows, Model, for_model},
    report::{ErrorScore, mean_and_std},
    search::{Search, bound::BoundSearch},
    seed::{Purpose, Seed, shuffle},
    split::{Folds, Split},
    strategy::Only,
    train::{LossFor, ScoringTarget, TrainTarget, TrainTargetFor},
};

/// A candidate's score, and its scores on data with shuffled targets.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PermutationTest {
    /// The name of the metric, which is the search's deciding metric.
    pub metric: String,
    /// The mean score over the folds of the original data.
    pub score: f64,
    /// The mean score over the folds for each completed shuffle of the targets. NaN if a fit failed or the metric is
    /// undefined.
    pub permutation_scores: Vec<f64>,
    /// The probability of a score at least as good by chance: `(C + 1) / (n + 1)`, where n is the number of completed
    /// shuffles and C the number of those that score at least as well. The smallest possible value is `1 / (n + 1)`. A
    /// shuffle whose score is NaN counts in C, so the p-value is never too small.
    pub p_value: f64,
    /// The failures of fits on shuffled data.
    pub failures: Vec<Failure>,
    /// The search limit that ended the test before all shuffles were completed; `None` if all were.
    pub stopped: Option<Stopped>,
}

impl<M: Model, C, L> Search<M, Only<M::Params>, C, L> {
    /// Cross-validates the candidate on the data and on `permutations` copies of it with shuffled targets. If the data
    /// has groups, targets are shuffled within them. It corresponds to scikit-learn's
    /// [`permutation_test_score`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.permutation_test_score.html)
    /// ([Ojala and Garriga 2010](https://www.jmlr.org/papers/v11/ojala10a.html)).
    ///
    /// A high p-value means that the network found no dependency between features and targets.
    ///
    /// A fit that fails on shuffled data has the search's [error score](Self::error_score). If the search's limits end
    /// the test early, the p-value is computed from the completed shuffles.
    ///
    /// # Errors
    /// Those of [`cross_validate`](Self::cross_validate); [`Error::Setting`] for 0 permutations; [`Error::FitFailed`]
    /// for a failed fit on the original data, and for any failed fit under [`ErrorScore::Raise`]; [`Error::Unfinished`]
    /// if the search's limits end it before the first shuffle is completed.
    pub fn permutation_test_score<D, T>(self, permutations: usize, data: &D) -> Result<PermutationTest>
    where
        D: DataFor<M, Target = T>,
        T: TrainTargetFor<M::Output> + ScoringTarget<C> + Follows<M::Last>,
        L: LossFor<T>,
    {
        let data = &*for_model::<M, T>(data.dataset())?;
        let start = Instant::now();
        let (search, metrics) = self.with_metrics::<T>();
        let (bound, params) = (search.bind(&metrics), &search.strategy.inner.0);
        if permutations == 0 {
            return Err(Error::Setting { setting: "permutations", value: "0".to_owned(), expected: "at least 1" });
        }
        let folds = bound.check(data)?;

        // Number 0 is the original data. The test is impossible without its fits.
        let raises = |number: usize| number == 0 || search.settings.error_score == ErrorScore::Raise;
        let (workers, runner) = (bound.workers()?, bound.runner(data, &folds.splits, start));
        let fit = |(shuffle, fold): &(Arc<Shuffle<T>>, u32)| {
            let Split { train, test } = &shuffle.splits[*fold as usize];
            let runner = runner.on(&shuffle.data, &shuffle.splits);
            let record = runner.run_on(params, *fold, train.as_slice(), test.as_slice())?;
            record.outcome.map(|scores| scores[0])
        };
        let mut results: Vec<Vec<FitResult<f64>>> = Vec::new();
        let (mut weights, mut is_over, mut fault) = (Vec::new(), false, None);
        engine::lead(workers, workers, &fit, &mut |jobs| {
            for ((shuffle, fold), result) in jobs.results() {
                is_over |= result.is_err() && (raises(shuffle.number) || runner.ended().is_some());
                results[shuffle.number][fold as usize] =
                    Some(result).filter(|result| !matches!(result, Err(Failure::Interrupted)));
            }
            // Only as many copies of the targets are made as are needed to keep the workers busy.
            while !is_over && results.len() <= permutations && jobs.waiting() < workers {
                match bound.shuffle(data, results.len()) {
                    Ok(shuffle) => {
                        let count = shuffle.splits.len();
                        results.push((0..count).map(|_| None).collect());
                        weights
                            .push(bound.fold_infos(&shuffle.splits).iter().map(|fold| fold.weight).collect::<Vec<_>>());
                        let shuffle = Arc::new(shuffle);
                        jobs.begin((0..count as u32).map(|fold| (Arc::clone(&shuffle), fold)));
                    }
                    Err(error) => (fault, is_over) = (Some(error), true),
                }
            }
            (!is_over && !jobs.are_free()).then_some(engine::LONG)
        })?;
        if let Some(error) = fault {
            return Err(error);
        }
        let fits_done = done(&results);
        let (mut score, mut permutation_scores, mut failures) = (None, Vec::new(), Vec::new());
        for (number, (results, weights)) in results.into_iter().zip(weights).enumerate() {
            let mut scores = Vec::with_capacity(results.len());
            for (fold, result) in (0..).zip(results) {
                match result {
                    Some(Ok(score)) => scores.push(score),
                    Some(Err(failure)) if raises(number) => {
                        return Err(Error::FitFailed { params: params.to_string(), fold, failure });
                    }
                    Some(Err(failure)) => {
                        failures.push(failure);
                        scores.push(search.settings.error_score.value());
                    }
                    None => {}
                }
            }
            if scores.len() == weights.len() {
                let (mean, _) = mean_and_std(&scores, &weights);
                if number == 0 { score = Some(mean) } else { permutation_scores.push(mean) }
            }
        }
        let is_whole = score.is_some() && permutation_scores.len() == permutations;
        let ended = (!is_whole).then(|| runner.ended().unwrap_or(StopReason::Asked));
        let planned = permutations.saturating_add(1).saturating_mul(folds.splits.len());
        let Some(score) = score.filter(|_| !permutation_scores.is_empty()) else {
            let why = ended.unwrap_or(StopReason::Asked);
            return Err(Error::Unfinished { why, what: "fits", done: fits_done, planned });
        };
        let stopped = ended.map(|why| Stopped { why, done: fits_done, planned });
        let info = &bound.infos()[0];
        let is_worse = |permuted: f64| match info.direction {
            Direction::Maximize => permuted < score,
            Direction::Minimize => permuted > score,
        };
        let as_good = permutation_scores.iter().filter(|&&permuted| !is_worse(permuted)).count();
        let p_value = (as_good + 1) as f64 / (permutation_scores.len() + 1) as f64;
        Ok(PermutationTest { metric: info.name.clone(), score, permutation_scores, p_value, failures, stopped })
    }
}

/// The data with its targets in a random order, and the folds of that data.
struct Shuffle<T: TrainTarget> {
    /// The number of the shuffle, which seeds it; 0 is the original data.
    number: usize,
    data: Dataset<T>,
    splits: Vec<Split>,
}

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// # Errors
    /// Those of the splitter.
    fn shuffle<T: TrainTarget<Kind = K>>(&self, data: &Dataset<T>, number: usize) -> Result<Shuffle<T>> {
        let order = (number > 0).then(|| permuted(data, self.seed, number as u64));
        let data = order.map_or_else(|| data.clone(), |order| data.with_targets(data.targets().select(&order)));
        let Folds { splits, .. } = self.repeated(self.folds(&data)?, data.len())?;
        Ok(Shuffle { number, data, splits })
    }
}

/// Returns the rows in a random order. If the data has groups, each row stays within its group.
fn permuted<T: TrainTarget>(data: &Dataset<T>, seed: Seed, number: u64) -> Vec<usize> {
    let mut rng = seed.key(Purpose::Permutation).candidate(number).rng();
    let mut order: Vec<usize> = (0..data.len()).collect();
    let Some(groups) = data.groups() else {
        shuffle(&mut rng, &mut order);
        return order;
    };
    let count = groups.iter().max().map_or(0, |&last| last + 1);
    let mut members = vec![Vec::new(); count];
    for (row, &group) in groups.iter().enumerate() {
        members[group].push(row);
    }
    for rows in members {
        let mut from = rows.clone();
        shuffle(&mut rng, &mut from);
        for (row, from) in rows.into_iter().zip(from) {
            order[row] = from;
        }
    }
    order
}

impl fmt::Display for PermutationTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { metric, score, permutation_scores, p_value, failures, stopped } = self;
        let (mean, std) = mean_and_std(permutation_scores, &vec![1.0; permutation_scores.len()]);
        let (metric, shuffles) = (escaped(metric), permutation_scores.len());
        write!(
            f,
            "{metric} {score:.6}; {mean:.6} ± {std:.6} over {shuffles} shuffles of the targets, p = {p_value:.4}"
        )?;
        if !failures.is_empty() {
            write!(f, "\nwarning: {} fits on shuffled targets failed: {}", failures.len(), error::group(failures))?;
        }
        if let Some(stopped) = stopped {
            write!(f, "\nwarning: {stopped}")?;
        }
        Ok(())
    }
}
