//! Out-of-fold predictions.

use std::{fmt, time::Instant};

use super::runner::{done, run_folds};

use crate::{
    error::{Error, Result, StopReason},
    model::{DataFor, Follows, Model, for_model},
    search::Search,
    strategy::Only,
    train::{LossFor, Predictions, ScoringTarget, TrainTarget, TrainTargetFor},
};

/// A candidate's prediction for each row, made by a training on the other folds.
pub struct OutOfFoldPredictions<T> {
    predictions: Predictions<T>,
    folds: Vec<usize>,
}

impl<M: Model, C, L> Search<M, Only<M::Params>, C, L> {
    /// Predicts every row with the candidate trained on the other folds: scikit-learn's
    /// [`cross_val_predict`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.cross_val_predict.html).
    ///
    /// The predictions are useful for a confusion matrix, for finding the hardest rows, or for stacking models. The
    /// score of all rows together is not the mean of the folds' scores. Metrics such as ROC AUC may differ
    /// considerably.
    ///
    /// # Errors
    /// Those of [`cross_validate`](Self::cross_validate); [`Error::NoPartition`] if the folds do not score every row
    /// exactly once; [`Error::FitFailed`] for any fold; [`Error::Unfinished`] if the search's limits end it first.
    pub fn cross_val_predict<D, T>(self, data: &D) -> Result<OutOfFoldPredictions<T>>
    where
        D: DataFor<M, Target = T>,
        T: TrainTargetFor<M::Output> + ScoringTarget<C> + Follows<M::Last>,
        L: LossFor<T>,
    {
        let data = &*for_model::<M, T>(data.dataset())?;
        let start = Instant::now();
        let (search, metrics) = self.with_metrics::<T>();
        let (bound, params) = (search.bind(&metrics), &search.strategy.inner.0);
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
        let fit = |_: usize, fold: u32| runner.predict(params, fold, &splits[fold as usize]);
        let results = run_folds(bound.workers()?, &[splits.len()], fit, |_, part| part.is_err())?;
        let (done, planned) = (done(&results), splits.len());
        let mut parts = Vec::with_capacity(planned);
        for (fold, result) in (0..).zip(results.into_iter().flatten()) {
            match result {
                Some(Ok(part)) => parts.push(part),
                Some(Err(failure)) => return Err(Error::FitFailed { params: params.to_string(), fold, failure }),
                None => {}
            }
        }
        if parts.len() < planned {
            let why = runner.ended().unwrap_or(StopReason::Asked);
            return Err(Error::Unfinished { why, what: "fits", done, planned });
        }
        let width = parts.first().zip(splits.first()).map_or(0, |(part, split)| part.len() / split.test.len());
        let mut outputs = vec![0.0; data.len() * width];
        for (split, part) in splits.iter().zip(parts) {
            for (row, part) in split.test.iter().zip(part.chunks_exact(width.max(1))) {
                outputs[row * width..][..width].copy_from_slice(part);
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
    /// Returns the predictions, in the order of the data's rows.
    pub fn predictions(&self) -> &Predictions<T> {
        &self.predictions
    }

    /// Returns the number of the fold that scored each row, from 0.
    pub fn folds(&self) -> &[usize] {
        &self.folds
    }
}

impl<T> fmt::Debug for OutOfFoldPredictions<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutOfFoldPredictions").field("rows", &self.folds.len()).finish_non_exhaustive()
    }
}
