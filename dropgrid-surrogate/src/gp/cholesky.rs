//! The factor of a covariance matrix.

/// A lower triangular matrix by rows, each as long as its number and one more.
#[derive(Debug, Clone, Default)]
pub struct Triangle(pub Vec<Vec<f64>>);

impl Triangle {
    /// The Cholesky factor L of the symmetric matrix with this lower triangle, A = L L'; `None` where the matrix is not
    /// positive definite.
    pub fn factor(self) -> Option<Self> {
        let mut factor = Self(Vec::with_capacity(self.0.len()));
        self.0.into_iter().try_for_each(|row| factor.extend(row))?;
        Some(factor)
    }

    /// Extends the factor of a matrix to that with one row more, which is given; `None` where that is not positive definite.
    pub fn extend(&mut self, mut row: Vec<f64>) -> Option<()> {
        let i = self.0.len();
        for (j, other) in self.0.iter().enumerate() {
            row[j] = (row[j] - dot(&row[..j], &other[..j])) / other[j];
        }
        let diagonal = row[i] - dot(&row[..i], &row[..i]);
        if diagonal.is_nan() || diagonal <= 0.0 {
            return None;
        }
        row[i] = diagonal.sqrt();
        self.0.push(row);
        Some(())
    }

    /// The logarithm of the determinant of L L'.
    pub fn log_determinant(&self) -> f64 {
        self.0.iter().enumerate().map(|(i, row)| 2.0 * libm::log(row[i])).sum()
    }

    /// The inverse of a lower triangular matrix.
    pub fn inverse(&self) -> Self {
        let mut inverse = Self(Vec::with_capacity(self.0.len()));
        self.0.iter().for_each(|row| inverse.extend_inverse(row));
        inverse
    }

    /// Extends the inverse of a lower triangular matrix to that with one row more, which is given.
    pub fn extend_inverse(&mut self, row: &[f64]) {
        let i = self.0.len();
        let mut new = vec![0.0; i + 1];
        new[i] = 1.0;
        let (row, known) = (&row[..=i], &self.0);
        for at in (0..i).step_by(BLOCK) {
            let terms = (at..i.min(at + BLOCK)).map(|j| (-row[j], known[j].as_slice()));
            add_all(&mut new, &terms.collect::<Vec<_>>());
        }
        for value in &mut new {
            *value /= row[i];
        }
        self.0.push(new);
    }

    /// X y.
    pub fn times(&self, y: &[f64]) -> Vec<f64> {
        self.0.iter().map(|row| dot(row, &y[..row.len()])).collect()
    }

    /// X' y.
    pub fn transposed_times(&self, y: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; y.len()];
        self.0.iter().zip(y).for_each(|(row, factor)| add(&mut sum, *factor, row));
        sum
    }

    /// The lower triangle of X' X.
    pub fn gram(&self) -> Self {
        let mut gram: Vec<Vec<f64>> = (1..=self.0.len()).map(|len| vec![0.0; len]).collect();
        for rows in self.0.chunks(BLOCK) {
            for i in 0..rows.last().map_or(0, Vec::len) {
                let terms = rows.iter().filter(|row| i < row.len()).map(|row| (row[i], &row[..=i]));
                add_all(&mut gram[i], &terms.collect::<Vec<_>>());
            }
        }
        Self(gram)
    }
}

/// Adds a multiple of the first numbers.
fn add(sum: &mut [f64], factor: f64, numbers: &[f64]) {
    sum.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += factor * number);
}

/// The terms that are added at once.
const BLOCK: usize = 4;

/// Adds multiples of first numbers, the first term first: of no fewer numbers each than the one before, or of as many.
fn add_all(sum: &mut [f64], terms: &[(f64, &[f64])]) {
    let &[(fa, a), (fb, b), (fc, c), (fd, d)] = terms else {
        return terms.iter().for_each(|(factor, numbers)| add(sum, *factor, numbers));
    };
    let common = a.len().min(sum.len());
    let (head, _) = sum.split_at_mut(common);
    let rest = b[..common].iter().zip(&c[..common]).zip(&d[..common]);
    for ((sum, a), ((b, c), d)) in head.iter_mut().zip(a).zip(rest) {
        *sum = *sum + fa * a + fb * b + fc * c + fd * d;
    }
    for (factor, numbers) in [(fb, b), (fc, c), (fd, d)] {
        add(&mut sum[common..], factor, &numbers[common..]);
    }
}

/// The inner product, of eight sums, so that it has the same bits for every width of vectors.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a_parts, b_parts) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a_parts.remainder().iter().zip(b_parts.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a_parts.zip(b_parts) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_comes_back_from_its_factor() {
        let n = 21;
        let element = |i: usize, j: usize| f64::from(u8::from(i == j)) + 1.0 / (1.0 + i.abs_diff(j) as f64);
        let matrix = Triangle((0..n).map(|i| (0..=i).map(|j| element(i, j)).collect()).collect());
        let factor = matrix.clone().factor().expect("a positive definite matrix");
        let inverse = factor.inverse();
        let of_both = inverse.gram();
        let at = |triangle: &Triangle, i: usize, j: usize| triangle.0[i.max(j)][i.min(j)];
        for i in 0..n {
            for j in 0..n {
                let unit: f64 = (0..n).map(|k| at(&matrix, i, k) * at(&of_both, k, j)).sum();
                assert!((unit - f64::from(u8::from(i == j))).abs() < 1e-12, "{i}, {j}: {unit}");
            }
        }
        let y: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let solution = inverse.transposed_times(&inverse.times(&y));
        for (i, y) in y.iter().enumerate() {
            let back: f64 = (0..n).map(|k| at(&matrix, i, k) * solution[k]).sum();
            assert!((back - y).abs() < 1e-10);
        }
        // det [2 1; 1 2] = 3.
        let small = Triangle(vec![vec![2.0], vec![1.0, 2.0]]).factor().expect("a factor");
        assert!((small.log_determinant() - 3.0_f64.ln()).abs() < 1e-15);
        assert!(Triangle(vec![vec![1.0], vec![2.0, 1.0]]).factor().is_none());
        assert!(Triangle(vec![vec![f64::NAN]]).factor().is_none());
    }
}
