//! Sets of rows, a bit a row.

use std::iter::FusedIterator;

const WORD: usize = u64::BITS as usize;

/// Several sets of the same rows: for each set one bit a row, in as many words as hold them.
#[derive(Debug)]
pub(crate) struct Marks {
    rows: usize,
    words: Vec<u64>,
}

impl Marks {
    /// `sets` empty sets of rows below `rows`.
    pub(crate) fn none(rows: usize, sets: usize) -> Self {
        Self { rows, words: vec![0; sets * rows.div_ceil(WORD)] }
    }

    /// `sets` sets of which each row is in one: the one that `set_of` gives at its place.
    pub(crate) fn of(rows: usize, sets: usize, set_of: impl Iterator<Item = u32>) -> Self {
        let mut marks = Self::none(rows, sets);
        for (row, set) in set_of.enumerate() {
            marks.insert(set as usize, row);
        }
        marks
    }

    /// One set: the rows whose code `keep` accepts.
    pub(crate) fn select(codes: &[u32], keep: impl Fn(u32) -> bool) -> Self {
        let word = |codes: &[u32]| (0..).zip(codes).fold(0, |word, (bit, &code)| word | u64::from(keep(code)) << bit);
        Self { rows: codes.len(), words: codes.chunks(WORD).map(word).collect() }
    }

    /// Puts `row` into `set`.
    pub(crate) fn insert(&mut self, set: usize, row: usize) {
        self.words[set * self.rows.div_ceil(WORD) + row / WORD] |= 1 << (row % WORD);
    }

    /// Puts the rows of `of`'s set `other` into `set`; both are sets of the same rows.
    pub(crate) fn unite(&mut self, set: usize, of: &Self, other: usize) {
        let words = self.rows.div_ceil(WORD);
        for (word, more) in self.words[set * words..][..words].iter_mut().zip(of.words(other)) {
            *word |= more;
        }
    }

    /// The rows in `set`, or where `inside` is false those that are not, ascending.
    pub(super) fn iter(&self, set: usize, inside: bool) -> MarkedRows<'_> {
        let words = self.words(set);
        let marked = words.iter().map(|word| word.count_ones() as usize).sum();
        let (flip, left) = if inside { (0, marked) } else { (u64::MAX, self.rows - marked) };
        MarkedRows { words, flip, first: 0, word: 0, left }
    }

    /// The rows in `set`, or outside it, as a list.
    pub(super) fn to_vec(&self, set: usize, inside: bool) -> Vec<usize> {
        let MarkedRows { words, flip, left, .. } = self.iter(set, inside);
        let mut rows = vec![0; left + SLACK];
        decode(words, flip, 0, &mut rows);
        rows.truncate(left);
        rows
    }

    fn words(&self, set: usize) -> &[u64] {
        let words = self.rows.div_ceil(WORD);
        &self.words[set * words..][..words]
    }
}

/// The rows of a set, or those outside it, ascending.
#[derive(Debug, Clone)]
pub(super) struct MarkedRows<'a> {
    /// The words that are still to be read.
    words: &'a [u64],
    /// All ones where the rows outside the set are read.
    flip: u64,
    /// The row of the next word's first bit.
    first: usize,
    /// The bits of the current word that are still to be read.
    word: u64,
    /// The number of rows that are left. The iteration ends by it, since the bits of the last word beyond the rows are
    /// outside every set.
    left: usize,
}

/// Words that [`fold`](Iterator::fold) decodes at a time.
const BLOCK: usize = 8;

impl MarkedRows<'_> {
    /// The rows of the current word.
    fn current(&mut self) -> impl Iterator<Item = usize> {
        let rows = (self.word.count_ones() as usize).min(self.left);
        self.take(rows)
    }
}

impl Iterator for MarkedRows<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.left == 0 {
            return None;
        }
        while self.word == 0 {
            let (&word, rest) = self.words.split_first()?;
            (self.words, self.word) = (rest, word ^ self.flip);
            self.first += WORD;
        }
        let bit = self.word.trailing_zeros() as usize;
        self.word &= self.word - 1;
        self.left -= 1;
        Some(self.first - WORD + bit)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }

    fn fold<B, F: FnMut(B, usize) -> B>(mut self, init: B, mut f: F) -> B {
        let mut folded = self.current().fold(init, &mut f);
        let mut rows = [0; BLOCK * WORD + 8];
        for words in self.words.chunks(BLOCK) {
            let found = decode(words, self.flip, self.first, &mut rows).min(self.left);
            self.first += words.len() * WORD;
            self.left -= found;
            folded = rows[..found].iter().fold(folded, |folded, &row| f(folded, row));
        }
        folded
    }
}

impl FusedIterator for MarkedRows<'_> {}

/// The most numbers that [`decode`] writes beyond the rows: for the bits of the last word that are no rows, and for the
/// rest of a byte.
const SLACK: usize = WORD + 8;

/// The places of the ones in each byte; the numbers after them have no meaning.
static PLACES: [[u8; 8]; 256] = {
    let mut table = [[0; 8]; 256];
    let mut byte = 0;
    while byte < table.len() {
        let (mut bit, mut ones) = (0, 0);
        while bit < 8 {
            if byte >> bit & 1 == 1 {
                table[byte][ones] = bit;
                ones += 1;
            }
            bit += 1;
        }
        byte += 1;
    }
    table
};

/// Writes the rows of `words`, the first of which starts at row `first`, and gives their number.
///
/// Each byte writes eight places and moves on by its ones, so that no branch depends on the bits.
fn decode(words: &[u64], flip: u64, mut first: usize, rows: &mut [usize]) -> usize {
    let mut found = 0;
    for word in words {
        for byte in (word ^ flip).to_le_bytes() {
            for (row, &place) in rows[found..found + 8].iter_mut().zip(&PLACES[usize::from(byte)]) {
                *row = first + usize::from(place);
            }
            found += byte.count_ones() as usize;
            first += 8;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_reading_gives_the_rows() {
        for rows in [1, 7, 63, 64, 65, 128, 511, 512, 513, 1000] {
            let set_of = |row: usize| (row * row / 3 % 5) as u32;
            let codes: Vec<u32> = (0..rows).map(set_of).collect();
            let marks = Marks::of(rows, 5, codes.iter().copied());
            for set in 0..5 {
                for inside in [true, false] {
                    let expected: Vec<usize> = (0..rows).filter(|&row| (set_of(row) == set) == inside).collect();
                    let read = || marks.iter(set as usize, inside);
                    assert_eq!(read().size_hint().0, expected.len());
                    assert_eq!(marks.to_vec(set as usize, inside), expected);
                    for begun in 0..expected.len().min(70) {
                        let after = || {
                            let mut rest = read();
                            assert!(rest.by_ref().take(begun).eq(expected[..begun].iter().copied()));
                            rest
                        };
                        let mut one_by_one = Vec::new();
                        for row in after() {
                            one_by_one.push(row);
                        }
                        assert_eq!(one_by_one, expected[begun..]);
                        let mut folded = Vec::new();
                        after().for_each(|row| folded.push(row));
                        assert_eq!(folded, expected[begun..]);
                    }
                }
                let selected = Marks::select(&codes, |code| code == set);
                assert!(selected.iter(0, true).eq(marks.iter(set as usize, true)));
            }
        }
    }

    #[test]
    fn united() {
        let marks = Marks::of(100, 3, (0..100).map(|row| row % 3));
        let mut both = Marks::none(100, 2);
        both.unite(1, &marks, 0);
        both.unite(1, &marks, 2);
        assert!(both.iter(1, false).eq(marks.iter(1, true)));
        assert_eq!(both.iter(0, true).next(), None);
    }
}
