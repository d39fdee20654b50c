//! The feature matrix.

use std::{borrow::Cow, sync::Arc};

use super::{names, numbers::Numbers};
use crate::error::{DataError, Error, Result};

/// A matrix of finite numbers, one sample a row, shared and never changed.
///
/// Shape: [`len`](Self::len) rows of [`width`](Self::width) features.
#[derive(Debug, Clone)]
pub struct Features {
    values: Arc<[f32]>,
    width: usize,
    names: Option<Arc<[String]>>,
}

/// A row of features: whatever is a slice of `f32`, such as `Vec<f32>`, `[f32; 4]` and `&[f32]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row of features",
    label = "a row is a slice, a `Vec` or an array of `f32`",
    note = "of `f64`, write `Dataset::from_f64_rows(rows, targets)`, which rounds to `f32`"
)]
pub trait Row {
    /// The features, one a column.
    fn values(&self) -> &[f32];
}

#[diagnostic::do_not_recommend]
impl<R: AsRef<[f32]> + ?Sized> Row for R {
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
    pub fn from_rows<R: Row>(rows: impl IntoIterator<Item = R>) -> Result<Self> {
        Self::gathered(rows, |row, _, values| {
            values.extend_from_slice(row.values());
            Ok(row.values().len())
        })
    }

    /// Features from rows in double precision, each number rounded to single precision, in which networks compute.
    ///
    /// # Errors
    /// Those of [`from_rows`](Self::from_rows); [`DataError::TooLarge`] for a number beyond single precision.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::Features;
    /// let features = Features::from_f64_rows([[0.1_f64, 1.0], [2.0, 3.0]])?;
    /// assert_eq!(features.row(0), [0.1_f32, 1.0]);
    /// let error = Features::from_f64_rows([[0.1, 1e39]]).unwrap_err();
    /// assert_eq!(error.to_string(), "row 1, column `1`: 1e39 is beyond ±3.4028235e38; scale the column");
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn from_f64_rows<R: AsRef<[f64]>>(rows: impl IntoIterator<Item = R>) -> Result<Self> {
        Self::gathered(rows, |row, index, values| {
            for (column, &value) in row.as_ref().iter().enumerate() {
                let rounded = value as f32;
                if value.is_finite() && !rounded.is_finite() {
                    let column = column.to_string();
                    return Err(Error::Data(DataError::TooLarge { row: index + 1, column, value }));
                }
                values.push(rounded);
            }
            Ok(row.as_ref().len())
        })
    }

    /// Features from rows that `add` appends to the values, and of which it gives the length.
    fn gathered<R>(
        rows: impl IntoIterator<Item = R>,
        mut add: impl FnMut(R, usize, &mut Vec<f32>) -> Result<usize>,
    ) -> Result<Self> {
        let mut values = Vec::new();
        let mut width = None;
        for (index, row) in rows.into_iter().enumerate() {
            let found = add(row, index, &mut values)?;
            let expected = *width.get_or_insert(found);
            if found != expected {
                return Err(Error::Data(DataError::RaggedRow { row: index + 1, found, expected }));
            }
        }
        match width {
            None => Err(Error::Data(DataError::EmptyData)),
            Some(width) => Self::from_flat(values, width),
        }
    }

    /// Features from one row-major buffer.
    ///
    /// # Errors
    /// [`DataError::EmptyData`], [`DataError::NoFeatures`], [`DataError::RaggedBuffer`], [`DataError::NotFinite`].
    pub fn from_flat(values: Vec<f32>, width: usize) -> Result<Self> {
        Self::checked(values, width, None)
    }

    /// Features with named columns of finite numbers in double precision, one name a column. The numbers are freed on the way.
    ///
    /// # Errors
    /// [`DataError::TooLarge`].
    pub(super) fn from_numbers(columns: Vec<Numbers>, names: Vec<String>) -> Result<Self> {
        let (rows, width) = (columns.first().map_or(0, Numbers::len), names.len());
        let mut large = None;
        // Filled in its place: a vector would be copied, with both in memory.
        let mut values: Arc<[f32]> = std::iter::repeat_n(0.0, rows * width).collect();
        let mut places = Arc::get_mut(&mut values).unwrap_or_default().chunks_exact_mut(width.max(1)).enumerate();
        Numbers::drain_rows(columns, |row| {
            let Some((index, places)) = places.next() else { return };
            for ((place, &value), name) in places.iter_mut().zip(row).zip(&names) {
                *place = value as f32;
                if place.is_infinite() && large.is_none() {
                    large = Some(DataError::TooLarge { row: index + 1, column: name.clone(), value });
                }
            }
        });
        match large {
            Some(large) => Err(Error::Data(large)),
            None => Ok(Self { values, width, names: Some(names.into()) }),
        }
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

    /// These features with their columns in the order of `learned`, the names that a model was trained on. Columns
    /// without names stay as they are.
    ///
    /// # Errors
    /// [`DataError::ColumnsDiffer`] where the names are not the same ones.
    pub(crate) fn in_order_of(&self, learned: &[String]) -> Result<Cow<'_, Self>> {
        let Some(own) = self.names() else { return Ok(Cow::Borrowed(self)) };
        let Some(places) = names::places(learned, own, "columns")? else { return Ok(Cow::Borrowed(self)) };
        let mut values = Vec::with_capacity(self.values.len());
        for row in self.values.chunks_exact(self.width) {
            values.extend(places.iter().map(|&place| row[place]));
        }
        Ok(Cow::Owned(Self { values: values.into(), width: self.width, names: Some(learned.into()) }))
    }

    fn checked(values: Vec<f32>, width: usize, names: Option<Arc<[String]>>) -> Result<Self> {
        if width == 0 {
            return Err(Error::Data(DataError::NoFeatures));
        }
        if values.is_empty() {
            return Err(Error::Data(DataError::EmptyData));
        }
        if !values.len().is_multiple_of(width) {
            return Err(Error::Data(DataError::RaggedBuffer { values: values.len(), width }));
        }
        let features = Self { values: values.into(), width, names };
        match features.values.iter().position(|value| !value.is_finite()) {
            None => Ok(features),
            Some(at) => Err(Error::Data(DataError::NotFinite {
                row: at / width + 1,
                column: features.column_name(at % width),
                value: f64::from(features.values[at]),
            })),
        }
    }

    /// Every value through `change`, for instance a change of units that is known beforehand.
    ///
    /// A scale that is estimated from the data belongs to each fold's training part, not here.
    ///
    /// # Errors
    /// [`DataError::NotFinite`] where `change` gives NaN or an infinity.
    pub fn map(&self, change: impl Fn(f32) -> f32) -> Result<Self> {
        let values = self.values.iter().map(|&value| change(value)).collect();
        Self::checked(values, self.width, self.names.clone())
    }

    /// The given rows, in that order; the caller has checked that they are there and not none.
    pub(super) fn select(&self, rows: &[usize]) -> Self {
        let mut values = Vec::with_capacity(rows.len() * self.width);
        for &row in rows {
            values.extend_from_slice(self.row(row));
        }
        Self { values: values.into(), width: self.width, names: self.names.clone() }
    }

    /// Number of rows.
    #[allow(clippy::len_without_is_empty, reason = "features are never empty")]
    pub fn len(&self) -> usize {
        self.values.len() / self.width
    }

    /// Features a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// One row.
    ///
    /// # Panics
    /// Where `row` is not below [`len`](Self::len), as indexing a slice does.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.width..][..self.width]
    }

    /// All values, row-major.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The columns' names, where the data came with a header.
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    fn column_name(&self, column: usize) -> String {
        self.names.as_ref().map_or_else(|| column.to_string(), |names| names[column].clone())
    }
}
