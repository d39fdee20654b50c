//! Scores by a number on an axis: what a learning curve and a validation curve share.

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
    report::{ErrorScore, FoldInfo, MetricInfo, mean_and_std},
    search::{
        bound::BoundSearch,
        fit::{Outcome, Scores},
    },
    split::Split,
    strategy::Strategy,
    train::TrainTarget,
};

/// Scores at several points, on the rows trained on and on those left out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    pub(super) metric: MetricInfo,
    pub(super) folds: Vec<FoldInfo>,
    /// By point, then by fold; the error score where the fit failed, NaN where it was not done.
    pub(super) train: Vec<Vec<f64>>,
    pub(super) test: Vec<Vec<f64>>,
    pub(super) fit_times: Vec<Vec<Duration>>,
    pub(super) failures: Vec<Failure>,
    pub(super) stopped: Option<Stopped>,
}

/// A point of a curve: a candidate, and the number of rows that it trains on.
pub(super) struct Point<'a, P> {
    pub(super) params: &'a P,
    /// The first so many rows of each training part; all of them where `None`.
    pub(super) rows: Option<usize>,
}

impl Curve {
    /// Trains and scores each point on every fold, in a search that began at `start`.
    ///
    /// # Errors
    /// [`Error::FitFailed`] where the search's error score is [`ErrorScore::Raise`].
    pub(super) fn fit<M, S, T>(
        bound: &BoundSearch<'_, M, S, T::Kind>,
        data: &Dataset<T>,
        splits: &[Split],
        points: &[Point<'_, M::Params>],
        start: Instant,
    ) -> Result<Self>
    where
        M: Model,
        S: Strategy<M::Space>,
        T: TrainTarget<Output = M::Output>,
    {
        let error_score = bound.settings.error_score;
        let runner = bound.runner(data, splits, start);
        let train_and_score = |point: usize, fold: u32| {
            let (Point { params, rows }, Split { train, test }) = (&points[point], &splits[fold as usize]);
            let train = train.as_slice();
            let fit = runner.run_on(params, fold, &train[..rows.unwrap_or(train.len())], test.as_slice());
            if let Err(Failure::Interrupted) = fit.outcome { Err(Failure::Interrupted) } else { Ok(fit) }
        };
        let ends = |_: usize, fit: &Result<Outcome, Failure>| {
            error_score == ErrorScore::Raise && !matches!(fit, Ok(Outcome { outcome: Ok(_), .. }))
        };
        let results = run_folds(bound.workers()?, &vec![splits.len(); points.len()], train_and_score, ends)?;

        let planned = points.len() * splits.len();
        let done = done(&results);
        let unknown = vec![vec![f64::NAN; splits.len()]; points.len()];
        let mut curve = Self {
            metric: bound.infos().swap_remove(0),
            folds: bound.fold_infos(splits),
            train: unknown.clone(),
            test: unknown,
            fit_times: vec![vec![Duration::ZERO; splits.len()]; points.len()],
            failures: Vec::new(),
            stopped: runner.ended().filter(|_| done < planned).map(|why| Stopped { why, done, planned }),
        };
        for (point, results) in results.into_iter().enumerate() {
            for (fold, result) in results.into_iter().enumerate() {
                let Some(result) = result else { continue };
                let fit = result.unwrap_or_else(|failure| Outcome::failed(failure, Duration::ZERO));
                curve.fit_times[point][fold] = fit.fit_time;
                let (test, train) = match (fit.outcome, error_score) {
                    (Ok(Scores { test, train }), _) => (test[0].value, train.map_or(f64::NAN, |train| train[0])),
                    (Err(failure), ErrorScore::Raise) => {
                        let params = points[point].params.to_string();
                        return Err(Error::FitFailed { params, fold: fold as u32, failure });
                    }
                    (Err(failure), _) => {
                        curve.failures.push(failure);
                        (error_score.value(), error_score.value())
                    }
                };
                (curve.test[point][fold], curve.train[point][fold]) = (test, train);
            }
        }
        Ok(curve)
    }

    /// Mean and standard deviation of one point's scores, one a fold, as the search averages folds.
    pub(super) fn summary(&self, scores: &[f64]) -> (f64, f64) {
        let weights: Vec<f64> = self.folds.iter().map(|fold| fold.weight).collect();
        mean_and_std(scores, &weights)
    }

    /// Writes a line of headings, a line for each of `points`, and the number of fits that failed. `name` heads the points.
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, name: &str, points: &[String]) -> fmt::Result {
        let points: Vec<_> = points.iter().map(|point| escaped(point)).collect();
        let width = points.iter().map(|point| point.chars().count()).max().unwrap_or(0).max(name.chars().count());
        let metric = escaped(&self.metric.name);
        write!(f, "{name:>width$}  train {metric}, test {metric} (mean ± std)")?;
        for (point, (train, test)) in points.iter().zip(self.train.iter().zip(&self.test)) {
            let ((train, train_std), (test, test_std)) = (self.summary(train), self.summary(test));
            write!(f, "\n{point:>width$}  {train:.6} ± {train_std:.6}, {test:.6} ± {test_std:.6}")?;
        }
        if !self.failures.is_empty() {
            let fits = points.len() * self.folds.len();
            write!(f, "\nwarning: {} of {fits} fits failed: {}", self.failures.len(), error::group(&self.failures))?;
        }
        if let Some(stopped) = self.stopped {
            write!(f, "\nwarning: {stopped}")?;
        }
        Ok(())
    }
}

/// The methods of both curves, which read their field `curve`.
macro_rules! curve_methods {
    () => {
        /// The metric: the deciding one of the search.
        pub fn metric(&self) -> &MetricInfo {
            &self.curve.metric
        }

        /// The scores on the rows trained on, by point, then by fold. A failed fit has the search's error score, NaN by
        /// default; a fit that is not done is NaN.
        pub fn train_scores(&self) -> &[Vec<f64>] {
            &self.curve.train
        }

        /// The scores on the rows left out, by point, then by fold. A failed fit has the search's error score, NaN by default;
        /// a fit that is not done is NaN.
        pub fn test_scores(&self) -> &[Vec<f64>] {
            &self.curve.test
        }

        /// The time of each training, by point, then by fold.
        pub fn fit_times(&self) -> &[Vec<Duration>] {
            &self.curve.fit_times
        }

        /// Mean and standard deviation over the folds at point number `point`, on the rows trained on; NaN where a fold's
        /// score is.
        ///
        /// # Panics
        /// Where there is no such point.
        pub fn train_summary(&self, point: usize) -> (f64, f64) {
            self.curve.summary(&self.curve.train[point])
        }

        /// Mean and standard deviation over the folds at point number `point`, on the rows left out; NaN where a fold's score
        /// is.
        ///
        /// # Panics
        /// Where there is no such point.
        pub fn test_summary(&self, point: usize) -> (f64, f64) {
            self.curve.summary(&self.curve.test[point])
        }

        /// The reasons of fits that failed.
        pub fn failures(&self) -> &[Failure] {
            &self.curve.failures
        }

        /// The limit of the search that ended the curve before it was done, where one did.
        pub fn stopped(&self) -> Option<Stopped> {
            self.curve.stopped
        }
    };
}
pub(super) use curve_methods;
