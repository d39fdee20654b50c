//! Faults of cells, collected column by column, and what to write about them.

use super::column::Column;
use crate::{
    data::cell::{CellFormat, Content, DateOrder},
    error::{CellFault, ColumnFault, DataError, Error, Result},
};

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
        self.add(column, CellFault::NotANumber, (0..column.len()).filter(is_text), |text| advice(column, text));
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

/// What to write where a cell of `column` with that text is to be a number.
fn advice(column: &Column, text: &str) -> String {
    let otherwise = format!("leave the column out with `Table::without({})`", literal(column.name()));
    if let Some(setting) = setting(column.format(), text) {
        format!("{setting}, or {otherwise}")
    } else if text.chars().all(|letter| letter.is_ascii_punctuation()) {
        format!("write `Csv::new().missing({})` if that is a missing value, or {otherwise}", literal(text))
    } else {
        let missing = format!("write `Csv::new().missing({})` if that is a missing value", literal(text));
        format!("correct the cells, {missing}, or {otherwise}")
    }
}

/// The setting by which a text is a number, or how else a number is written.
pub(super) fn setting(format: &CellFormat, text: &str) -> Option<String> {
    let with = |change: &dyn Fn(&mut CellFormat)| {
        let mut format = format.clone();
        change(&mut format);
        format
    };
    let mark = if format.decimal_comma { '.' } else { ',' };
    let (comma, thousands) = (with(&|it| it.decimal_comma = true), with(&|it| it.thousands = Some(mark)));
    let is_number = |format: &CellFormat, text: &str| matches!(format.content(text), Content::Number(_));
    match (is_number(&comma, text), is_number(&thousands, text)) {
        (true, true) => {
            return Some(
                "write `Csv::new().decimal_comma()` if the comma is the decimal point, `.thousands(',')` if it parts \
                 thousands"
                    .to_owned(),
            );
        }
        (true, false) => return Some("write `Csv::new().decimal_comma()`".to_owned()),
        (false, true) => return Some(format!("write `Csv::new().thousands('{mark}')`")),
        (false, false) => {}
    }
    if is_number(&with(&|it| it.percent = true), text) {
        return Some("write `Csv::new().percent()`, which reads 12% as 0.12".to_owned());
    }
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
        && let Ok(number) = u64::from_str_radix(digits, 16)
    {
        return Some(format!("write it as {number}"));
    }
    let exponent = text.replace(['d', 'D'], "e");
    if exponent != text && is_number(format, &exponent) {
        return Some(format!("write it as {exponent}"));
    }
    if [DateOrder::DayFirst, DateOrder::MonthFirst]
        .iter()
        .any(|&order| with(&|it| it.dates = Some(order)).seconds(text).is_some())
    {
        return Some(
            "read dates with `Csv::new().dates(DateOrder::DayFirst)`, or `MonthFirst`, and take their seconds since 1970 \
             with `Table::as_seconds`"
                .to_owned(),
        );
    }
    let unit = unit(text)?;
    let bare = text.split(unit).map(str::trim).find(|rest| !rest.is_empty())?;
    let also = [(format, ""), (&thousands, ".thousands(',')"), (&comma, ".decimal_comma()")];
    let (_, also) = also.into_iter().find(|(format, _)| is_number(format, bare))?;
    Some(format!("write `Csv::new().units({}){also}`", literal(unit)))
}

/// The text before or behind the number in a cell.
fn unit(text: &str) -> Option<&str> {
    let of_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',' | '+' | '-' | ' ');
    let (start, end) = (text.find(of_number)?, text.rfind(of_number)? + 1);
    match (text[..start].trim(), text[end..].trim()) {
        ("", "") => None,
        ("", unit) | (unit, "") if !unit.contains(|letter: char| letter.is_ascii_digit()) => Some(unit),
        _ => None,
    }
}

/// A list of one text, as it is written in Rust.
pub(super) fn literal(text: &str) -> String {
    format!("[{text:?}]")
}
