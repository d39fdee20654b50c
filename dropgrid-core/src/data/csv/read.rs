//! The reading of a file.

use std::{fs::File, path::Path};

use super::{
    FromColumns,
    cell::{filled, number},
    quotes::{CheckedQuotes, Misplaced, misplaced},
};
use crate::{
    data::{Dataset, Features, Target},
    error::{DataError, Error, Result},
};

impl<T: Target> Dataset<T> {
    /// Data from a CSV file with a header: `target` names the target's column, every other column is a feature.
    ///
    /// Quoted cells are those of [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180): a quote within one is written as
    /// two. A quote within a cell that does not begin with one is a character like any other, as pandas reads it.
    ///
    /// # Errors
    /// [`DataError::Quote`] where a quote is never closed, where text follows the closing quote, or where a blank stands
    /// before the opening one;
    /// [`DataError::Read`], [`DataError::UnknownColumn`], [`DataError::DuplicateColumn`], [`DataError::NotANumber`],
    /// [`DataError::ColumnUsedTwice`], [`DataError::EmptyCell`], [`DataError::NotFinite`], [`DataError::LabelOutOfRange`],
    /// [`DataError::UnknownClass`], [`DataError::ClassCount`], [`DataError::EmptyData`], [`DataError::NoFeatures`];
    /// those of a cell name its row (the first below the header is 1), column and value.
    pub fn from_csv(path: impl AsRef<Path>, target: impl FromColumns<Target = T>) -> Result<Self> {
        read(path.as_ref(), &target)
    }
}

/// The data set of a CSV file: `target`'s columns, its weights and its groups, and every other column as a feature.
fn read<F: FromColumns>(path: &Path, target: &F) -> Result<Dataset<F::Target>> {
    let read_error = |source: csv::Error, header: &[String]| match misplaced(&source) {
        Some(Misplaced { line, column, fault }) => {
            let column = header.get(column).cloned().unwrap_or_else(|| column.to_string());
            Error::Data(DataError::Quote { line, column, fault })
        }
        None => Error::Data(DataError::Read { path: path.to_owned(), source }),
    };
    let file = File::open(path).map_err(|error| read_error(error.into(), &[]))?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(CheckedQuotes::new(file));
    let header = reader.headers().map_err(|error| read_error(error, &[]))?;
    let header: Vec<String> = header.iter().map(str::to_owned).collect();
    if let Some(column) = repeated(header.iter()) {
        return Err(Error::Data(DataError::DuplicateColumn { column, path: path.to_owned() }));
    }

    // The columns that are no features: the target's, then the weights', then the groups'.
    let mut special: Vec<String> = target.columns().to_vec();
    special.extend([target.weight_column(), target.group_column()].into_iter().flatten().map(str::to_owned));
    if let Some(column) = repeated(special.iter()) {
        return Err(Error::Data(DataError::ColumnUsedTwice { column }));
    }
    if let Some(column) = special.iter().find(|column| !header.contains(column)) {
        return Err(Error::Data(DataError::UnknownColumn {
            column: column.clone(),
            path: path.to_owned(),
            columns: header,
        }));
    }
    let places: Vec<Option<usize>> =
        header.iter().map(|name| special.iter().position(|column| column == name)).collect();

    let mut values = Vec::new();
    let mut cells = vec![Vec::new(); special.len()];
    for (index, record) in reader.records().enumerate() {
        for (at, cell) in record.map_err(|error| read_error(error, &header))?.iter().enumerate() {
            match places[at] {
                Some(place) => cells[place].push(cell.to_owned()),
                None => values.push(number::<f64>(index, &header[at], cell)?),
            }
        }
    }
    if cells.iter().all(Vec::is_empty) {
        return Err(Error::Data(DataError::EmptyData));
    }
    let names: Vec<String> =
        header.into_iter().zip(&places).filter(|(_, place)| place.is_none()).map(|(name, _)| name).collect();
    let features = Features::from_f64(&values, names.len(), Some(names))?;
    let mut extra = cells.split_off(target.columns().len()).into_iter();
    let mut data = Dataset::from_features(features, target.parse(&cells)?)?;
    if let Some(column) = target.weight_column()
        && let Some(cells) = extra.next()
    {
        let weights = cells.iter().enumerate().map(|(index, cell)| number(index, column, cell));
        data = data.with_weights(weights.collect::<Result<Vec<f64>>>()?)?;
    }
    match target.group_column().zip(extra.next()) {
        Some((column, groups)) => grouped(data, column, &groups),
        None => Ok(data),
    }
}

/// `data` with the groups in the cells of `column`: in the order of their numbers where all are whole numbers, else in
/// that of their texts.
///
/// # Errors
/// [`DataError::EmptyCell`].
fn grouped<T: Target>(data: Dataset<T>, column: &str, cells: &[String]) -> Result<Dataset<T>> {
    filled(cells, column, "group")?;
    match cells.iter().map(|cell| cell.parse()).collect::<Result<Vec<i128>, _>>() {
        Ok(numbers) => data.with_groups(numbers),
        Err(_) => data.with_groups(cells),
    }
}

/// A name that stands twice among `names`.
fn repeated<'a>(names: impl Iterator<Item = &'a String>) -> Option<String> {
    let mut sorted: Vec<&String> = names.collect();
    sorted.sort_unstable();
    sorted.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone())
}
