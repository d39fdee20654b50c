//! The first line of a file, and the names of columns.

use std::path::Path;

use super::settings::{Header, Settings};
use crate::{
    data::{cell::Content, names::repeated},
    error::{DataError, Error, ReadError, Result},
};

/// The names of the columns of a file with this first line.
///
/// # Errors
/// [`ReadError::HeaderOfNumbers`], [`DataError::ColumnCount`], [`ReadError::DuplicateColumn`].
pub(super) fn names(settings: &Settings<'_>, line: &[String], path: Option<&Path>) -> Result<Vec<String>> {
    let path = path.map(ToOwned::to_owned);
    if settings.header == Header::Found && looks_like_data(settings, line) {
        return Err(Error::from(ReadError::HeaderOfNumbers { path, names: line.to_vec() }));
    }
    let names = match settings.names {
        Some(names) if names.len() != line.len() => {
            return Err(Error::Data(DataError::ColumnCount { names: names.len(), width: line.len() }));
        }
        Some(names) => names.to_vec(),
        None if settings.header == Header::None => (0..line.len()).map(|at| at.to_string()).collect(),
        None => line.to_vec(),
    };
    // Columns without a name are told apart by their places.
    let named: Vec<String> = names.iter().filter(|name| !name.is_empty()).cloned().collect();
    match repeated(&named) {
        Some(column) => Err(Error::from(ReadError::DuplicateColumn { column: column.clone(), path })),
        None => Ok(names),
    }
}

/// True where all names are numbers, or most of them and one is not whole: years can name columns, 5.1 does not.
fn looks_like_data(settings: &Settings<'_>, line: &[String]) -> bool {
    let numbers: Vec<f64> = line
        .iter()
        .filter_map(|name| match settings.format.content(name) {
            Content::Number(number) => Some(number),
            _ => None,
        })
        .collect();
    numbers.len() == line.len()
        || (2 * numbers.len() > line.len() && numbers.iter().any(|number| number.fract() != 0.0))
}

/// True of a name that pandas gives a column that has none, which is how an index comes back from a file: `Unnamed: 0`.
pub(super) fn is_unnamed(name: &str) -> bool {
    name.is_empty()
        || name
            .strip_prefix("Unnamed: ")
            .is_some_and(|place| !place.is_empty() && place.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}
