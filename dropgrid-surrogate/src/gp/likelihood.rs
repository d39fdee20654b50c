//! The hyperparameters of a Gaussian process, and their likelihood.

use super::{
    inputs::Inputs,
    lbfgs::{Effort, minimize},
    panel::Lanes,
    scaled::Scaled,
    square::{LANES, Square, dot, total},
};
use crate::normal::LN_ROOT_2PI;

/// The least common noise.
const LEAST_NOISE: f64 = 1e-6;

/// One search for hyperparameters. A thousandth of a likelihood of 100 scores changes no candidate.
const EFFORT: Effort = Effort { steps: 40, gain: 1e-5 };

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

    /// The candidates in units of these lengths.
    pub(super) fn scaled(&self, inputs: &Inputs<'_>) -> Scaled {
        Scaled::new(inputs, &self.inverse_squared_lengths, self.scale)
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
    /// Gamma(2, 1) of the scale, Gamma(1.1, 30) of the noise, as optuna 5 has them. Adds its derivatives by the
    /// logarithms.
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
        let mut work = Work::new(self.scores.len());
        let found = starts.iter().map(|start| {
            minimize(&start.logs(), (&low, &high), EFFORT, |logs, slopes| {
                slopes.fill(0.0);
                let hyperparameters = Hyperparameters::from_logs(logs);
                let likelihood = work.log_likelihood(self, &hyperparameters, Some(slopes));
                let Some(likelihood) = likelihood else { return f64::NAN };
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

    /// Writes the factor of the covariance of the scores, and where asked the derivatives of the kernel by the squared
    /// distances; `None` where the covariance is singular.
    pub(super) fn factor(
        &self,
        scaled: &Scaled,
        by: &Hyperparameters,
        factor: &mut Square,
        slopes: Option<&mut Square>,
    ) -> Option<()> {
        scaled.covariances(factor, slopes);
        for (at, variance) in self.variances.iter().enumerate() {
            factor.row_mut(at, at..at + 1)[0] += by.noise + variance;
        }
        factor.factor().then_some(())
    }

    /// The logarithm of the marginal likelihood; `None` where the covariance is singular.
    #[cfg(test)]
    pub(super) fn log_likelihood(&self, by: &Hyperparameters, slopes: Option<&mut [f64]>) -> Option<f64> {
        Work::new(self.scores.len()).log_likelihood(self, by, slopes)
    }
}

/// The memory of likelihoods of so many scores.
struct Work {
    factor: Square,
    inverse: Square,
    kernel_slopes: Square,
    /// Numbers of candidates, with room for whole vectors.
    scores: Vec<f64>,
    white: Vec<f64>,
    alpha: Vec<f64>,
    factors: Vec<f64>,
    by_axis: Vec<Lanes>,
}

impl Work {
    fn new(count: usize) -> Self {
        let (square, numbers) = (|| Square::new(count), || vec![0.0; count.next_multiple_of(LANES)]);
        Self {
            factor: square(),
            inverse: square(),
            kernel_slopes: square(),
            scores: numbers(),
            white: numbers(),
            alpha: numbers(),
            factors: numbers(),
            by_axis: Vec::new(),
        }
    }

    /// The logarithm of the marginal likelihood; `None` where the covariance is singular. Adds its derivatives by the
    /// logarithms of the hyperparameters ([Rasmussen and Williams 2006](https://gaussianprocess.org/gpml/), equations
    /// 2.30 and 5.9).
    fn log_likelihood(
        &mut self,
        observed: &Observed<'_, '_>,
        by: &Hyperparameters,
        slopes: Option<&mut [f64]>,
    ) -> Option<f64> {
        let Self { factor, inverse, kernel_slopes, scores, white, alpha, factors, by_axis } = self;
        let (scaled, count) = (by.scaled(observed.inputs), observed.scores.len());
        observed.factor(&scaled, by, factor, Some(kernel_slopes))?;
        inverse.invert(factor);
        scores[..count].copy_from_slice(observed.scores);
        inverse.apply(count, scores, white, alpha);
        let log = -0.5 * dot(white, white) - 0.5 * factor.log_determinant() - count as f64 * LN_ROOT_2PI;
        let Some(slopes) = slopes else { return Some(log) };

        // 1/2 tr((alpha alpha' - K^-1) dK), the pairs above the diagonal counted twice.
        let precision = factor;
        precision.gram(inverse);
        let axes = observed.inputs.axes.len();
        by_axis.clear();
        by_axis.resize(axes, [0.0; LANES]);
        let (mut by_scale, mut by_noise) = (0.0, 0.0);
        for i in 0..count {
            let row = precision.row(i, i..count);
            let own = alpha[i] * alpha[i] - row[0];
            let others = row.iter().zip(kernel_slopes.row(i, i..count)).zip(&alpha[i..]);
            for (out, ((precision, slope), alpha_j)) in factors[i..].iter_mut().zip(others) {
                *out = (alpha[i] * alpha_j - precision) * slope;
            }
            factors[i] = 0.0;
            scaled.add_pairs(i, factors, by_axis);
            by_noise += 0.5 * own;
            // K without its noise is the scale times the kernel: alpha' K alpha - tr(K^-1 K) less that of the noise.
            by_scale += 0.5 * (alpha[i] * observed.scores[i] - 1.0) - 0.5 * own * (by.noise + observed.variances[i]);
        }
        // The distances of numbers are in units of lengths, and those of choices their weights: a derivative by the
        // logarithm of a weight is the sum itself.
        slopes.iter_mut().zip(&*by_axis).for_each(|(slope, sums)| *slope += total(*sums));
        slopes[axes] += by_scale;
        slopes[axes + 1] += by_noise * (by.noise - LEAST_NOISE);
        Some(log)
    }
}
