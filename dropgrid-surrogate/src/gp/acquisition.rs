//! The candidate of the largest expected improvement.

use super::{
    inputs::Inputs,
    lbfgs::minimize,
    posterior::{Covariances, Posterior},
};
use crate::{Dimension, normal::log_improvement};

/// The most values of an axis that are tried one by one.
const FEW: u64 = 16;

/// Rounds over the axes, and steps of each search along those of many values.
const ROUNDS: usize = 3;
const STEPS: usize = 20;

/// The least variance, at which a point is as good as known.
const LEAST: f64 = 1e-12;

/// The expected improvement over the best mean of the candidates so far, as a logarithm
/// ([Ament et al. 2023](https://arxiv.org/abs/2310.20708)).
#[derive(Debug)]
pub struct Acquisition<'a> {
    posterior: &'a Posterior<'a>,
    best: f64,
}

impl<'a> Acquisition<'a> {
    pub fn new(posterior: &'a Posterior<'a>, best: f64) -> Self {
        Self { posterior, best }
    }

    fn log(&self, mean: f64, variance: f64) -> f64 {
        let deviation = variance.max(LEAST).sqrt();
        log_improvement((mean - self.best) / deviation).0 + libm::log(deviation)
    }

    /// The value at a point.
    pub fn value(&self, point: &[f64], covariances: &mut Covariances) -> f64 {
        self.posterior.covariances(point, covariances);
        self.log(self.posterior.mean(covariances), self.posterior.variance(covariances))
    }

    /// The value at a point, and its derivatives by the coordinates of numbers.
    fn slopes(&self, point: &[f64], covariances: &mut Covariances) -> (f64, Vec<f64>) {
        self.posterior.covariances(point, covariances);
        let mean = self.posterior.mean(covariances);
        let (variance, of_mean, of_variance) = self.posterior.slopes(point, covariances);
        let deviation = variance.max(LEAST).sqrt();
        let (log, by_mean, by_deviation) = log_improvement((mean - self.best) / deviation);
        // The derivative of the deviation is that of the variance over twice the deviation.
        let by_variance = if variance > LEAST { by_deviation / (2.0 * deviation) } else { 0.0 };
        let slope = |(of_mean, of_variance): (&f64, &f64)| (by_mean * of_mean + by_variance * of_variance) / deviation;
        (log + libm::log(deviation), of_mean.iter().zip(&of_variance).map(slope).collect())
    }

    /// The points with the largest values, `most` of them, the largest first. A point is passed over where even a bound of its
    /// variance leaves it behind those.
    pub fn largest(&self, points: &[Vec<f64>], most: usize) -> Vec<(f64, usize)> {
        let bound = |(at, point): (usize, &Vec<f64>)| {
            let mut covariances = Covariances::default();
            self.posterior.covariances(point, &mut covariances);
            let (mean, variance) = (self.posterior.mean(&covariances), self.posterior.variance_bound(&covariances));
            (self.log(mean, variance), at, mean, covariances)
        };
        let mut bounds: Vec<(f64, usize, f64, Covariances)> = points.iter().enumerate().map(bound).collect();
        // Of equal values the first point counts.
        let order = |a: &(f64, usize), b: &(f64, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        bounds.sort_by(|a, b| order(&(a.0, a.1), &(b.0, b.1)));
        let mut found: Vec<(f64, usize)> = Vec::with_capacity(most + 1);
        for (bound, at, mean, covariances) in bounds {
            let least = if found.len() == most { found[most - 1].0 } else { f64::NEG_INFINITY };
            if least > bound {
                break;
            }
            let is_behind = |variance: f64| least > self.log(mean, variance);
            let Some(variance) = self.posterior.variance_unless(&covariances, is_behind) else { continue };
            found.push((self.log(mean, variance), at));
            found.sort_by(order);
            found.truncate(most);
        }
        found
    }

    /// The best point near another one: along the axes of many values together, by the slopes, then along each of the others,
    /// value by value, until none of these moves.
    pub fn refine(&self, start: &[f64]) -> (f64, Vec<f64>) {
        let inputs = &self.posterior.inputs;
        let mut covariances = Covariances::default();
        let (mut point, mut value) = (start.to_vec(), self.value(start, &mut covariances));
        for _ in 0..ROUNDS {
            let (found, at) = self.climb(&point, inputs, &mut covariances);
            if found > value {
                (value, point) = (found, at);
            }
            let mut moved = false;
            for (axis, dimension) in inputs.dimensions.iter().enumerate().filter(|(_, axis)| is_few(axis)) {
                for cell in 0..dimension.count().unwrap_or(0) {
                    let mut other = point.clone();
                    other[axis] = dimension.middle(cell);
                    let found = self.value(&other, &mut covariances);
                    if found > value {
                        (value, point, moved) = (found, other, true);
                    }
                }
            }
            if !moved {
                break;
            }
        }
        (value, point)
    }

    /// The best point that slopes lead to, along the axes of many values, each in units of the length over which scores change.
    fn climb(&self, start: &[f64], inputs: &Inputs<'_>, covariances: &mut Covariances) -> (f64, Vec<f64>) {
        let units: Vec<f64> =
            self.posterior.hyperparameters.inverse_squared_lengths.iter().map(|weight| weight.sqrt()).collect();
        let is_moving = |axis: usize| !is_few(inputs.dimensions[axis]);
        let scaled: Vec<f64> = start.iter().zip(&units).map(|(at, unit)| at * unit).collect();
        let end = |high: f64| -> Vec<f64> {
            let end = |axis: usize| if is_moving(axis) { high * units[axis] } else { scaled[axis] };
            (0..start.len()).map(end).collect()
        };
        let unscaled = |scaled: &[f64]| -> Vec<f64> {
            let at = |axis: usize| if is_moving(axis) { scaled[axis] / units[axis] } else { start[axis] };
            (0..scaled.len()).map(at).collect()
        };
        if !(0..start.len()).any(is_moving) {
            return (f64::NEG_INFINITY, start.to_vec());
        }
        let (value, at) = minimize(&scaled, (&end(0.0), &end(1.0)), STEPS, |scaled, slopes| {
            let (value, of) = self.slopes(&unscaled(scaled), covariances);
            for axis in 0..slopes.len() {
                slopes[axis] = if is_moving(axis) { -of[axis] / units[axis] } else { 0.0 };
            }
            -value
        });
        (-value, unscaled(&at))
    }
}

/// True of an axis whose values are tried one by one.
fn is_few(dimension: &Dimension) -> bool {
    dimension.is_choice() || dimension.count().is_some_and(|count| count <= FEW)
}
