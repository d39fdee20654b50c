//! The character that parts the cells of a file.

use super::{record::Record, records::Records, scan::Delimiter};

/// Those that are found by themselves. A comma comes last: numbers have commas too.
const CANDIDATES: [u8; 4] = [b'\t', b';', b'|', b','];

/// Records by which a delimiter is found.
const RECORDS: usize = 64;

/// The delimiter of a text of which `head` is the start, and all of it where `is_whole`: the one that gives each line
/// as many cells, at least two. Where none does, the one that gives the first line most cells.
pub(super) fn find(head: &[u8], is_whole: bool, comment: Option<u8>, skipped: usize) -> Delimiter {
    let widths = CANDIDATES.map(|byte| (byte, widths(head, is_whole, Delimiter::Byte(byte), comment, skipped)));
    let is_even = |widths: &[usize]| widths[0] > 1 && widths.iter().all(|&width| width == widths[0]);
    let even = widths.iter().find(|(_, widths)| !widths.is_empty() && is_even(widths));
    let widest = || widths.iter().rev().max_by_key(|(_, widths)| widths.first().copied().unwrap_or(1));
    let found = even.or_else(|| widest().filter(|(_, widths)| widths.first() > Some(&1)));
    Delimiter::Byte(found.map_or(b',', |(byte, _)| *byte))
}

/// The delimiter that Excel's line `sep=;` says, and the length of that line.
pub(super) fn told(head: &[u8]) -> Option<(Delimiter, usize)> {
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let text = line.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(line);
    match text {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', byte] if byte.is_ascii() => {
            Some((Delimiter::Byte(*byte), line.len()))
        }
        _ => None,
    }
}

/// The number of cells of each of the first records.
fn widths(head: &[u8], is_whole: bool, delimiter: Delimiter, comment: Option<u8>, skipped: usize) -> Vec<usize> {
    let mut records = Records::new(head, delimiter, comment);
    let mut record = Record::default();
    let mut widths = Vec::new();
    if records.skip_lines(skipped).is_err() {
        return widths;
    }
    while widths.len() < RECORDS && matches!(records.read(&mut record), Ok(true)) {
        widths.push(record.len());
    }
    // The last record of a part may be cut.
    if !is_whole && widths.len() < RECORDS && widths.len() > 1 {
        widths.pop();
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_is_found_by_even_lines() {
        for (text, expected) in [
            ("a,b,y\n1,2,0\n", b','),
            ("a;b;y\n1,5;2,25;0\n3,0;4,5;1\n", b';'),
            ("1,5;2,5\n3,5;4,5\n", b';'),
            ("a\tb\n1\t2\n", b'\t'),
            ("a|b|c\n1|2|3\n", b'|'),
            ("name;place, country;y\nBob;Oslo, Norway;1\n", b';'),
            ("film,genres\nX,Action|Comedy\nY,Drama\n", b','),
            ("\"a;b\",c\n\"1;2\",3\n\"4\",5\n", b','),
            ("a,b,y\n1,2,0\n3,1\n", b','),
            ("a\n1\n2\n", b','),
            ("", b','),
        ] {
            assert_eq!(find(text.as_bytes(), true, None, 0), Delimiter::Byte(expected), "{text:?}");
        }
        assert_eq!(find(b"a;b\n1;2\n1;2,", false, None, 0), Delimiter::Byte(b';'));
        assert_eq!(find(b"by, me\na;b\n1;2\n", true, None, 1), Delimiter::Byte(b';'));
        assert_eq!(told(b"sep=;\na;b\n"), Some((Delimiter::Byte(b';'), 5)));
        assert_eq!(told(b"\"sep=,\"\r\n"), Some((Delimiter::Byte(b','), 7)));
        assert_eq!((told(b"sep,y\n"), told(b"sep=\n"), told(b"")), (None, None, None));
    }
}
