//! What a learning curve and a validation curve have in common.

use std::{fmt, ops::ControlFlow, time::Duration};

use crate::{
    data::Truth,
    engine,
    error::{self, Ended, Failure, Result, Stopped},
    escape::escaped,
    model::Model,
    report::{FoldInfo, MetricInfo, mean_and_std},
    search::{
        bound::BoundSearch,
        fit::{Outcome, Scores},
    },
    split::Split,
    strategy::Strategy,
};

/// Scores at several points, on the rows trained on and on those left out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    pub(super) metric: MetricInfo,
    pub(super) folds: Vec<FoldInfo>,
    /// Of each point, of each fold; NaN where the fit failed.
    pub(super) train: Vec<Vec<f64>>,
    pub(super) test: Vec<Vec<f64>>,
    pub(super) fit_times: Vec<Vec<Duration>>,
    pub(super) failures: Vec<Failure>,
    pub(super) stopped: Option<Stopped>,
}

impl Curve {
    /// The candidate's scores at `points` points: `run` gives what came of a point on a fold, and `ended` whether no more
    /// fits begin.
    pub(super) fn of<M: Model, S: Strategy<M::Space>, K: Truth>(
        bound: &BoundSearch<'_, M, S, K>,
        splits: &[Split],
        points: usize,
        run: impl Fn(usize, u32) -> Outcome + Sync,
        ended: impl Fn() -> Option<Ended>,
    ) -> Result<Self> {
        let folds = bound.fold_infos(splits);
        let unknown = vec![vec![f64::NAN; folds.len()]; points];
        let fit_times = vec![vec![Duration::ZERO; folds.len()]; points];
        let metric = bound.infos().swap_remove(0);
        let (failures, stopped) = (Vec::new(), None);
        let mut curve = Self { metric, train: unknown.clone(), test: unknown, fit_times, failures, stopped, folds };
        let folds = splits.len() as u32;
        let jobs: Vec<(usize, u32)> = (0..points).flat_map(|point| (0..folds).map(move |fold| (point, fold))).collect();
        let mut done = 0;
        engine::run(
            bound.workers()?,
            &jobs,
            |&(point, fold)| Ok(run(point, fold)),
            |&(point, fold), outcome| {
                let fit = outcome.unwrap_or_else(|failure| Outcome::failed(failure, Duration::ZERO));
                if !matches!(fit.outcome, Err(Failure::Interrupted)) {
                    done += 1;
                    curve.set(point, fold as usize, fit);
                }
                ControlFlow::Continue(())
            },
        )?;
        let planned = jobs.len();
        curve.stopped = ended().filter(|_| done < planned).map(|why| Stopped { why, done, planned });
        Ok(curve)
    }

    fn set(&mut self, point: usize, fold: usize, outcome: Outcome) {
        self.fit_times[point][fold] = outcome.fit_time;
        match outcome.outcome {
            Ok(Scores { test, train }) => {
                self.test[point][fold] = test[0].value;
                self.train[point][fold] = train.map_or(f64::NAN, |train| train[0]);
            }
            Err(failure) => self.failures.push(failure),
        }
    }

    /// Mean and standard deviation of one point's scores, one a fold, as the search averages folds.
    pub(super) fn summary(&self, scores: &[f64]) -> (f64, f64) {
        let weights: Vec<f64> = self.folds.iter().map(|fold| fold.weight).collect();
        mean_and_std(scores, &weights)
    }

    /// A line of headings, a line for each of `points`, and how many fits failed. `name` is what the points are.
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

/// The methods that both curves have: those of their `curve`.
macro_rules! curve_methods {
    () => {
        /// The metric: the deciding one of the search.
        pub fn metric(&self) -> &MetricInfo {
            &self.curve.metric
        }

        /// The scores on the rows trained on: of each point, of each fold; NaN where the fit failed.
        pub fn train_scores(&self) -> &[Vec<f64>] {
            &self.curve.train
        }

        /// The scores on the rows left out: of each point, of each fold; NaN where the fit failed.
        pub fn test_scores(&self) -> &[Vec<f64>] {
            &self.curve.test
        }

        /// The time of each training: of each point, of each fold.
        pub fn fit_times(&self) -> &[Vec<Duration>] {
            &self.curve.fit_times
        }

        /// Mean and standard deviation over the folds at point number `point`, on the rows trained on; NaN where a fit
        /// failed.
        ///
        /// # Panics
        /// Where there is no such point.
        pub fn train_summary(&self, point: usize) -> (f64, f64) {
            self.curve.summary(&self.curve.train[point])
        }

        /// Mean and standard deviation over the folds at point number `point`, on the rows left out; NaN where a fit
        /// failed.
        ///
        /// # Panics
        /// Where there is no such point.
        pub fn test_summary(&self, point: usize) -> (f64, f64) {
            self.curve.summary(&self.curve.test[point])
        }

        /// Why fits failed.
        pub fn failures(&self) -> &[Failure] {
            &self.curve.failures
        }

        /// Whether the search's limits ended it before it was done: the scores of fits that are not done are NaN, as
        /// those of failed ones.
        pub fn stopped(&self) -> Option<Stopped> {
            self.curve.stopped
        }
    };
}
pub(super) use curve_methods;
