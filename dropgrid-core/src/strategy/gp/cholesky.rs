//! The factor of a covariance matrix.

/// A lower triangular matrix by rows, each as long as its number and one more.
#[derive(Debug, Clone, Default)]
pub(super) struct Triangle(pub(super) Vec<Vec<f64>>);

impl Triangle {
    /// The Cholesky factor L of the symmetric matrix with this lower triangle, A = L L'; `None` where the matrix is not
    /// positive definite.
    pub(super) fn factor(mut self) -> Option<Self> {
        for i in 0..self.0.len() {
            let (above, rest) = self.0.split_at_mut(i);
            let row = &mut rest[0];
            for (j, other) in above.iter().enumerate() {
                row[j] = (row[j] - dot(&row[..j], &other[..j])) / other[j];
            }
            let diagonal = row[i] - dot(&row[..i], &row[..i]);
            if diagonal.is_nan() || diagonal <= 0.0 {
                return None;
            }
            row[i] = diagonal.sqrt();
        }
        Some(self)
    }

    /// The logarithm of the determinant of L L'.
    pub(super) fn log_determinant(&self) -> f64 {
        self.0.iter().enumerate().map(|(i, row)| 2.0 * libm::log(row[i])).sum()
    }

    /// The inverse of a lower triangular matrix.
    pub(super) fn inverse(&self) -> Self {
        let mut inverse: Vec<Vec<f64>> = Vec::with_capacity(self.0.len());
        for (i, row) in self.0.iter().enumerate() {
            let mut new = vec![0.0; i + 1];
            new[i] = 1.0;
            for (factor, known) in row[..i].iter().zip(&inverse) {
                add(&mut new, -factor, known);
            }
            for value in &mut new {
                *value /= row[i];
            }
            inverse.push(new);
        }
        Self(inverse)
    }

    /// X y.
    pub(super) fn times(&self, y: &[f64]) -> Vec<f64> {
        self.0.iter().map(|row| dot(row, &y[..row.len()])).collect()
    }

    /// X' y.
    pub(super) fn transposed_times(&self, y: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; y.len()];
        self.0.iter().zip(y).for_each(|(row, factor)| add(&mut sum, *factor, row));
        sum
    }

    /// The lower triangle of X' X.
    pub(super) fn gram(&self) -> Self {
        let mut gram: Vec<Vec<f64>> = (1..=self.0.len()).map(|len| vec![0.0; len]).collect();
        for row in &self.0 {
            for (i, factor) in row.iter().enumerate() {
                add(&mut gram[i], *factor, &row[..=i]);
            }
        }
        Self(gram)
    }
}

/// Adds a multiple of the first numbers.
fn add(sum: &mut [f64], factor: f64, numbers: &[f64]) {
    sum.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += factor * number);
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
