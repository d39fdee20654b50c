//! Classes by number and by name.

use std::sync::Arc;

use super::Label;
use crate::error::{DataError, Error, Result};

/// The reading of the cells of a class column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::data) enum Naming {
    /// Each cell is a class number.
    Numbers,
    /// Each cell is one of these names; a class' number is its name's place.
    Given(Vec<String>),
    /// Each cell is a name; classes are numbered in the order of the sorted distinct names.
    Learned,
}

/// Names that differ from each other.
pub(super) fn distinct(names: impl IntoIterator<Item = impl Into<String>>) -> Result<Names> {
    let names: Vec<String> = names.into_iter().map(Into::into).collect();
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Error::Data(DataError::DuplicateClass { name: pair[0].clone() })),
        None => Ok(names.into()),
    }
}

/// The names of classes, in the order of their numbers.
pub(in crate::data) type Names = Arc<[String]>;

/// The name of a class; its number where it has none.
pub(super) fn of(names: Option<&[String]>, class: usize) -> String {
    names.and_then(|names| names.get(class).cloned()).unwrap_or_else(|| class.to_string())
}

/// Labels as `usize`.
///
/// # Errors
/// [`DataError::LabelOutOfRange`] for a negative one.
pub(super) fn integers(labels: impl IntoIterator<Item: Label>, classes: usize) -> Result<Vec<usize>> {
    let number = |(at, label): (usize, _)| {
        Label::class(&label).map_err(|value| {
            let (row, column) = (at + 1, "label".to_owned());
            Error::Data(DataError::LabelOutOfRange { row, column, value, classes })
        })
    };
    labels.into_iter().enumerate().map(number).collect()
}

/// Labels that are numbers below `classes`. Errors name their `column`.
///
/// # Errors
/// [`DataError::EmptyData`]; [`DataError::LabelOutOfRange`].
pub(super) fn numbered(labels: Vec<usize>, classes: usize, column: &str) -> Result<Arc<[usize]>> {
    if labels.is_empty() {
        return Err(Error::Data(DataError::EmptyData));
    }
    if let Some(at) = labels.iter().position(|&label| label >= classes) {
        return Err(Error::Data(DataError::LabelOutOfRange {
            row: at + 1,
            column: column.to_owned(),
            value: labels[at].to_string(),
            classes,
        }));
    }
    Ok(labels.into())
}

/// The class of each cell of a column, and the names of the classes where they have any.
pub(in crate::data) fn parse_labels(
    naming: &Naming,
    classes: usize,
    column: &str,
    cells: &[String],
) -> Result<(Vec<usize>, Option<Names>)> {
    let out_of_range = |index: usize, cell: &str| {
        Error::Data(DataError::LabelOutOfRange {
            row: index + 1,
            column: column.to_owned(),
            value: format!("`{cell}`"),
            classes,
        })
    };
    let names = match naming {
        Naming::Numbers => {
            let number = |(index, cell): (usize, &String)| cell.parse().map_err(|_| out_of_range(index, cell));
            return Ok((cells.iter().enumerate().map(number).collect::<Result<_>>()?, None));
        }
        Naming::Given(names) => distinct(names.iter().map(String::as_str))?,
        Naming::Learned => learn(classes, column, cells)?,
    };
    let label = |(index, cell): (usize, &String)| {
        let place = names.iter().position(|name| name == cell);
        place.ok_or_else(|| {
            Error::Data(DataError::UnknownClass {
                row: index + 1,
                column: column.to_owned(),
                value: cell.clone(),
                classes: names.to_vec(),
            })
        })
    };
    Ok((cells.iter().enumerate().map(label).collect::<Result<_>>()?, Some(Arc::clone(&names))))
}

/// Names that are all whole numbers, with their values.
type Whole<'a> = std::result::Result<Vec<(i128, &'a String)>, std::num::ParseIntError>;

/// The sorted distinct cells: by their values where all are whole numbers, else as texts.
fn learn(classes: usize, column: &str, cells: &[String]) -> Result<Names> {
    let mut names: Vec<&String> = cells.iter().collect();
    names.sort_unstable();
    names.dedup();
    if let Ok(mut numbers) = names.iter().map(|&name| Ok((name.parse()?, name))).collect::<Whole<'_>>() {
        // Two spellings of one number stay two names, in the order of their texts.
        numbers.sort_by_key(|&(number, _)| number);
        names = numbers.into_iter().map(|(_, name)| name).collect();
    }
    if names.len() != classes {
        return Err(Error::Data(DataError::ClassCount { column: column.to_owned(), found: names.len(), classes }));
    }
    Ok(names.into_iter().cloned().collect())
}
