//! What a network learns to predict.

use std::sync::Arc;

use crate::error::{Error, Result};

/// What is known of each sample: class labels here, numbers for a regression.
///
/// The kind of truth decides by type which metrics can score a search.
pub trait Target: Clone + Send + Sync + 'static {
    /// The kind of truth: [`Labels`].
    type Kind: Truth;

    /// Number of samples.
    fn samples(&self) -> usize;

    /// The class of each sample, for splitters that stratify; `None` where there are no classes.
    fn strata(&self) -> Option<&[usize]>;

    /// The targets of the given samples, in that order. Every one of `rows` is below [`samples`](Self::samples).
    fn select(&self, rows: &[usize]) -> Self;
}

/// A kind of truth, as a type.
pub trait Truth: Send + Sync + 'static {
    /// Its name in messages.
    const NAME: &'static str;
}

/// The truth is one class of several.
#[derive(Debug, Clone, Copy)]
pub enum Labels {}

impl Truth for Labels {
    const NAME: &'static str = "class labels";
}

/// Each sample is of one of `N` classes, numbered from 0.
///
/// `N` is the width of the network's output: a network of another width does not compile with it.
///
/// # Examples
/// ```
/// # use dropgrid_core::data::Classes;
/// let targets = Classes::<3>::new(vec![0, 2, 1, 2])?;
/// assert_eq!(targets.labels(), [0, 2, 1, 2]);
/// let error = Classes::<3>::new(vec![0, 3]).unwrap_err();
/// assert_eq!(error.to_string(), "row 2, column `label`: label 3 is not one of the 3 classes 0..3");
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Classes<const N: usize> {
    labels: Arc<[usize]>,
}

impl<const N: usize> Classes<N> {
    /// Targets from class numbers.
    ///
    /// # Errors
    /// [`Error::EmptyData`]; [`Error::LabelOutOfRange`] for a label that is not below `N`.
    pub fn new(labels: impl Into<Vec<usize>>) -> Result<Self> {
        Self::in_named_column(labels.into(), "label")
    }

    pub(crate) fn in_named_column(labels: Vec<usize>, column: &str) -> Result<Self> {
        if labels.is_empty() {
            return Err(Error::EmptyData);
        }
        if let Some(at) = labels.iter().position(|&label| label >= N) {
            return Err(Error::LabelOutOfRange {
                row: at + 1,
                column: column.to_owned(),
                value: labels[at].to_string(),
                classes: N,
            });
        }
        Ok(Self { labels: labels.into() })
    }

    /// The class of each sample.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }
}

impl<const N: usize> Target for Classes<N> {
    type Kind = Labels;

    fn samples(&self) -> usize {
        self.labels.len()
    }

    fn strata(&self) -> Option<&[usize]> {
        Some(&self.labels)
    }

    fn select(&self, rows: &[usize]) -> Self {
        Self { labels: rows.iter().map(|&row| self.labels[row]).collect() }
    }
}
