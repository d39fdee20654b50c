//! Folds, and their check against the data.

use std::{collections::HashMap, mem};

use super::{indices::Indices, rows::Warning};
use crate::error::{Error, Result, SplitError};

/// One fold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Rows to train on, in the splitter's order.
    pub train: Indices,
    /// Rows to score on, in the splitter's order.
    pub test: Indices,
}

impl Split {
    /// A fold from lists or ranges of rows.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::split::Split;
    /// assert_eq!(Split::new(0..2, 2..4), Split::new(vec![0, 1], vec![2, 3]));
    /// ```
    pub fn new(train: impl Into<Indices>, test: impl Into<Indices>) -> Self {
        Self { train: train.into(), test: test.into() }
    }

    /// Checks fold number `fold` against data of `rows` rows.
    fn check(&self, fold: usize, rows: usize) -> Result<()> {
        for (part, members) in [("training", &self.train), ("test", &self.test)] {
            if members.is_empty() {
                return Err(Error::Split(SplitError::EmptyFold { fold, part }));
            }
            if let Some(row) = members.last_row().filter(|&row| row >= rows) {
                return Err(Error::Split(SplitError::RowOutOfRange { fold, row, rows }));
            }
        }
        Ok(())
    }

    /// The number of scored rows that are trained on, and of those that stand before among the scored ones.
    fn shared(&self) -> (usize, usize) {
        let rows = [&self.train, &self.test].into_iter().filter_map(Indices::last_row).max().unwrap_or(0);
        // A mark for each row that there may be, unless the fold has few of them.
        if rows / 16 < self.train.len() + self.test.len() {
            let mut marks = vec![0; rows + 1];
            self.count_shared(|row, mark| {
                let known: &mut u8 = &mut marks[row];
                mem::replace(known, *known | mark)
            })
        } else {
            let mut marks = HashMap::new();
            self.count_shared(|row, mark| {
                let known = marks.entry(row).or_insert(0);
                mem::replace(known, *known | mark)
            })
        }
    }

    /// The counts of [`shared`](Self::shared). `mark` adds a mark to a row and returns the marks before it.
    fn count_shared(&self, mut mark: impl FnMut(usize, u8) -> u8) -> (usize, usize) {
        const TRAINED: u8 = 1;
        const SCORED: u8 = 2;
        for row in &self.train {
            mark(row, TRAINED);
        }
        let (mut overlap, mut repeated) = (0, 0);
        for row in &self.test {
            let known = mark(row, SCORED);
            overlap += usize::from(known & TRAINED > 0);
            repeated += usize::from(known & SCORED > 0);
        }
        (overlap, repeated)
    }
}

/// All folds of a splitter on one data set, with its warnings about the data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Folds {
    /// The folds in order.
    pub splits: Vec<Split>,
    /// The warnings that scikit-learn would give.
    pub warnings: Vec<Warning>,
}

impl Folds {
    /// Checks that each fold trains on some of `rows` rows and scores some. Adds a warning for each fold that trains on
    /// rows that it scores, or scores some twice.
    ///
    /// # Errors
    /// [`SplitError::NoSplits`], [`SplitError::EmptyFold`], [`SplitError::RowOutOfRange`].
    pub(crate) fn checked(mut self, rows: usize) -> Result<Self> {
        if self.splits.is_empty() {
            return Err(Error::Split(SplitError::NoSplits { splitter: "the splitter" }));
        }
        for (fold, split) in self.splits.iter().enumerate() {
            split.check(fold, rows)?;
            // Of dropgrid's own splitters, the form of the parts shows it without a look at each row.
            if split.train.is_apart_from(&split.test) {
                continue;
            }
            let (overlap, repeated) = split.shared();
            for (count, warning) in [
                (overlap, Warning::Overlap { fold, rows: overlap }),
                (repeated, Warning::Repeated { fold, rows: repeated }),
            ] {
                if count > 0 && !self.warnings.contains(&warning) {
                    self.warnings.push(warning);
                }
            }
        }
        Ok(self)
    }
}
