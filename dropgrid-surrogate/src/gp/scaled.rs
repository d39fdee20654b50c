//! Candidates in units of the lengths over which scores change, and what is computed on all pairs of them.

use dropgrid_kernel::multiversion;

use super::{
    inputs::Inputs,
    kernel::{matern, matern_value},
    panel::Lanes,
    square::{LANES, Square, total},
};

/// The coordinates of candidates, axis by axis: those of numbers each over the length of its axis, so that a squared
/// distance is a sum of squares; choices as they are.
#[derive(Debug)]
pub(super) struct Scaled {
    len: usize,
    /// Numbers on their axes first, then choices, each with its place among the axes.
    numbers: Vec<Axis>,
    choices: Vec<Axis>,
    /// The coordinates of numbers once more, candidate by candidate.
    rows: Vec<f64>,
    /// The variance of scores.
    scale: f64,
}

/// An axis.
#[derive(Debug)]
struct Axis {
    place: usize,
    /// One over the length of an axis of numbers; the squared distance of two choices.
    unit: f64,
    /// The coordinates, and zeros up to a vector more than a whole number of them.
    column: Vec<f64>,
}

impl Scaled {
    /// The candidates by the inverse squared length of each axis and the variance of scores.
    pub(super) fn new(inputs: &Inputs<'_>, weights: &[f64], scale: f64) -> Self {
        let (mut numbers, mut choices) = (Vec::new(), Vec::new());
        let len = inputs.len();
        for (place, ((column, is_choice), &weight)) in inputs.columns().zip(weights).enumerate() {
            let (unit, times) = if is_choice { (weight, 1.0) } else { (weight.sqrt(), weight.sqrt()) };
            let mut column: Vec<f64> = column.iter().map(|at| at * times).collect();
            column.resize(len.next_multiple_of(LANES) + LANES, 0.0);
            let axes = if is_choice { &mut choices } else { &mut numbers };
            axes.push(Axis { place, unit, column });
        }
        let rows = (0..len).flat_map(|at| numbers.iter().map(move |axis: &Axis| axis.column[at])).collect();
        Self { len, numbers, choices, rows, scale }
    }

    /// Writes the upper triangle of the covariances, and where asked that of their derivatives by the squared
    /// distances.
    pub(super) fn covariances(&self, values: &mut Square, mut slopes: Option<&mut Square>) {
        let mut unused = vec![0.0; self.len.next_multiple_of(LANES)];
        for at in 0..self.len {
            let end = at + (self.len - at).next_multiple_of(LANES);
            let slopes = slopes.as_mut().map_or(&mut unused[..end - at], |slopes| slopes.row_mut(at, at..end));
            row(self, at, values.row_mut(at, at..end), slopes);
        }
    }

    /// Adds the sums over pairs of candidates of a factor times the squared distance on an axis: `factors` are those of
    /// a candidate with all, 0 for itself and those before it.
    pub(super) fn add_pairs(&self, at: usize, factors: &[f64], sums: &mut [Lanes]) {
        add_pairs(self, at, factors, sums);
    }

    /// Writes the covariances of a point with all candidates, 0 behind these, and their derivatives by the squared
    /// distances. Both have room for whole vectors.
    pub(super) fn point(&self, point: &[f64], values: &mut [f64], slopes: &mut [f64]) {
        of_point(self, point, values, slopes);
        for rest in [values, slopes] {
            rest[self.len..].fill(0.0);
        }
    }

    /// Writes, for each axis, the sums over candidates of two factors times twice the difference to the coordinate of a
    /// point, in the units of the point; 0 for choices.
    pub(super) fn sum_differences(&self, point: &[f64], factors: [&[f64]; 2], out: &mut [[f64; 2]]) {
        out.fill([0.0; 2]);
        sum_differences(self, point, factors[0], factors[1], out);
    }

    /// The covariances of the points of a panel with all candidates.
    pub(super) fn panel(&self, points: &[Lanes], out: &mut [Lanes]) {
        panel(self, points, out);
    }
}

multiversion! {
    fn row(scaled: &Scaled, at: usize, values: &mut [f64], slopes: &mut [f64]) {
        let (values, slopes) = (values.as_chunks_mut::<LANES>().0, slopes.as_chunks_mut::<LANES>().0);
        for ((values, slopes), from) in values.iter_mut().zip(slopes).zip((at..).step_by(LANES)) {
            let squares = squares(scaled, from, |axis| axis.column[at]);
            (*values, *slopes) = matern(&squares, scaled.scale);
        }
    }
}

multiversion! {
    fn of_point(scaled: &Scaled, point: &[f64], values: &mut [f64], slopes: &mut [f64]) {
        let (values, slopes) = (values.as_chunks_mut::<LANES>().0, slopes.as_chunks_mut::<LANES>().0);
        let mut at: Vec<f64> = point.to_vec();
        scaled.numbers.iter().for_each(|axis| at[axis.place] *= axis.unit);
        for ((values, slopes), from) in values.iter_mut().zip(slopes).zip((0..).step_by(LANES)) {
            let squares = squares(scaled, from, |axis| at[axis.place]);
            (*values, *slopes) = matern(&squares, scaled.scale);
        }
    }
}

/// The squared distances of the next candidates from a number on to a point.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn squares(scaled: &Scaled, from: usize, at: impl Fn(&Axis) -> f64) -> Lanes {
    let mut sums = [0.0; LANES];
    for axis in &scaled.numbers {
        let at = at(axis);
        let Some(others) = axis.column[from..].first_chunk::<LANES>() else { break };
        sums.iter_mut().zip(others).for_each(|(sum, other)| *sum += (other - at) * (other - at));
    }
    for axis in &scaled.choices {
        let at = at(axis);
        let Some(others) = axis.column[from..].first_chunk::<LANES>() else { break };
        sums.iter_mut().zip(others).for_each(|(sum, other)| *sum += if *other == at { 0.0 } else { axis.unit });
    }
    sums
}

multiversion! {
    fn add_pairs(scaled: &Scaled, at: usize, factors: &[f64], sums: &mut [Lanes]) {
        let from = at / LANES * LANES;
        let factors = &factors[from..];
        for axis in &scaled.numbers {
            let own = axis.column[at];
            let more = weighted(&axis.column[from..], factors, |other| (other - own) * (other - own));
            sums[axis.place].iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
        for axis in &scaled.choices {
            let own = axis.column[at];
            let more = weighted(&axis.column[from..], factors, |other| if other == own { 0.0 } else { axis.unit });
            sums[axis.place].iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
    }
}

multiversion! {
    fn sum_differences(scaled: &Scaled, point: &[f64], first: &[f64], second: &[f64], out: &mut [[f64; 2]]) {
        for axis in &scaled.numbers {
            let at = point[axis.place] * axis.unit;
            let sums = [first, second].map(|factors| total(weighted(&axis.column, factors, |other| at - other)));
            out[axis.place] = sums.map(|sum| 2.0 * axis.unit * sum);
        }
    }
}

/// The sums of factors times a function of coordinates.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn weighted(column: &[f64], factors: &[f64], term: impl Fn(f64) -> f64) -> Lanes {
    let mut sums = [0.0; LANES];
    for (others, factors) in column.as_chunks::<LANES>().0.iter().zip(factors.as_chunks::<LANES>().0) {
        let pairs = sums.iter_mut().zip(others.iter().zip(factors));
        pairs.for_each(|(sum, (other, factor))| *sum += factor * term(*other));
    }
    sums
}

multiversion! {
    fn panel(scaled: &Scaled, points: &[Lanes], out: &mut [Lanes]) {
        let mut scaled_points: Vec<Lanes> = Vec::with_capacity(points.len());
        scaled_points.extend(scaled.numbers.iter().map(|axis| points[axis.place].map(|at| at * axis.unit)));
        for (candidate, out) in out.iter_mut().enumerate() {
            let mut sums = [0.0; LANES];
            let row = &scaled.rows[candidate * scaled_points.len()..][..scaled_points.len()];
            for (other, at) in row.iter().zip(&scaled_points) {
                sums.iter_mut().zip(at).for_each(|(sum, at)| *sum += (other - at) * (other - at));
            }
            for axis in &scaled.choices {
                let (other, at) = (axis.column[candidate], &points[axis.place]);
                sums.iter_mut().zip(at).for_each(|(sum, at)| *sum += if other == *at { 0.0 } else { axis.unit });
            }
            *out = sums;
        }
        for value in out.as_flattened_mut() {
            *value = matern_value(*value, scaled.scale);
        }
    }
}
