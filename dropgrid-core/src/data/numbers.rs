//! A column of numbers in double precision.

use std::sync::Arc;

/// Rows of a block.
const BLOCK: usize = 512;

/// The cells of a column in blocks of rows, shared and never changed. A cell without a value is NaN.
///
/// Whoever takes the blocks one after the other can free each of them, so that a table and what is made of it are never
/// both whole in memory. A block of decimal numbers of few digits takes a quarter or half of the memory of doubles.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    blocks: Vec<Block>,
    open: Vec<f64>,
    rows: usize,
}

/// Numbers as they are, or as whole numbers that are divided by a power of ten, of which this is the exponent. The
/// least whole number is NaN.
#[derive(Debug, Clone)]
enum Block {
    Short(usize, Arc<[i16]>),
    Long(usize, Arc<[i32]>),
    Double(Arc<[f64]>),
}

/// Powers of ten, all of them exact.
const POWERS: [f64; 10] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

impl Block {
    fn of(values: &[f64]) -> Self {
        let (mut exponent, mut most) = (0, 0);
        for &value in values.iter().filter(|value| !value.is_nan()) {
            match (exponent..POWERS.len()).find(|&exponent| whole(value, exponent).is_some()) {
                Some(least) => exponent = least,
                None => return Self::Double(values.into()),
            }
        }
        for &value in values.iter().filter(|value| !value.is_nan()) {
            match whole(value, exponent) {
                Some(whole) => most = most.max(whole.unsigned_abs()),
                None => return Self::Double(values.into()),
            }
        }
        let wholes = values.iter().map(|&value| whole(value, exponent));
        if most <= i16::MAX.unsigned_abs().into() {
            Self::Short(exponent, wholes.map(|whole| whole.map_or(i16::MIN, |whole| whole as i16)).collect())
        } else {
            Self::Long(exponent, wholes.map(|whole| whole.unwrap_or(i32::MIN)).collect())
        }
    }

    fn get(&self, at: usize) -> f64 {
        match self {
            Self::Short(_, wholes) if wholes[at] == i16::MIN => f64::NAN,
            Self::Short(exponent, wholes) => f64::from(wholes[at]) / POWERS[*exponent],
            Self::Long(_, wholes) if wholes[at] == i32::MIN => f64::NAN,
            Self::Long(exponent, wholes) => f64::from(wholes[at]) / POWERS[*exponent],
            Self::Double(values) => values[at],
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Short(_, wholes) => wholes.len(),
            Self::Long(_, wholes) => wholes.len(),
            Self::Double(values) => values.len(),
        }
    }
}

/// The whole number that gives `value` when divided by that power of ten, to the last bit; `None` where there is none,
/// and for NaN.
fn whole(value: f64, exponent: usize) -> Option<i32> {
    let scaled = value * POWERS[exponent];
    // Truncated and saturated by the cast; what is not equal then is refused.
    let whole = (scaled + 0.5_f64.copysign(scaled)) as i32;
    (f64::from(whole) / POWERS[exponent] == value && whole != i32::MIN).then_some(whole)
}

impl Numbers {
    pub(super) fn push(&mut self, value: f64) {
        self.open.push(value);
        self.rows += 1;
        if self.open.len() == BLOCK {
            self.blocks.push(Block::of(&self.open));
            self.open.clear();
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// # Panics
    /// Where `row` is not below [`len`](Self::len).
    pub(super) fn get(&self, row: usize) -> f64 {
        self.blocks.get(row / BLOCK).map_or_else(|| self.open[row % BLOCK], |block| block.get(row % BLOCK))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = f64> + '_ {
        let blocks = self.blocks.iter().flat_map(|block| (0..block.len()).map(|at| block.get(at)));
        blocks.chain(self.open.iter().copied())
    }

    /// Hands the rows of `columns` of the same length to `take`, one row after the other, and frees the cells on the
    /// way.
    pub(super) fn drain_rows(columns: Vec<Self>, mut take: impl FnMut(&[f64])) {
        let rows = columns.first().map_or(0, Self::len);
        let mut row = vec![0.0; columns.len()];
        let mut blocks: Vec<_> = columns
            .into_iter()
            .map(|column| {
                let rest = (!column.open.is_empty()).then(|| Block::of(&column.open));
                column.blocks.into_iter().chain(rest)
            })
            .collect();
        let mut cells: Vec<Block> = Vec::new();
        for index in 0..rows {
            if index % BLOCK == 0 {
                cells.clear();
                cells.extend(blocks.iter_mut().filter_map(Iterator::next));
            }
            for (value, block) in row.iter_mut().zip(&cells) {
                *value = block.get(index % BLOCK);
            }
            take(&row);
        }
    }
}

impl FromIterator<f64> for Numbers {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut numbers = Self::default();
        for value in values {
            numbers.push(value);
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_give_back_what_they_were_given() {
        let of = |row: i32| match row {
            0..1000 => f64::from(row),
            1000..2000 => f64::from(row % 600) / 100.0,
            2000..3000 if row % 7 == 0 => f64::NAN,
            2000..3000 => (i64::from(row) * 1_000_003 % 2_000_000_011) as f64 / 1e8,
            3000..4000 => f64::from(row).sqrt(),
            4000..5000 => f64::from(row) * 1e9,
            _ => 1.5,
        };
        let values: Vec<f64> = (0..5500).map(of).collect();
        let numbers: Numbers = values.iter().copied().collect();
        assert_eq!(numbers.len(), values.len());
        let bits = |values: &mut dyn Iterator<Item = f64>| values.map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(&mut numbers.iter()), bits(&mut values.iter().copied()));
        assert_eq!(bits(&mut (0..5500).map(|row| numbers.get(row))), bits(&mut values.iter().copied()));
        let mut rows = Vec::new();
        Numbers::drain_rows(vec![numbers.clone(), numbers.clone()], |row| rows.push([row[0], row[1]]));
        assert_eq!(bits(&mut rows.iter().map(|row| row[1])), bits(&mut values.iter().copied()));
        let kind = |block: &Block| match block {
            Block::Short(exponent, _) => *exponent,
            Block::Long(exponent, _) => 10 + exponent,
            Block::Double(_) => 20,
        };
        let kinds: Vec<usize> = numbers.blocks.iter().map(kind).collect();
        assert_eq!((kinds[0], kinds[2], kinds[4], kinds[6], kinds[8]), (0, 2, 18, 20, 20));
    }

    #[test]
    fn a_whole_number_gives_its_decimal_back_to_the_last_bit() {
        for (value, exponent, expected) in [
            (0.07, 2, Some(7)),
            (-0.07, 2, Some(-7)),
            (0.1 + 0.2, 9, None),
            (0.3, 1, Some(3)),
            (2_147_483_647.0, 0, Some(i32::MAX)),
            (-2_147_483_648.0, 0, None),
            (2_147_483_648.0, 0, None),
            (1e300, 9, None),
            (f64::INFINITY, 0, None),
            (f64::NAN, 0, None),
            (5e-324, 9, None),
        ] {
            assert_eq!(whole(value, exponent), expected, "{value}");
        }
    }
}
