//! The feature matrix.

mod double;
mod kind;
mod matching;
mod origins;

use std::sync::{Arc, OnceLock};

use super::names;
use crate::error::{DataError, Error, Result};
pub use kind::{FeatureKind, UNKNOWN};
pub(crate) use matching::LearnedColumns;
use origins::Coder;
pub(crate) use origins::Merged;

/// A matrix of numbers, one sample a row, shared and never changed.
///
/// Shape: [`len`](Self::len) rows of [`width`](Self::width) features.
///
/// Cells are finite. Where they may be [missing](Self::with_missing), a missing one is NaN, and where a column has
/// [categories](Self::with_categories), a cell is the position of one. A network takes such columns where its first
/// fields prepare them: `#[columns(deck)] deck: OneHot<8>`.
///
/// Networks compute in single precision, which has about seven decimal digits. A column of `f64` that lies far from
/// zero, such as seconds since 1970, would lose its last ones. Such a column has an [origin](Self::origins), one of its
/// cells, and a network takes the distances from it. A scaler at the head of the network, such as
/// [`Standardize`](crate::nn::Standardize), makes the same of them as of the cells.
#[derive(Debug, Clone)]
pub struct Features {
    /// The inputs of networks: each cell less the origin of its column.
    inputs: Arc<[f32]>,
    width: usize,
    names: Option<Arc<[String]>>,
    /// The origin of each column; none where all are 0.
    origins: Option<Arc<[f64]>>,
    /// The kind of each column; none where all are numbers.
    kinds: Option<Arc<[FeatureKind]>>,
    /// The columns in which distinct cells are the same input.
    merged: Arc<[Merged]>,
    /// The cells in single precision, computed when they are first asked for; unused where there are no origins.
    rounded: OnceLock<Arc<[f32]>>,
    /// True where no cell is missing, found when it is first asked for.
    complete: OnceLock<bool>,
}

/// A row of features: whatever is a slice of `f32`, such as `Vec<f32>`, `[f32; 4]` and `&[f32]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row of features",
    label = "a row is a slice, a `Vec` or an array of `f32`",
    note = "of `f64`, write `Dataset::from_f64_rows(rows, targets)`; of a type that derives `Row`, `TypedDataset::new(&rows, targets)`"
)]
pub trait FloatRow {
    /// The features, one a column.
    fn values(&self) -> &[f32];
}

#[diagnostic::do_not_recommend]
impl<R: AsRef<[f32]> + ?Sized> FloatRow for R {
    fn values(&self) -> &[f32] {
        self.as_ref()
    }
}

impl Features {
    /// Features from rows.
    ///
    /// # Errors
    /// [`DataError::EmptyData`], [`DataError::NoFeatures`], [`DataError::RaggedRow`], [`DataError::NotFinite`].
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::Features;
    /// let features = Features::from_rows([[0.0, 1.0], [2.0, 3.0]])?;
    /// assert_eq!((features.len(), features.width()), (2, 2));
    /// assert!(Features::from_rows([vec![0.0], vec![f32::NAN]]).is_err());
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn from_rows<R: FloatRow>(rows: impl IntoIterator<Item = R>) -> Result<Self> {
        let (values, width) = gathered(rows, |row, values| {
            values.extend_from_slice(row.values());
            row.values().len()
        })?;
        Self::from_flat(values, width)
    }

    /// Features from rows in double precision.
    ///
    /// Each number is rounded to single precision, in which networks compute; of a column that lies far from zero, the
    /// distance from its [origin](Self::origins) is.
    ///
    /// # Errors
    /// Those of [`from_rows`](Self::from_rows); [`DataError::TooLarge`] for a number beyond single precision.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::Features;
    /// let features = Features::from_f64_rows([[0.1_f64, 1_700_000_000.0], [2.0, 1_700_000_060.0]])?;
    /// assert_eq!(features.row(0)[0], 0.1_f32);
    /// assert_eq!(features.cell(1, 1) - features.cell(0, 1), 60.0);
    /// let error = Features::from_f64_rows([[0.1, 1e39]]).unwrap_err();
    /// assert_eq!(error.to_string(), "row 1, column `1`: 1e39 is beyond ±3.4028235e38; scale the column");
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn from_f64_rows<R: AsRef<[f64]>>(rows: impl IntoIterator<Item = R>) -> Result<Self> {
        let (cells, width) = gathered(rows, |row, cells| {
            cells.extend_from_slice(row.as_ref());
            row.as_ref().len()
        })?;
        Self::from_f64(&cells, width, None)
    }

    /// Features from one row-major buffer.
    ///
    /// # Errors
    /// [`DataError::EmptyData`], [`DataError::NoFeatures`], [`DataError::RaggedBuffer`], [`DataError::NotFinite`].
    pub fn from_flat(values: Vec<f32>, width: usize) -> Result<Self> {
        Self::checked(values, width, None)
    }

    /// The features with a name for each column, by which a fitted model puts them in order.
    ///
    /// # Errors
    /// [`DataError::ColumnCount`] where there is not one name a column; [`DataError::RepeatedColumn`] where two columns
    /// have the same name.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::Features;
    /// let features = Features::from_rows([[41.0, 1850.0]])?.with_names(["age", "income"])?;
    /// assert_eq!(features.names().unwrap()[1], "income");
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn with_names<S: Into<String>>(self, names: impl IntoIterator<Item = S>) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        if names.len() != self.width {
            return Err(Error::Data(DataError::ColumnCount { names: names.len(), width: self.width }));
        }
        if let Some(column) = names::repeated(&names) {
            return Err(Error::Data(DataError::RepeatedColumn { column: column.clone() }));
        }
        Ok(Self { names: Some(names.into()), ..self })
    }

    fn checked(values: Vec<f32>, width: usize, names: Option<Arc<[String]>>) -> Result<Self> {
        check_shape(values.len(), width)?;
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            let (row, column) = (at / width + 1, column_name(names.as_deref(), at % width));
            return Err(Error::Data(DataError::NotFinite { row, column, value: f64::from(values[at]) }));
        }
        Ok(Self { complete: true.into(), ..Self::of_inputs(values, width, names) })
    }

    /// Features of inputs without origins, which the caller has checked.
    fn of_inputs(inputs: Vec<f32>, width: usize, names: Option<Arc<[String]>>) -> Self {
        let (inputs, merged, rounded) = (inputs.into(), Arc::new([]), OnceLock::new());
        Self { inputs, width, names, origins: None, kinds: None, merged, rounded, complete: OnceLock::new() }
    }

    /// Every number through `change`, for instance a change of units that is known beforehand. `change` sees cells in
    /// single precision, and the result has no [origins](Self::origins). Missing cells and categories stay as they are.
    ///
    /// A scale that is estimated from the data belongs to each fold's training part, not here.
    ///
    /// # Errors
    /// [`DataError::NotFinite`] where `change` gives NaN or an infinity.
    pub fn map(&self, change: impl Fn(f32) -> f32) -> Result<Self> {
        let mut values = self.values().to_vec();
        for column in (0..self.width).filter(|&column| self.categories(column).is_none()) {
            let cells = values[column..].iter_mut().step_by(self.width).enumerate();
            for (row, value) in cells.filter(|(_, value)| !value.is_nan()) {
                *value = change(*value);
                if !value.is_finite() {
                    let (row, column, value) = (row + 1, self.column_name(column), f64::from(*value));
                    return Err(Error::Data(DataError::NotFinite { row, column, value }));
                }
            }
        }
        Ok(Self { kinds: self.kinds.clone(), ..Self::of_inputs(values, self.width, self.names.clone()) })
    }

    /// The given rows, in that order; the caller has checked that they are there and not none.
    pub(super) fn select(&self, rows: &[usize]) -> Self {
        let mut inputs = Vec::with_capacity(rows.len() * self.width);
        for &row in rows {
            inputs.extend_from_slice(self.input_row(row));
        }
        Self { inputs: inputs.into(), rounded: OnceLock::new(), complete: OnceLock::new(), ..self.clone() }
    }

    /// Number of rows.
    #[allow(clippy::len_without_is_empty, reason = "features are never empty")]
    pub fn len(&self) -> usize {
        self.inputs.len() / self.width
    }

    /// Features a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// One row, each cell rounded to single precision; [`cell`](Self::cell) has all digits.
    ///
    /// # Panics
    /// Where `row` is not below [`len`](Self::len), as indexing a slice does.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values()[row * self.width..][..self.width]
    }

    /// All cells, row-major, each rounded to single precision.
    pub fn values(&self) -> &[f32] {
        let Some(origins) = &self.origins else { return &self.inputs };
        self.rounded.get_or_init(|| {
            let cells = self.inputs.iter().zip(origins.iter().cycle());
            // Beyond the largest number by rounding only: a cell itself is within single precision.
            cells.map(|(input, origin)| ((origin + f64::from(*input)) as f32).clamp(f32::MIN, f32::MAX)).collect()
        })
    }

    /// A cell: the origin of its column and the distance from it; NaN where it is missing.
    ///
    /// # Panics
    /// Where there is no such row or column, as indexing a slice does.
    pub fn cell(&self, row: usize, column: usize) -> f64 {
        self.origin(column) + f64::from(self.input_row(row)[column])
    }

    /// The origin of each column, which is subtracted in double precision before a network takes the cells in single
    /// precision; none where all are 0.
    ///
    /// A column has an origin other than 0 where its cells have more digits than single precision holds, and its
    /// largest magnitude is at least 16 times its range. The origin is then its lower median.
    pub fn origins(&self) -> Option<&[f64]> {
        self.origins.as_deref()
    }

    fn origin(&self, column: usize) -> f64 {
        self.origins.as_ref().map_or(0.0, |origins| origins[column])
    }

    /// One row as a network takes it.
    pub(crate) fn input_row(&self, row: usize) -> &[f32] {
        &self.inputs[row * self.width..][..self.width]
    }

    /// All rows as a network takes them.
    pub(crate) fn inputs(&self) -> &[f32] {
        &self.inputs
    }

    /// The columns in which distinct cells became the same input, where these features were made of `f64`.
    pub(crate) fn merged(&self) -> &[Merged] {
        &self.merged
    }

    /// The columns' names, where the data came with a header.
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// The name of a column; its number where it has none.
    pub(crate) fn column_name(&self, column: usize) -> String {
        column_name(self.names(), column)
    }
}

/// The numbers of rows, and the width of a row. `add` appends a row to the numbers and returns its length.
fn gathered<R, N>(
    rows: impl IntoIterator<Item = R>,
    mut add: impl FnMut(R, &mut Vec<N>) -> usize,
) -> Result<(Vec<N>, usize)> {
    let mut values = Vec::new();
    let mut width = None;
    for (index, row) in rows.into_iter().enumerate() {
        let found = add(row, &mut values);
        let expected = *width.get_or_insert(found);
        if found != expected {
            return Err(Error::Data(DataError::RaggedRow { row: index + 1, found, expected }));
        }
    }
    Ok((values, width.ok_or(Error::Data(DataError::EmptyData))?))
}

/// Checks that so many numbers are rows of `width`, at least one of them.
fn check_shape(values: usize, width: usize) -> Result<()> {
    Err(Error::Data(match (values, width) {
        (_, 0) => DataError::NoFeatures,
        (0, _) => DataError::EmptyData,
        _ if !values.is_multiple_of(width) => DataError::RaggedBuffer { values, width },
        _ => return Ok(()),
    }))
}

/// The name of a column; its number where it has none.
fn column_name(names: Option<&[String]>, column: usize) -> String {
    names.map_or_else(|| column.to_string(), |names| names[column].clone())
}
