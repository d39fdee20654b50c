//! Out-of-fold predictions.

use std::{fmt, ops::ControlFlow, time::Instant};

use crate::{
    data::Dataset,
    engine,
    error::{Error, Failure, Result},
    model::{Follows, Model},
    search::Search,
    strategy::Only,
    train::{LossFor, Predictions, ScoredBy, TrainTarget, TrainTargetFor},
};

/// What a candidate predicts for each row while it is trained on the other folds.
pub struct OutOfFoldPredictions<T> {
    predictions: Predictions<T>,
    folds: Vec<usize>,
}

impl<M: Model, C, L> Search<M, Only<M::Params>, C, L> {
    /// For every row, what the candidate predicts when it is trained without that row's fold: scikit-learn's
    /// [`cross_val_predict`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.cross_val_predict.html).
    ///
    /// Good for a confusion matrix, for looking at the hardest rows, or to stack models on; the score of all rows
    /// together is not the mean of the folds' scores, and metrics such as ROC AUC may differ much.
    ///
    /// # Errors
    /// Those of [`cross_validate`](Self::cross_validate); [`Error::NoPartition`] where the folds do not score every row exactly
    /// once; [`Error::FitFailed`] for any fold; [`Error::Unfinished`] where the search's limits end it first.
    pub fn cross_val_predict<T>(self, data: &Dataset<T>) -> Result<OutOfFoldPredictions<T>>
    where
        T: TrainTargetFor<M::Output> + ScoredBy<C> + Follows<M::Last>,
        L: LossFor<T>,
    {
        let start = Instant::now();
        let (search, metrics) = self.with_metrics::<T>();
        let (bound, params) = (search.bind(&metrics), &search.strategy.0);
        let splits = bound.check(data)?.splits;
        let mut folds = vec![usize::MAX; data.len()];
        for (fold, split) in splits.iter().enumerate() {
            for row in &split.test {
                if folds[row] != usize::MAX {
                    return Err(Error::NoPartition { row, times: "twice" });
                }
                folds[row] = fold;
            }
        }
        if let Some(row) = folds.iter().position(|&fold| fold == usize::MAX) {
            return Err(Error::NoPartition { row, times: "never" });
        }

        let runner = bound.runner(data, &splits, start);
        let jobs: Vec<u32> = (0..splits.len() as u32).collect();
        let mut parts: Vec<Option<Result<Vec<f64>, Failure>>> = splits.iter().map(|_| None).collect();
        engine::run(
            bound.workers()?,
            &jobs,
            |&fold| runner.predict(params, fold, &splits[fold as usize]),
            |&fold, outcome| {
                let next = if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
                parts[fold as usize] = Some(outcome);
                next
            },
        )?;
        if parts.iter().any(|part| matches!(part, Some(Err(Failure::Interrupted))))
            && let Some(why) = runner.ended()
        {
            let done = parts.iter().filter(|part| matches!(part, Some(Ok(_)))).count();
            return Err(Error::Unfinished { why, what: "fits", done, planned: splits.len() });
        }
        let width = splits.iter().zip(&parts).find_map(|(split, part)| match part {
            Some(Ok(outputs)) => Some(outputs.len() / split.test.len()),
            _ => None,
        });
        let width = width.unwrap_or(0);
        let mut outputs = vec![0.0; data.len() * width];
        for (fold, (split, part)) in (0..).zip(splits.iter().zip(parts)) {
            match part {
                Some(Ok(part)) => {
                    for (at, row) in split.test.iter().enumerate() {
                        outputs[row * width..][..width].copy_from_slice(&part[at * width..][..width]);
                    }
                }
                Some(Err(failure)) => return Err(Error::FitFailed { params: params.to_string(), fold, failure }),
                // Left after another fold failed, whose error follows.
                None => {}
            }
        }
        let threshold = M::recipe(params, search.settings.recipe.clone()).threshold;
        Ok(OutOfFoldPredictions {
            predictions: Predictions::new(outputs).named(data.targets().names().map(Into::into)).above(threshold),
            folds,
        })
    }
}

impl<T: TrainTarget> OutOfFoldPredictions<T> {
    /// The predictions, in the order of the data's rows.
    pub fn predictions(&self) -> &Predictions<T> {
        &self.predictions
    }

    /// The fold that scored each row, from 0.
    pub fn folds(&self) -> &[usize] {
        &self.folds
    }
}

impl<T> fmt::Debug for OutOfFoldPredictions<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutOfFoldPredictions").field("rows", &self.folds.len()).finish_non_exhaustive()
    }
}
