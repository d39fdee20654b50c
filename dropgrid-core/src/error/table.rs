//! Faults of the cells of a table, each group of them as one.

use std::{fmt, path::PathBuf};

use crate::escape::{escaped, shown};

/// A cell at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CellAt {
    /// Row number, the first data row is 1.
    pub row: usize,
    /// The line of the file on which the row begins, as editors count: the header is one. 0 where there is no file.
    pub line: u64,
    /// The cell as it stands in the file.
    pub text: String,
}

impl fmt::Display for CellAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}", self.row)?;
        if self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        if self.text.is_empty() { Ok(()) } else { write!(f, ": `{}`", escaped(&self.text)) }
    }
}

/// The fault of cells of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CellFault {
    /// The value is missing.
    Missing {
        /// The cells' use: `cell`, `label`, `group`, `weight` or `target`.
        of: &'static str,
    },
    /// The cell is not a number.
    NotANumber,
    /// The cell is an infinity.
    NotFinite,
    /// The cell is not a date.
    NotADate,
    /// The cell is neither yes nor no, and neither 0 nor 1.
    NotAFlag,
    /// The cell is none of the target's classes.
    NotAClass {
        /// The classes' names, or their numbers where they have none.
        classes: Vec<String>,
    },
    /// The cell is none of the categories of the row's type.
    NotACategory {
        /// The categories' names.
        categories: Vec<String>,
    },
    /// The row has none of the flags, or several, where one of them is its class.
    NotOneClass,
    /// The column holds categories, and networks take numbers.
    Category,
    /// The column holds dates, and networks take numbers.
    Date,
    /// The column holds times of day or spans of time, and networks take numbers.
    Time,
    /// The column has no name.
    Unnamed,
}

/// The cells of one column that have the same fault.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ColumnFault {
    /// The column's name.
    pub column: String,
    /// The fault.
    pub fault: CellFault,
    /// Number of cells that have it.
    pub count: usize,
    /// The first of them.
    pub cells: Vec<CellAt>,
    /// The call to write, or the action to take.
    pub advice: String,
}

impl ColumnFault {
    /// The fault of cells, as a sentence goes on after their number.
    fn sentence(&self) -> String {
        let (count, several) = (self.count, self.count != 1);
        let of = |one: &str, more: &str| format!("{count} {}", if several { more } else { one });
        match &self.fault {
            CellFault::Missing { of: what } => {
                let is_empty = self.cells.iter().all(|cell| cell.text.is_empty());
                let how = if is_empty { "empty" } else { "missing" };
                format!("{count} {what}{}{how}", if several { "s are " } else { " is " })
            }
            CellFault::NotANumber => of("cell is not a number", "cells are not numbers"),
            CellFault::NotFinite => of("cell is not finite", "cells are not finite"),
            CellFault::NotADate => of("cell is not a date", "cells are not dates"),
            CellFault::NotAFlag => of("cell is neither yes nor no", "cells are neither yes nor no"),
            CellFault::NotAClass { classes } => format!(
                "{} {}",
                of("label is not one of the classes", "labels are not among the classes"),
                list(classes)
            ),
            CellFault::NotACategory { categories } => format!(
                "{} {}",
                of("cell is not one of the categories", "cells are not among the categories"),
                list(categories)
            ),
            CellFault::NotOneClass => of("row has not one class", "rows have not one class"),
            CellFault::Category => "the cells are categories".to_owned(),
            CellFault::Date => "the cells are dates".to_owned(),
            CellFault::Time => "the cells are times".to_owned(),
            CellFault::Unnamed => "the header has no name for it".to_owned(),
        }
    }
}

impl fmt::Display for ColumnFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column `{}`: {} (", escaped(&self.column), self.sentence())?;
        for (at, cell) in self.cells.iter().enumerate() {
            write!(f, "{}{cell}", if at > 0 { "; " } else { "" })?;
        }
        if self.count > self.cells.len() {
            write!(f, "; {} more", self.count - self.cells.len())?;
        }
        write!(f, "): {}", escaped(&self.advice))
    }
}

/// The faults of several columns, a line each.
pub(super) fn lines(faults: &[ColumnFault]) -> String {
    /// Columns that a message shows.
    const SHOWN: usize = 10;
    if let [fault] = faults {
        return fault.to_string();
    }
    let mut lines = vec![format!("{} columns cannot be used:", faults.len())];
    lines.extend(faults.iter().take(SHOWN).map(|fault| format!("  {fault}")));
    if faults.len() > SHOWN {
        lines.push(format!("  and {} more columns", faults.len() - SHOWN));
    }
    lines.join("\n")
}

/// Rows that have not as many cells as the header, or the first row where there is no header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RaggedRow {
    /// Row number, the first data row is 1.
    pub row: usize,
    /// The line of the file on which the row begins.
    pub line: u64,
    /// Its cells.
    pub cells: usize,
}

impl fmt::Display for RaggedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}, line {}: {}", self.row, self.line, self.cells)
    }
}

/// The fault of a quote that is out of place in a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuoteFault {
    /// The file ends within a quoted cell.
    #[error("the quote that opens here is never closed; close it, and write a quote within the cell as two")]
    Unclosed,
    /// More than blanks stands between the end of a quoted cell and the next one.
    #[error("text follows the closing quote; quote the whole cell, and write a quote within it as two")]
    Trailing,
    /// Blanks alone stand between two quoted cells.
    #[error("a quoted cell follows after a blank; if blanks part the cells, write `Csv::new().whitespace()`")]
    Parted,
    /// A quoted cell begins with a blank.
    #[error("a blank stands before the quote; begin the cell with its quote")]
    Indented,
}

/// The names that are missing, then those that are not known.
pub(super) fn differences(missing: &[String], unknown: &[String]) -> String {
    let part = |names: &[String], what| (!names.is_empty()).then(|| format!("{} {what}", list(names)));
    let parts = [part(missing, "missing"), part(unknown, "not known")];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// The names between backticks, with commas between them; the first ones of many.
pub(super) fn list(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let quoted: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{}`", escaped(name))).collect();
    let rest = names.len().saturating_sub(SHOWN);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    quoted.join(", ") + &more
}

/// The types of columns, as a sentence goes on.
pub(super) fn types(columns: &[(String, String)]) -> String {
    const SHOWN: usize = 10;
    /// Characters of a type: that of a record of many fields has thousands.
    const LENGTH: usize = 60;
    let shown = columns.iter().take(SHOWN).map(|(name, ty)| {
        let end = ty.char_indices().nth(LENGTH).map(|(end, _)| end);
        let ty = end.map_or_else(|| ty.clone(), |end| format!("{}…", &ty[..end]));
        format!("`{}` is {}", escaped(name), escaped(&ty))
    });
    let rest = columns.len().saturating_sub(SHOWN);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    shown.collect::<Vec<_>>().join(", ") + &more
}

/// The file that a table is of.
pub(super) fn file(path: Option<&PathBuf>) -> String {
    path.map_or_else(|| "the text".to_owned(), |path| shown(path))
}

/// The file that something is in, where there is one.
pub(super) fn in_file(path: Option<&PathBuf>) -> String {
    path.map_or_else(String::new, |path| format!(" in {}", shown(path)))
}

/// The file that something is of, where there is one.
pub(super) fn of_file(path: Option<&PathBuf>) -> String {
    path.map_or_else(String::new, |path| format!(" of {}", shown(path)))
}

/// The kind of a column in words.
pub(super) fn kind(is_category: bool) -> &'static str {
    if is_category { "categories" } else { "numbers" }
}
