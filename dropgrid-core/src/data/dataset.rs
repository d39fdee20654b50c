//! Features and targets, row by row.

use std::sync::Arc;

use super::{Features, FloatRow, Target};
use crate::error::{DataError, Error, Result, SplitError};

/// Samples to learn from: [`Features`] and one target each, checked on construction.
///
/// # Examples
/// ```
/// # use dropgrid_core::data::{Classes, Dataset};
/// let data = Dataset::new([[0.0, 1.0], [1.0, 0.0]], Classes::<2>::new([0, 1])?)?;
/// assert_eq!(data.len(), 2);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Dataset<T> {
    features: Features,
    targets: T,
    groups: Option<Arc<[usize]>>,
    weights: Option<Arc<[f64]>>,
    /// The first and the last step of a series on which each sample rests: see [`Windows`](super::Windows).
    spans: Option<Arc<[[usize; 2]]>>,
    notes: Arc<[String]>,
}

impl<T: Target> Dataset<T> {
    /// Data from rows of features and as many targets.
    ///
    /// # Errors
    /// Those of [`Features::from_rows`], and [`DataError::LengthMismatch`].
    pub fn new<R: FloatRow>(rows: impl IntoIterator<Item = R>, targets: T) -> Result<Self> {
        Self::from_features(Features::from_rows(rows)?, targets)
    }

    /// Data from rows of features in double precision and as many targets.
    ///
    /// # Errors
    /// Those of [`Features::from_f64_rows`], and [`DataError::LengthMismatch`].
    pub fn from_f64_rows<R: AsRef<[f64]>>(rows: impl IntoIterator<Item = R>, targets: T) -> Result<Self> {
        Self::from_features(Features::from_f64_rows(rows)?, targets)
    }

    /// Data from a feature matrix and as many targets.
    ///
    /// # Errors
    /// [`DataError::LengthMismatch`].
    pub fn from_features(features: Features, targets: T) -> Result<Self> {
        if features.len() != targets.samples() {
            return Err(Error::Data(DataError::LengthMismatch {
                features: features.len(),
                targets: targets.samples(),
            }));
        }
        Ok(Self { features, targets, groups: None, weights: None, spans: None, notes: Arc::default() })
    }

    /// Every feature through `change`; see [`Features::map`].
    ///
    /// # Errors
    /// [`DataError::NotFinite`] where `change` gives NaN or an infinity.
    pub fn map_features(&self, change: impl Fn(f32) -> f32) -> Result<Self> {
        Ok(Self { features: self.features.map(change)?, ..self.clone() })
    }

    /// The data with a group for each sample: the patient, the document or the machine that it comes from.
    ///
    /// A group can be of any type with an order; inside, groups are numbered from 0 in ascending order. Splitters such
    /// as [`GroupKFold`](crate::split::GroupKFold) keep the samples of a group on one side of every fold.
    ///
    /// # Errors
    /// [`SplitError::RowsMismatch`] where there is not one group a sample.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::{Classes, Dataset};
    /// let data = Dataset::new([[0.0], [1.0], [2.0]], Classes::<2>::new([0, 1, 1])?)?.with_groups(["b", "a", "b"])?;
    /// assert_eq!(data.groups(), Some([1, 0, 1].as_slice()));
    /// assert_eq!(data.with_groups([7, 8]).unwrap_err().to_string(), "2 groups for 3 rows");
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn with_groups<G: Ord>(self, groups: impl IntoIterator<Item = G>) -> Result<Self> {
        let groups: Vec<G> = groups.into_iter().collect();
        if groups.len() != self.len() {
            return Err(Error::Split(SplitError::RowsMismatch {
                what: "groups",
                found: groups.len(),
                rows: self.len(),
            }));
        }
        let mut distinct: Vec<&G> = groups.iter().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let numbers = groups.iter().map(|group| distinct.partition_point(|&known| known < group)).collect();
        Ok(Self { groups: Some(numbers), ..self })
    }

    /// The data with a weight for each sample: how many samples it counts as in every metric.
    ///
    /// Weights weigh scores. In training every sample counts the same, unless the recipe asks for
    /// [`sample_weights`](crate::recipe::Train::sample_weights).
    ///
    /// # Errors
    /// [`SplitError::RowsMismatch`] where there is not one weight a sample; [`Error::Scoring`] for a weight that is
    /// negative or not finite, and where all weights are 0.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::{Classes, Dataset};
    /// let data = Dataset::new([[0.0], [1.0]], Classes::<2>::new([0, 1])?)?;
    /// assert_eq!(data.clone().with_weights([0.5, 2.0])?.weights(), Some([0.5, 2.0].as_slice()));
    /// let error = data.with_weights([0.5, -2.0]).unwrap_err();
    /// assert_eq!(error.to_string(), "row 2: weight -2 is not a finite number of at least 0");
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn with_weights(self, weights: impl Into<Vec<f64>>) -> Result<Self> {
        let weights = weights.into();
        super::check_weights(&weights, self.len())?;
        Ok(Self { weights: Some(weights.into()), ..self })
    }

    /// The data with the first and the last step of a series on which each sample rests, as many as there are samples.
    pub(super) fn with_spans(self, spans: Vec<[usize; 2]>) -> Self {
        Self { spans: Some(spans.into()), ..self }
    }

    /// The first and the last step of a series on which each sample rests, where samples are windows.
    pub(crate) fn spans(&self) -> Option<&[[usize; 2]]> {
        self.spans.as_deref()
    }

    /// The data with sentences on how they were read.
    pub(super) fn with_notes(self, notes: Vec<String>) -> Self {
        Self { notes: notes.into(), ..self }
    }

    /// The same samples with other features, as many.
    pub(crate) fn with_features(&self, features: Features) -> Self
    where
        T: Clone,
    {
        Self { features, ..self.clone() }
    }

    /// The same samples with other targets, as many.
    pub(crate) fn with_targets(&self, targets: T) -> Self {
        Self { targets, ..self.clone() }
    }

    /// The given samples, in that order, with their targets, groups and weights. A sample may be taken several times.
    ///
    /// # Errors
    /// [`DataError::EmptyData`] where `rows` is empty; [`DataError::NoSuchRow`] where the data has no such row.
    pub fn select(&self, rows: &[usize]) -> Result<Self> {
        if rows.is_empty() {
            return Err(Error::Data(DataError::EmptyData));
        }
        if let Some(&row) = rows.iter().find(|&&row| row >= self.len()) {
            return Err(Error::Data(DataError::NoSuchRow { row, rows: self.len() }));
        }
        Ok(Self {
            features: self.features.select(rows),
            targets: self.targets.select(rows),
            groups: self.groups.as_ref().map(|groups| rows.iter().map(|&row| groups[row]).collect()),
            weights: self.weights_of(rows).map(Into::into),
            spans: self.spans.as_ref().map(|spans| rows.iter().map(|&row| spans[row]).collect()),
            notes: Arc::clone(&self.notes),
        })
    }

    /// Number of samples.
    #[allow(clippy::len_without_is_empty, reason = "a dataset is never empty")]
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// The feature matrix.
    pub fn features(&self) -> &Features {
        &self.features
    }

    /// The targets.
    pub fn targets(&self) -> &T {
        &self.targets
    }

    /// The group of each sample, where there are groups: numbers from 0, in the order of the groups given.
    pub fn groups(&self) -> Option<&[usize]> {
        self.groups.as_deref()
    }

    /// The weight of each sample, where there are weights.
    pub fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// Sentences on what was read otherwise than it stands in the file, and on what may have been meant otherwise: see
    /// [`Table::notes`](super::Table::notes).
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The weights of the given samples, in that order, where there are weights.
    pub(crate) fn weights_of(&self, rows: &[usize]) -> Option<Vec<f64>> {
        self.weights.as_ref().map(|weights| rows.iter().map(|&row| weights[row]).collect())
    }
}
