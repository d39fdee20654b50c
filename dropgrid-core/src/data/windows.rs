//! Windows of a time series as samples.

use std::collections::BTreeMap;

use super::{Dataset, Features, Regression, Target};
use crate::error::{Error, Result};

/// Samples from a time series: each has the features of the last `lags` steps, and the target some steps ahead.
///
/// The sample of step t has the features of the steps t - `lags` + 1 to t, the oldest first, and the target of step t +
/// `horizon` (by default 1). A network reads it with `#[searchable(input = Rank2<LAGS, CHANNELS>)]`. With a `stride` of
/// s, samples begin s steps apart.
///
/// Neighbours share steps, so a fold that scores one and trains on another has seen what it is asked. The data that
/// comes out knows the steps of each sample, and no fold of it trains on a sample that shares a step, of its features
/// or up to its target, with one that the fold scores: such samples are left out of the training part ("purging",
/// [López de Prado 2018](https://www.wiley.com/en-us/p-9781119482086), chapter 7). That holds for every splitter and
/// for validation rows, [`TrainTestSplit`](crate::split::TrainTestSplit), nested searches and learning curves; shuffled
/// folds, which leave nothing to train on, are an error.
///
/// Validation samples for early stopping are the last ones of a training part, so that at most `lags` + `horizon` - 1
/// samples of a series are left out for them; whole series, where the folds keep groups whole.
///
/// # Examples
/// ```
/// # use dropgrid_core::data::Windows;
/// let data = Windows::new(3).horizon(2).univariate(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0])?;
/// assert_eq!((data.features().row(0), data.features().row(1)), ([0.0, 1.0, 2.0].as_slice(), [1.0, 2.0, 3.0].as_slice()));
/// assert_eq!(data.targets().values(), [4.0, 5.0]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    lags: usize,
    horizon: usize,
    stride: usize,
}

/// A sample: the series that it is of, the rows of its steps, and the row of its target.
struct Window {
    steps: Vec<usize>,
    target: usize,
    span: [usize; 2],
}

impl Windows {
    /// Samples of `lags` steps, whose target is one step ahead.
    pub fn new(lags: usize) -> Self {
        Self { lags, horizon: 1, stride: 1 }
    }

    /// The steps from the last features to the target; 0 for a target of the same step.
    pub fn horizon(self, steps: usize) -> Self {
        Self { horizon: steps, ..self }
    }

    /// The steps between the beginnings of two samples.
    pub fn stride(self, steps: usize) -> Self {
        Self { stride: steps, ..self }
    }

    /// The samples of a series whose rows are steps in order of time, each with the features and the target of that
    /// step. Rows of a group are a series of their own, and no sample reaches from one to another.
    ///
    /// Samples come in the order of their targets, with the groups and weights of these. Features that have names get
    /// those of their lag: `load[-2]` is that of two steps before the last. Codes of categories stay numbers.
    ///
    /// # Errors
    /// [`Error::Setting`] for no lags, a stride of 0, and where no series has as many steps as a sample needs; those of
    /// [`Features::from_f64_rows`], for a missing cell, too.
    pub fn of<T: Target>(&self, series: &Dataset<T>) -> Result<Dataset<T>> {
        let windows = self.windows(series.len(), series.groups())?;
        let samples = self.samples(series.features(), windows.iter().map(|window| window.steps.as_slice()))?;
        let targets: Vec<usize> = windows.iter().map(|window| window.target).collect();
        let mut data = Dataset::from_features(samples, series.targets().select(&targets))?;
        if let Some(groups) = series.groups() {
            data = data.with_groups(targets.iter().map(|&row| groups[row]))?;
        }
        if let Some(weights) = series.weights_of(&targets) {
            data = data.with_weights(weights)?;
        }
        Ok(data.with_spans(windows.iter().map(|window| window.span).collect()))
    }

    /// The samples of a series of one channel, whose targets are its own later values.
    ///
    /// # Errors
    /// Those of [`of`](Self::of).
    pub fn univariate(&self, series: &[f64]) -> Result<Dataset<Regression<1>>> {
        let targets = Regression::new(series.iter().map(|value| [*value]))?;
        self.of(&Dataset::from_f64_rows(series.iter().map(|value| [*value]), targets)?)
    }

    /// The samples at the end of one series, whose targets are not known yet, for a model that was fitted on those of
    /// [`of`](Self::of): one for each of the next `horizon` steps, the newest last; of a horizon of 0 the newest alone.
    /// They are one step apart, whatever the stride.
    ///
    /// # Errors
    /// Those of [`of`](Self::of), where the first of them reaches back before the series, too.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::{Features, Windows};
    /// let load = Features::from_rows([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]])?;
    /// let next = Windows::new(3).horizon(2).ahead(&load)?;
    /// // For the targets of the steps 6 and 7.
    /// assert_eq!((next.row(0), next.row(1)), ([2.0, 3.0, 4.0].as_slice(), [3.0, 4.0, 5.0].as_slice()));
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn ahead(&self, series: &Features) -> Result<Features> {
        self.check()?;
        let count = self.horizon.max(1);
        let Some(first) = series.len().checked_sub(self.lags.saturating_add(count - 1)) else {
            return Err(self.too_long());
        };
        let steps: Vec<usize> = (0..series.len()).collect();
        self.samples(series, (first..first + count).map(|start| &steps[start..start + self.lags]))
    }

    /// The same of a series of one channel, as [`univariate`](Self::univariate) takes it.
    ///
    /// # Errors
    /// Those of [`ahead`](Self::ahead).
    pub fn univariate_ahead(&self, series: &[f64]) -> Result<Features> {
        self.ahead(&Features::from_f64_rows(series.iter().map(|value| [*value]))?)
    }

    /// The samples of these steps, with the names of the features.
    fn samples<'a>(&self, features: &Features, windows: impl Iterator<Item = &'a [usize]>) -> Result<Features> {
        let width = features.width();
        let row = |steps: &[usize]| -> Vec<f64> {
            steps.iter().flat_map(|&step| (0..width).map(move |column| features.cell(step, column))).collect()
        };
        let samples = Features::from_f64_rows(windows.map(row))?;
        let Some(names) = features.names() else { return Ok(samples) };
        let lag = |at: usize| if at + 1 == self.lags { "0".to_owned() } else { format!("-{}", self.lags - 1 - at) };
        samples.with_names((0..self.lags).flat_map(|at| names.iter().map(move |name| format!("{name}[{}]", lag(at)))))
    }

    fn check(&self) -> Result<()> {
        let zero = [("lags", self.lags), ("stride", self.stride)].into_iter().find(|(_, value)| *value == 0);
        zero.map_or(Ok(()), |(setting, _)| {
            Err(Error::Setting { setting, value: "0".to_owned(), expected: "at least 1" })
        })
    }

    fn too_long(&self) -> Error {
        let expected = "with the horizon at most the steps of the longest series";
        Error::Setting { setting: "lags", value: self.lags.to_string(), expected }
    }

    fn windows(&self, rows: usize, groups: Option<&[usize]>) -> Result<Vec<Window>> {
        let Self { lags, horizon, stride } = *self;
        self.check()?;
        let mut series: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for row in 0..rows {
            series.entry(groups.map_or(0, |groups| groups[row])).or_default().push(row);
        }
        let (mut windows, mut before) = (Vec::new(), 0);
        for rows in series.values() {
            let last = rows.len().saturating_sub(lags.saturating_add(horizon).saturating_sub(1));
            windows.extend((0..last).step_by(stride).map(|start| {
                let end = start + lags - 1 + horizon;
                let span = [before + start, before + end];
                Window { steps: rows[start..start + lags].to_vec(), target: rows[end], span }
            }));
            before += rows.len();
        }
        if windows.is_empty() {
            return Err(self.too_long());
        }
        windows.sort_by_key(|window| window.target);
        Ok(windows)
    }
}
