//! Kinds of columns: numbers and categories.

use std::sync::Arc;

use super::Features;
use crate::{
    data::names,
    error::{DataError, Error, Result},
};

/// The kind of a column of [`Features`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FeatureKind {
    /// Numbers.
    Number,
    /// Categories of these names. A cell is the position of its category among them, [`UNKNOWN`] where its category is
    /// none of them, and NaN where it is missing.
    Category(Arc<[String]>),
}

/// The cell of a category that the model does not know.
pub const UNKNOWN: f32 = -1.0;

/// True for a missing cell and for the position of one of so many categories.
fn is_code(cell: f64, count: usize) -> bool {
    cell.is_nan() || (cell.fract() == 0.0 && (0.0..count as f64).contains(&cell))
}

impl Features {
    /// Features of rows in double precision in which NaN stands for a missing cell.
    ///
    /// A network takes them where its first fields prepare the columns, as by
    /// `#[columns(age)] age: (Impute<1>, Standardize<1>)`.
    ///
    /// # Errors
    /// Those of [`from_f64_rows`](Self::from_f64_rows), of NaN none.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::Features;
    /// let features = Features::with_missing([[41.0, f64::NAN], [38.0, 1850.0]])?;
    /// assert_eq!((features.cell(1, 1), features.missing(1)), (1850.0, 1));
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn with_missing<R: AsRef<[f64]>>(rows: impl IntoIterator<Item = R>) -> Result<Self> {
        let (cells, width) = super::gathered(rows, |row, cells| {
            cells.extend_from_slice(row.as_ref());
            row.as_ref().len()
        })?;
        Self::coded_of(&cells, width, None, None)
    }

    /// Features of cells, row-major, in columns of the given names and kinds; a missing cell is NaN.
    ///
    /// # Errors
    /// [`DataError::EmptyData`], [`DataError::NoFeatures`], [`DataError::NotFinite`], [`DataError::TooLarge`],
    /// [`DataError::RepeatedColumn`].
    pub(in crate::data) fn from_cells(cells: &[f64], names: Vec<String>, kinds: Vec<FeatureKind>) -> Result<Self> {
        if let Some(column) = names::repeated(&names) {
            return Err(Error::Data(DataError::RepeatedColumn { column: column.clone() }));
        }
        let kinds = kinds.iter().any(|kind| *kind != FeatureKind::Number).then(|| kinds.into());
        Self::coded_of(cells, names.len(), Some(names.into()), kinds)
    }

    /// One row of cells in columns of the given names and kinds; a missing cell is NaN, an unknown category
    /// [`UNKNOWN`].
    ///
    /// # Errors
    /// [`DataError::NoFeatures`], [`DataError::NotFinite`], [`DataError::TooLarge`]; [`DataError::CodeOutOfRange`] for
    /// a cell that is no position of a category.
    pub(crate) fn of_row(
        cells: &[f64],
        names: Option<Arc<[String]>>,
        kinds: Option<Arc<[FeatureKind]>>,
    ) -> Result<Self> {
        let codes = cells.iter().zip(kinds.as_deref().unwrap_or_default()).enumerate();
        for (column, (&value, kind)) in codes {
            let FeatureKind::Category(known) = kind else { continue };
            if value.to_bits() != f64::from(UNKNOWN).to_bits() && !is_code(value, known.len()) {
                let column = super::column_name(names.as_deref(), column);
                return Err(Error::Data(DataError::CodeOutOfRange { row: 1, column, value, count: known.len() }));
            }
        }
        Self::coded_of(cells, cells.len(), names, kinds)
    }

    /// The features with a column of categories: its cells are positions among the names.
    ///
    /// # Errors
    /// [`DataError::NoSuchColumn`] where there is no column of that number; [`DataError::DuplicateClass`] for two
    /// categories of one name; [`DataError::CodeOutOfRange`] for a cell that is no position.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::Features;
    /// let features = Features::from_rows([[41.0, 1.0], [38.0, 0.0]])?.with_categories(1, ["female", "male"])?;
    /// assert_eq!(features.categories(1).unwrap()[0], "female");
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn with_categories<S: Into<String>>(self, column: usize, names: impl IntoIterator<Item = S>) -> Result<Self> {
        if column >= self.width {
            return Err(Error::Data(DataError::NoSuchColumn { column, width: self.width }));
        }
        let names: Arc<[String]> = names.into_iter().map(Into::into).collect();
        if let Some(name) = names::repeated(&names) {
            return Err(Error::Data(DataError::DuplicateClass { name: name.clone() }));
        }
        if let Some(row) = (0..self.len()).find(|&row| !is_code(self.cell(row, column), names.len())) {
            let (value, name) = (self.cell(row, column), self.column_name(column));
            return Err(Error::Data(DataError::CodeOutOfRange {
                row: row + 1,
                column: name,
                value,
                count: names.len(),
            }));
        }
        let mut kinds =
            self.kinds.as_ref().map_or_else(|| vec![FeatureKind::Number; self.width], |kinds| kinds.to_vec());
        kinds[column] = FeatureKind::Category(names);
        Ok(Self { kinds: Some(kinds.into()), ..self })
    }

    /// The names of a column's categories; `None` of a column of numbers.
    ///
    /// # Panics
    /// Where there is no such column, as indexing a slice does.
    pub fn categories(&self, column: usize) -> Option<&[String]> {
        match &self.kinds.as_ref()?[column] {
            FeatureKind::Number => None,
            FeatureKind::Category(names) => Some(names),
        }
    }

    /// The number of a column's cells that are missing.
    ///
    /// # Panics
    /// Where there is no such column, as indexing a slice does.
    pub fn missing(&self, column: usize) -> usize {
        assert!(column < self.width, "column {column} of {}", self.width);
        self.inputs[column..].iter().step_by(self.width).filter(|input| input.is_nan()).count()
    }

    /// The kinds of the columns; `None` where all are numbers.
    pub(crate) fn kinds(&self) -> Option<&[FeatureKind]> {
        self.kinds.as_deref()
    }

    /// The first row in which a column's cell is missing.
    pub(crate) fn first_missing(&self, column: usize) -> Option<usize> {
        // Row by row, once: each column by itself is a pass over all memory.
        if *self.complete.get_or_init(|| !self.inputs.iter().any(|input| input.is_nan())) {
            return None;
        }
        self.inputs[column..].iter().step_by(self.width).position(|input| input.is_nan())
    }
}
