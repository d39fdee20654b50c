//! Folds that walk forward through a series by steps of their own.

use super::{Folds, Rows, Split, Splitter};
use crate::{
    error::{Error, Result, SplitError},
    seed::Seed,
};

/// Folds for rows in order of time, as a forecast is used: train up to a row, score the next ones, go a step further.
///
/// Fold i trains on the rows before `end = window + i * step`: on all of them ([`expanding`](Self::expanding)), or on
/// the last `window` ([`rolling`](Self::rolling)). It scores the `horizon` rows from `end + gap` on. The last fold is
/// the last one whose scored rows all exist. [`TimeSeriesSplit`](super::TimeSeriesSplit) is told the number of folds
/// instead.
///
/// By default a fold scores 1 row, there is no gap, and a step is as long as the horizon, so that no row is scored
/// twice. The indices are those of sktime's
/// [`ExpandingWindowSplitter`](https://www.sktime.net/en/stable/api_reference/auto_generated/sktime.split.ExpandingWindowSplitter.html)
/// and
/// [`SlidingWindowSplitter`](https://www.sktime.net/en/stable/api_reference/auto_generated/sktime.split.SlidingWindowSplitter.html)
/// with `fh` from `gap + 1` to `gap + horizon`, whose step is 1 by default.
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{Rows, Split, Splitter, WalkForward}};
/// let folds = WalkForward::rolling(4).horizon(2).split(Rows::new(9), Seed(0))?;
/// assert_eq!(folds.splits, [Split::new(0..4, 4..6), Split::new(2..6, 6..8)]);
/// let folds = WalkForward::expanding(4).horizon(2).step(1).gap(2).split(Rows::new(9), Seed(0))?;
/// assert_eq!(folds.splits, [Split::new(0..4, 6..8), Split::new(0..5, 7..9)]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkForward {
    window: usize,
    is_rolling: bool,
    step: Option<usize>,
    horizon: usize,
    gap: usize,
}

impl WalkForward {
    /// Trains on all rows so far, of which the first fold has `initial`, at least 1.
    pub fn expanding(initial: usize) -> Self {
        Self { window: initial, is_rolling: false, step: None, horizon: 1, gap: 0 }
    }

    /// Trains on the last `window` rows, at least 1.
    pub fn rolling(window: usize) -> Self {
        Self { is_rolling: true, ..Self::expanding(window) }
    }

    /// The rows by which each fold is later than the one before, at least 1: by default the [horizon](Self::horizon).
    pub fn step(self, rows: usize) -> Self {
        Self { step: Some(rows), ..self }
    }

    /// The rows that each fold scores, at least 1.
    pub fn horizon(self, rows: usize) -> Self {
        Self { horizon: rows, ..self }
    }

    /// The rows between the training part and the scored rows that are in neither.
    pub fn gap(self, rows: usize) -> Self {
        Self { gap: rows, ..self }
    }
}

impl Splitter for WalkForward {
    fn split(&self, rows: Rows<'_>, _seed: Seed) -> Result<Folds> {
        let Self { window, is_rolling, step, horizon, gap } = *self;
        let step = step.unwrap_or(horizon);
        for (setting, value) in [("window", window), ("horizon", horizon), ("step", step)] {
            if value == 0 {
                return Err(Error::Setting { setting, value: "0".to_owned(), expected: "at least 1" });
            }
        }
        let needed = window.saturating_add(gap).saturating_add(horizon);
        let Some(further) = rows.len.checked_sub(needed) else {
            let splitter = "WalkForward";
            return Err(Error::Split(SplitError::TooFewRows { splitter, rows: rows.len, needed }));
        };
        let folds = further / step + 1;
        rows.check_indices(folds as u128)?;
        let split = |fold: usize| {
            let end = window + fold * step;
            let start = if is_rolling { end - window } else { 0 };
            Split::new(start..end, end + gap..end + gap + horizon)
        };
        Ok(Folds { splits: (0..folds).map(split).collect(), warnings: rows.ignore_groups("WalkForward") })
    }
}
