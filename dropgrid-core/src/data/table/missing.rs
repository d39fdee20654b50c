//! The texts of missing cells in a column of numbers.

/// The texts that the missing cells of a column of numbers have in the file: of all cells where they are the same text,
/// and of the first ones where they are not.
#[derive(Debug, Clone, Default)]
pub(in crate::data) struct MissingTexts {
    first: Vec<(usize, Box<str>)>,
    /// True where two cells have different texts.
    is_mixed: bool,
}

impl MissingTexts {
    /// Adds the missing cell of a row, from 0, behind those that were added.
    pub(in crate::data) fn push(&mut self, row: usize, text: &str) {
        const KEPT: usize = 16;
        self.is_mixed |= self.first.first().is_some_and(|(_, first)| **first != *text);
        if self.first.len() < KEPT {
            self.first.push((row, text.into()));
        }
    }

    /// The text of the missing cell in a row; nothing where it is not known.
    pub(super) fn of(&self, row: usize) -> &str {
        let known = if self.is_mixed { self.first.iter().find(|(of, _)| *of == row) } else { self.first.first() };
        known.map_or("", |(_, text)| text)
    }
}
