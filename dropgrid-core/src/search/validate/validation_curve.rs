//! The score by the value of one hyperparameter.

use std::time::Instant;

use super::ScoreCurve;
use crate::{
    error::{Error, Result},
    model::{DataFor, Follows, Model, for_model},
    search::Search,
    strategy::Only,
    train::{LossFor, ScoringTarget, TrainTargetFor},
};

impl<M: Model, C, L> Search<M, Only<M::Params>, C, L> {
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
