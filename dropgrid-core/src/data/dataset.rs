//! Features and targets, row by row.

use std::path::Path;

use super::{Features, FromColumn, Target};
use crate::error::{Error, Result};

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
}

impl<T: Target> Dataset<T> {
    /// Data from rows of features and as many targets.
    ///
    /// # Errors
    /// Those of [`Features::from_rows`], and [`Error::LengthMismatch`].
    pub fn new<R: AsRef<[f32]>>(rows: impl IntoIterator<Item = R>, targets: T) -> Result<Self> {
        Self::from_features(Features::from_rows(rows)?, targets)
    }

    /// Data from a feature matrix and as many targets.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`].
    pub fn from_features(features: Features, targets: T) -> Result<Self> {
        if features.len() != targets.samples() {
            return Err(Error::LengthMismatch { features: features.len(), targets: targets.samples() });
        }
        Ok(Self { features, targets })
    }

    /// Data from a CSV file with a header: `target` names the target's column, every other column is a feature.
    ///
    /// # Errors
    /// [`Error::Read`], [`Error::UnknownColumn`], [`Error::DuplicateColumn`], [`Error::NotANumber`],
    /// [`Error::NotFinite`], [`Error::LabelOutOfRange`], [`Error::EmptyData`], [`Error::NoFeatures`]; those of a cell
    /// name its row (the first below the header is 1), column and value.
    pub fn from_csv(path: impl AsRef<Path>, target: impl FromColumn<Target = T>) -> Result<Self> {
        super::csv::read(path.as_ref(), &target)
    }

    /// Every feature through `change`; see [`Features::map`].
    ///
    /// # Errors
    /// [`Error::NotFinite`] where `change` gives NaN or an infinity.
    pub fn map_features(&self, change: impl Fn(f32) -> f32) -> Result<Self> {
        Ok(Self { features: self.features.map(change)?, targets: self.targets.clone() })
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
}
