//! What a Gaussian process makes of scores.

use std::ops::Range;

use super::{
    cholesky::{Triangle, dot},
    inputs::Inputs,
    kernel::matern,
    likelihood::{Hyperparameters, Observed, covariance_row},
};

/// The candidates between two bounds of a variance.
const CHUNK: usize = 32;

/// The share of the scale that the rounding of a variance is below.
const ROUNDING: f64 = 1e-10;

/// A Gaussian process after some scores.
#[derive(Debug)]
pub struct Posterior<'a> {
    pub inputs: Inputs<'a>,
    pub hyperparameters: Hyperparameters,
    /// K^-1 y, of the candidates with scores; the pending ones, which come after them, have none.
    alpha: Vec<f64>,
    /// The diagonal of K, noise and all.
    diagonal: Vec<f64>,
    /// The inverse of the factor of K.
    inverse: Triangle,
}

/// The covariances of a point with all candidates.
#[derive(Debug, Default)]
pub struct Covariances {
    values: Vec<f64>,
    /// Their derivatives by the squared distances.
    slopes: Vec<f64>,
}

impl<'a> Posterior<'a> {
    /// The process after the scores, with `pending` candidates whose scores are not known: their means are believed, which
    /// leaves the mean elsewhere as it is and lowers the variance around them
    /// ([Ginsbourger, Le Riche and Carraro 2010](https://doi.org/10.1007/978-3-642-10701-6_6)).
    pub fn new(observed: &Observed<'_, 'a>, hyperparameters: &Hyperparameters, pending: &[Vec<f64>]) -> Option<Self> {
        let mut factor = observed.covariance(hyperparameters)?.0;
        let mut inverse = factor.inverse();
        let alpha = inverse.transposed_times(&inverse.times(observed.scores));
        let mut inputs = observed.inputs.clone();
        let mut variances = observed.variances.to_vec();
        let variance = variances.iter().sum::<f64>() / variances.len().max(1) as f64;
        for point in pending {
            inputs.push(point);
            variances.push(variance);
            factor.extend(covariance_row(&inputs, hyperparameters, inputs.len() - 1, variance).0)?;
            inverse.extend_inverse(&factor.0[inputs.len() - 1]);
        }
        let diagonal = variances.iter().map(|it| hyperparameters.scale + hyperparameters.noise + it).collect();
        Some(Self { hyperparameters: hyperparameters.clone(), alpha, diagonal, inverse, inputs })
    }

    /// Computes the covariances of a point.
    pub fn covariances(&self, point: &[f64], of: &mut Covariances) {
        of.values.clear();
        of.values.resize(self.inputs.len(), 0.0);
        of.slopes.resize(self.inputs.len(), 0.0);
        for (axis, (at, weight)) in point.iter().zip(&self.hyperparameters.inverse_squared_lengths).enumerate() {
            self.inputs.add_squares(axis, *at, *weight, &mut of.values);
        }
        matern(&mut of.values, &mut of.slopes);
        let scale = self.hyperparameters.scale;
        of.values.iter_mut().chain(&mut of.slopes).for_each(|value| *value *= scale);
    }

    /// The mean of the score at a point, without noise.
    pub fn mean(&self, of: &Covariances) -> f64 {
        dot(&of.values[..self.alpha.len()], &self.alpha)
    }

    /// A bound of the variance from above: that after the one candidate that tells most, or that after the first ones.
    pub fn variance_bound(&self, of: &Covariances) -> f64 {
        let told = of.values.iter().zip(&self.diagonal).map(|(value, diagonal)| value * value / diagonal);
        let first: f64 = self.white(of, 0..CHUNK.min(self.inputs.len())).map(|white| white * white).sum();
        self.left(told.fold(first, f64::max))
    }

    /// The variance at a point, unless `is_behind` is true of a bound from above: it is asked of the variances after more and
    /// more candidates.
    pub fn variance_unless(&self, of: &Covariances, is_behind: impl Fn(f64) -> bool) -> Option<f64> {
        let (count, mut told) = (self.inputs.len(), 0.0);
        let mut all: Vec<f64> = Vec::with_capacity(count);
        while all.len() < count {
            let from = all.len();
            all.extend(self.white(of, from..(from + CHUNK).min(count)));
            told += all[from..].iter().map(|white| white * white).sum::<f64>();
            if is_behind(self.left(told)) {
                return None;
            }
        }
        Some((self.hyperparameters.scale - dot(&all, &all)).max(0.0))
    }

    /// Some of the covariances, made independent of those before them.
    fn white(&self, of: &Covariances, range: Range<usize>) -> impl Iterator<Item = f64> {
        self.inverse.0[range].iter().map(|row| dot(row, &of.values[..row.len()]))
    }

    /// The variance that is left of the scale, and a little more than what sums are rounded by.
    fn left(&self, told: f64) -> f64 {
        let scale = self.hyperparameters.scale;
        (scale - told).max(0.0) + ROUNDING * scale
    }

    /// The variance of the score at a point, without noise.
    pub fn variance(&self, of: &Covariances) -> f64 {
        let white = self.inverse.times(&of.values);
        (self.hyperparameters.scale - dot(&white, &white)).max(0.0)
    }

    /// The variance, and the derivatives of the mean and of the variance by the coordinates of numbers; those of choices
    /// are 0.
    pub fn slopes(&self, point: &[f64], of: &Covariances) -> (f64, Vec<f64>, Vec<f64>) {
        let white = self.inverse.times(&of.values);
        let variance = (self.hyperparameters.scale - dot(&white, &white)).max(0.0);
        let precise = self.inverse.transposed_times(&white);
        let weighted = |weights: &[f64]| -> Vec<f64> { of.slopes.iter().zip(weights).map(|(a, b)| a * b).collect() };
        let (by_mean, by_variance) = (weighted(&self.alpha), weighted(&precise));
        let slope = |axis: usize, factors: &[f64]| {
            if self.inputs.dimensions[axis].is_choice() {
                return 0.0;
            }
            let weight = self.hyperparameters.inverse_squared_lengths[axis];
            2.0 * weight * self.inputs.sum_differences(axis, point[axis], factors)
        };
        let of_mean = (0..point.len()).map(|axis| slope(axis, &by_mean)).collect();
        let of_variance = (0..point.len()).map(|axis| -2.0 * slope(axis, &by_variance)).collect();
        (variance, of_mean, of_variance)
    }
}
