//! The reading of bytes as cells.

use std::io;

use super::record::{Record, is_blank};
use crate::error::QuoteFault;

/// The mark between cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    Byte(u8),
    /// Blanks and tabs, however many.
    Blanks,
}

/// The reason why a record cannot be read.
#[derive(Debug)]
pub(super) enum RecordError {
    Io(io::Error),
    /// A quote is out of place: on this line, in this column from 0.
    Quote(u64, usize, QuoteFault),
}

/// The state between two bytes.
#[derive(Debug)]
pub(super) struct Scan {
    delimiter: Delimiter,
    comment: Option<u8>,
    /// True of the bytes that end an unquoted cell.
    ends: [bool; 256],
    within: Within,
    /// The line of the next byte, from 1.
    line: u64,
    /// True behind a `\r`, whose `\n` may follow.
    is_after_return: bool,
    /// The line and the column, from 0, of the last quoted cell.
    opened: (u64, usize),
}

/// The part of a cell in which the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// In a comment, which is all of its line.
    Comment,
    /// In a comment behind cells.
    Remark,
}

impl Scan {
    pub(super) fn new(delimiter: Delimiter, comment: Option<u8>) -> Self {
        let mut ends = [false; 256];
        let parts: &[u8] = match &delimiter {
            Delimiter::Byte(byte) => std::slice::from_ref(byte),
            Delimiter::Blanks => b" \t",
        };
        for &byte in parts.iter().chain(b"\r\n").chain(&comment) {
            ends[usize::from(byte)] = true;
        }
        let (within, opened) = (Within::Start, (1, 0));
        Self { delimiter, comment, ends, within, line: 1, is_after_return: false, opened }
    }

    /// Begins a record.
    pub(super) fn start(&mut self) {
        self.within = Within::Start;
    }

    /// The line of the next byte, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Reads bytes into `record`: how many, and whether its line ends with them.
    pub(super) fn read(&mut self, bytes: &[u8], record: &mut Record) -> Result<(usize, bool), RecordError> {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let rest = &bytes[at..];
            let end = match self.within {
                Within::Plain => rest.iter().position(|&byte| self.ends[usize::from(byte)]),
                Within::Quoted => rest.iter().position(|byte| matches!(byte, b'"' | b'\n' | b'\r')),
                _ => Some(0),
            };
            let length = end.unwrap_or(rest.len());
            if length > 0 {
                record.extend(&rest[..length]);
                self.is_after_return = false;
                at += length;
                continue;
            }
            at += 1;
            if self.step(byte, record)? {
                return Ok((at, true));
            }
        }
        Ok((at, false))
    }

    /// Reads a byte; true where it ends the line.
    fn step(&mut self, byte: u8, record: &mut Record) -> Result<bool, RecordError> {
        let here = (self.line, record.len());
        let is_new_line = self.count(byte);
        if self.within == Within::Quoted {
            if byte == b'"' {
                self.within = Within::Quote;
            } else {
                record.extend(&[byte]);
            }
            return Ok(false);
        }
        // The second half of `\r\n` is no line of its own.
        if is_new_line || byte == b'\n' || matches!(self.within, Within::Comment | Within::Remark) {
            return Ok(is_new_line);
        }
        if Some(byte) == self.comment {
            let is_all = record.len() == 0 && matches!(self.within, Within::Start | Within::Indent);
            if !is_all {
                self.end_cell(record);
            }
            self.within = if is_all { Within::Comment } else { Within::Remark };
            return Ok(false);
        }
        if self.ends[usize::from(byte)] {
            let is_run = self.delimiter == Delimiter::Blanks && matches!(self.within, Within::Start | Within::Indent);
            if !is_run {
                record.end_cell();
            }
            self.within = Within::Start;
            return Ok(false);
        }
        self.within = match (self.within, byte) {
            (Within::Start, b'"') => {
                self.opened = here;
                record.is_quoted = true;
                Within::Quoted
            }
            (Within::Start | Within::Indent, blank) if is_blank(blank) => Within::Indent,
            (Within::Indent, b'"') => return Err(RecordError::Quote(here.0, here.1, QuoteFault::Indented)),
            (Within::Quote, b'"') => {
                record.extend(b"\"");
                Within::Quoted
            }
            (Within::Quote | Within::Trail, blank) if is_blank(blank) => Within::Trail,
            (Within::Trail, b'"') => return Err(RecordError::Quote(here.0, here.1, QuoteFault::Parted)),
            (Within::Quote | Within::Trail, _) => {
                return Err(RecordError::Quote(here.0, here.1, QuoteFault::Trailing));
            }
            _ => {
                record.extend(&[byte]);
                Within::Plain
            }
        };
        Ok(false)
    }

    /// Counts a byte's line; true where it ends one.
    pub(super) fn count(&mut self, byte: u8) -> bool {
        let is_new_line = byte == b'\r' || (byte == b'\n' && !self.is_after_return);
        self.is_after_return = byte == b'\r';
        self.line += u64::from(is_new_line);
        is_new_line
    }

    /// Ends the last cell of a record, and with it the text where `is_last`.
    pub(super) fn end(&self, record: &mut Record, is_last: bool) -> Result<(), RecordError> {
        if is_last && self.within == Within::Quoted {
            return Err(RecordError::Quote(self.opened.0, self.opened.1, QuoteFault::Unclosed));
        }
        match self.within {
            Within::Comment => record.clear(record.line),
            Within::Remark => {}
            _ => self.end_cell(record),
        }
        Ok(())
    }

    /// Ends the last cell of a line; none begins behind blanks that part cells.
    fn end_cell(&self, record: &mut Record) {
        let is_open = matches!(self.within, Within::Start | Within::Indent);
        if self.delimiter != Delimiter::Blanks || !is_open || record.len() == 0 {
            record.end_cell();
        }
    }
}
