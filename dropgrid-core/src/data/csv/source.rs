//! The bytes of a CSV text, unpacked and as UTF-8.

use std::{
    borrow::Cow,
    fs::{self, File},
    io::{self, BufRead, BufReader, Cursor, Read},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;

use super::decode::{Decoder, Encoding};
use crate::error::{Error, ReadError, Result};

/// Bytes by which encoding and delimiter are found.
const HEAD: u64 = 64 * 1024;

/// A text that can be read several times.
pub(super) struct Source<'a> {
    path: Option<&'a Path>,
    /// The bytes, where they are in memory.
    bytes: Option<Cow<'a, [u8]>>,
}

/// A text from its start.
pub(super) struct Opened<'a> {
    /// The start of the text, in UTF-8 without a byte order mark.
    pub(super) head: Vec<u8>,
    /// True where the head is all of it.
    pub(super) is_whole: bool,
    /// The bytes behind the head.
    pub(super) rest: Box<dyn BufRead + 'a>,
}

impl<'a> Source<'a> {
    /// # Errors
    /// [`ReadError::File`].
    pub(super) fn file(path: &'a Path) -> Result<Self> {
        let read = |source| Error::from(ReadError::File { path: path.to_owned(), source });
        // A pipe can be read once.
        let bytes = match fs::metadata(path).map_err(read)? {
            metadata if metadata.is_file() || metadata.is_dir() => None,
            _ => Some(Cow::Owned(fs::read(path).map_err(read)?)),
        };
        Ok(Self { path: Some(path), bytes })
    }

    pub(super) fn text(text: &'a str) -> Self {
        Self { path: None, bytes: Some(Cow::Borrowed(text.as_bytes())) }
    }

    pub(super) fn path(&self) -> Option<&'a Path> {
        self.path
    }

    /// The text from its start.
    ///
    /// # Errors
    /// [`ReadError::File`], [`ReadError::NotCsv`].
    pub(super) fn open(&self, latin1: bool) -> Result<Opened<'_>> {
        let path = self.path.unwrap_or(Path::new("the text"));
        let fault = |source| Error::from(ReadError::File { path: path.to_owned(), source });
        let raw: Box<dyn Read> = match &self.bytes {
            Some(bytes) => Box::new(Cursor::new(bytes)),
            None => Box::new(File::open(path).map_err(fault)?),
        };
        let mut raw = BufReader::with_capacity(HEAD as usize, raw);
        let start = raw.fill_buf().map_err(fault)?;
        let format = |format| Err(Error::from(ReadError::NotCsv { path: path.to_owned(), format }));
        match start {
            [0x50, 0x4b, 3, 4, ..] => return format("a zip archive, such as an Excel workbook is one: unpack it"),
            [0xd0, 0xcf, 0x11, 0xe0, ..] => return format("an Excel workbook: export its sheet"),
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return format("a text in UTF-32: save it in UTF-8"),
            b if b.starts_with(b"PAR1") => {
                return format("a Parquet file: read it with `Table::from_parquet`, under the feature `parquet`");
            }
            b if b.starts_with(b"ARROW1") => {
                return format("an Arrow file: read it with `Table::from_arrow`, under the feature `arrow`");
            }
            b if b.starts_with(b"\x93NUMPY") => {
                return format("a NumPy array: read it with `Features::from_npy`, under the feature `npy`");
            }
            _ => {}
        }
        let unpacked: Box<dyn Read> =
            if start.starts_with(&[0x1f, 0x8b]) { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
        let (start, rest) = head(unpacked).map_err(fault)?;
        let (encoding, mark) = Encoding::of(&start, latin1);
        let bytes = Cursor::new(start[mark..].to_vec()).chain(rest);
        let (head, rest) = match encoding {
            Encoding::Utf8 => head(Box::new(bytes)),
            other => head(Box::new(Decoder::new(bytes, other))),
        }
        .map_err(fault)?;
        if let Some(other) = other_format(&head) {
            return format(other);
        }
        let is_whole = (head.len() as u64) < HEAD;
        Ok(Opened { head, is_whole, rest: Box::new(BufReader::with_capacity(HEAD as usize, rest)) })
    }
}

/// The format of a text that is no CSV, by its start.
fn other_format(head: &[u8]) -> Option<&'static str> {
    let start = head.trim_ascii_start();
    let start = start[..start.len().min(16)].to_ascii_lowercase();
    let is = |starts: &[&[u8]]| starts.iter().any(|other| start.starts_with(other));
    if is(&[b"{\"", b"[{", b"[\n", b"[\r"]) {
        return Some("JSON: read its rows into a struct, and give them to `Table::from_rows`");
    }
    if is(&[b"<html", b"<!doctype", b"<table", b"<?xml"]) {
        return Some("a web page or XML, as some programs name an Excel workbook: export the table");
    }
    is(&[b"@relation"]).then_some(
        "an ARFF file: leave out the lines down to `@data` with `Csv::new().skip_lines(..).no_header().names([..])`",
    )
}

/// The first bytes, and a reader of those behind them.
fn head<'a>(mut input: Box<dyn Read + 'a>) -> io::Result<(Vec<u8>, Box<dyn Read + 'a>)> {
    let mut head = Vec::new();
    input.as_mut().take(HEAD).read_to_end(&mut head)?;
    Ok((head, input))
}
