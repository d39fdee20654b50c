//! Yes or no.

use std::{borrow::Cow, sync::Arc};

use super::{
    Label, Labels, Target,
    names::{self, Names},
};
use crate::{data::names::renumbered, error::Result};

/// Each sample is of class 0 or of class 1, the positive one.
///
/// The network has one output, the log-odds of class 1. Everything that scores class labels scores it as two classes.
///
/// # Examples
/// ```
/// # use dropgrid_core::data::Binary;
/// let targets = Binary::new([false, true, true])?.with_names(["benign", "malignant"])?;
/// assert_eq!(targets.labels(), [0, 1, 1]);
/// assert_eq!(targets.name(1), "malignant");
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Binary {
    labels: Arc<[usize]>,
    names: Option<Names>,
}

impl Binary {
    /// Targets from whether each sample is positive.
    ///
    /// # Errors
    /// [`DataError::EmptyData`](crate::error::DataError::EmptyData).
    pub fn new(positive: impl IntoIterator<Item = bool>) -> Result<Self> {
        Self::in_named_column(positive.into_iter().map(usize::from).collect(), "label", None)
    }

    /// Targets from class numbers, of any type of integers.
    ///
    /// # Errors
    /// [`DataError::EmptyData`](crate::error::DataError::EmptyData);
    /// [`DataError::LabelOutOfRange`](crate::error::DataError::LabelOutOfRange) for a label that is neither 0 nor 1.
    pub fn from_labels(labels: impl IntoIterator<Item: Label>) -> Result<Self> {
        Self::in_named_column(names::integers(labels, 2)?, "label", None)
    }

    /// Targets from the class numbers in `column`, which errors name.
    pub(in crate::data) fn in_named_column(labels: Vec<usize>, column: &str, names: Option<Names>) -> Result<Self> {
        let labels = names::numbered(labels, 2, column)?;
        Ok(Self { labels, names })
    }

    /// The targets with a name for class 0 and one for class 1.
    ///
    /// # Errors
    /// [`DataError::DuplicateClass`](crate::error::DataError::DuplicateClass) where the names are equal.
    pub fn with_names<S: Into<String>>(self, names: [S; 2]) -> Result<Self> {
        Ok(Self { names: Some(names::distinct(names)?), ..self })
    }

    /// The class of each sample: 0 or 1.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// The names of the two classes, where they have names.
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// The name of a class; its number where it has none.
    pub fn name(&self, class: usize) -> String {
        names::of(self.names(), class)
    }
}

impl Target for Binary {
    type Kind = Labels;
    const NAME: &'static str = "binary";
    const NAMED: Option<usize> = Some(2);

    fn samples(&self) -> usize {
        self.labels.len()
    }

    fn width(&self) -> usize {
        2
    }

    fn strata(&self) -> Option<&[usize]> {
        Some(&self.labels)
    }

    fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    fn in_order_of(&self, learned: &[String]) -> Result<Cow<'_, Self>> {
        let Some(own) = self.names() else { return Ok(Cow::Borrowed(self)) };
        let labels = renumbered(learned, own, &self.labels)?;
        Ok(labels.map_or(Cow::Borrowed(self), |labels| {
            Cow::Owned(Self { labels: labels.into(), names: Some(learned.into()) })
        }))
    }

    fn truth(&self, rows: &[usize]) -> Vec<usize> {
        super::gather(&self.labels, 1, rows)
    }

    fn select(&self, rows: &[usize]) -> Self {
        Self { labels: self.truth(rows).into(), names: self.names.clone() }
    }
}
