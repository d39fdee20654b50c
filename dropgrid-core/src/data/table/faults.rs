//! Faults of cells, collected column by column, and what to write about them.

use super::{
    advice::{self, literal},
    column::Column,
};
use crate::error::{CellFault, ColumnFault, DataError, Error, Result};

/// Cells of a fault that a message shows.
const SHOWN: usize = 5;

/// The faults of a table's columns.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<ColumnFault>);

impl Faults {
    /// Adds the cells of `column` in `rows`, where there are any.
    pub(super) fn add(
        &mut self,
        column: &Column,
        fault: CellFault,
        rows: impl IntoIterator<Item = usize>,
        advice: impl FnOnce(&str) -> String,
    ) {
        let mut rows = rows.into_iter();
        let cells: Vec<_> = rows.by_ref().take(SHOWN).map(|row| column.at(row)).collect();
        if let Some(first) = cells.first() {
            let advice = advice(&first.text);
            let count = cells.len() + rows.count();
            self.0.push(ColumnFault { column: column.name().to_owned(), fault, count, cells, advice });
        }
    }

    /// Adds the cells without a value, which are used as `of`.
    pub(super) fn add_missing(&mut self, column: &Column, of: &'static str) {
        let rows = (0..column.len()).filter(|&row| column.is_missing(row));
        self.add(column, CellFault::Missing { of }, rows, |_| {
            let name = literal(column.name());
            let rows = format!("leave out the rows with `Table::drop_missing_in({name})`");
            if of != "cell" {
                return format!("fill in the cells, or {rows}");
            }
            format!(
                "fill in the cells, {rows} or the column with `Table::without({name})`, or let a field of the model \
                 impute them with `Table::allow_missing({name})`"
            )
        });
    }

    /// Adds the cells with a value that is not a number.
    pub(super) fn add_texts(&mut self, column: &Column) {
        let is_text = |row: &usize| !column.is_missing(*row) && column.number(*row).is_none();
        let is_only_first = || column.len() > 2 && (0..column.len()).filter(is_text).eq([0]);
        self.add(column, CellFault::NotANumber, (0..column.len()).filter(is_text), |text| {
            written(column, text, is_only_first())
        });
    }

    /// Adds the faults of a target.
    ///
    /// # Errors
    /// Any other error than [`DataError::Cells`].
    pub(super) fn merge<T>(&mut self, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Error::Data(DataError::Cells { faults })) => {
                self.0.extend(faults);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// # Errors
    /// [`DataError::Cells`] where there are faults.
    pub(super) fn check(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Data(DataError::Cells { faults: self.0 })) }
    }
}

/// Says what to write where a cell of `column` with that text is to be a number.
fn written(column: &Column, text: &str, is_only_first: bool) -> String {
    let otherwise = format!("leave the column out with `Table::without({})`", literal(column.name()));
    let texts = || column.distinct_texts();
    if text == column.name() {
        format!("the line repeats the header: remove it, or {otherwise}")
    } else if let Some(units) = advice::units(column.format(), texts()) {
        format!("{units}, or {otherwise}")
    } else if let Some(setting) = advice::setting(column.format(), text) {
        format!("{setting}, or {otherwise}")
    } else if text.chars().all(|letter| letter.is_ascii_punctuation()) {
        format!("write `Csv::new().missing({})` if that is a missing value, or {otherwise}", literal(text))
    } else {
        let missing = format!("write `Csv::new().missing({})` if that is a missing value", literal(text));
        let second = if is_only_first && !text.contains(|letter: char| letter.is_ascii_digit()) {
            "if the first row is a second header, with units or types, write `Csv::new().skip_lines(2).no_header()\
             .names([..])`; else "
        } else {
            ""
        };
        format!("{second}correct the cells, {missing}, or {otherwise}")
    }
}
