//! One class of several.

use std::{borrow::Cow, sync::Arc};

use super::{
    Label, Labels, Target,
    names::{self, Names},
};
use crate::{data::names::renumbered, error::Result};

/// Each sample is of one of `N` classes, numbered from 0.
///
/// `N` is the width of the network's output: a network of another width does not compile with it. One class would have
/// nothing to tell apart, so `N` below 2 does not compile; for two classes, [`Binary`](super::Binary) takes a network
/// with one output.
///
/// # Examples
/// ```
/// # use dropgrid_core::data::Classes;
/// let targets = Classes::<3>::new(vec![0, 2, 1, 2])?.with_names(["setosa", "versicolor", "virginica"])?;
/// assert_eq!(targets.labels(), [0, 2, 1, 2]);
/// assert_eq!(targets.name(2), "virginica");
/// let error = Classes::<3>::new(vec![0, 3]).unwrap_err();
/// assert_eq!(error.to_string(), "row 2, column `label`: label 3 is not one of the 3 classes 0..3");
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
/// One class:
/// ```compile_fail,E0080
/// dropgrid_core::data::Classes::<1>::new(vec![0, 0]);
/// ```
#[derive(Debug, Clone)]
pub struct Classes<const N: usize> {
    labels: Arc<[usize]>,
    names: Option<Names>,
}

impl<const N: usize> Classes<N> {
    /// Targets from class numbers, of any type of integers.
    ///
    /// # Errors
    /// [`DataError::EmptyData`](crate::error::DataError::EmptyData);
    /// [`DataError::LabelOutOfRange`](crate::error::DataError::LabelOutOfRange) for a label that is not below `N`.
    pub fn new(labels: impl IntoIterator<Item: Label>) -> Result<Self> {
        Self::in_named_column(names::integers(labels, N)?, "label", None)
    }

    /// Targets from the class numbers in `column`, which errors name.
    pub(in crate::data) fn in_named_column(labels: Vec<usize>, column: &str, names: Option<Names>) -> Result<Self> {
        const { assert!(N >= 2, "a class target needs at least 2 classes") };
        let labels = names::numbered(labels, N, column)?;
        Ok(Self { labels, names })
    }

    /// The targets with a name for each class.
    ///
    /// # Errors
    /// [`DataError::DuplicateClass`](crate::error::DataError::DuplicateClass) where two classes have the same name.
    pub fn with_names<S: Into<String>>(self, names: [S; N]) -> Result<Self> {
        Ok(Self { names: Some(names::distinct(names)?), ..self })
    }

    /// The class of each sample.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// The name of each class, where they have names.
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// The name of a class; its number where it has none.
    pub fn name(&self, class: usize) -> String {
        names::of(self.names(), class)
    }
}

impl<const N: usize> Target for Classes<N> {
    type Kind = Labels;
    const NAME: &'static str = "classes";
    const NAMED: Option<usize> = Some(N);

    fn samples(&self) -> usize {
        self.labels.len()
    }

    fn width(&self) -> usize {
        N
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
