//! The table of a file's columns.

use std::sync::Arc;

use super::{
    header::{is_unnamed, names},
    pass::{Growing, Pass, pass},
    settings::{Header, Settings},
    source::Source,
};
use crate::{
    data::{Column, Kind, Table, cell::Content, table::Cells},
    error::{CellFault, ColumnFault, DataError, Error, Result},
};

/// Reads the table of a file, in one pass where each column is all numbers or starts with a text, else in two.
pub(super) fn table(source: &Source<'_>, settings: &Settings<'_>) -> Result<Table> {
    let path = source.path();
    let mut is_text = Vec::new();
    let (first, columns, lines, empty) = loop {
        let Pass { first, columns, lines, empty } = pass(source, settings, &is_text)?;
        let cells: Vec<_> = columns.into_iter().map(Growing::into_cells).collect();
        if cells.iter().all(Option::is_some) {
            break (first, cells.into_iter().flatten(), Arc::new(lines), empty);
        }
        is_text = cells.iter().map(|cells| !matches!(cells, Some(Cells::Numbers(..)))).collect();
    };
    let names = names(settings, &first, path)?;
    let format = Arc::new(settings.format.clone());
    let columns = names
        .into_iter()
        .zip(columns)
        .map(|(name, cells)| Column::new(name, cells, Arc::clone(&format), Arc::clone(&lines)));
    let mut columns: Vec<Column> = columns.collect();
    let mut notes = Vec::new();
    if empty > 0 {
        let what = if empty == 1 { "a row has".to_owned() } else { format!("{empty} rows have") };
        notes.push(format!("{what} no value in any column: left out"));
    }
    if settings.header == Header::Found && settings.names.is_none() {
        notes.extend(numbers_as_names(settings, &columns));
    }
    if settings.header != Header::None {
        leave_out_empty(&mut columns, &mut notes);
        mark_index(&mut columns, &mut notes)?;
    }
    Ok(Table::new(columns, path.map(ToOwned::to_owned), notes))
}

/// A note on several names that are numbers above numbers, and are no count: the first line may be data.
fn numbers_as_names(settings: &Settings<'_>, columns: &[Column]) -> Option<String> {
    let number = |column: &Column| match settings.format.content(column.name()) {
        Content::Number(number) if column.kind() == Kind::Number => Some(number),
        _ => None,
    };
    let numbers: Vec<f64> = columns.iter().filter_map(number).collect();
    let counts_on = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1.0);
    let first = columns.iter().find(|column| number(column).is_some())?;
    (numbers.len() > 1 && !counts_on).then(|| {
        format!(
            "the header has numbers, as `{}`: if the first line is data, write `Csv::new().no_header()`",
            first.name()
        )
    })
}

/// Leaves out columns without a name and without a value, which a delimiter at the end of each line makes.
fn leave_out_empty(columns: &mut Vec<Column>, notes: &mut Vec<String>) {
    let before = columns.len();
    columns.retain(|column| !is_unnamed(column.name()) || column.missing() < column.len());
    let empty = before - columns.len();
    if empty > 0 {
        let what = if empty == 1 { "a column has".to_owned() } else { format!("{empty} columns have") };
        notes.push(format!("{what} neither a name nor a value: left out"));
    }
}

/// Marks the index that pandas or R wrote: the first column, without a name, or one that pandas names `Unnamed: 0`,
/// whose cells all differ.
///
/// # Errors
/// [`DataError::Cells`] for any other column without a name, or with such a one.
fn mark_index(columns: &mut [Column], notes: &mut Vec<String>) -> Result<()> {
    let mut faults = Vec::new();
    let unnamed = columns.iter().filter(|column| column.name().is_empty()).count();
    for (place, column) in columns.iter_mut().enumerate().filter(|(_, column)| is_unnamed(column.name())) {
        let is_first = place == 0 && unnamed == 1;
        if (is_first || !column.name().is_empty()) && column.is_distinct() {
            let name =
                if column.name().is_empty() { "without a name".to_owned() } else { format!("`{}`", column.name()) };
            notes.push(format!("column {place}, {name}, is an index of the rows: no feature"));
            column.mark_id();
        } else {
            faults.push(ColumnFault {
                column: place.to_string(),
                fault: CellFault::Unnamed,
                count: column.len(),
                cells: column.first_cells(),
                advice: "name it in the file, or all columns with `Csv::new().names([..])`".to_owned(),
            });
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Data(DataError::Cells { faults })) }
}
