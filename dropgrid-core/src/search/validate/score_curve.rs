//! Scores along an axis: a learning curve or a validation curve.

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

/// A candidate's scores on the training rows and on the test rows, at several points. The points of a [learning
/// curve](crate::search::Search::learning_curve) are numbers of rows. The points of a [validation
/// curve](crate::search::Search::validation_curve) are values of a hyperparameter.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreCurve<X> {
    /// The heading of the column of points.
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
    /// Trains and scores each of `points` on every fold, in a search that began at `start`. A point gives the candidate
    /// and the number of training rows to use, or all of them.
    ///
    /// # Errors
    /// [`Error::FitFailed`] if the search's error score is [`ErrorScore::Raise`] and a fit fails.
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

    /// Returns the points: the numbers of training rows in ascending order, or the values as given.
    pub fn points(&self) -> &[X] {
        &self.points
    }

    /// Returns the metric, which is the search's deciding metric.
    pub fn metric(&self) -> &MetricInfo {
        &self.metric
    }

    /// Returns the scores on the training rows, by point, then by fold. A failed fit has the search's error score, NaN
    /// by default. An unfinished fit has NaN.
    pub fn train_scores(&self) -> &[Vec<f64>] {
        &self.train
    }

    /// Returns the scores on the test rows, by point, then by fold. A failed fit has the search's error score, NaN by
    /// default. An unfinished fit has NaN.
    pub fn test_scores(&self) -> &[Vec<f64>] {
        &self.test
    }

    /// Returns the time of each training, by point, then by fold.
    pub fn fit_times(&self) -> &[Vec<Duration>] {
        &self.fit_times
    }

    /// Returns the mean and the standard deviation over the folds at point number `point`, from 0, on the training
    /// rows. They are NaN if a fold's score is NaN.
    ///
    /// # Panics
    /// If there is no such point.
    pub fn train_summary(&self, point: usize) -> (f64, f64) {
        self.summary(&self.train[point])
    }

    /// Returns the mean and the standard deviation over the folds at point number `point`, from 0, on the test rows.
    /// They are NaN if a fold's score is NaN.
    ///
    /// # Panics
    /// If there is no such point.
    pub fn test_summary(&self, point: usize) -> (f64, f64) {
        self.summary(&self.test[point])
    }

    /// Returns the failures of fits.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// Returns the search limit that ended the curve early; `None` if it is complete.
    pub fn stopped(&self) -> Option<Stopped> {
        self.stopped
    }

    /// Returns the mean and the standard deviation of one point's scores, one per fold, with the search's weights of
    /// folds.
    fn summary(&self, scores: &[f64]) -> (f64, f64) {
        let weights: Vec<f64> = self.folds.iter().map(|fold| fold.weight).collect();
        mean_and_std(scores, &weights)
    }
}

/// Writes a line of headings, a line for each point, and the number of failed fits.
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
