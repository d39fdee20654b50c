//! A column while batches are read.

use std::borrow::Cow;

use arrow_schema::DataType;

use super::cells::Cell;
use crate::data::{
    numbers::Numbers,
    table::{Cells, MissingTexts, Texts},
};

/// The cells of a column, read so far.
pub(super) enum Growing {
    Numbers(Numbers, MissingTexts),
    Texts(Texts),
}

/// Whole numbers from here on are not each a double that gives its digits back.
const INEXACT: u128 = 1_000_000_000_000_000;

/// True of texts, and of dictionaries of them.
pub(super) fn is_text(ty: &DataType) -> bool {
    match ty {
        DataType::Dictionary(_, entry) => is_text(entry),
        _ => matches!(ty, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
    }
}

impl Growing {
    /// A column without cells.
    pub(super) fn of(ty: &DataType) -> Self {
        let is_number = ty.is_numeric() || ty.is_null();
        match ty {
            DataType::Dictionary(_, entry) => Self::of(entry),
            _ if is_number => Self::Numbers(Numbers::default(), MissingTexts::default()),
            _ => Self::Texts(Texts::default()),
        }
    }

    /// Adds a cell. Numbers become texts where one has more digits than a double holds.
    pub(super) fn push(&mut self, cell: Cell<'_>) {
        if let Self::Numbers(numbers, missing) = self {
            let number = match cell {
                Cell::Missing => {
                    missing.push(numbers.len(), "");
                    Some(f64::NAN)
                }
                Cell::Number(number) => {
                    if number.is_nan() {
                        missing.push(numbers.len(), "NaN");
                    }
                    Some(number)
                }
                Cell::Whole(whole) => (whole.unsigned_abs() < INEXACT).then_some(whole as f64),
                Cell::Text(_) => None,
            };
            match number {
                Some(number) => return numbers.push(number),
                None => *self = Self::Texts(texts(numbers)),
            }
        }
        if let Self::Texts(texts) = self {
            let text = match cell {
                Cell::Missing => Cow::Borrowed(""),
                Cell::Number(number) if number.is_nan() => Cow::Borrowed(""),
                Cell::Number(number) => Cow::Owned(number.to_string()),
                Cell::Whole(whole) => Cow::Owned(whole.to_string()),
                Cell::Text(text) => text,
            };
            texts.push(&text, text.is_empty());
        }
    }
}

/// Numbers as texts, those that are missing as empty ones.
fn texts(numbers: &Numbers) -> Texts {
    let mut texts = Texts::default();
    for number in numbers.iter() {
        let text = if number.is_nan() { String::new() } else { number.to_string() };
        texts.push(&text, number.is_nan());
    }
    texts
}

impl From<Growing> for Cells {
    fn from(column: Growing) -> Self {
        match column {
            Growing::Numbers(numbers, missing) => Self::Numbers(numbers, missing),
            Growing::Texts(texts) => Self::Texts(texts.into()),
        }
    }
}
