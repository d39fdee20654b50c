//! Kinds of columns.

use std::fmt;

use super::texts::{DistinctText, Texts};
use crate::data::cell::{CellFormat, Content, flag, is_initial};

/// The kind of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Numbers, at least half of them.
    Number,
    /// Yes and no in any spelling: `True`, `no`, `Y`, `off`. As features, 1 and 0.
    YesNo,
    /// Dates, or dates with a time, at least half of them.
    Date,
    /// Times of day or spans of time, at least half of them.
    Time,
    /// Texts.
    Category,
    /// No cell has a value.
    Empty,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Number => "number",
            Self::YesNo => "yes/no",
            Self::Date => "date",
            Self::Time => "time",
            Self::Category => "category",
            Self::Empty => "empty",
        })
    }
}

/// The kind of the values that are written in `texts`.
pub(super) fn of_texts(texts: &Texts, format: &CellFormat) -> Kind {
    let present = || texts.distinct().iter().filter(|text| !text.is_missing && text.rows > 0);
    let rows: usize = present().map(|text| text.rows).sum();
    if rows == 0 {
        return Kind::Empty;
    }
    let is_half = |is: &dyn Fn(&DistinctText) -> bool| {
        2 * present().filter(|text| is(text)).map(|text| text.rows).sum::<usize>() >= rows
    };
    let only_initial = || {
        let mut texts = present();
        texts.next().is_some_and(|first| {
            is_initial(&first.text) && texts.all(|text| text.text.eq_ignore_ascii_case(&first.text))
        })
    };
    if present().all(|text| flag(&text.text).is_some()) {
        if only_initial() { Kind::Category } else { Kind::YesNo }
    } else if is_half(&|text| matches!(format.content(&text.text), Content::Number(_))) {
        Kind::Number
    } else if is_half(&|text| format.seconds(&text.text).is_some()) {
        Kind::Date
    } else if is_half(&|text| format.time(&text.text).is_some()) {
        Kind::Time
    } else {
        Kind::Category
    }
}
