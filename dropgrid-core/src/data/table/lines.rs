//! The lines of a file on which rows begin.

/// The line of each row, as editors count: the first one is 1, and the header is one.
#[derive(Debug, Clone, Default)]
pub(in crate::data) struct Lines {
    /// A row, from 0, and its line, where the line is not the one after that of the row before.
    jumps: Vec<(usize, u64)>,
    rows: usize,
}

impl Lines {
    /// Adds the next row.
    pub(in crate::data) fn push(&mut self, line: u64) {
        if self.jumps.is_empty() || self.of(self.rows) != line {
            self.jumps.push((self.rows, line));
        }
        self.rows += 1;
    }

    /// The line of a row, from 0.
    pub(super) fn of(&self, row: usize) -> u64 {
        let next = self.jumps.partition_point(|&(first, _)| first <= row);
        next.checked_sub(1).map_or(0, |at| self.jumps[at].1 + (row - self.jumps[at].0) as u64)
    }

    /// The lines of the given rows.
    pub(super) fn select(&self, rows: &[usize]) -> Self {
        let mut lines = Self::default();
        for &row in rows {
            lines.push(self.of(row));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_and_long_rows_are_counted() {
        let mut lines = Lines::default();
        let told = [2, 3, 5, 6, 9];
        for line in told {
            lines.push(line);
        }
        assert_eq!(lines.jumps.len(), 3);
        assert!((0..5).all(|row| lines.of(row) == told[row]));
        let some = lines.select(&[1, 2, 4]);
        assert_eq!([some.of(0), some.of(1), some.of(2)], [3, 5, 9]);
    }
}
