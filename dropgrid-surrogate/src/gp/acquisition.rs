//! The candidate of the largest expected improvement.

use super::{
    inputs::Inputs,
    lbfgs::{Effort, minimize},
    panel::Lanes,
    posterior::{PointWork, Posterior},
    square::LANES,
};
use crate::{Dimension, normal::log_improvement};

/// The most values of an axis that are tried one by one.
const FEW: u64 = 16;

/// Rounds over the axes, and each search along those of many values.
const ROUNDS: usize = 3;
const EFFORT: Effort = Effort { steps: 20, gain: 1e-5 };

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

    /// The values at points, as they come.
    pub fn values(&self, points: &[Vec<f64>]) -> Vec<f64> {
        let (mut coordinates, mut covariances) = (Vec::new(), self.room());
        let mut values = Vec::with_capacity(points.len());
        for points in points.chunks(LANES) {
            self.posterior.covariances(points, &mut coordinates, &mut covariances);
            values.extend_from_slice(&self.panel_values(&covariances)[..points.len()]);
        }
        values
    }

    /// The memory for the covariances of a panel.
    fn room(&self) -> Vec<Lanes> {
        vec![[0.0; LANES]; self.posterior.inputs.len()]
    }

    fn panel_values(&self, covariances: &[Lanes]) -> Lanes {
        let means = self.posterior.panel_means(covariances);
        let variances = self.posterior.variances_unless(covariances, |_| false).unwrap_or([0.0; LANES]);
        std::array::from_fn(|lane| self.log(means[lane], variances[lane]))
    }

    /// The value at a point, and its derivatives by the coordinates of numbers, which are written.
    fn slopes(&self, point: &[f64], work: &mut PointWork, slopes: &mut [f64]) -> f64 {
        let (mean, variance) = self.posterior.slopes(point, work);
        let deviation = variance.max(LEAST).sqrt();
        let (log, by_mean, by_deviation) = log_improvement((mean - self.best) / deviation);
        // The derivative of the deviation is that of the variance over twice the deviation.
        let by_variance = if variance > LEAST { by_deviation / (2.0 * deviation) } else { 0.0 };
        for (slope, (of_mean, of_variance)) in slopes.iter_mut().zip(work.of_mean.iter().zip(&work.of_variance)) {
            *slope = (by_mean * of_mean + by_variance * of_variance) / deviation;
        }
        log + libm::log(deviation)
    }

    /// The points with the largest values, `most` of them, the largest first. A point is passed over where even a bound
    /// of its variance leaves it behind those.
    pub fn largest(&self, points: &[Vec<f64>], most: usize) -> Vec<(f64, usize)> {
        let (mut coordinates, mut covariances) = (Vec::new(), self.room());
        // A bound of the value, the point, and its mean.
        let mut bounds: Vec<(f64, usize, f64)> = Vec::with_capacity(points.len());
        for (at, points) in points.chunks(LANES).enumerate() {
            self.posterior.covariances(points, &mut coordinates, &mut covariances);
            let bounded = self.posterior.bounded(&covariances);
            let bound = |lane: usize| self.log(bounded.means[lane], bounded.variances[lane]);
            bounds.extend((0..points.len()).map(|lane| (bound(lane), at * LANES + lane, bounded.means[lane])));
        }
        // Of equal values the first point counts.
        let order = |a: &(f64, usize), b: &(f64, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        bounds.sort_by(|a, b| order(&(a.0, a.1), &(b.0, b.1)));
        let mut found: Vec<(f64, usize)> = Vec::with_capacity(most + LANES);
        for panel in bounds.chunks(LANES) {
            let least = if found.len() == most { found[most - 1].0 } else { f64::NEG_INFINITY };
            if least > panel[0].0 {
                break;
            }
            let of_lane: Lanes = std::array::from_fn(|lane| panel.get(lane).unwrap_or(&panel[0]).2);
            // Computed again: those of all points would be megabytes, from which these would be picked one by one.
            let rows: Vec<&[f64]> = panel.iter().map(|&(_, at, _)| points[at].as_slice()).collect();
            self.posterior.covariances(&rows, &mut coordinates, &mut covariances);
            let is_behind =
                |variances: &Lanes| (0..panel.len()).all(|lane| least > self.log(of_lane[lane], variances[lane]));
            let Some(variances) = self.posterior.variances_unless(&covariances, is_behind) else { continue };
            let values = panel.iter().zip(variances).map(|(&(_, at, mean), variance)| (self.log(mean, variance), at));
            found.extend(values);
            found.sort_by(order);
            found.truncate(most);
        }
        found
    }

    /// The best point near another one: along the axes of many values together, by the slopes, then along each of the
    /// others, value by value, until none of these moves.
    pub fn refine(&self, start: &[f64]) -> (f64, Vec<f64>) {
        let inputs = &self.posterior.inputs;
        let (mut work, mut others) = (PointWork::default(), Vec::new());
        let (mut point, mut value) = (start.to_vec(), self.values(&[start.to_vec()])[0]);
        for _ in 0..ROUNDS {
            let (found, at) = self.climb(&point, inputs, &mut work);
            if found > value {
                (value, point) = (found, at);
            }
            let mut moved = false;
            for (axis, dimension) in inputs.dimensions.iter().enumerate().filter(|(_, axis)| is_few(axis)) {
                others.clear();
                others.extend((0..dimension.count().unwrap_or(0)).map(|cell| {
                    let mut other = point.clone();
                    other[axis] = dimension.middle(cell);
                    other
                }));
                for (other, found) in others.iter().zip(self.values(&others)) {
                    if found > value && *other != point {
                        (value, moved) = (found, true);
                        point.clone_from(other);
                    }
                }
            }
            if !moved {
                break;
            }
        }
        (value, point)
    }

    /// The best point that slopes lead to, along the axes of many values, each in units of the length over which scores
    /// change.
    fn climb(&self, start: &[f64], inputs: &Inputs<'_>, work: &mut PointWork) -> (f64, Vec<f64>) {
        let units: Vec<f64> =
            self.posterior.hyperparameters.inverse_squared_lengths.iter().map(|weight| weight.sqrt()).collect();
        let is_moving = |axis: usize| !is_few(inputs.dimensions[axis]);
        let scaled: Vec<f64> = start.iter().zip(&units).map(|(at, unit)| at * unit).collect();
        let end = |high: f64| -> Vec<f64> {
            let end = |axis: usize| if is_moving(axis) { high * units[axis] } else { scaled[axis] };
            (0..start.len()).map(end).collect()
        };
        let unscale = |scaled: &[f64], out: &mut [f64]| {
            for (axis, out) in out.iter_mut().enumerate() {
                *out = if is_moving(axis) { scaled[axis] / units[axis] } else { start[axis] };
            }
        };
        if !(0..start.len()).any(is_moving) {
            return (f64::NEG_INFINITY, start.to_vec());
        }
        let mut point = start.to_vec();
        let (value, at) = minimize(&scaled, (&end(0.0), &end(1.0)), EFFORT, |scaled, slopes| {
            unscale(scaled, &mut point);
            let value = self.slopes(&point, work, slopes);
            for (axis, slope) in slopes.iter_mut().enumerate() {
                *slope = if is_moving(axis) { -*slope / units[axis] } else { 0.0 };
            }
            -value
        });
        unscale(&at, &mut point);
        (-value, point)
    }
}

/// True of an axis whose values are tried one by one.
fn is_few(dimension: &Dimension) -> bool {
    dimension.is_choice() || dimension.count().is_some_and(|count| count <= FEW)
}
