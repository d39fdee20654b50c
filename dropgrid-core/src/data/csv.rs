//! CSV files with a header.

use std::path::Path;

use super::{Classes, Dataset, Features, Target};
use crate::error::{Error, Result};

/// A target that is read from a column of a CSV file, as [`Classes::in_column`] makes it.
pub trait FromColumn {
    /// The target that comes of it.
    type Target: Target;

    /// The column's name.
    fn column(&self) -> &str;

    /// The target from the column's cells, in the order of the rows.
    ///
    /// # Errors
    /// Where a cell is no target of this kind; the error names its row and value.
    fn parse(&self, cells: &[String]) -> Result<Self::Target>;
}

/// The target of kind `T` in a named column.
#[derive(Debug, Clone)]
pub struct InColumn<T> {
    column: String,
    target: std::marker::PhantomData<T>,
}

impl<const N: usize> Classes<N> {
    /// The class numbers in the column of that name, for [`Dataset::from_csv`].
    pub fn in_column(column: impl Into<String>) -> InColumn<Self> {
        InColumn { column: column.into(), target: std::marker::PhantomData }
    }
}

impl<const N: usize> FromColumn for InColumn<Classes<N>> {
    type Target = Classes<N>;

    fn column(&self) -> &str {
        &self.column
    }

    fn parse(&self, cells: &[String]) -> Result<Self::Target> {
        let mut labels = Vec::with_capacity(cells.len());
        for (index, cell) in cells.iter().enumerate() {
            labels.push(cell.parse().map_err(|_| Error::LabelOutOfRange {
                row: index + 1,
                column: self.column.clone(),
                value: format!("`{cell}`"),
                classes: N,
            })?);
        }
        Classes::in_named_column(labels, &self.column)
    }
}

pub(super) fn read<F: FromColumn>(path: &Path, target: &F) -> Result<Dataset<F::Target>> {
    let read_error = |source| Error::Read { path: path.to_owned(), source };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(read_error)?;
    let header: Vec<String> = reader.headers().map_err(read_error)?.iter().map(str::to_owned).collect();
    let mut sorted: Vec<&String> = header.iter().collect();
    sorted.sort();
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Error::DuplicateColumn { column: pair[0].clone(), path: path.to_owned() });
    }
    let Some(target_at) = header.iter().position(|name| name == target.column()) else {
        let column = target.column().to_owned();
        return Err(Error::UnknownColumn { column, path: path.to_owned(), columns: header });
    };

    let mut values = Vec::new();
    let mut cells = Vec::new();
    for (index, record) in reader.records().enumerate() {
        for (at, cell) in record.map_err(read_error)?.iter().enumerate() {
            if at == target_at {
                cells.push(cell.to_owned());
                continue;
            }
            values.push(cell.parse::<f32>().map_err(|_| Error::NotANumber {
                row: index + 1,
                column: header[at].clone(),
                value: cell.to_owned(),
            })?);
        }
    }
    if cells.is_empty() {
        return Err(Error::EmptyData);
    }
    let names = header.into_iter().filter(|name| name != target.column()).collect();
    Dataset::from_features(Features::named(values, names)?, target.parse(&cells)?)
}
