//! CSV files as people have them.

mod columns;
mod decode;
mod delimiter;
mod header;
mod pass;
mod record;
mod records;
mod rows;
mod scan;
mod settings;
mod source;

use std::path::Path;

use super::{
    Dataset, Features, FromColumns, Table, Target,
    cell::{CellFormat, DateOrder},
};
use crate::error::{Error, Result};
use scan::Delimiter;
use settings::{Header, Settings};
use source::Source;

/// The settings by which a CSV file is read into a [`Table`].
///
/// Without any, a file is read that has a header, whatever parts its cells. Found by themselves are
/// - the delimiter, among `,`, `;`, tabs and `|`, or the one that Excel's line `sep=;` says;
/// - UTF-8 with or without a byte order mark, and UTF-16;
/// - gzip;
/// - missing values: an empty cell and what pandas takes for one, such as `NA`, `NaN`, `null`, `None`, `#N/A`;
/// - the kind of each column: numbers, yes and no in any spelling, dates, times, categories;
/// - an index that pandas or R wrote, in a first column without a name: it is an
///   [id](Table::ids) and no feature, which a [note](Table::notes) says.
///
/// Blanks around a cell are no part of it, nor are the invisible characters that copying leaves there, nor the `=` by
/// which Excel keeps `="007"` a text. Blank lines are left out. Quoted cells are those of [RFC
/// 4180](https://www.rfc-editor.org/rfc/rfc4180): a quote within one is written as two. A quote within a cell that does
/// not begin with one is a character like any other, as pandas reads it.
///
/// # Examples
/// ```
/// # use dropgrid_core::data::{Csv, Kind};
/// let text = "sep=;\nprice;share;day\n$1,200;12%;04/03/2021\n$900;?;05/03/2021\n";
/// let csv = Csv::new().thousands(',').units(["$"]).percent().missing(["?"]);
/// let table = csv.dates(dropgrid_core::data::DateOrder::DayFirst).parse(text)?;
/// assert_eq!(table.column("price")?.number(0), Some(1200.0));
/// assert_eq!((table.column("share")?.number(0), table.column("share")?.missing()), (Some(0.12), 1));
/// assert_eq!(table.column("day")?.kind(), Kind::Date);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Csv {
    delimiter: Option<char>,
    whitespace: bool,
    header: Header,
    names: Option<Vec<String>>,
    comments: Option<char>,
    skipped: usize,
    skipped_last: usize,
    latin1: bool,
    format: CellFormat,
}

impl Csv {
    /// The settings that are found in the file, and nothing else.
    pub fn new() -> Self {
        Self::default()
    }

    /// Parts cells at this character of ASCII, in place of the one that is found.
    pub fn delimiter(self, delimiter: char) -> Self {
        Self { delimiter: Some(delimiter), ..self }
    }

    /// Parts cells at blanks and tabs, however many stand side by side.
    pub fn whitespace(self) -> Self {
        Self { whitespace: true, ..self }
    }

    /// Takes the first line as names, also where all of them are numbers.
    pub fn header(self) -> Self {
        Self { header: Header::Line, ..self }
    }

    /// Takes the first line as data. The columns' names are their places, `0`, `1`, `2` and so on, unless
    /// [`names`](Self::names) gives others.
    pub fn no_header(self) -> Self {
        Self { header: Header::None, ..self }
    }

    /// Names the columns in the order of the file, in place of the header's names.
    pub fn names<S: Into<String>>(self, names: impl IntoIterator<Item = S>) -> Self {
        Self { names: Some(names.into_iter().map(Into::into).collect()), ..self }
    }

    /// Leaves out lines that begin with this character of ASCII, and what follows it in any other line, unless a quoted
    /// cell holds it.
    pub fn comments(self, mark: char) -> Self {
        Self { comments: Some(mark), ..self }
    }

    /// Leaves out as many lines at the start of the file.
    pub fn skip_lines(self, lines: usize) -> Self {
        Self { skipped: lines, ..self }
    }

    /// Leaves out as many lines at the end of the file, blank ones not counted: a total, a source.
    pub fn skip_last_lines(self, lines: usize) -> Self {
        Self { skipped_last: lines, ..self }
    }

    /// Reads the file as Latin-1, or as Windows-1252, which Excel writes under that name.
    pub fn latin1(self) -> Self {
        Self { latin1: true, ..self }
    }

    /// Reads `1,5` as 1.5. A number with a point is then none, unless the point parts [`thousands`](Self::thousands).
    pub fn decimal_comma(mut self) -> Self {
        self.format.decimal_comma = true;
        self
    }

    /// Reads `1,200` as 1200 where the mark is a comma. A number whose groups are not thousands, such as `1,2`, is
    /// none.
    pub fn thousands(mut self, mark: char) -> Self {
        self.format.thousands = Some(mark);
        self
    }

    /// Reads `12%` as 0.12.
    pub fn percent(mut self) -> Self {
        self.format.percent = true;
        self
    }

    /// Reads `(12.50)` and `12.50-` as -12.5, as accounts and SAP write it.
    pub fn accounting(mut self) -> Self {
        self.format.accounting = true;
        self
    }

    /// Reads numbers with one of these texts before or behind them, such as `$3` and `3 kg`, as the number 3. All cells
    /// of a column should be in one unit: none is converted.
    pub fn units<S: Into<String>>(mut self, units: impl IntoIterator<Item = S>) -> Self {
        self.format.units.extend(units.into_iter().map(Into::into));
        self
    }

    /// Takes cells with one of these texts as missing, beside the usual ones.
    pub fn missing<S: Into<String>>(mut self, texts: impl IntoIterator<Item = S>) -> Self {
        self.format.missing.extend(texts.into_iter().map(Into::into));
        self
    }

    /// Takes cells with one of these texts as missing, and empty ones, and no others: `NA` may then be a category.
    pub fn only_missing<S: Into<String>>(mut self, texts: impl IntoIterator<Item = S>) -> Self {
        self.format.only_own_missing = true;
        self.missing(texts)
    }

    /// Reads dates whose year is last, such as 03/04/2021, with day and month in this order. Dates that begin with the
    /// year need no order.
    pub fn dates(mut self, order: DateOrder) -> Self {
        self.format.dates = Some(order);
        self
    }

    /// The table in a file.
    ///
    /// # Errors
    /// [`ReadError::File`](crate::error::ReadError::File), [`NotCsv`](crate::error::ReadError::NotCsv),
    /// [`NotUtf8`](crate::error::ReadError::NotUtf8), [`EmptyFile`](crate::error::ReadError::EmptyFile),
    /// [`EmptyData`](crate::error::DataError::EmptyData), [`Quote`](crate::error::ReadError::Quote) where a quote is
    /// never closed, where text follows the closing quote, or where a blank stands before the opening one,
    /// [`Ragged`](crate::error::ReadError::Ragged), [`HeaderOfNumbers`](crate::error::ReadError::HeaderOfNumbers),
    /// [`DuplicateColumn`](crate::error::ReadError::DuplicateColumn),
    /// [`ColumnCount`](crate::error::DataError::ColumnCount); [`Cells`](crate::error::DataError::Cells) for columns
    /// without a name; [`Error::Setting`] for a delimiter or a mark that can be none.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Table> {
        self.table(&Source::file(path.as_ref())?)
    }

    /// The table in a text.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub fn parse(&self, text: &str) -> Result<Table> {
        self.table(&Source::text(text))
    }

    fn table(&self, source: &Source) -> Result<Table> {
        let delimiter = match (self.whitespace, self.delimiter) {
            (true, _) => Some(Delimiter::Blanks),
            (false, Some(letter)) => Some(Delimiter::Byte(ascii("delimiter", letter)?)),
            (false, None) => None,
        };
        let comment = self.comments.map(|letter| ascii("comments", letter)).transpose()?;
        let settings = Settings {
            delimiter,
            comment,
            skipped: self.skipped,
            skipped_last: self.skipped_last,
            latin1: self.latin1,
            header: self.header,
            names: self.names.as_deref(),
            format: &self.format,
        };
        columns::table(source, &settings)
    }
}

/// A character that can part cells or begin a comment.
fn ascii(setting: &'static str, letter: char) -> Result<u8> {
    let is_part_of_numbers = letter.is_ascii_alphanumeric() || matches!(letter, '.' | '+' | '-');
    match u8::try_from(letter) {
        Ok(byte) if byte.is_ascii() && !is_part_of_numbers && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(byte),
        _ => Err(Error::Setting {
            setting,
            value: letter.to_string(),
            expected: "a character of ASCII that is no letter, digit, quote, point, sign or end of line",
        }),
    }
}

impl Table {
    /// The table in a CSV file, read without settings: see [`Csv`].
    ///
    /// # Errors
    /// Those of [`Csv::read`].
    pub fn from_csv(path: impl AsRef<Path>) -> Result<Self> {
        Csv::new().read(path)
    }
}

impl Features {
    /// The features in a CSV file without targets, read without settings: see [`Csv`]. Every column is a feature, but
    /// for an index that pandas or R wrote.
    ///
    /// # Errors
    /// Those of [`Csv::read`] and of [`Table::features`].
    pub fn from_csv(path: impl AsRef<Path>) -> Result<Self> {
        Csv::new().read(path)?.into_features()
    }
}

impl<T: Target> Dataset<T> {
    /// Data from a CSV file with a header, read without settings: see [`Csv`]. `target` names the columns of the
    /// target, the weights and the groups; every other column is a feature, but for an index that pandas or R wrote.
    ///
    /// # Errors
    /// Those of [`Csv::read`] and of [`Table::dataset`].
    pub fn from_csv(path: impl AsRef<Path>, target: impl FromColumns<Target = T>) -> Result<Self> {
        Csv::new().read(path)?.into_dataset(&target)
    }
}
