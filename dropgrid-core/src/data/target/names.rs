//! Classes by number and by name.

use std::sync::Arc;

use super::Label;
use crate::error::{DataError, Error, Result};

/// Names that differ from each other.
pub(in crate::data) fn distinct(names: impl IntoIterator<Item = impl Into<String>>) -> Result<Names> {
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
