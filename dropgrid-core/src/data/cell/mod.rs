//! The content of a cell: a missing value, a number, a yes or no, a date, or a text.

mod date;
mod flag;
mod missing;
mod number;

pub use date::DateOrder;
pub(super) use flag::{flag, is_initial};
pub(super) use number::{is_exact, negative};

/// The notation of a table's cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a setting by itself")]
pub(super) struct CellFormat {
    pub(super) decimal_comma: bool,
    pub(super) thousands: Option<char>,
    pub(super) percent: bool,
    /// True where parentheses, and a minus behind a number, say that it is negative.
    pub(super) accounting: bool,
    /// Texts before or behind a number that say its unit.
    pub(super) units: Vec<String>,
    /// The user's texts for a missing value.
    pub(super) missing: Vec<String>,
    /// True where the usual texts for a missing value are texts like any other.
    pub(super) only_own_missing: bool,
    /// True where a text is never a number: the source has a type of its own for those.
    pub(super) no_numbers: bool,
    /// The order of day and month in dates that do not begin with the year.
    pub(super) dates: Option<DateOrder>,
}

/// The content of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Content {
    Missing,
    Number(f64),
    Text,
}

impl CellFormat {
    /// The content of a cell without blanks around it.
    pub(super) fn content(&self, cell: &str) -> Content {
        if !self.missing.is_empty() && self.missing.iter().any(|missing| missing == cell) {
            return Content::Missing;
        }
        let number = self.number(cell);
        match number {
            Some(number) if !number.is_nan() => Content::Number(number),
            _ if cell.is_empty() => Content::Missing,
            _ if !self.only_own_missing && (number.is_some() || missing::is_usual(cell)) => Content::Missing,
            _ => Content::Text,
        }
    }

    /// The number in a cell.
    pub(super) fn number(&self, cell: &str) -> Option<f64> {
        if self.no_numbers {
            None
        } else if let Some(digits) = cell.strip_prefix(['\u{2212}', '\u{2013}', '\u{ff0d}']) {
            // The minus of typesetting, the dash that stands for it, and the minus of East Asian texts.
            self.number(&format!("-{digits}"))
        } else if self.is_plain() {
            number::plain(cell)
        } else {
            number::formatted(self, cell)
        }
    }

    /// True where numbers are written as Rust, C and Python write them.
    fn is_plain(&self) -> bool {
        !(self.decimal_comma || self.thousands.is_some() || self.percent || self.accounting) && self.units.is_empty()
    }

    /// The seconds since 1970-01-01T00:00:00 of the date in a cell.
    pub(super) fn seconds(&self, cell: &str) -> Option<f64> {
        date::seconds(cell, self.dates)
    }

    /// The seconds of the time of day, or of the span of time, in a cell.
    #[allow(clippy::unused_self, reason = "as `seconds`, which needs the order of dates")]
    pub(super) fn time(&self, cell: &str) -> Option<f64> {
        date::time(cell)
    }
}
