//! Triangular matrices: the factor of a covariance matrix, and its inverse.

use std::ops::Range;

use dropgrid_kernel::multiversion;

/// The rows that are added at once.
const BLOCK: usize = 8;

/// The rows of an inner product each that are read side by side.
const ROWS: usize = 4;

/// A triangular matrix by rows, in a square with room for more rows. The other triangle is 0.
#[derive(Debug, Clone, Default)]
pub(super) struct Square {
    room: usize,
    values: Vec<f64>,
}

impl Square {
    /// A matrix of zeros, of so many rows at most.
    pub(super) fn new(room: usize) -> Self {
        Self { room, values: vec![0.0; room * room] }
    }

    /// Some of the numbers of a row.
    pub(super) fn row(&self, row: usize, columns: Range<usize>) -> &[f64] {
        &self.values[row * self.room..][columns]
    }

    pub(super) fn row_mut(&mut self, row: usize, columns: Range<usize>) -> &mut [f64] {
        &mut self.values[row * self.room..][columns]
    }

    /// All numbers, and the numbers from one row to the next.
    pub(super) fn parts(&self) -> (&[f64], usize) {
        (&self.values, self.room)
    }

    /// Replaces the upper triangle of the first rows of a symmetric matrix by its Cholesky factor U, A = U' U. Returns
    /// false where the matrix is not positive definite.
    pub(super) fn factor(&mut self, len: usize) -> bool {
        factor(&mut self.values, self.room, len)
    }

    /// The logarithm of the determinant of U' U.
    pub(super) fn log_determinant(&self, len: usize) -> f64 {
        (0..len).map(|at| 2.0 * libm::log(self.values[at * self.room + at])).sum()
    }

    /// Computes these rows of the inverse of U', of which the rows before them are known.
    pub(super) fn inverse_rows(&mut self, factor: &Self, rows: Range<usize>) {
        inverse_rows(&mut self.values, self.room, &factor.values, factor.room, rows.start, rows.end);
    }

    /// L y of a lower triangle L.
    pub(super) fn times(&self, y: &[f64], out: &mut [f64]) {
        times(&self.values, self.room, y, out);
    }

    /// L' y of a lower triangle L.
    pub(super) fn transposed_times(&self, y: &[f64], out: &mut [f64]) {
        transposed_times(&self.values, self.room, y, out);
    }

    /// The numbers of a row of L' L from the diagonal on.
    pub(super) fn gram_row(&self, len: usize, row: usize, out: &mut [f64]) {
        gram_row(&self.values, self.room, len, row, out);
    }
}

multiversion! {
    fn factor(values: &mut [f64], room: usize, len: usize) -> bool {
        for i in 0..len {
            let (above, below) = values.split_at_mut(i * room);
            let (above, row) = (&*above, &mut below[i..len]);
            add_rows(row, (above, room), 0..i, i, |_| len - i, |r| -above[r * room + i]);
            if row[0].is_nan() || row[0] <= 0.0 {
                return false;
            }
            let root = row[0].sqrt();
            row[0] = root;
            row[1..].iter_mut().for_each(|value| *value /= root);
        }
        true
    }
}

multiversion! {
    fn inverse_rows(values: &mut [f64], room: usize, factor: &[f64], factor_room: usize, from: usize, to: usize) {
        for i in from..to {
            let (above, below) = values.split_at_mut(i * room);
            let (above, row) = (&*above, &mut below[..=i]);
            row.fill(0.0);
            add_rows(&mut row[..i], (above, room), 0..i, 0, |end| end, |r| -factor[r * factor_room + i]);
            row[i] = 1.0;
            let root = factor[i * factor_room + i];
            for value in row.iter_mut() {
                *value /= root;
            }
        }
    }
}

multiversion! {
    fn times(values: &[f64], room: usize, y: &[f64], out: &mut [f64]) {
        let mut first = 0;
        for out in out.chunks_mut(ROWS) {
            if let Ok(out) = <&mut [f64; ROWS]>::try_from(&mut *out) {
                *out = dots(std::array::from_fn(|at| &values[(first + at) * room..][..=first + at]), y);
            } else {
                for (i, out) in (first..).zip(out) {
                    *out = dot(&values[i * room..][..=i], &y[..=i]);
                }
            }
            first += ROWS;
        }
    }
}

multiversion! {
    fn transposed_times(values: &[f64], room: usize, y: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        add_rows(out, (values, room), 0..y.len(), 0, |end| end, |r| y[r]);
    }
}

multiversion! {
    fn gram_row(values: &[f64], room: usize, len: usize, row: usize, out: &mut [f64]) {
        out.fill(0.0);
        add_rows(out, (values, room), row..len, row, |end| end - row, |r| values[r * room + row]);
    }
}

/// Adds multiples of rows, from a first column on, the first row first. `width` says how many columns there are of the
/// rows before a number.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
#[allow(clippy::many_single_char_names, reason = "eight rows, of which each is as the others")]
fn add_rows(
    sum: &mut [f64],
    (values, room): (&[f64], usize),
    rows: Range<usize>,
    first: usize,
    width: impl Fn(usize) -> usize,
    factor: impl Fn(usize) -> f64,
) {
    let mut from = rows.start;
    while from + BLOCK <= rows.end {
        let width = width(from + BLOCK);
        let row = |at: usize| &values[(from + at) * room + first..][..width];
        let [a, b, c, d, e, f, g, h] = [0, 1, 2, 3, 4, 5, 6, 7].map(row);
        let by = [0, 1, 2, 3, 4, 5, 6, 7].map(|at| factor(from + at));
        for (at, sum) in sum[..width].iter_mut().enumerate() {
            let four = *sum + by[0] * a[at] + by[1] * b[at] + by[2] * c[at] + by[3] * d[at];
            *sum = four + by[4] * e[at] + by[5] * f[at] + by[6] * g[at] + by[7] * h[at];
        }
        from += BLOCK;
    }
    for at in from..rows.end {
        let (row, by) = (&values[at * room + first..][..width(at + 1)], factor(at));
        sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += by * value);
    }
}

/// The inner product, of eight sums, so that it has the same bits for every width of vectors.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a_parts, b_parts) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a_parts.remainder().iter().zip(b_parts.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a_parts.zip(b_parts) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    sums.iter().sum::<f64>() + rest
}

/// The inner products of rows with the first numbers of `y`, as many as each row has: the same bits as by [`dot`],
/// whose sums of one row would wait for each other. The first row is the shortest.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn dots(rows: [&[f64]; ROWS], y: &[f64]) -> [f64; ROWS] {
    let common = rows[0].len() / 8 * 8;
    let mut sums = [[0.0; 8]; ROWS];
    for (at, y) in (0..common).step_by(8).zip(y.chunks_exact(8)) {
        for (sums, row) in sums.iter_mut().zip(rows) {
            sums.iter_mut().zip(row[at..at + 8].iter().zip(y)).for_each(|(sum, (a, b))| *sum += a * b);
        }
    }
    let mut out = [0.0; ROWS];
    for ((out, sums), row) in out.iter_mut().zip(&mut sums).zip(rows) {
        let (mut row, mut y) = (&row[common..], &y[common..]);
        while row.len() >= 8 {
            sums.iter_mut().zip(row.iter().zip(y)).for_each(|(sum, (a, b))| *sum += a * b);
            (row, y) = (&row[8..], &y[8..]);
        }
        let rest: f64 = row.iter().zip(y).map(|(a, b)| a * b).sum();
        *out = sums.iter().sum::<f64>() + rest;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_side_by_side_have_the_bits_of_each_alone() {
        let y: Vec<f64> = (0..45).map(|at| f64::from(at * 29 % 31) / 7.0 - 2.0).collect();
        let values: Vec<f64> = (0..45 * 50).map(|at| f64::from(at * 37 % 101) / 13.0 - 3.0).collect();
        for len in 0..45 {
            let mut out = vec![0.0; len];
            times(&values, 50, &y[..len], &mut out);
            let alone: Vec<f64> = (0..len).map(|i| dot(&values[i * 50..][..=i], &y[..=i])).collect();
            assert_eq!(out, alone);
        }
    }

    /// A matrix with this upper triangle.
    fn square(room: usize, rows: &[Vec<f64>]) -> Square {
        let mut square = Square::new(room);
        for (i, row) in rows.iter().enumerate() {
            square.row_mut(i, i..rows.len()).copy_from_slice(row);
        }
        square
    }

    #[test]
    fn a_matrix_comes_back_from_its_factor() {
        let n = 37;
        let element = |i: usize, j: usize| f64::from(u8::from(i == j)) + 1.0 / (1.0 + i.abs_diff(j) as f64);
        let rows: Vec<Vec<f64>> = (0..n).map(|i| (i..n).map(|j| element(i, j)).collect()).collect();
        let mut factor = square(n + 3, &rows);
        assert!(factor.factor(n));
        let mut inverse = Square::new(n + 1);
        // All at once, or some rows later.
        inverse.inverse_rows(&factor, 0..30);
        inverse.inverse_rows(&factor, 30..n);
        let mut of_both = vec![0.0; n * n];
        for i in 0..n {
            let mut row = vec![0.0; n - i];
            inverse.gram_row(n, i, &mut row);
            for (j, value) in (i..n).zip(row) {
                (of_both[i * n + j], of_both[j * n + i]) = (value, value);
            }
        }
        for i in 0..n {
            for j in 0..n {
                let unit: f64 = (0..n).map(|k| element(i, k) * of_both[k * n + j]).sum();
                assert!((unit - f64::from(u8::from(i == j))).abs() < 1e-12, "{i}, {j}: {unit}");
            }
        }
        let y: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let (mut white, mut solution) = (vec![0.0; n], vec![0.0; n]);
        inverse.times(&y, &mut white);
        inverse.transposed_times(&white, &mut solution);
        for (i, y) in y.iter().enumerate() {
            let back: f64 = (0..n).map(|k| element(i, k) * solution[k]).sum();
            assert!((back - y).abs() < 1e-10);
        }
        // det [2 1; 1 2] = 3.
        let mut small = square(2, &[vec![2.0, 1.0], vec![2.0]]);
        assert!(small.factor(2) && (small.log_determinant(2) - 3.0_f64.ln()).abs() < 1e-15);
        assert!(!square(2, &[vec![1.0, 2.0], vec![1.0]]).factor(2));
        assert!(!square(1, &[vec![f64::NAN]]).factor(1));
    }
}
