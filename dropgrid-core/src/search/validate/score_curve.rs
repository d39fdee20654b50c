//! Scores by a number on an axis: a learning curve, or a validation curve.

use std::{
    fmt,
    time::{Duration, Instant},
};

use super::runner::{done, run_folds};
use crate::{
    data::Dataset,
    error::{self, Error, Failure, Result, Stopped},
    escape::escaped,
    model::Model,
    record::Record,
    report::{ErrorScore, FoldInfo, MetricInfo, mean_and_std},
    search::bound::BoundSearch,
    split::Split,
    train::TrainTarget,
};

/// A candidate's scores at several points, on the rows trained on and on those left out. The points are numbers of rows, of a
/// [learning curve](crate::search::Search::learning_curve), or values of a hyperparameter, of a
/// [validation curve](crate::search::Search::validation_curve).
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreCurve<X> {
    /// The heading of the points.
    name: &'static str,
    points: Vec<X>,
    metric: MetricInfo,
    folds: Vec<FoldInfo>,
    train: Vec<Vec<f64>>,
    test: Vec<Vec<f64>>,
    fit_times: Vec<Vec<Duration>>,
    failures: Vec<Failure>,
    stopped: Option<Stopped>,
}

impl<X> ScoreCurve<X> {
    /// Trains and scores each of `points` on every fold, in a search that began at `start`: its candidate, on the first so
    /// many rows of each training part, or on all of them.
    ///
    /// # Errors
    /// [`Error::FitFailed`] where the search's error score is [`ErrorScore::Raise`].
    pub(super) fn fit<M, T>(
        bound: &BoundSearch<'_, M, T::Kind>,
        data: &Dataset<T>,
        splits: &[Split],
        name: &'static str,
        points: Vec<(X, &M::Params, Option<usize>)>,
        start: Instant,
    ) -> Result<Self>
    where
        M: Model,
        T: TrainTarget<Output = M::Output>,
    {
        let error_score = bound.settings.error_score;
        let runner = bound.runner(data, splits, start);
        let (points, fits): (Vec<X>, Vec<_>) = points.into_iter().map(|(x, params, rows)| (x, (params, rows))).unzip();
        let train_and_score = |point: usize, fold: u32| {
            let ((params, rows), Split { train, test }) = (fits[point], &splits[fold as usize]);
            let train = train.as_slice();
            runner.run_on(params, fold, &train[..rows.unwrap_or(train.len())], test.as_slice())
        };
        let ends = |_: usize, fit: &Result<Record, Failure>| {
            error_score == ErrorScore::Raise && !matches!(fit, Ok(Record { outcome: Ok(_), .. }))
        };
        let results = run_folds(bound.workers()?, &vec![splits.len(); points.len()], train_and_score, ends)?;

        let planned = points.len() * splits.len();
        let done = done(&results);
        let unknown = vec![vec![f64::NAN; splits.len()]; points.len()];
        let mut curve = Self {
            name,
            points,
            metric: bound.infos().swap_remove(0),
            folds: bound.fold_infos(splits),
            train: unknown.clone(),
            test: unknown,
            fit_times: vec![vec![Duration::ZERO; splits.len()]; fits.len()],
            failures: Vec::new(),
            stopped: runner.ended().filter(|_| done < planned).map(|why| Stopped { why, done, planned }),
        };
        let place = |(point, results): (usize, Vec<_>)| {
            results.into_iter().enumerate().map(move |(fold, result)| (point, fold, result))
        };
        for (point, fold, result) in results.into_iter().enumerate().flat_map(place) {
            let outcome = match result {
                None => continue,
                Some(Ok(Record { outcome, train_scores, fit_time, .. })) => {
                    curve.fit_times[point][fold] = fit_time;
                    outcome.map(|test| (test[0], train_scores.map_or(f64::NAN, |train| train[0])))
                }
                Some(Err(failure)) => Err(failure),
            };
            (curve.test[point][fold], curve.train[point][fold]) = match outcome {
                Ok(scores) => scores,
                Err(failure) if error_score == ErrorScore::Raise => {
                    return Err(Error::FitFailed { params: fits[point].0.to_string(), fold: fold as u32, failure });
                }
                Err(failure) => {
                    curve.failures.push(failure);
                    (error_score.value(), error_score.value())
                }
            };
        }
        Ok(curve)
    }

    /// The points: the numbers of rows trained on, ascending, or the values as given.
    pub fn points(&self) -> &[X] {
        &self.points
    }

    /// The metric: the deciding one of the search.
    pub fn metric(&self) -> &MetricInfo {
        &self.metric
    }

    /// The scores on the rows trained on, by point, then by fold. A failed fit has the search's error score, NaN by default;
    /// a fit that is not done is NaN.
    pub fn train_scores(&self) -> &[Vec<f64>] {
        &self.train
    }

    /// The scores on the rows left out, by point, then by fold. A failed fit has the search's error score, NaN by default; a
    /// fit that is not done is NaN.
    pub fn test_scores(&self) -> &[Vec<f64>] {
        &self.test
    }

    /// The time of each training, by point, then by fold.
    pub fn fit_times(&self) -> &[Vec<Duration>] {
        &self.fit_times
    }

    /// Mean and standard deviation over the folds at point number `point`, on the rows trained on; NaN where a fold's score
    /// is.
    ///
    /// # Panics
    /// Where there is no such point.
    pub fn train_summary(&self, point: usize) -> (f64, f64) {
        self.summary(&self.train[point])
    }

    /// Mean and standard deviation over the folds at point number `point`, on the rows left out; NaN where a fold's score is.
    ///
    /// # Panics
    /// Where there is no such point.
    pub fn test_summary(&self, point: usize) -> (f64, f64) {
        self.summary(&self.test[point])
    }

    /// The reasons of fits that failed.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// The limit of the search that ended the curve before it was done, where one did.
    pub fn stopped(&self) -> Option<Stopped> {
        self.stopped
    }

    /// Mean and standard deviation of one point's scores, one a fold, as the search averages folds.
    fn summary(&self, scores: &[f64]) -> (f64, f64) {
        let weights: Vec<f64> = self.folds.iter().map(|fold| fold.weight).collect();
        mean_and_std(scores, &weights)
    }
}

/// Writes a line of headings, a line for each point, and the number of fits that failed.
impl<X: fmt::Display> fmt::Display for ScoreCurve<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points: Vec<String> = self.points.iter().map(|point| escaped(&point.to_string()).into_owned()).collect();
        let (name, metric) = (self.name, escaped(&self.metric.name));
        let width = points.iter().map(|point| point.chars().count()).fold(name.len(), usize::max);
        write!(f, "{name:>width$}  train {metric}, test {metric} (mean ± std)")?;
        for (at, point) in points.iter().enumerate() {
            let ((train, train_std), (test, test_std)) = (self.train_summary(at), self.test_summary(at));
            write!(f, "\n{point:>width$}  {train:.6} ± {train_std:.6}, {test:.6} ± {test_std:.6}")?;
        }
        if !self.failures.is_empty() {
            let fits = points.len() * self.folds.len();
            write!(f, "\nwarning: {} of {fits} fits failed: {}", self.failures.len(), error::group(&self.failures))?;
        }
        self.stopped.map_or(Ok(()), |stopped| write!(f, "\nwarning: {stopped}"))
    }
}
