//! The hyperparameters of a Gaussian process, and their likelihood.

use super::{
    cholesky::{Triangle, dot},
    inputs::Inputs,
    kernel::matern,
    lbfgs::minimize,
};
use crate::normal::LN_ROOT_2PI;

/// The least common noise.
const LEAST_NOISE: f64 = 1e-6;

/// Steps of one search for hyperparameters.
const STEPS: usize = 40;

/// Hyperparameters of a Gaussian process on scores with mean 0 and deviation 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Hyperparameters {
    /// For each axis: one over the square of the length over which scores change.
    pub inverse_squared_lengths: Vec<f64>,
    /// The variance of scores.
    pub scale: f64,
    /// The variance of the noise that all scores have, beside that of their own.
    pub noise: f64,
}

impl Hyperparameters {
    /// Where the search for the best ones begins.
    pub fn start(axes: usize) -> Self {
        Self { inverse_squared_lengths: vec![1.0; axes], scale: 1.0, noise: 0.01 }
    }

    fn from_logs(logs: &[f64]) -> Self {
        let exps: Vec<f64> = logs.iter().map(|log| libm::exp(*log)).collect();
        let axes = exps.len() - 2;
        Self { inverse_squared_lengths: exps[..axes].to_vec(), scale: exps[axes], noise: exps[axes + 1] + LEAST_NOISE }
    }

    fn logs(&self) -> Vec<f64> {
        let noise = (self.noise - LEAST_NOISE).max(1e-9);
        let all = self.inverse_squared_lengths.iter().copied().chain([self.scale, noise]);
        all.map(libm::log).collect()
    }

    /// The logarithm of the prior density, but for a constant: exp(-0.1 / a - 0.1 a) of each inverse squared length a,
    /// Gamma(2, 1) of the scale, Gamma(1.1, 30) of the noise, as optuna 5 has them. Adds its derivatives by the logarithms.
    fn log_prior(&self, slopes: &mut [f64]) -> f64 {
        let axes = self.inverse_squared_lengths.len();
        let mut log = 0.0;
        for (a, slope) in self.inverse_squared_lengths.iter().zip(&mut *slopes) {
            log -= 0.1 / a + 0.1 * a;
            *slope += 0.1 / a - 0.1 * a;
        }
        slopes[axes] += 1.0 - self.scale;
        slopes[axes + 1] += (0.1 / self.noise - 30.0) * (self.noise - LEAST_NOISE);
        log + libm::log(self.scale) - self.scale + 0.1 * libm::log(self.noise) - 30.0 * self.noise
    }
}

/// Scores with mean 0 and deviation 1, and the variance of the noise of each.
#[derive(Debug)]
pub struct Observed<'o, 'a> {
    pub inputs: &'o Inputs<'a>,
    pub scores: &'o [f64],
    pub variances: &'o [f64],
}

impl Observed<'_, '_> {
    /// The hyperparameters of the largest posterior density that are found from each of the starts.
    pub fn fit(&self, starts: &[Hyperparameters]) -> Hyperparameters {
        let axes = self.inputs.axes.len();
        let bounds = |axis: f64, scale: f64, noise: f64| {
            let mut bounds = vec![libm::log(axis); axes];
            bounds.extend([libm::log(scale), libm::log(noise)]);
            bounds
        };
        let (low, high) = (bounds(1e-4, 1e-4, 1e-9), bounds(1e4, 1e3, 1e1));
        let found = starts.iter().map(|start| {
            minimize(&start.logs(), (&low, &high), STEPS, |logs, slopes| {
                slopes.fill(0.0);
                let hyperparameters = Hyperparameters::from_logs(logs);
                let Some(likelihood) = self.log_likelihood(&hyperparameters, Some(slopes)) else { return f64::NAN };
                let posterior = likelihood + hyperparameters.log_prior(slopes);
                for slope in slopes {
                    *slope = -*slope;
                }
                -posterior
            })
        });
        let best = found.reduce(|a, b| if b.0 < a.0 { b } else { a }).filter(|best| best.0.is_finite());
        best.map_or_else(|| Hyperparameters::start(axes), |(_, logs)| Hyperparameters::from_logs(&logs))
    }

    /// The Cholesky factor of the covariance of the scores, and, by rows, the derivatives of the kernel by the squared
    /// distances.
    pub fn covariance(&self, hyperparameters: &Hyperparameters) -> Option<(Triangle, Vec<Vec<f64>>)> {
        let (rows, slopes): (Vec<_>, Vec<_>) = (0..self.variances.len())
            .map(|at| covariance_row(self.inputs, hyperparameters, at, self.variances[at]))
            .unzip();
        Some((Triangle(rows).factor()?, slopes))
    }

    /// The logarithm of the marginal likelihood; `None` where the covariance is singular. Adds its derivatives by the
    /// logarithms of the hyperparameters ([Rasmussen and Williams 2006](https://gaussianprocess.org/gpml/), equations 2.30 and
    /// 5.9).
    pub fn log_likelihood(&self, hyperparameters: &Hyperparameters, slopes: Option<&mut [f64]>) -> Option<f64> {
        let Hyperparameters { inverse_squared_lengths, scale, noise } = hyperparameters;
        let (factor, kernel_slopes) = self.covariance(hyperparameters)?;
        let inverse = factor.inverse();
        let white = inverse.times(self.scores);
        let count = self.scores.len() as f64;
        let log = -0.5 * dot(&white, &white) - 0.5 * factor.log_determinant() - count * LN_ROOT_2PI;
        let Some(slopes) = slopes else { return Some(log) };

        // 1/2 tr((alpha alpha' - K^-1) dK), the pairs below the diagonal counted twice.
        let alpha = inverse.transposed_times(&white);
        let precision = inverse.gram();
        let axes = inverse_squared_lengths.len();
        let (mut by_scale, mut by_noise) = (0.0, 0.0);
        for (i, precision) in precision.0.iter().enumerate() {
            let difference = |j: usize| alpha[i] * alpha[j] - precision[j];
            let factors: Vec<f64> =
                kernel_slopes[i].iter().enumerate().map(|(j, slope)| difference(j) * slope * scale).collect();
            for (axis, (at, weight)) in self.inputs.row(i).iter().zip(inverse_squared_lengths).enumerate() {
                slopes[axis] += weight * self.inputs.sum_squares(axis, *at, &factors[..i]);
            }
            by_noise += 0.5 * difference(i);
            // K without its noise is the scale times the kernel: alpha' K alpha - tr(K^-1 K) less that of the noise.
            by_scale += 0.5 * (alpha[i] * self.scores[i] - 1.0) - 0.5 * difference(i) * (noise + self.variances[i]);
        }
        slopes[axes] += by_scale;
        slopes[axes + 1] += by_noise * (noise - LEAST_NOISE);
        Some(log)
    }
}

/// The covariances of a candidate's score with the noise of that variance and those before it, its own the last, and the
/// derivatives of the kernel by the squared distances.
pub(super) fn covariance_row(
    inputs: &Inputs<'_>,
    Hyperparameters { inverse_squared_lengths, scale, noise }: &Hyperparameters,
    at: usize,
    variance: f64,
) -> (Vec<f64>, Vec<f64>) {
    let (mut row, mut slopes) = (vec![0.0; at + 1], vec![0.0; at + 1]);
    for (axis, (at, weight)) in inputs.row(at).iter().zip(inverse_squared_lengths).enumerate() {
        inputs.add_squares(axis, *at, *weight, &mut row);
    }
    matern(&mut row, &mut slopes);
    for value in &mut row {
        *value *= scale;
    }
    row[at] += noise + variance;
    (row, slopes)
}
