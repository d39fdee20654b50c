//! Nested cross-validation: the score of a whole search.

use std::{fmt, time::Instant};

use crate::{
    data::Dataset,
    engine,
    error::{AnyReport, Error, Failure, Result, StopReason, Stopped},
    escape::escaped,
    metric::Measured,
    model::{DataFor, Follows, Model, for_model},
    report::{MetricInfo, MetricRef, Report, mean_and_std},
    search::Search,
    seed::Purpose,
    split::{Rows, Split, Splitter},
    train::{LossFor, ScoringTarget, TrainTargetFor},
};

/// The result of nested cross-validation: on each of several outer folds, a search's winner is scored on rows that the
/// search has not seen.
///
/// The best score of a search is optimistic, since it is the highest of many on the same rows ([Cawley and Talbot
/// 2010](https://www.jmlr.org/papers/v11/cawley10a.html)). The mean over outer folds is not.
#[derive(Debug)]
pub struct NestedCrossValidation<M: Model, T> {
    folds: Vec<OuterFold<M, T>>,
    metrics: Vec<MetricInfo>,
}

/// One outer fold: the search on its training part, and the winner's scores on its test part.
#[non_exhaustive]
pub struct OuterFold<M: Model, T> {
    /// The report of the search on the training part.
    pub report: Report<M, T>,
    /// The winner's scores on the test part, one per metric.
    pub scores: Vec<Measured>,
}

impl<M: Model, S, C, L> Search<M, S, C, L> {
    /// Runs nested cross-validation: the whole search, refit included, on the training part of each fold of `outer`.
    /// The fitted winner is scored on the fold's test part.
    ///
    /// In scikit-learn this is `cross_val_score(GridSearchCV(...), X, y, cv=outer)`. Each inner search has its own
    /// seed, drawn from this search's seed and the number of the outer fold.
    ///
    /// Each inner search has the whole [time budget](Self::time_budget), since the budget is part of the procedure that
    /// is scored. A [stop request](Self::stop) ends all of them.
    ///
    /// # Errors
    /// Those of [`fit`](Self::fit), of the outer splitter and of the metrics; [`Error::Unfinished`] if a stop request
    /// ends it.
    pub fn nested_cross_validate<D, T>(self, outer: impl Splitter, data: &D) -> Result<NestedCrossValidation<M, T>>
    where
        D: DataFor<M, Target = T>,
        T: TrainTargetFor<M::Output> + ScoringTarget<C> + Follows<M::Last>,
        L: LossFor<T>,
    {
        let data = &*for_model::<M, T>(data.dataset())?;
        let (search, metrics) = self.with_metrics::<T>();
        let bound = search.bind(&metrics);
        bound.check(data)?;
        let rows = Rows { len: data.len(), strata: data.targets().strata(), groups: data.groups() };
        let splits = outer.split(rows, search.settings.seed)?.checked(rows.len)?.purged(data.spans())?.splits;
        // A training part that cannot be split is refused before any inner search trains.
        let parts: Vec<(Dataset<T>, Dataset<T>)> = splits
            .iter()
            .map(|Split { train, test }| Ok((data.select(&train.to_vec())?, data.select(&test.to_vec())?)))
            .collect::<Result<_>>()?;
        for (train, _) in &parts {
            bound.folds(train)?;
        }
        let mut folds = Vec::with_capacity(parts.len());
        for (number, (train, test)) in (0..).zip(&parts) {
            let mut bound = search.bind(&metrics);
            bound.seed.0 = search.settings.seed.key(Purpose::Nested).fold(number).value();
            bound.outer = Some(number);
            bound.study = bound.study.map(|study| study.numbered(number));
            let start = Instant::now();
            let report = match bound.search(train, start) {
                // An interrupted search may have another winner than the whole search.
                Ok((report, _)) if was_asked(report.stopped()) => None,
                Ok((report, inner)) => match bound.refit(train, report, &inner, start) {
                    Err(Error::RefitFailed { failure: Failure::Interrupted, .. }) => None,
                    report => Some(report?).filter(|report| !was_asked(report.stopped())),
                },
                Err(Error::Stopped { stopped, .. }) if was_asked(Some(stopped)) => None,
                Err(error) => return Err(error),
            };
            let Some(report) = report else {
                let (done, planned) = (number as usize, parts.len());
                return Err(Error::Unfinished { why: StopReason::Asked, what: "outer folds", done, planned });
            };
            match engine::catch(|| Ok(report.fitted().measure_as_scored(&metrics, test)?)) {
                Ok(scores) => folds.push(OuterFold { report, scores }),
                Err(failure) => {
                    let report = AnyReport::new(report.without_fitted());
                    return Err(Error::OuterFoldFailed { fold: number, failure, report });
                }
            }
        }
        Ok(NestedCrossValidation { folds, metrics: bound.infos() })
    }
}

/// Returns true if a stop request ended a search.
fn was_asked(stopped: Option<Stopped>) -> bool {
    stopped.is_some_and(|stopped| stopped.why == StopReason::Asked)
}

impl<M: Model, T> NestedCrossValidation<M, T> {
    /// Returns the outer folds, in order.
    pub fn folds(&self) -> &[OuterFold<M, T>] {
        &self.folds
    }

    /// Returns the metrics, the deciding metric first.
    pub fn metrics(&self) -> &[MetricInfo] {
        &self.metrics
    }

    /// Returns the winner's score on each outer fold, for a metric given by [position or name](MetricRef).
    pub fn scores<R: MetricRef>(&self, metric: R) -> R::Value<Vec<f64>> {
        metric.pick(&self.metrics, |metric| self.folds.iter().map(|fold| fold.scores[metric].value).collect())
    }

    /// Returns the mean over the outer folds: an estimate of the search's score on new data.
    pub fn mean<R: MetricRef>(&self, metric: R) -> R::Value<f64> {
        metric.pick(&self.metrics, |metric| self.summary(metric).0)
    }

    /// Returns the standard deviation over the outer folds (divided by their number, not by one less).
    pub fn std<R: MetricRef>(&self, metric: R) -> R::Value<f64> {
        metric.pick(&self.metrics, |metric| self.summary(metric).1)
    }

    fn summary(&self, metric: usize) -> (f64, f64) {
        mean_and_std(&self.scores(metric), &vec![1.0; self.folds.len()])
    }
}

impl<M: Model, T> fmt::Debug for OuterFold<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OuterFold").field("report", &self.report).field("scores", &self.scores).finish()
    }
}

impl<M: Model, T> fmt::Display for NestedCrossValidation<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, fold) in self.folds.iter().enumerate() {
            let (inner, outer) = (fold.report.best_score(), fold.scores[0].value);
            let params = fold.report.best_params();
            writeln!(f, "outer fold {number}: {outer:.6}, inner {inner:.6} using {}", escaped(&params.to_string()))?;
        }
        for (at, metric) in self.metrics.iter().enumerate() {
            let end = if at + 1 < self.metrics.len() { "\n" } else { "" };
            write!(f, "{} of the search: {:.6} ± {:.6}{end}", escaped(&metric.name), self.mean(at), self.std(at))?;
        }
        Ok(())
    }
}
