//! One record of a CSV text.

/// The cells of one record.
#[derive(Debug, Default)]
pub(super) struct Record {
    bytes: Vec<u8>,
    /// The end of each cell among the bytes.
    ends: Vec<usize>,
    /// The line on which it begins, from 1.
    pub(super) line: u64,
    /// True where a cell is quoted.
    pub(super) is_quoted: bool,
}

impl Record {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Adds bytes to the last cell.
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The bytes of all cells, one after the other.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where the cells stand among the bytes.
    pub(super) fn ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| start..end)
    }

    pub(super) fn clear(&mut self, line: u64) {
        self.bytes.clear();
        self.ends.clear();
        self.line = line;
        self.is_quoted = false;
    }

    /// Ends the cell.
    pub(super) fn end_cell(&mut self) {
        self.ends.push(self.bytes.len());
    }

    /// True of a line without anything but blanks, or the zeros and the end mark that DOS and old recorders write last.
    pub(super) fn is_blank(&self) -> bool {
        let is_filler = |byte: &u8| is_blank(*byte) || matches!(byte, 0 | 0x1a);
        self.ends.len() <= 1 && !self.is_quoted && self.bytes.iter().all(is_filler)
    }

    /// True of a line of several cells, in all of which there is nothing but blanks, as spreadsheets write empty rows.
    pub(super) fn has_no_value(&self) -> bool {
        self.ends.len() > 1 && !self.is_quoted && self.bytes.iter().all(|&byte| is_blank(byte))
    }
}

/// True of a blank or a tab.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
