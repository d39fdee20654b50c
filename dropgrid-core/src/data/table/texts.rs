//! A column of texts.

use std::collections::HashMap;

/// The cells of a column as texts, each distinct one kept once.
#[derive(Debug, Clone, Default)]
pub(in crate::data) struct Texts {
    /// The place of each row's text in `distinct`.
    codes: Vec<u32>,
    distinct: Vec<DistinctText>,
    places: HashMap<Box<str>, u32>,
}

/// A text, and how many rows have it.
#[derive(Debug, Clone)]
pub(in crate::data) struct DistinctText {
    pub(in crate::data) text: Box<str>,
    /// True of a text that says that the value is missing.
    pub(in crate::data) is_missing: bool,
    pub(in crate::data) rows: usize,
}

impl Texts {
    /// # Panics
    /// Where the column would have more than 2^32 distinct texts.
    pub(in crate::data) fn push(&mut self, text: &str, is_missing: bool) {
        let place = self.places.get(text).copied().unwrap_or_else(|| {
            let place = u32::try_from(self.distinct.len()).expect("a column has at most 2^32 distinct texts");
            self.distinct.push(DistinctText { text: text.into(), is_missing, rows: 0 });
            self.places.insert(text.into(), place);
            place
        });
        self.distinct[place as usize].rows += 1;
        self.codes.push(place);
    }

    pub(super) fn len(&self) -> usize {
        self.codes.len()
    }

    /// # Panics
    /// Where `row` is not below [`len`](Self::len).
    pub(super) fn get(&self, row: usize) -> &DistinctText {
        &self.distinct[self.codes[row] as usize]
    }

    /// Each distinct text, in the order in which they come.
    pub(super) fn distinct(&self) -> &[DistinctText] {
        &self.distinct
    }

    /// For each row the place of its text in [`distinct`](Self::distinct).
    pub(super) fn codes(&self) -> impl Iterator<Item = usize> + '_ {
        self.codes.iter().map(|&code| code as usize)
    }
}
