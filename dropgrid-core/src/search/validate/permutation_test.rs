//! Whether a candidate has learnt anything.

use std::{fmt, ops::ControlFlow, time::Instant};

use crate::{
    data::Dataset,
    engine,
    error::{Error, Failure, Result},
    escape::escaped,
    metric::Direction,
    model::{Follows, Model},
    report::mean_and_std,
    search::{Search, fit::Outcome},
    seed::{Purpose, Seed, shuffle},
    split::Folds,
    strategy::Only,
    train::{LossFor, ScoredBy, TrainTarget, TrainTargetFor},
};

/// A candidate's score beside its scores on data whose targets were shuffled.
#[derive(Debug, Clone, PartialEq)]
pub struct PermutationTest {
    /// The metric: the deciding one of the search.
    pub metric: String,
    /// The mean score over the folds of the data as it is.
    pub score: f64,
    /// The mean score over the folds, for each shuffle of the targets.
    pub permutation_scores: Vec<f64>,
    /// The probability of a score as good by chance: `(C + 1) / (n + 1)`, where C of n shuffles score as well or
    /// better. At best `1 / (n + 1)`.
    pub p_value: f64,
}

/// Permutations whose data is held at a time.
const CHUNK: usize = 64;

impl<M: Model, C, L> Search<M, Only<M::Params>, C, L> {
    /// Cross-validates the candidate on the data and on `permutations` copies of it whose targets are shuffled, within
    /// groups where there are groups: scikit-learn's
    /// [`permutation_test_score`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.permutation_test_score.html)
    /// ([Ojala and Garriga 2010](https://www.jmlr.org/papers/v11/ojala10a.html)).
    ///
    /// A high p-value says that the network found no dependency between features and targets.
    ///
    /// # Errors
    /// Those of [`cross_validate`](Self::cross_validate); [`Error::Setting`] for 0 permutations; [`Error::FitFailed`] for any fit;
    /// [`Error::Unfinished`] where the search's limits end it first.
    pub fn permutation_test_score<T>(self, permutations: usize, data: &Dataset<T>) -> Result<PermutationTest>
    where
        T: TrainTargetFor<M::Output> + ScoredBy<C> + Follows<M::Last>,
        L: LossFor<T>,
    {
        let start = Instant::now();
        let (search, metrics) = self.with_metrics::<T>();
        let (bound, params, seed) = (search.bind(&metrics), &search.strategy.0, search.settings.seed);
        if permutations == 0 {
            return Err(Error::Setting { setting: "permutations", value: "0".to_owned(), expected: "at least 1" });
        }
        let folds = bound.check(data)?;

        // Number 0 is the data as it is.
        let mut means = Vec::new();
        let mut done = 0;
        for first in (0..=permutations as u64).step_by(CHUNK) {
            let numbers = first..=(permutations as u64).min(first.saturating_add(CHUNK as u64 - 1));
            let copies: Vec<(Dataset<T>, Folds)> = numbers
                .map(|number| {
                    if number == 0 {
                        return Ok((data.clone(), folds.clone()));
                    }
                    let copy = data.with_targets(data.targets().select(&permuted(data, seed, number)));
                    let folds = bound.folds(&copy)?;
                    Ok((copy, folds))
                })
                .collect::<Result<_>>()?;
            let jobs: Vec<(usize, u32)> = copies
                .iter()
                .enumerate()
                .flat_map(|(copy, (_, folds))| (0..folds.splits.len() as u32).map(move |fold| (copy, fold)))
                .collect();
            let mut scores: Vec<Vec<f64>> =
                copies.iter().map(|(_, folds)| vec![f64::NAN; folds.splits.len()]).collect();
            let runners: Vec<_> = copies.iter().map(|(data, folds)| bound.runner(data, &folds.splits, start)).collect();
            let (mut failed, mut interrupted) = (None, None);
            engine::run(
                bound.workers()?,
                &jobs,
                |&(copy, fold)| {
                    let split = &copies[copy].1.splits[fold as usize];
                    let Outcome { outcome, .. } =
                        runners[copy].run_on(params, fold, split.train.as_slice(), split.test.as_slice());
                    outcome.map(|scores| scores.test[0].value)
                },
                |&(copy, fold), outcome| match outcome {
                    Ok(score) => {
                        done += 1;
                        scores[copy][fold as usize] = score;
                        ControlFlow::Continue(())
                    }
                    Err(Failure::Interrupted) if let Some(why) = runners[copy].ended() => {
                        interrupted = Some(why);
                        ControlFlow::Break(())
                    }
                    Err(failure) => {
                        failed = Some(Error::FitFailed { params: params.to_string(), fold, failure });
                        ControlFlow::Break(())
                    }
                },
            )?;
            if let Some(error) = failed {
                return Err(error);
            }
            if let Some(why) = interrupted {
                let planned = permutations.saturating_add(1).saturating_mul(folds.splits.len());
                return Err(Error::Unfinished { why, what: "fits", done, planned });
            }
            for ((_, folds), scores) in copies.iter().zip(scores) {
                let weights: Vec<f64> = bound.fold_infos(&folds.splits).iter().map(|fold| fold.weight).collect();
                means.push(mean_and_std(&scores, &weights).0);
            }
        }

        let permutation_scores = means.split_off(1);
        let (score, info) = (means[0], &bound.infos()[0]);
        let as_good = permutation_scores.iter().filter(|&&permuted| match info.direction {
            Direction::Maximize => permuted >= score,
            Direction::Minimize => permuted <= score,
        });
        let p_value = (as_good.count() + 1) as f64 / (permutations + 1) as f64;
        Ok(PermutationTest { metric: info.name.clone(), score, permutation_scores, p_value })
    }
}

/// The rows in a random order; within their groups where there are groups.
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
        let (mean, std) = mean_and_std(&self.permutation_scores, &vec![1.0; self.permutation_scores.len()]);
        write!(
            f,
            "{} {:.6}; {:.6} ± {:.6} over {} shuffles of the targets, p = {:.4}",
            escaped(&self.metric),
            self.score,
            mean,
            std,
            self.permutation_scores.len(),
            self.p_value
        )
    }
}
