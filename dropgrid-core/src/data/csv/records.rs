//! The records of a CSV text, cell by cell.
//!
//! Quotes out of place are faults: a quote that is never closed would swallow every row after it, and `"2"5` would be
//! read as 25. [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180) allows neither.

use std::io::{self, BufRead};

use super::{
    record::Record,
    scan::{Delimiter, RecordError, Scan},
};

/// Reads the records of a text, one after the other.
///
/// A line ends with `\n`, `\r\n` or `\r`. Blank lines and lines of comments are no records.
#[derive(Debug)]
pub(super) struct Records<R> {
    input: R,
    scan: Scan,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R, delimiter: Delimiter, comment: Option<u8>) -> Self {
        Self { input, scan: Scan::new(delimiter, comment) }
    }

    /// Leaves out the next `lines` lines.
    pub(super) fn skip_lines(&mut self, lines: usize) -> io::Result<()> {
        let first = self.scan.line();
        while self.scan.line() < first + lines as u64 {
            let Some(&byte) = self.input.fill_buf()?.first() else { return Ok(()) };
            self.input.consume(1);
            self.scan.count(byte);
        }
        Ok(())
    }

    /// Reads the next record that is not blank; false at the end.
    pub(super) fn read(&mut self, record: &mut Record) -> Result<bool, RecordError> {
        loop {
            record.clear(self.scan.line());
            let is_more = self.read_line(record)?;
            if !record.is_blank() {
                return Ok(true);
            }
            if !is_more {
                return Ok(false);
            }
        }
    }

    /// Reads a record, also a blank one; false at the end of the text.
    fn read_line(&mut self, record: &mut Record) -> Result<bool, RecordError> {
        self.scan.start();
        loop {
            let bytes = self.input.fill_buf().map_err(RecordError::Io)?;
            let is_end = bytes.is_empty();
            let (length, is_done) = self.scan.read(bytes, record)?;
            self.input.consume(length);
            if is_end || is_done {
                self.scan.end(record, is_end)?;
                return Ok(is_done);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;
    use crate::error::QuoteFault;

    /// The records of a text that comes in pieces of `size` bytes: their lines and cells, then the fault that ends
    /// them.
    fn records(text: &str, size: usize) -> (Vec<String>, Option<(u64, usize, QuoteFault)>) {
        let mut records =
            Records::new(BufReader::with_capacity(size, text.as_bytes()), Delimiter::Byte(b','), Some(b'#'));
        let (mut record, mut read) = (Record::default(), Vec::new());
        loop {
            match records.read(&mut record) {
                Ok(true) => {
                    let text = std::str::from_utf8(record.bytes()).expect("UTF-8");
                    let cells: Vec<&str> = record.ranges().map(|range| &text[range]).collect();
                    read.push(format!("{}: {}", record.line, cells.join("|")));
                }
                Ok(false) => return (read, None),
                Err(RecordError::Quote(line, column, fault)) => return (read, Some((line, column, fault))),
                Err(RecordError::Io(error)) => panic!("{error}"),
            }
        }
    }

    #[test]
    fn records_and_faults_are_found_however_the_bytes_come() {
        use QuoteFault::{Indented, Parted, Trailing, Unclosed};
        for (text, expected, fault) in [
            ("a,b\n1,2\n", &["1: a|b", "2: 1|2"][..], None),
            ("a,b\r\n\r\n1,2\r\n3,", &["1: a|b", "3: 1|2", "4: 3|"], None),
            ("a,b\r1,2\r\r3,4", &["1: a|b", "2: 1|2", "4: 3|4"], None),
            ("a\n#b,\"\n  # c\n\n1\n", &["1: a", "5: 1"], None),
            (
                "a,b#c\n1, 2 # x,\"y\n3,#\n\"4#\",\"5\"#z\n6,\"7\" #",
                &["1: a|b", "2: 1|2 ", "3: 3|", "4: 4#|5", "5: 6|7"],
                None,
            ),
            ("a#\r\n# b\r\n1\"#2\r\n", &["1: a", "3: 1\""], None),
            ("\"a\"\"b\",\"c\nd\",\"\"\n\"\"\"\"", &["1: a\"b|c\nd|", "3: \""], None),
            ("\"a\r\n\nb\rc\"\n1", &["1: a\r\n\nb\rc", "5: 1"], None),
            ("a\"b,6\" nail,\"x\" \t,y\n", &["1: a\"b|6\" nail|x|y"], None),
            (" a\"b, , c\n", &["1: a\"b||c"], None),
            ("\"\"\n", &["1: "], None),
            ("a,b\n1,\"2\n3,4\n5,6\n", &["1: a|b"], Some((2, 1, Unclosed))),
            ("a,b\n1,2\n3,\"4", &["1: a|b", "2: 1|2"], Some((3, 1, Unclosed))),
            ("\"", &[], Some((1, 0, Unclosed))),
            ("\"a\"\"", &[], Some((1, 0, Unclosed))),
            ("a,b\n\"2\"5,1\n", &["1: a|b"], Some((2, 0, Trailing))),
            ("a,b\r\n1,\"2\" 5\r\n", &["1: a|b"], Some((2, 1, Trailing))),
            ("\"a\" \"b\"\n", &[], Some((1, 0, Parted))),
            ("a,b\n1,2\n\0\0\u{1a}", &["1: a|b", "2: 1|2"], None),
            ("a,b\n1,  \"2\"\n", &["1: a|b"], Some((2, 1, Indented))),
            ("\"a\nb\",c\n1, \"2\"\n", &["1: a\nb|c"], Some((3, 1, Indented))),
        ] {
            for size in 1..=text.len() + 1 {
                assert_eq!(
                    records(text, size),
                    (expected.iter().map(ToString::to_string).collect(), fault),
                    "{text:?} in pieces of {size}"
                );
            }
        }
    }
}
