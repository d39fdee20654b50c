//! Columns in double precision as single-precision distances from an origin.
//!
//! Networks compute in single precision, which has 24 binary digits: 1,700,000,060 seconds are 1,700,000,000 there. A
//! column that lies far from zero keeps its digits where a number near its cells, the origin, is subtracted first.

/// The ratio of a column's largest magnitude to its range from which on an origin is subtracted: the rounding to single
/// precision, 2^-24 of the magnitude, is then 2^-20 of the range, about a millionth.
const FAR: f64 = 16.0;

/// Codes cells in double precision as inputs of networks, once it has seen all columns.
pub(in crate::data) struct Coder {
    /// The origin of each column so far.
    origins: Vec<f64>,
    merged: Vec<Merged>,
    table: Table,
}

/// A column whose distinct cells are not distinct in single precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Merged {
    pub(crate) column: usize,
    /// Distinct cells.
    pub(crate) cells: usize,
    /// Distinct numbers that they became.
    pub(crate) numbers: usize,
}

impl Coder {
    /// A coder that has not seen a column, for columns of `rows` cells.
    pub(in crate::data) fn new(rows: usize) -> Self {
        Self { origins: Vec::new(), merged: Vec::new(), table: Table::new(rows) }
    }

    /// Chooses the origin of the next column, whose cells are within single precision, or NaN where they are missing.
    pub(in crate::data) fn see(&mut self, cells: &[f64]) {
        let present: Vec<f64>;
        let cells = if cells.iter().any(|cell| cell.is_nan()) {
            present = cells.iter().copied().filter(|cell| !cell.is_nan()).collect();
            &present
        } else {
            cells
        };
        let (origin, fault) = origin(cells, &mut self.table);
        let column = self.origins.len();
        self.merged.extend(fault.map(|(cells, numbers)| Merged { column, cells, numbers }));
        self.origins.push(origin);
    }

    /// The input for a cell of a column that was seen.
    pub(in crate::data) fn input(&self, column: usize, cell: f64) -> f32 {
        (cell - self.origins[column]) as f32
    }

    /// The origin of each column, none where all are 0, and the columns in which distinct cells became the same number.
    pub(in crate::data) fn finish(self) -> (Option<Vec<f64>>, Vec<Merged>) {
        let is_any = self.origins.iter().any(|&origin| origin != 0.0);
        (is_any.then_some(self.origins), self.merged)
    }
}

/// The origin of a column. Where distinct cells become the same number all the same, and more of them than chance makes
/// of rounded measurements, returns the numbers of distinct cells and of distinct numbers, too.
///
/// The origin is 0 where single precision holds every cell, and where the column does not lie far from zero. Else it is
/// the lower median, a cell that no outlier moves.
fn origin(cells: &[f64], table: &mut Table) -> (f64, Option<(usize, usize)>) {
    if cells.iter().all(|&cell| f64::from(cell as f32) == cell) {
        return (0.0, None);
    }
    let [low, high] =
        cells.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], cell| [low.min(*cell), high.max(*cell)]);
    let is_far = low.abs().max(high.abs()) >= FAR * (high - low);
    let origin = if is_far { median(cells) } else { 0.0 };
    let found = table.merged(cells, origin);
    match found {
        // An outlier can make a range that is large enough, while all other cells lie far from zero.
        Some((_, numbers)) if !is_far => {
            let origin = median(cells);
            let again = table.merged(cells, origin);
            let is_better = again.is_none_or(|(_, more)| more > numbers);
            if is_better { (origin, again) } else { (0.0, found) }
        }
        _ => (origin, found),
    }
}

/// The lower median.
fn median(cells: &[f64]) -> f64 {
    let mut cells = cells.to_vec();
    let middle = (cells.len() - 1) / 2;
    // A zero has no sign here, so that rows in another order have the same origin.
    *cells.select_nth_unstable_by(middle, f64::total_cmp).1 + 0.0
}

/// A hash table of cells by the single-precision numbers that they become.
struct Table {
    /// The bits of cells; `EMPTY` where there is none.
    slots: Vec<u64>,
}

/// The bits of a NaN, which no cell is.
const EMPTY: u64 = u64::MAX;

impl Table {
    /// A table for columns of `rows` cells.
    fn new(rows: usize) -> Self {
        Self { slots: vec![EMPTY; (2 * rows.max(1)).next_power_of_two()] }
    }

    /// The numbers of distinct cells and of distinct numbers `cell - origin` in single precision, where they differ by
    /// more than chance makes.
    ///
    /// Of whole numbers none may be lost. Of measurements with all the digits of double precision, some always round to
    /// the same number: of `n` that are spread over `k` numbers, about `n / 2k` in `n`. One in a hundred is allowed,
    /// and `n / 2^21` more.
    fn merged(&mut self, cells: &[f64], origin: f64) -> Option<(usize, usize)> {
        if !self.has_equal(cells, origin) {
            return None;
        }
        let mut sorted: Vec<f64> = cells.iter().map(|cell| cell + 0.0).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted.dedup();
        let mut numbers: Vec<f32> = sorted.iter().map(|cell| (cell - origin) as f32 + 0.0).collect();
        numbers.dedup();
        let (distinct, left) = (sorted.len(), numbers.len());
        let is_whole = cells.iter().all(|cell| cell.fract() == 0.0);
        let share = if is_whole { 0.0 } else { 0.01 + distinct as f64 / f64::from(1 << 21) };
        ((distinct - left) as f64 > share * distinct as f64).then_some((distinct, left))
    }

    /// True where two distinct cells become the same number.
    fn has_equal(&mut self, cells: &[f64], origin: f64) -> bool {
        let number = |cell: f64| (cell - origin) as f32 + 0.0;
        self.slots.fill(EMPTY);
        let mask = self.slots.len() - 1;
        for &cell in cells {
            let (cell, own) = (cell + 0.0, number(cell));
            // Multiplicative hashing (Knuth, The Art of Computer Programming, volume 3, section 6.4).
            let mut at = (u64::from(own.to_bits()).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & mask;
            loop {
                let known = f64::from_bits(self.slots[at]);
                if self.slots[at] == EMPTY {
                    self.slots[at] = cell.to_bits();
                    break;
                }
                if number(known) == own {
                    if known.to_bits() != cell.to_bits() {
                        return true;
                    }
                    break;
                }
                at = (at + 1) & mask;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[f64]) -> (f64, Option<(usize, usize)>) {
        origin(cells, &mut Table::new(cells.len()))
    }

    #[test]
    fn a_column_far_from_zero_keeps_its_digits() {
        let seconds: Vec<f64> = (0..200).map(|at| 1.7e9 + f64::from(at * 60)).collect();
        assert_eq!(column(&seconds), (seconds[99], None));
        let mut coder = Coder::new(200);
        coder.see(&seconds);
        assert!(seconds.iter().all(|&cell| seconds[99] + f64::from(coder.input(0, cell)) == cell));
        let mut turned = seconds.clone();
        turned.reverse();
        assert_eq!(column(&turned), (seconds[99], None), "the order of rows does not matter");
        // One cell that is missing, written as 0, is no reason to lose all others.
        turned[7] = 0.0;
        assert_eq!(column(&turned), (1.7e9 + 98.0 * 60.0, None));
        assert_eq!(column(&[16_777_217.0, 16_777_216.0]), (16_777_216.0, None));
        assert_eq!(column(&[1013.2; 3]).0, 1013.2, "a constant keeps its digits, too");
    }

    #[test]
    fn an_ordinary_column_is_rounded_and_nothing_else() {
        for cells in [[0.1, -2.5, 7.3], [11.03, 14.83, 13.2], [2000.0, 2001.0, 2002.0], [1e-30, 1.0, 3e38]] {
            assert_eq!(column(&cells), (0.0, None), "{cells:?}");
            let mut coder = Coder::new(3);
            coder.see(&cells);
            assert_eq!(cells.map(|cell| coder.input(0, cell)), cells.map(|cell| cell as f32));
            assert_eq!(coder.finish(), (None, Vec::new()));
        }
        // Measurements of 17 digits: about a dozen of 20,000 round to the same number as another, and nobody need know.
        let mut state = 1_u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let measured: Vec<f64> = (0..20_000).map(|_| draw()).collect();
        assert!(Table::new(measured.len()).has_equal(&measured, 0.0));
        assert_eq!(column(&measured), (0.0, None));
    }

    #[test]
    fn cells_that_are_lost_are_counted() {
        assert_eq!(column(&[1e-300, 2e-46, 1e-300]), (0.0, Some((2, 1))));
        let two_clusters: Vec<f64> = (0..100).map(|at| f64::from(at % 2) * 1.7e12 + f64::from(at)).collect();
        let (_, found) = column(&two_clusters);
        assert_eq!(found, Some((100, 51)), "the origin serves one cluster alone");
        let mut coder = Coder::new(2);
        coder.see(&[1.0, 2.0]);
        coder.see(&[1e-300, 2e-46]);
        assert_eq!(coder.finish().1, [Merged { column: 1, cells: 2, numbers: 1 }]);
    }
}
