//! Training parts without the samples that share steps of a series with scored ones: see
//! [`Windows`](crate::data::Windows).

use super::{Folds, Split};
use crate::error::{Error, Result, SplitError};

/// The first and the last step of each sample.
pub(crate) type Spans = [[usize; 2]];

/// The rows of `train` that share no step with one of `test`.
pub(crate) fn apart(train: impl IntoIterator<Item = usize>, test: &[usize], spans: &Spans) -> Vec<usize> {
    let mut scored: Vec<[usize; 2]> = test.iter().map(|&row| spans[row]).collect();
    scored.sort_unstable();
    // The furthest end of the spans up to each, in the order of their starts.
    let mut ends: Vec<usize> = scored.iter().map(|[_, end]| *end).collect();
    for at in 1..ends.len() {
        ends[at] = ends[at].max(ends[at - 1]);
    }
    let shares = |[start, end]: [usize; 2]| {
        let begun = scored.partition_point(|[first, _]| *first <= end);
        begun > 0 && ends[begun - 1] >= start
    };
    train.into_iter().filter(|&row| !shares(spans[row])).collect()
}

impl Split {
    /// The fold number `fold` without the training rows that share steps with scored ones.
    ///
    /// # Errors
    /// [`SplitError::SharedSteps`] where no training row is left.
    pub(crate) fn purged(self, spans: Option<&Spans>, fold: usize) -> Result<Self> {
        let Some(spans) = spans else { return Ok(self) };
        let train = apart(&self.train, &self.test.to_vec(), spans);
        if train.is_empty() && !self.train.is_empty() {
            return Err(Error::Split(SplitError::SharedSteps { fold, rows: self.train.len() }));
        }
        // A part that lost nothing keeps its form, by which other checks are quick.
        Ok(if train.len() == self.train.len() { self } else { Self::new(train, self.test) })
    }
}

impl Folds {
    /// The folds without training rows that share steps with scored ones.
    ///
    /// # Errors
    /// [`SplitError::SharedSteps`] where a fold has no training row left.
    pub(crate) fn purged(self, spans: Option<&Spans>) -> Result<Self> {
        let splits = self.splits.into_iter().enumerate().map(|(fold, split)| split.purged(spans, fold));
        Ok(Self { splits: splits.collect::<Result<_>>()?, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_share_a_step_with_a_scored_one_are_left_out() {
        // Samples of three steps, one after the other, and one of another series.
        let mut spans: Vec<[usize; 2]> = (0..10).map(|start| [start, start + 2]).collect();
        spans.push([100, 102]);
        let all = || 0..11;
        assert_eq!(apart(all(), &[5], &spans), [0, 1, 2, 8, 9, 10]);
        assert_eq!(apart(all(), &[0, 9], &spans), [3, 4, 5, 6, 10]);
        assert_eq!(apart(all(), &[10, 4], &spans), [0, 1, 7, 8, 9]);
        assert_eq!(apart(all(), &[], &spans), all().collect::<Vec<_>>());
        // A long sample before a short one hides no other.
        assert_eq!(apart([2, 3], &[0, 1], &[[0, 50], [10, 11], [40, 41], [51, 60]]), [3]);
        let split = Split::new(vec![3, 4, 6, 7], vec![5]);
        assert!(matches!(
            split.purged(Some(&spans), 2),
            Err(Error::Split(SplitError::SharedSteps { fold: 2, rows: 4 }))
        ));
    }
}
