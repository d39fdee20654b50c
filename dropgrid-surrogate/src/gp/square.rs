//! Triangular matrices: the factor of a covariance matrix, and its inverse.

use std::ops::Range;

use dropgrid_kernel::multiversion;

/// The numbers that are computed side by side, and the rows of a tile.
pub(super) const LANES: usize = 8;
const ROWS: usize = 4;

/// A triangular matrix by rows. Its rows and columns are followed by those of a unit matrix, up to a multiple of
/// [`LANES`], so that no loop has a remainder.
#[derive(Debug, Clone, Default)]
pub(super) struct Square {
    len: usize,
    /// The numbers from one row to the next: room for a tile behind the last column, and an odd multiple of [`LANES`],
    /// since the caches hold few lines whose distance is a large power of two.
    stride: usize,
    values: Vec<f64>,
}

impl Square {
    /// A matrix of zeros, of so many rows.
    pub(super) fn new(len: usize) -> Self {
        let tiles = len.div_ceil(LANES) + 1;
        let stride = (tiles + usize::from(tiles.is_multiple_of(2))) * LANES;
        Self { len, stride, values: vec![0.0; len.next_multiple_of(LANES) * stride] }
    }

    /// Some of the numbers of a row.
    pub(super) fn row(&self, row: usize, columns: Range<usize>) -> &[f64] {
        &self.values[row * self.stride..][columns]
    }

    pub(super) fn row_mut(&mut self, row: usize, columns: Range<usize>) -> &mut [f64] {
        &mut self.values[row * self.stride..][columns]
    }

    /// All numbers, and the numbers from one row to the next.
    pub(super) fn parts(&self) -> (&[f64], usize) {
        (&self.values, self.stride)
    }

    /// Replaces the upper triangle of a symmetric matrix by its Cholesky factor U, A = U' U. Returns false where the
    /// matrix is not positive definite.
    pub(super) fn factor(&mut self) -> bool {
        for row in 0..self.values.len() / self.stride {
            let (len, behind) = (self.len, self.len.max(row)..self.stride);
            let behind = self.row_mut(row, behind);
            behind.fill(0.0);
            if row >= len {
                behind[0] = 1.0;
            }
        }
        factor(&mut self.values, self.stride)
    }

    /// The logarithm of the determinant of U' U.
    pub(super) fn log_determinant(&self) -> f64 {
        (0..self.len).map(|at| 2.0 * libm::log(self.values[at * self.stride + at])).sum()
    }

    /// Becomes the inverse of U', a lower triangle. The matrix was zero, or the inverse of one of the same size.
    pub(super) fn invert(&mut self, factor: &Self) {
        invert(&mut self.values, &factor.values, self.stride);
    }

    /// Becomes the upper triangle of L' L, of a lower triangle L.
    pub(super) fn gram(&mut self, lower: &Self) {
        gram(&mut self.values, &lower.values, self.stride);
    }

    /// L y and L' L y of the first rows of a lower triangle L. All have room for whole vectors; behind those rows `y` is
    /// 0.
    pub(super) fn apply(&self, len: usize, y: &[f64], once: &mut [f64], twice: &mut [f64]) {
        apply(&self.values, self.stride, len, y, once, twice);
    }
}

multiversion! {
    fn factor(values: &mut [f64], stride: usize) -> bool {
        let len = values.len() / stride;
        for first in (0..len).step_by(ROWS) {
            let (above, block) = values.split_at_mut(first * stride);
            for column in (first..len).step_by(LANES) {
                let products = products((above, first), (above, column), stride, 0..first);
                for (row, products) in block.chunks_mut(stride).zip(products) {
                    row[column..][..LANES].iter_mut().zip(products).for_each(|(value, product)| *value -= product);
                }
            }
            for at in 0..ROWS {
                let (before, row) = block.split_at_mut(at * stride);
                let row = &mut row[first + at..len];
                for before in before.chunks(stride) {
                    let before = &before[first + at..len];
                    let by = before[0];
                    row.iter_mut().zip(before).for_each(|(value, before)| *value -= by * before);
                }
                if row[0].is_nan() || row[0] <= 0.0 {
                    return false;
                }
                let root = row[0].sqrt();
                let scale = 1.0 / root;
                row[0] = root;
                for value in &mut row[1..] {
                    *value *= scale;
                }
            }
        }
        true
    }
}

multiversion! {
    fn invert(values: &mut [f64], factor: &[f64], stride: usize) {
        for first in (0..values.len() / stride).step_by(ROWS) {
            let (above, block) = values.split_at_mut(first * stride);
            for column in (0..first).step_by(LANES) {
                // The rows before a column have zeros there.
                let products = products((factor, first), (above, column), stride, column..first);
                for (row, products) in block.chunks_mut(stride).zip(products) {
                    row[column..][..LANES].iter_mut().zip(products).for_each(|(value, product)| *value = 0.0 - product);
                }
            }
            for at in 0..ROWS {
                let (before, row) = block.split_at_mut(at * stride);
                let row = &mut row[..=first + at];
                row[first..].fill(0.0);
                row[first + at] = 1.0;
                for (r, before) in (first..).zip(before.chunks(stride)) {
                    let by = factor[r * stride + first + at];
                    row[..=r].iter_mut().zip(before).for_each(|(value, before)| *value -= by * before);
                }
                let scale = 1.0 / factor[(first + at) * stride + first + at];
                for value in row {
                    *value *= scale;
                }
            }
        }
    }
}

multiversion! {
    fn gram(values: &mut [f64], lower: &[f64], stride: usize) {
        let len = values.len() / stride;
        for first in (0..len).step_by(ROWS) {
            let block = &mut values[first * stride..];
            for column in (first..len).step_by(LANES) {
                let products = products((lower, first), (lower, column), stride, column..len);
                for (row, products) in block.chunks_mut(stride).zip(products) {
                    row[column..][..LANES].copy_from_slice(&products);
                }
            }
        }
    }
}

multiversion! {
    #[allow(clippy::many_single_char_names, reason = "eight rows, of which each is as the others")]
    fn apply(values: &[f64], stride: usize, len: usize, y: &[f64], once: &mut [f64], twice: &mut [f64]) {
        twice.fill(0.0);
        for first in (0..len).step_by(LANES) {
            // The numbers behind the diagonal are 0.
            let width = first + LANES;
            let row = |at: usize| &values[(first + at) * stride..][..width];
            let rows = [0, 1, 2, 3, 4, 5, 6, 7].map(row);
            let [a, b, c, d, e, f, g, h] = rows;
            let (upper, lower) = (dots([a, b, c, d], y), dots([e, f, g, h], y));
            let all = upper.iter().chain(&lower);
            once[first..width].iter_mut().zip(all).for_each(|(once, sum)| *once = *sum);
            once[len.min(width)..width].fill(0.0);
            // The rows are still in the first cache.
            let Some(by) = once[first..].first_chunk::<LANES>() else { break };
            for (at, sum) in twice[..width].iter_mut().enumerate() {
                let four = *sum + by[0] * a[at] + by[1] * b[at] + by[2] * c[at] + by[3] * d[at];
                *sum = four + by[4] * e[at] + by[5] * f[at] + by[6] * g[at] + by[7] * h[at];
            }
        }
    }
}

/// The sums over rows of the products of some numbers from a column of a matrix on with some of another one.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn products(
    (left, i): (&[f64], usize),
    (right, j): (&[f64], usize),
    stride: usize,
    rows: Range<usize>,
) -> [[f64; LANES]; ROWS] {
    let mut sums = [[0.0; LANES]; ROWS];
    for at in rows.map(|row| row * stride) {
        let pair = (left[at + i..].first_chunk::<ROWS>(), right[at + j..].first_chunk::<LANES>());
        let (Some(left), Some(right)) = pair else { break };
        for (sums, by) in sums.iter_mut().zip(left) {
            sums.iter_mut().zip(right).for_each(|(sum, value)| *sum += by * value);
        }
    }
    sums
}

/// The inner product, of eight sums, so that it has the same bits for every width of vectors.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    let ((a_parts, a_rest), (b_parts, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in a_parts.iter().zip(b_parts) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    a_rest.iter().zip(b_rest).fold(total(sums), |sum, (a, b)| sum + a * b)
}

/// The inner products of rows with `y`, of whole vectors, side by side: the sums of one row would wait for each other.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
#[allow(clippy::many_single_char_names, reason = "four rows, of which each is as the others")]
fn dots(rows: [&[f64]; ROWS], y: &[f64]) -> [f64; ROWS] {
    let mut sums = [[0.0; LANES]; ROWS];
    let [a, b, c, d] = rows.map(|row| row.as_chunks::<LANES>().0);
    for ((((a, b), c), d), y) in a.iter().zip(b).zip(c).zip(d).zip(y.as_chunks::<LANES>().0) {
        for (sums, row) in sums.iter_mut().zip([a, b, c, d]) {
            sums.iter_mut().zip(row.iter().zip(y)).for_each(|(sum, (a, b))| *sum += a * b);
        }
    }
    sums.map(total)
}

/// The sum of a vector.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
#[allow(clippy::many_single_char_names, reason = "eight numbers, of which each is as the others")]
pub(super) fn total([a, b, c, d, e, f, g, h]: [f64; LANES]) -> f64 {
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A matrix with this upper triangle.
    fn square(rows: &[Vec<f64>]) -> Square {
        let mut square = Square::new(rows.len());
        for (i, row) in rows.iter().enumerate() {
            square.row_mut(i, i..rows.len()).copy_from_slice(row);
        }
        square
    }

    #[test]
    fn a_matrix_comes_back_from_its_factor() {
        let element = |i: usize, j: usize| f64::from(u8::from(i == j)) + 1.0 / (1.0 + i.abs_diff(j) as f64);
        let mut earlier = (Square::default(), 0);
        for n in [1, 3, 4, 5, 8, 12, 13, 37, 64, 64] {
            let rows: Vec<Vec<f64>> = (0..n).map(|i| (i..n).map(|j| element(i, j)).collect()).collect();
            let mut factor = square(&rows);
            assert!(factor.factor());
            // In the memory of an earlier one of the same size, too.
            let (mut inverse, last) = earlier;
            if last != n {
                inverse = Square::new(n);
            }
            inverse.invert(&factor);
            let mut of_both = Square::new(n);
            of_both.gram(&inverse);
            let gram = |i: usize, j: usize| of_both.row(i.min(j), i.max(j)..n)[0];
            for i in 0..n {
                for j in 0..n {
                    let unit: f64 = (0..n).map(|k| element(i, k) * gram(k, j)).sum();
                    assert!((unit - f64::from(u8::from(i == j))).abs() < 1e-12, "{n}, {i}, {j}: {unit}");
                }
            }
            // Of the first rows alone, and of all.
            for len in [n / 2, n] {
                let wide = n.next_multiple_of(LANES);
                let (mut y, mut white, mut solution) = (vec![0.0; wide], vec![0.0; wide], vec![0.0; wide]);
                (0..len).for_each(|i| y[i] = i as f64 + 1.0);
                inverse.apply(len, &y, &mut white, &mut solution);
                for i in 0..len {
                    let back: f64 = (0..len).map(|k| element(i, k) * solution[k]).sum();
                    assert!((back - y[i]).abs() < 1e-10, "{len} of {n}, {i}: {back}");
                    let by_row = dot(inverse.row(i, 0..n), &y[..n]);
                    assert!((by_row - white[i]).abs() < 1e-12 * by_row.abs().max(1.0));
                }
                assert!(white[len..].iter().chain(&solution[len..]).all(|rest| *rest == 0.0));
            }
            earlier = (inverse, n);
        }
        // det [2 1; 1 2] = 3.
        let mut small = square(&[vec![2.0, 1.0], vec![2.0]]);
        assert!(small.factor() && (small.log_determinant() - 3.0_f64.ln()).abs() < 1e-15);
        assert!(!square(&[vec![1.0, 2.0], vec![1.0]]).factor());
        assert!(!square(&[vec![f64::NAN]]).factor());
    }
}
