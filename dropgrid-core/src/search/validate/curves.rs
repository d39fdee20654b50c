//! Curves of one candidate's scores: over the number of training rows, and over the values of one hyperparameter.

use std::time::Instant;

use super::{ScoreCurve, TrainSizes};
use crate::{
    error::{Error, Result},
    model::{DataFor, Follows, Model, for_model},
    search::{Search, check_input::check_codes_of_program},
    seed::Purpose,
    strategy::Only,
    train::{LossFor, ScoringTarget, TrainTargetFor},
};

impl<M: Model, C, L> Search<M, Only<M::Params>, C, L> {
    /// Cross-validates the candidate on increasing numbers of training rows, like scikit-learn's
    /// [`learning_curve`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.learning_curve.html).
    ///
    /// The largest size is the number of training rows of the first fold, and other folds are cut to the same sizes. If
    /// the training curve and the test curve have converged, more data will not help.
    ///
    /// # Errors
    /// Those of [`cross_validate`](Self::cross_validate); [`Error::Setting`] and [`Error::TrainSize`] for invalid
    /// sizes. A fit that fails has the search's [error score](Self::error_score), NaN by default, and its reason is
    /// among the [`failures`](ScoreCurve::failures). With [`ErrorScore::Raise`](crate::report::ErrorScore::Raise) it is
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
        let (bound, params) = (search.bind(&metrics), &search.strategy.inner.0);
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

    /// Cross-validates the candidate with several values of one hyperparameter, like scikit-learn's
    /// [`validation_curve`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.validation_curve.html).
    ///
    /// `set` writes a value into a candidate: `|params, rate| params.dropout = *rate`.
    ///
    /// # Errors
    /// Those of [`cross_validate`](Self::cross_validate), checked for every value before any training;
    /// [`Error::NoCandidates`] if there are no values. A fit that fails has the search's [error
    /// score](Self::error_score), NaN by default, and its reason is among the [`failures`](ScoreCurve::failures). With
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
                let mut params = search.strategy.inner.0.clone();
                set(&mut params, value);
                bound.check_candidate(data, &params)?;
                check_codes_of_program::<M, T>(&params, data.features())?;
                Ok(params)
            })
            .collect::<Result<_>>()?;
        let points = values.into_iter().zip(&candidates).map(|(value, params)| (value, params, None)).collect();
        ScoreCurve::fit(&bound, data, &splits, "value", points, start)
    }
}
