//! Quotes that are out of place in a CSV file.
//!
//! The reader of the `csv` crate takes them for something else: a quote that is never closed swallows every row after it,
//! and `"2"5` is read as 25. [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180) allows neither.

use std::{
    error::Error,
    fmt,
    io::{self, ErrorKind, Read},
};

use crate::error::QuoteFault;

/// Hands on the bytes of a CSV file, and fails where a quote is out of place.
///
/// A quote within a cell that does not begin with one is a character like any other.
pub(super) struct CheckedQuotes<R> {
    input: R,
    within: Within,
    /// From 1.
    line: u64,
    /// From 0.
    column: usize,
    /// The line and column at which the last quoted cell began.
    opened: (u64, usize),
    is_after_return: bool,
    /// Bytes of a byte order mark that the file begins with; all of them once it is known what it begins with.
    mark: usize,
    /// The fault behind the bytes that were handed on.
    found: Option<Misplaced>,
}

/// The part of a cell in which the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Start,
    /// After blanks at the start.
    Indent,
    Plain,
    Quoted,
    /// After a quote in a quoted cell: the first of two, or the end of the cell.
    Quote,
    /// After blanks behind a quoted cell.
    Trail,
}

/// A quote that is out of place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Misplaced {
    pub(super) line: u64,
    pub(super) column: usize,
    pub(super) fault: QuoteFault,
}

impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(f)
    }
}

impl Error for Misplaced {}

/// The misplaced quote that a CSV reader's error is about, if it is about one.
pub(super) fn misplaced(error: &csv::Error) -> Option<Misplaced> {
    let csv::ErrorKind::Io(error) = error.kind() else { return None };
    error.get_ref()?.downcast_ref().copied()
}

const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

impl<R> CheckedQuotes<R> {
    pub(super) fn new(input: R) -> Self {
        let (within, opened) = (Within::Start, (1, 0));
        Self { input, within, line: 1, column: 0, opened, is_after_return: false, mark: 0, found: None }
    }

    /// The number of bytes before a quote that is out of place; all of them where none is.
    fn check(&mut self, bytes: &[u8]) -> usize {
        let is_open = matches!(self.within, Within::Start | Within::Indent | Within::Plain);
        let is_begun = self.mark == BYTE_ORDER_MARK.len();
        if is_open && is_begun && !bytes.contains(&b'"') && !bytes.contains(&b'\r') {
            self.skip(bytes);
            return bytes.len();
        }
        for (at, &byte) in bytes.iter().enumerate() {
            if let Err(misplaced) = self.step(byte) {
                self.found = Some(misplaced);
                return at;
            }
        }
        bytes.len()
    }

    /// Goes over bytes without quotes and returns, several at a time.
    #[allow(clippy::naive_bytecount, reason = "two counts are no reason for a crate")]
    fn skip(&mut self, bytes: &[u8]) {
        let Some(&last) = bytes.last() else { return };
        let mut row = bytes;
        if let Some(end) = bytes.iter().rposition(|&byte| byte == b'\n') {
            let lines = bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
            self.line += if bytes[0] == b'\n' && self.is_after_return { lines - 1 } else { lines };
            self.column = 0;
            row = &bytes[end + 1..];
        }
        self.is_after_return = false;
        self.column += row.iter().filter(|&&byte| byte == b',').count();
        let cell = row.iter().rposition(|&byte| byte == b',').map_or(row, |comma| &row[comma + 1..]);
        let continues = cell.len() == bytes.len();
        self.within = match last {
            b',' | b'\n' => Within::Start,
            _ if continues && self.within == Within::Plain => Within::Plain,
            _ if cell.iter().all(|&byte| is_blank(byte)) => Within::Indent,
            _ => Within::Plain,
        };
    }

    fn step(&mut self, byte: u8) -> Result<(), Misplaced> {
        if self.mark < BYTE_ORDER_MARK.len() {
            if byte == BYTE_ORDER_MARK[self.mark] {
                self.mark += 1;
                return Ok(());
            }
            self.mark = BYTE_ORDER_MARK.len();
        }
        let is_new_line = byte == b'\r' || (byte == b'\n' && !self.is_after_return);
        self.is_after_return = byte == b'\r';
        self.line += u64::from(is_new_line);
        let here = (self.line, self.column);
        let fault = |(line, column): (u64, usize), fault| Err(Misplaced { line, column, fault });
        self.within = match (self.within, byte) {
            (Within::Quoted, b'"') => Within::Quote,
            (Within::Quoted, _) | (Within::Quote, b'"') => Within::Quoted,
            (_, b',') => {
                self.column += 1;
                Within::Start
            }
            (_, b'\r' | b'\n') => {
                self.column = 0;
                Within::Start
            }
            (Within::Start, b'"') => {
                self.opened = here;
                Within::Quoted
            }
            (Within::Start | Within::Indent, blank) if is_blank(blank) => Within::Indent,
            (Within::Indent, b'"') => return fault(here, QuoteFault::Indented),
            (Within::Quote | Within::Trail, blank) if is_blank(blank) => Within::Trail,
            (Within::Quote | Within::Trail, _) => return fault(here, QuoteFault::Trailing),
            (Within::Start | Within::Indent | Within::Plain, _) => Within::Plain,
        };
        Ok(())
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

impl<R: Read> Read for CheckedQuotes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.found.is_none() && !buffer.is_empty() {
            let length = self.input.read(buffer)?;
            if length == 0 && self.within == Within::Quoted {
                let (line, column) = self.opened;
                self.found = Some(Misplaced { line, column, fault: QuoteFault::Unclosed });
            }
            // What stands before the fault goes first: the header has the column's name.
            let sound = self.check(&buffer[..length]);
            if sound > 0 {
                return Ok(sound);
            }
        }
        self.found.map_or(Ok(0), |misplaced| Err(io::Error::new(ErrorKind::InvalidData, misplaced)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fault that is found in a text that comes in pieces of `size` bytes.
    fn found(text: &str, size: usize) -> Result<(u64, usize), (u64, usize, QuoteFault)> {
        let mut quotes = CheckedQuotes::new(text.as_bytes());
        let mut buffer = vec![0; size];
        loop {
            match quotes.read(&mut buffer) {
                Ok(0) => return Ok((quotes.line, quotes.column)),
                Ok(_) => {}
                Err(error) => {
                    let error = csv::Error::from(error);
                    let Misplaced { line, column, fault } = misplaced(&error).expect("a misplaced quote");
                    return Err((line, column, fault));
                }
            }
        }
    }

    #[test]
    fn every_fault_is_found_where_it_is_however_the_bytes_come() {
        use QuoteFault::{Indented, Trailing, Unclosed};
        for (text, expected) in [
            ("a,b\n1,2\n", Ok((3, 0))),
            ("a,b\r\n1,2\r\n3,", Ok((3, 1))),
            ("a,b\r1,2\r3,4", Ok((3, 1))),
            ("\u{feff}\"a\",b\n", Ok((2, 0))),
            ("\"a\"\"b\",\"c\nd\",\"\"\n\"\"\"\"", Ok((3, 0))),
            ("a\"b,6\" nail,\"x\" \t,y\n", Ok((2, 0))),
            (" a\"b, , c\n", Ok((2, 0))),
            ("a,b\n1,\"2\n3,4\n5,6\n", Err((2, 1, Unclosed))),
            ("a,b\n1,2\n3,\"4", Err((3, 1, Unclosed))),
            ("\"", Err((1, 0, Unclosed))),
            ("\"a\"\"", Err((1, 0, Unclosed))),
            ("a,b\n\"2\"5,1\n", Err((2, 0, Trailing))),
            ("a,b\r\n1,\"2\" 5\r\n", Err((2, 1, Trailing))),
            ("a,b\n1,  \"2\"\n", Err((2, 1, Indented))),
            ("\"a\nb\",c\n1, \"2\"\n", Err((3, 1, Indented))),
        ] {
            for size in 1..=text.len() + 1 {
                assert_eq!(found(text, size), expected, "{text:?} in pieces of {size}");
            }
        }
    }
}
