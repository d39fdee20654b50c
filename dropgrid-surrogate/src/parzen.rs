//! The density of good or of bad candidates.

use crate::{
    Dimension,
    normal::{LN_ROOT_2PI, log_mass, log_sum_exp, quantile_between},
};

/// A source of random words.
type Words<'a> = dyn FnMut() -> u64 + 'a;

/// The last observations, which count fully.
const RECENT: usize = 25;

/// A mixture of one kernel for each observation, and a wide one for the prior. A kernel is a product over the axes
/// ([Watanabe 2023](https://arxiv.org/abs/2304.11127); optuna 5.0.0, `_ParzenEstimator`).
#[derive(Debug)]
pub struct Parzen<'a> {
    dimensions: Vec<&'a Dimension>,
    weights: Vec<f64>,
    axes: Vec<Kernels>,
}

/// The kernels on one axis, the prior's last.
#[derive(Debug)]
enum Kernels {
    /// Normal distributions, truncated to [0, 1].
    Numbers { means: Vec<f64>, deviations: Vec<f64>, log_masses: Vec<f64> },
    /// For each kernel, the probability of each choice.
    Choices(Vec<Vec<f64>>),
}

impl<'a> Parzen<'a> {
    /// The density by observations in the order of their candidates, each with a coordinate on every axis.
    pub fn new(dimensions: &[&'a Dimension], observations: &[Vec<f64>]) -> Self {
        let axis = |(at, dimension): (usize, &&Dimension)| {
            let values: Vec<f64> = observations.iter().map(|observation| observation[at]).collect();
            match dimension {
                Dimension::Choices(count) => Kernels::choices(&values, *count),
                _ => Kernels::numbers(values),
            }
        };
        let axes = dimensions.iter().enumerate().map(axis).collect();
        Self { dimensions: dimensions.to_vec(), weights: weights(observations.len()), axes }
    }

    /// The logarithm of the density at a point; of an axis with cells, the probability of the point's cell counts.
    pub fn log_density(&self, point: &[f64]) -> f64 {
        let mut logs: Vec<f64> = self.weights.iter().map(|weight| libm::log(*weight)).collect();
        for ((kernels, dimension), &at) in self.axes.iter().zip(&self.dimensions).zip(point) {
            kernels.add_log_density(dimension, at, &mut logs);
        }
        log_sum_exp(logs.iter().copied())
    }

    /// A random point.
    pub fn sample(&self, words: &mut Words<'_>) -> Vec<f64> {
        let kernel = pick(&self.weights, share(words));
        self.axes.iter().map(|axis| axis.sample(kernel, words)).collect()
    }
}

impl Kernels {
    /// A kernel is as wide as the larger gap to a neighbour, with bounds; the prior's is as wide as the axis.
    fn numbers(mut means: Vec<f64>) -> Self {
        let count = means.len();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|&a, &b| means[a].total_cmp(&means[b]));
        let least = 1.0 / (count as f64 + 2.0).min(100.0);
        let mut deviations = vec![0.0; count];
        for (rank, &at) in order.iter().enumerate() {
            let below = if rank > 0 { means[order[rank - 1]] } else { 0.0 };
            let above = if rank + 1 < count { means[order[rank + 1]] } else { 1.0 };
            let (below, above) = (means[at] - below, above - means[at]);
            // At the ends, the gap to the next observation counts.
            let gap = match rank {
                0 if count > 1 => above,
                _ if rank + 1 == count && count > 1 => below,
                _ => below.max(above),
            };
            deviations[at] = gap.clamp(least, 1.0);
        }
        means.push(0.5);
        deviations.push(1.0);
        let log_mass_of = |(mean, deviation): (&f64, &f64)| log_mass(-mean / deviation, (1.0 - mean) / deviation);
        let log_masses = means.iter().zip(&deviations).map(log_mass_of).collect();
        Self::Numbers { means, deviations, log_masses }
    }

    /// Every choice has the same share of one, and the observed one has one more.
    fn choices(values: &[f64], count: usize) -> Self {
        if values.is_empty() {
            return Self::Choices(vec![vec![1.0 / count as f64; count]]);
        }
        let kernels = values.len() + 1;
        let row = |value: Option<&f64>| {
            let mut row = vec![1.0 / kernels as f64; count];
            if let Some(&value) = value {
                #[expect(clippy::cast_sign_loss, reason = "an index is at least 0")]
                let at = value as usize;
                row[at] += 1.0;
            }
            let total: f64 = row.iter().sum();
            row.iter().map(|share| share / total).collect()
        };
        Self::Choices(values.iter().map(Some).chain([None]).map(row).collect())
    }

    fn add_log_density(&self, dimension: &Dimension, at: f64, logs: &mut [f64]) {
        match self {
            Self::Numbers { means, deviations, log_masses } => {
                let cell = dimension.cell(at);
                for (kernel, log) in logs.iter_mut().enumerate() {
                    let (mean, deviation) = (means[kernel], deviations[kernel]);
                    let scale = |value: f64| (value - mean) / deviation;
                    *log -= log_masses[kernel];
                    *log += match cell {
                        Some((from, to)) => log_mass(scale(from), scale(to)),
                        None => -0.5 * (scale(at) * scale(at)) - LN_ROOT_2PI - libm::log(deviation),
                    };
                }
            }
            #[expect(clippy::cast_sign_loss, reason = "an index is at least 0")]
            Self::Choices(rows) => {
                logs.iter_mut().zip(rows).for_each(|(log, row)| *log += libm::log(row[at as usize]));
            }
        }
    }

    fn sample(&self, kernel: usize, words: &mut Words<'_>) -> f64 {
        let share = share(words);
        match self {
            Self::Numbers { means, deviations, .. } => {
                let (mean, deviation) = (means[kernel], deviations[kernel]);
                let z = quantile_between(-mean / deviation, (1.0 - mean) / deviation, share);
                (mean + z * deviation).clamp(0.0, 1.0)
            }
            Self::Choices(rows) => pick(&rows[kernel], share) as f64,
        }
    }
}

/// The weights of so many observations and of the prior, which sum to 1: older ones than the last 25 have less, the
/// oldest the least.
fn weights(count: usize) -> Vec<f64> {
    if count == 0 {
        return vec![1.0];
    }
    let older = count.saturating_sub(RECENT);
    let least = 1.0 / count as f64;
    let weight = |at: usize| match older {
        _ if at >= older => 1.0,
        1 => least,
        _ => least + (1.0 - least) * at as f64 / (older - 1) as f64,
    };
    let weights: Vec<f64> = (0..=count).map(weight).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}

/// A random number in [0, 1).
fn share(words: &mut Words<'_>) -> f64 {
    (words() >> 11) as f64 / (1_u64 << 53) as f64
}

/// The index at which the running sum of weights passes a share of one.
fn pick(weights: &[f64], share: f64) -> usize {
    let mut left = share;
    for (at, weight) in weights.iter().enumerate() {
        if left < *weight {
            return at;
        }
        left -= weight;
    }
    weights.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Place;

    /// The densities of optuna 5.0.0 by `tests/golden/parzen.py`. Ours are on [0, 1], so those of ranges differ by the
    /// logarithm of the width.
    #[test]
    fn densities_are_those_of_optuna() {
        let axes = [
            Dimension::Real { low: -2.0, high: 3.0, log: false, singles: None },
            Dimension::Real { low: 1e-4, high: 1e-1, log: true, singles: None },
            Dimension::Whole { low: 1.0, high: 60.0, log: false },
            Dimension::Whole { low: 2.0, high: 200.0, log: true },
            Dimension::steps(&(0..=50).map(|at| f64::from(at) / 100.0).collect::<Vec<f64>>()),
            Dimension::Choices(3),
        ];
        let dimensions: Vec<&Dimension> = axes.iter().collect();
        let by_width = 5.0_f64.ln() + (1e-1_f64 / 1e-4).ln().ln();
        // A block for each number of observations: their number, the observations, then points with their log
        // densities.
        let mut lines = include_str!("../../tests/golden/parzen.txt")
            .lines()
            .skip(1)
            .map(|line| line.split(' ').map(|cell| cell.parse().expect("a number")).collect::<Vec<f64>>());
        let coordinates = |cells: &[f64]| -> Vec<f64> {
            let position = |(at, value): (usize, &f64)| {
                #[expect(clippy::cast_sign_loss, reason = "indices")]
                let position = match at {
                    4 | 5 => Place::Index(*value as usize),
                    _ => Place::Number(*value),
                };
                axes[at].coordinate(position).expect("a coordinate")
            };
            cells[..6].iter().enumerate().map(position).collect()
        };
        let mut blocks = 0;
        while let Some(head) = lines.next() {
            #[allow(clippy::cast_sign_loss, reason = "counts")]
            let [observations, points] = [head[0] as u32, head[1] as u32];
            let observed: Vec<Vec<f64>> =
                (0..observations).map(|_| coordinates(&lines.next().expect("a line"))).collect();
            let parzen = Parzen::new(&dimensions, &observed);
            for _ in 0..points {
                let line = lines.next().expect("a line");
                let (is, wanted) = (parzen.log_density(&coordinates(&line)) - by_width, line[6]);
                assert!((is - wanted).abs() < 1e-8, "{observations} observations at {line:?}: {is} and {wanted}");
            }
            blocks += 1;
        }
        assert_eq!(blocks, 5);
    }

    #[test]
    fn draws_are_of_the_density() {
        let real = Dimension::Real { low: 0.0, high: 1.0, log: false, singles: None };
        let choice = Dimension::Choices(3);
        let parzen = Parzen::new(&[&real, &choice], &[vec![0.1, 2.0], vec![0.15, 2.0], vec![0.8, 0.0]]);
        let mut state = 1_u64;
        // SplitMix64.
        let mut words = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        };
        let draws: Vec<Vec<f64>> = (0..20_000).map(|_| parzen.sample(&mut words)).collect();
        // Each share of draws is within five standard deviations, 0.018, of what the density says.
        for choice in 0..3 {
            for part in 0..4 {
                let (from, to) = (f64::from(part) / 4.0, f64::from(part + 1) / 4.0);
                let is = draws.iter().filter(|it| it[1] == f64::from(choice) && (from..to).contains(&it[0])).count();
                let density = |step: u32| {
                    let at = from + (f64::from(step) + 0.5) / 400.0;
                    parzen.log_density(&[at, f64::from(choice)]).exp() / 400.0
                };
                let wanted: f64 = (0..100).map(density).sum();
                assert!((is as f64 / 20_000.0 - wanted).abs() < 0.018, "{choice} in part {part}: {is} and {wanted}");
            }
        }
    }
}
