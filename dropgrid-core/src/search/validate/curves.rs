//! The score of one candidate by the number of rows trained on, and by the value of one hyperparameter.

use std::time::Instant;

use super::{ScoreCurve, TrainSizes};
use crate::{
    error::{Error, Result},
    model::{DataFor, Follows, Model, for_model},
    search::Search,
    seed::Purpose,
    strategy::Only,
    train::{LossFor, ScoringTarget, TrainTargetFor},
};

impl<M: Model, C, L> Search<M, Only<M::Params>, C, L> {
    /// Cross-validates the candidate on ever more training rows: scikit-learn's
    /// [`learning_curve`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.learning_curve.html).
    ///
    /// The largest size is that of the first fold's training part, and folds of other sizes are cut to the same
    /// numbers. Where the train and the test curve have met, more data will not help.
    ///
    /// # Errors
    /// Those of [`cross_validate`](Self::cross_validate); [`Error::Setting`] and
    /// [`Error::TrainSize`] for the sizes. The score of a fit that fails is the search's
    /// [error score](Self::error_score), NaN by default, and its reason is among the
    /// [`failures`](ScoreCurve::failures); with [`ErrorScore::Raise`](crate::report::ErrorScore::Raise) it is
    /// [`Error::FitFailed`].
    pub fn learning_curve<D, T>(mut self, sizes: &TrainSizes, data: &D) -> Result<ScoreCurve<usize>>
    where
        D: DataFor<M, Target = T>,
        T: TrainTargetFor<M::Output> + ScoringTarget<C> + Follows<M::Last>,
        L: LossFor<T>,
    {
        let data = &*for_model::<M, T>(data.dataset())?;
        let start = Instant::now();
        self.settings.train_scores = true;
        let (search, metrics) = self.with_metrics::<T>();
        let (bound, params) = (search.bind(&metrics), &search.strategy.0);
        let mut splits = bound.check(data)?.splits;
        let shortest = splits.iter().map(|split| split.train.len()).min().unwrap_or(0);
        let most = splits.first().map_or(0, |split| split.train.len());
        let mut points: Vec<usize> = sizes.resolve(most)?.into_iter().map(|size| size.min(shortest)).collect();
        points.dedup();
        if sizes.shuffle {
            let folds = splits.len() / search.settings.repeats;
            for (fold, split) in (0..folds as u32).cycle().zip(&mut splits) {
                let mut train = split.train.to_vec();
                search.settings.seed.key(Purpose::LearningCurve).fold(fold).shuffle(&mut train);
                split.train = train.into();
            }
        }
        let points = points.into_iter().map(|rows| (rows, params, Some(rows))).collect();
        ScoreCurve::fit(&bound, data, &splits, "rows", points, start)
    }

    /// Cross-validates the candidate with one hyperparameter at several values: scikit-learn's
    /// [`validation_curve`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.validation_curve.html).
    ///
    /// `set` writes a value into a candidate: `|params, rate| params.dropout = *rate`.
    ///
    /// # Errors
    /// Those of [`cross_validate`](Self::cross_validate), before any training for every value; [`Error::NoCandidates`] where there
    /// is no value. The score of a fit that fails is the search's [error score](Self::error_score), NaN by default, and its
    /// reason is among the [`failures`](ScoreCurve::failures); with
    /// [`ErrorScore::Raise`](crate::report::ErrorScore::Raise) it is [`Error::FitFailed`].
    pub fn validation_curve<D, T, V>(
        mut self,
        values: impl IntoIterator<Item = V>,
        set: impl Fn(&mut M::Params, &V),
        data: &D,
    ) -> Result<ScoreCurve<V>>
    where
        D: DataFor<M, Target = T>,
        T: TrainTargetFor<M::Output> + ScoringTarget<C> + Follows<M::Last>,
        L: LossFor<T>,
    {
        let data = &*for_model::<M, T>(data.dataset())?;
        let start = Instant::now();
        self.settings.train_scores = true;
        let (search, metrics) = self.with_metrics::<T>();
        let bound = search.bind(&metrics);
        let splits = bound.check(data)?.splits;
        let values: Vec<V> = values.into_iter().collect();
        if values.is_empty() {
            return Err(Error::NoCandidates);
        }
        let candidates: Vec<M::Params> = values
            .iter()
            .map(|value| {
                let mut params = search.strategy.0.clone();
                set(&mut params, value);
                bound.check_candidate(data, &params)?;
                Ok(params)
            })
            .collect::<Result<_>>()?;
        let points = values.into_iter().zip(&candidates).map(|(value, params)| (value, params, None)).collect();
        ScoreCurve::fit(&bound, data, &splits, "value", points, start)
    }
}
