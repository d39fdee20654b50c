//! Means and variances of columns.

/// The mean and the variance of each column, with divisor n.
pub(crate) struct Moments {
    pub(crate) mean: Vec<f64>,
    variance: Vec<f64>,
    rows: usize,
}

impl Moments {
    /// Computes both in two passes: the variance about the mean, corrected for the rounding of the mean
    /// ([Chan, Golub and LeVeque 1983](https://doi.org/10.1080/00031305.1983.10483115), equation 1.7).
    pub(crate) fn of<'a, N: Copy + Into<f64> + 'a>(rows: impl ExactSizeIterator<Item = &'a [N]> + Clone) -> Self {
        let width = rows.clone().next().map_or(0, <[N]>::len);
        let (number, count) = (rows.len(), rows.len() as f64);
        let mut mean = vec![0.0; width];
        for row in rows.clone() {
            for (sum, &value) in mean.iter_mut().zip(row) {
                let value: f64 = value.into();
                *sum += value;
            }
        }
        let mean: Vec<f64> = mean.into_iter().map(|sum| sum / count).collect();
        let mut sums = vec![[0.0; 2]; mean.len()];
        for row in rows {
            for ((sum, square), (&value, mean)) in sums.iter_mut().map(|[a, b]| (a, b)).zip(row.iter().zip(&mean)) {
                let value: f64 = value.into();
                let distance = value - mean;
                *sum += distance;
                *square += distance * distance;
            }
        }
        let variance = sums.iter().map(|[sum, square]| (square - sum * sum / count) / count).collect();
        Self { mean, variance, rows: number }
    }

    /// The standard deviation of each column.
    pub(crate) fn deviation(&self) -> impl Iterator<Item = f64> {
        self.variance.iter().map(|variance| variance.max(0.0).sqrt())
    }

    /// The standard deviation of each column; 1 where the variance is within the rounding error of that of a constant
    /// column, which scikit-learn's `StandardScaler` takes for one. The numbers are distances from `origins`, where
    /// there are some: the bound is that of the numbers themselves.
    pub(crate) fn scale(&self, origins: Option<&[f64]>) -> impl Iterator<Item = f64> {
        let rows = self.rows as f64;
        self.mean.iter().zip(&self.variance).enumerate().map(move |(at, (mean, &variance))| {
            let mean = mean + origins.map_or(0.0, |origins| origins[at]);
            let rounding = rows * f64::EPSILON * variance + (rows * mean * f64::EPSILON).powi(2);
            if variance <= rounding { 1.0 } else { variance.sqrt() }
        })
    }
}
