//! One pass over a file.

use std::{
    collections::VecDeque,
    io::{Cursor, Read},
    mem,
};

use super::{
    decode::latin1,
    delimiter,
    record::Record,
    records::Records,
    scan::{Delimiter, RecordError},
    settings::{Header, Settings},
    source::Source,
};
use crate::{
    data::{
        cell::{CellFormat, Content, is_exact},
        numbers::Numbers,
        table::{Cells, Lines, MissingTexts, Texts},
    },
    error::{DataError, Error, RaggedRow, ReadError, Result},
};

/// The cells of a file, by column.
pub(super) struct Pass {
    /// The first line.
    pub(super) first: Vec<String>,
    pub(super) columns: Vec<Growing>,
    pub(super) lines: Lines,
    /// Rows that were left out, since all of their cells are empty.
    pub(super) empty: usize,
}

/// A column while it is read.
pub(super) enum Growing {
    /// Numbers so far, and the texts of the missing ones.
    Numbers(Numbers, MissingTexts),
    /// Texts.
    Texts(Texts),
    /// Numbers were kept without their texts, and then a cell came whose column keeps texts. The next pass does.
    Unclear,
}

impl Growing {
    fn push(&mut self, cell: &str, row: usize, format: &CellFormat) {
        match self {
            Self::Numbers(numbers, missing) => match format.content(cell) {
                Content::Number(number) if is_exact(cell) => numbers.push(number),
                Content::Missing => {
                    numbers.push(f64::NAN);
                    missing.push(row, cell);
                }
                _ if row == 0 => {
                    let mut texts = Texts::default();
                    texts.push(cell, false);
                    *self = Self::Texts(texts);
                }
                _ => *self = Self::Unclear,
            },
            Self::Texts(texts) => texts.push(cell, format.content(cell) == Content::Missing),
            Self::Unclear => {}
        }
    }

    /// The cells; `None` where another pass is needed.
    pub(super) fn into_cells(self) -> Option<Cells> {
        match self {
            Self::Numbers(numbers, missing) => Some(Cells::Numbers(numbers, missing)),
            Self::Texts(texts) => Some(Cells::Texts(texts.into())),
            Self::Unclear => None,
        }
    }
}

/// Reads a file once. `is_text` says of each column whether its texts are kept; a column beyond it is one of numbers,
/// as long as its cells are.
///
/// # Errors
/// Those of [`Csv::read`](super::Csv::read), but for those of names.
pub(super) fn pass(source: &Source<'_>, settings: &Settings<'_>, is_text: &[bool]) -> Result<Pass> {
    let opened = source.open(settings.latin1)?;
    let path = source.path().map(ToOwned::to_owned);
    let told = if settings.delimiter.is_none() { delimiter::told(&opened.head) } else { None };
    // The line that says the delimiter is left empty, so that lines are counted as in the file.
    let skipped = told.map_or(0, |(_, length)| length);
    let found = || delimiter::find(&opened.head, opened.is_whole, settings.comment, settings.skipped);
    let delimiter = settings.delimiter.or(told.map(|(delimiter, _)| delimiter)).unwrap_or_else(found);
    let mut head = Cursor::new(opened.head.as_slice());
    head.set_position(skipped as u64);
    let mut records = Records::new(head.chain(opened.rest), delimiter, settings.comment);
    let fault =
        |source| Error::from(ReadError::File { path: path.clone().unwrap_or_else(|| "the text".into()), source });
    records.skip_lines(settings.skipped).map_err(fault)?;

    let mut first: Vec<String> = Vec::new();
    let mut names = Vec::new();
    let mut next = |record: &mut Record, names: &[String]| {
        records.read(record).map_err(|error| match error {
            RecordError::Io(source) => fault(source),
            RecordError::Quote(line, column, fault) => {
                let column = names.get(column).cloned().unwrap_or_else(|| column.to_string());
                Error::from(ReadError::Quote { line, column, fault })
            }
        })
    };
    let mut record = Record::default();
    if !next(&mut record, &names)? {
        return Err(Error::from(ReadError::EmptyFile { path }));
    }
    let text = text(&record)?;
    first.extend(record.ranges().map(|range| trimmed(&text[range]).to_owned()));
    let (mut columns, mut lines, mut ragged) = (Vec::new(), Lines::default(), Ragged::default());
    if settings.header != Header::None {
        names.clone_from(&first);
    }
    // Without a header the first line is the first row.
    let mut is_there = settings.header == Header::None || next(&mut record, &names)?;
    if is_there && has_row_names(&first, &record, delimiter) {
        first.insert(0, String::new());
    }
    for at in 0..first.len() {
        let keeps_text = is_text.get(at).copied().unwrap_or(false);
        columns.push(if keeps_text {
            Growing::Texts(Texts::default())
        } else {
            Growing::Numbers(Numbers::default(), MissingTexts::default())
        });
    }
    let (mut row, mut empty) = (0, 0);
    // The last lines of those read, which may be the last of the file.
    let mut waiting = VecDeque::new();
    while is_there {
        if settings.skipped_last > 0 {
            waiting.push_back(mem::take(&mut record));
            if waiting.len() <= settings.skipped_last {
                is_there = next(&mut record, &names)?;
                continue;
            }
            record = waiting.pop_front().unwrap_or_default();
        }
        if record.has_no_value() {
            empty += 1;
            is_there = next(&mut record, &names)?;
            continue;
        }
        let text = self::text(&record)?;
        // A delimiter at the end of each line gives cells that no column has.
        let is_whole = record.len() == first.len()
            || (record.len() > first.len() && record.ranges().skip(first.len()).all(|it| text[it].trim().is_empty()));
        if is_whole {
            for (range, column) in record.ranges().zip(&mut columns) {
                column.push(trimmed(&text[range]), row, settings.format);
            }
        } else {
            ragged.add(RaggedRow { row: row + 1, line: record.line, cells: record.len() });
        }
        lines.push(record.line);
        row += 1;
        is_there = next(&mut record, &names)?;
    }
    ragged.check(&first, row)?;
    if row == 0 {
        return Err(Error::Data(DataError::EmptyData));
    }
    Ok(Pass { first, columns, lines, empty })
}

/// True where each row has a name, for which R's `write.table` gives the header none: the first row has one cell more.
/// Commas and semicolons may be decimal marks instead.
fn has_row_names(header: &[String], row: &Record, delimiter: Delimiter) -> bool {
    matches!(delimiter, Delimiter::Blanks | Delimiter::Byte(b'\t'))
        && row.len() == header.len() + 1
        && row.ranges().last().is_some_and(|last| !row.bytes()[last].trim_ascii().is_empty())
}

/// The text of a record's cells.
///
/// # Errors
/// [`ReadError::NotUtf8`] for the first cell that is not UTF-8.
fn text(record: &Record) -> Result<&str> {
    std::str::from_utf8(record.bytes()).map_err(|error| {
        let at = error.valid_up_to();
        let cell = record.ranges().find(|range| range.contains(&at)).unwrap_or(0..record.bytes().len());
        let text = record.bytes()[cell].iter().map(|&byte| latin1(byte)).collect();
        Error::from(ReadError::NotUtf8 { line: record.line, text })
    })
}

/// The text without blanks and invisible characters around it, and without the `=` by which Excel keeps a text one:
/// `="007"`.
fn trimmed(cell: &str) -> &str {
    let may_be_blank = |byte: Option<&u8>| byte.is_some_and(|&byte| byte <= b' ' || byte >= 0x80);
    let bytes = cell.as_bytes();
    let cell =
        if may_be_blank(bytes.first()) || may_be_blank(bytes.last()) { cell.trim_matches(is_invisible) } else { cell };
    cell.strip_prefix("=\"").and_then(|text| text.strip_suffix('"')).unwrap_or(cell)
}

/// True of blanks, and of the marks of order, direction and width that copied texts have.
fn is_invisible(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

/// The rows that have not as many cells as the first line.
#[derive(Default)]
struct Ragged {
    rows: Vec<RaggedRow>,
    count: usize,
}

impl Ragged {
    fn add(&mut self, row: RaggedRow) {
        const SHOWN: usize = 5;
        self.count += 1;
        if self.rows.len() < SHOWN {
            self.rows.push(row);
        }
    }

    fn check(self, first: &[String], rows: usize) -> Result<()> {
        let Some((start, longest)) = self.rows.first().map(|row| (row.row, row.cells)) else { return Ok(()) };
        // Those at fault are the last ones.
        let is_end = start > 1 && start + self.count == rows + 1 && self.rows.iter().all(|row| row.cells < first.len());
        let advice = if first[0].starts_with(['#', '%', '!']) {
            let mark = first[0].chars().next().unwrap_or('#');
            format!("if the first line is a comment, write `Csv::new().comments('{mark}')`")
        } else if self.count == rows && longest > first.len() {
            "if the first line is a title, write `Csv::new().skip_lines(1)`; if commas stand in numbers, say what parts the \
             cells with `.delimiter(..)`"
                .to_owned()
        } else if longest > first.len() {
            "quote a cell that holds what parts cells".to_owned()
        } else if is_end && self.rows.iter().all(|row| row.cells == 1) {
            format!(
                "write every cell, an empty one for a value that is missing; if the end of the file is a remark, write \
                 `Csv::new().skip_last_lines({})`",
                self.count
            )
        } else {
            "write every cell, an empty one for a value that is missing".to_owned()
        };
        Err(Error::from(ReadError::Ragged { expected: first.len(), rows: self.rows, count: self.count, advice }))
    }
}
