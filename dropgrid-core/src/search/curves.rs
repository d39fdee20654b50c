//! Learning curves and validation curves.

use std::{fmt, ops::ControlFlow, time::Duration};

use super::{
    Search,
    plan::{Ran, Scores},
};
use crate::{
    data::Dataset,
    engine,
    error::{self, Error, Failure, Result},
    metric::Scoring,
    model::Model,
    report::{FoldInfo, MetricInfo, mean_and_std},
    seed::Purpose,
    split::Split,
    strategy::Only,
    train::Objective,
};

/// How many rows each point of a learning curve trains on.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainSizes {
    sizes: Sizes,
    shuffle: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Sizes {
    Fractions(Vec<f64>),
    Rows(Vec<usize>),
}

impl TrainSizes {
    /// Fractions of the training part, each in (0, 1].
    pub fn fractions(fractions: impl IntoIterator<Item = f64>) -> Self {
        Self { sizes: Sizes::Fractions(fractions.into_iter().collect()), shuffle: false }
    }

    /// Numbers of rows, each from 1 to the size of the training part.
    pub fn rows(rows: impl IntoIterator<Item = usize>) -> Self {
        Self { sizes: Sizes::Rows(rows.into_iter().collect()), shuffle: false }
    }

    /// Takes the rows of a size from the training part in random order rather than its first ones. Data that is sorted
    /// by class needs it.
    pub fn shuffle(self) -> Self {
        Self { shuffle: true, ..self }
    }

    /// The distinct sizes in ascending order, where the training part has `most` rows.
    fn resolve(&self, most: usize) -> Result<Vec<usize>> {
        let mut sizes = match &self.sizes {
            Sizes::Fractions(fractions) => {
                if let Some(fraction) = fractions.iter().find(|&&fraction| !(fraction > 0.0 && fraction <= 1.0)) {
                    let expected = "a fraction in (0, 1]";
                    return Err(Error::Setting { setting: "train size", value: fraction.to_string(), expected });
                }
                #[expect(clippy::cast_sign_loss, reason = "a positive fraction of a count")]
                let rows = |fraction: &f64| ((fraction * most as f64) as usize).clamp(1, most);
                fractions.iter().map(rows).collect()
            }
            Sizes::Rows(rows) => {
                if let Some(&rows) = rows.iter().find(|&&rows| rows == 0 || rows > most) {
                    return Err(Error::TrainSize { rows, most });
                }
                rows.clone()
            }
        };
        if sizes.is_empty() {
            let expected = "at least one size";
            return Err(Error::Setting { setting: "train sizes", value: "an empty list".to_owned(), expected });
        }
        sizes.sort_unstable();
        sizes.dedup();
        Ok(sizes)
    }
}

/// A tenth, 32.5, 55, 77.5 % and all of the training part.
impl Default for TrainSizes {
    fn default() -> Self {
        Self::fractions([0.1, 0.325, 0.55, 0.775, 1.0])
    }
}

/// Scores at several points, on the rows trained on and on those left out.
#[derive(Debug, Clone, PartialEq)]
struct Curve {
    metric: MetricInfo,
    folds: Vec<FoldInfo>,
    /// Of each point, of each fold; NaN where the fit failed.
    train: Vec<Vec<f64>>,
    test: Vec<Vec<f64>>,
    fit_times: Vec<Vec<Duration>>,
    failures: Vec<Failure>,
}

impl Curve {
    fn new(metric: MetricInfo, folds: Vec<FoldInfo>, points: usize) -> Self {
        let unknown = vec![vec![f64::NAN; folds.len()]; points];
        let fit_times = vec![vec![Duration::ZERO; folds.len()]; points];
        Self { metric, train: unknown.clone(), test: unknown, fit_times, failures: Vec::new(), folds }
    }

    fn set(&mut self, point: usize, fold: usize, ran: Ran) {
        self.fit_times[point][fold] = ran.fit_time;
        match ran.outcome {
            Ok(Scores { test, train }) => {
                self.test[point][fold] = test[0].value;
                self.train[point][fold] = train.map_or(f64::NAN, |train| train[0]);
            }
            Err(failure) => self.failures.push(failure),
        }
    }

    fn summary(&self, scores: &[f64]) -> (f64, f64) {
        let weights: Vec<f64> = self.folds.iter().map(|fold| fold.weight).collect();
        mean_and_std(scores, &weights)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, name: &str, points: &[String]) -> fmt::Result {
        let width = points.iter().map(|point| point.chars().count()).max().unwrap_or(0).max(name.chars().count());
        let metric = &self.metric.name;
        write!(f, "{name:>width$}  train {metric}, test {metric} (mean ± std)")?;
        for (point, (train, test)) in points.iter().zip(self.train.iter().zip(&self.test)) {
            let ((train, train_std), (test, test_std)) = (self.summary(train), self.summary(test));
            write!(f, "\n{point:>width$}  {train:.6} ± {train_std:.6}, {test:.6} ± {test_std:.6}")?;
        }
        if !self.failures.is_empty() {
            let fits = points.len() * self.folds.len();
            write!(f, "\nwarning: {} of {fits} fits failed: {}", self.failures.len(), error::group(&self.failures))?;
        }
        Ok(())
    }
}

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

        /// Mean and standard deviation over the folds at point number `point`, on the rows trained on.
        pub fn train_summary(&self, point: usize) -> (f64, f64) {
            self.curve.summary(&self.curve.train[point])
        }

        /// Mean and standard deviation over the folds at point number `point`, on the rows left out.
        pub fn test_summary(&self, point: usize) -> (f64, f64) {
            self.curve.summary(&self.curve.test[point])
        }

        /// Why fits failed.
        pub fn failures(&self) -> &[Failure] {
            &self.curve.failures
        }
    };
}

/// A candidate's scores by the number of rows it trains on.
#[derive(Debug, Clone, PartialEq)]
pub struct LearningCurve {
    sizes: Vec<usize>,
    curve: Curve,
}

impl LearningCurve {
    /// The rows trained on, ascending.
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    curve_methods!();
}

/// A candidate's scores by the value of one hyperparameter.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidationCurve<V> {
    values: Vec<V>,
    curve: Curve,
}

impl<V> ValidationCurve<V> {
    /// The values, as given.
    pub fn values(&self) -> &[V] {
        &self.values
    }

    curve_methods!();
}

impl<M: Model, C> Search<M, Only<M::Params>, C> {
    /// Cross-validates the candidate on ever more training rows: scikit-learn's
    /// [`learning_curve`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.learning_curve.html).
    ///
    /// The largest size is that of the first fold's training part, and folds of other sizes are cut to the same numbers.
    /// Where both curves have met, more data will not help.
    ///
    /// # Errors
    /// Those of [`evaluate`](Self::evaluate); [`Error::Setting`] and [`Error::TrainSize`] for the sizes. A fit that fails
    /// is NaN, with its reason among the [`failures`](LearningCurve::failures).
    pub fn learning_curve<T>(mut self, sizes: &TrainSizes, data: &Dataset<T>) -> Result<LearningCurve>
    where
        T: Objective<Output = M::Output>,
        C: Scoring<T::Kind>,
    {
        self.settings.train_scores = true;
        let (search, metrics) = self.with_metrics();
        let (plan, params) = (search.plan(&metrics), &search.strategy.0);
        let mut splits = plan.check(data)?.splits;
        let shortest = splits.iter().map(|split| split.train.len()).min().unwrap_or(0);
        let most = splits.first().map_or(0, |split| split.train.len());
        let mut points: Vec<usize> = sizes.resolve(most)?.into_iter().map(|size| size.min(shortest)).collect();
        points.dedup();
        if sizes.shuffle {
            for (fold, split) in (0..).zip(&mut splits) {
                let mut train = split.train.to_vec();
                search.settings.seed.key(Purpose::LearningCurve).fold(fold).shuffle(&mut train);
                split.train = train.into();
            }
        }
        let fits = plan.fits(data, &splits);
        let mut curve = Curve::new(plan.infos().swap_remove(0), plan.fold_infos(&splits), points.len());
        let jobs: Vec<(usize, usize)> =
            (0..points.len()).flat_map(|point| (0..splits.len()).map(move |fold| (point, fold))).collect();
        engine::run(
            plan.workers()?,
            &jobs,
            |&(point, fold)| {
                let train = &splits[fold].train.as_slice()[..points[point]];
                Ok(fits.run_on(params, fold as u32, train, splits[fold].test.as_slice()))
            },
            |&(point, fold), outcome| {
                curve.set(point, fold, outcome.unwrap_or_else(|failure| Ran::failed(failure, Duration::ZERO)));
                ControlFlow::Continue(())
            },
        )?;
        Ok(LearningCurve { sizes: points, curve })
    }

    /// Cross-validates the candidate with one hyperparameter at several values: scikit-learn's
    /// [`validation_curve`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.validation_curve.html).
    ///
    /// `set` writes a value into a candidate: `|params, rate| params.dropout = *rate`.
    ///
    /// # Errors
    /// Those of [`evaluate`](Self::evaluate), before any training for every value; [`Error::NoCandidates`] where there is
    /// no value. A fit that fails is NaN, with its reason among the [`failures`](ValidationCurve::failures).
    pub fn validation_curve<T, V>(
        mut self,
        values: impl IntoIterator<Item = V>,
        set: impl Fn(&mut M::Params, &V),
        data: &Dataset<T>,
    ) -> Result<ValidationCurve<V>>
    where
        T: Objective<Output = M::Output>,
        C: Scoring<T::Kind>,
    {
        self.settings.train_scores = true;
        let (search, metrics) = self.with_metrics();
        let plan = search.plan(&metrics);
        let splits = plan.check(data)?.splits;
        let values: Vec<V> = values.into_iter().collect();
        if values.is_empty() {
            return Err(Error::NoCandidates);
        }
        let candidates: Vec<M::Params> = values
            .iter()
            .map(|value| {
                let mut params = search.strategy.0.clone();
                set(&mut params, value);
                plan.check_candidate(data, &params)?;
                Ok(params)
            })
            .collect::<Result<_>>()?;
        let fits = plan.fits(data, &splits);
        let mut curve = Curve::new(plan.infos().swap_remove(0), plan.fold_infos(&splits), values.len());
        let jobs: Vec<(usize, usize)> =
            (0..values.len()).flat_map(|point| (0..splits.len()).map(move |fold| (point, fold))).collect();
        engine::run(
            plan.workers()?,
            &jobs,
            |&(point, fold)| {
                let Split { train, test } = &splits[fold];
                Ok(fits.run_on(&candidates[point], fold as u32, train.as_slice(), test.as_slice()))
            },
            |&(point, fold), outcome| {
                curve.set(point, fold, outcome.unwrap_or_else(|failure| Ran::failed(failure, Duration::ZERO)));
                ControlFlow::Continue(())
            },
        )?;
        Ok(ValidationCurve { values, curve })
    }
}

impl fmt::Display for LearningCurve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points: Vec<String> = self.sizes.iter().map(ToString::to_string).collect();
        self.curve.write(f, "rows", &points)
    }
}

impl<V: fmt::Display> fmt::Display for ValidationCurve<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points: Vec<String> = self.values.iter().map(ToString::to_string).collect();
        self.curve.write(f, "value", &points)
    }
}
