//! Candidates as the inputs of a Gaussian process.

use dropgrid_kernel::multiversion;

use crate::Dimension;

/// The coordinates of candidates on the axes that vary, axis by axis.
///
/// Numbers are compared by their squared difference. Choices are equal, or have the squared distance 1. Where a
/// candidate does not have an axis, its number is 1/2 and its choice is one of its own: its other axes say that it does
/// not have it.
#[derive(Debug, Clone)]
pub struct Inputs<'a> {
    /// The axes that vary, by their numbers.
    pub axes: Vec<usize>,
    pub dimensions: Vec<&'a Dimension>,
    columns: Vec<Vec<f64>>,
    len: usize,
}

impl<'a> Inputs<'a> {
    pub fn new(dimensions: &'a [Dimension], points: &[&[Option<f64>]]) -> Self {
        let varies = |axis: &usize| dimensions[*axis].count() != Some(1);
        let axes: Vec<usize> = (0..dimensions.len()).filter(varies).collect();
        let dimensions = axes.iter().map(|&axis| &dimensions[axis]).collect();
        let columns = vec![Vec::with_capacity(points.len()); axes.len()];
        let mut inputs = Self { axes, dimensions, columns, len: 0 };
        for point in points {
            let coordinates = inputs.of(point);
            inputs.push(&coordinates);
        }
        inputs
    }

    /// The coordinates of a candidate.
    pub fn of(&self, point: &[Option<f64>]) -> Vec<f64> {
        let coordinate = |(&axis, dimension): (&usize, &&Dimension)| {
            let absent = if let Dimension::Choices(count) = dimension { *count as f64 } else { 0.5 };
            point[axis].unwrap_or(absent)
        };
        self.axes.iter().zip(&self.dimensions).map(coordinate).collect()
    }

    pub fn push(&mut self, coordinates: &[f64]) {
        self.columns.iter_mut().zip(coordinates).for_each(|(column, &at)| column.push(at));
        self.len += 1;
    }

    #[allow(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// The coordinates of one candidate.
    pub fn row(&self, at: usize) -> Vec<f64> {
        self.columns.iter().map(|column| column[at]).collect()
    }

    pub(super) fn coordinate(&self, axis: usize, candidate: usize) -> f64 {
        self.columns[axis][candidate]
    }

    /// The columns of coordinates, and which of them are choices.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&[f64], bool)> {
        self.columns.iter().map(Vec::as_slice).zip(self.dimensions.iter().map(|dimension| dimension.is_choice()))
    }

    /// The squared distances on one axis between a coordinate and the candidates from a number on, added to `sums` at a
    /// weight.
    pub(super) fn add_squares(&self, axis: usize, at: f64, weight: f64, from: usize, sums: &mut [f64]) {
        let column = &self.columns[axis][from..from + sums.len()];
        add_squares(column, self.dimensions[axis].is_choice(), at, weight, sums);
    }

    /// The sum over the candidates from a number on of a factor times the squared distance on one axis.
    pub(super) fn sum_squares(&self, axis: usize, at: f64, from: usize, factors: &[f64]) -> f64 {
        let column = &self.columns[axis][from..from + factors.len()];
        sum_squares(column, self.dimensions[axis].is_choice(), at, factors)
    }

    /// The sum over the first candidates of a factor times the difference of a coordinate to theirs on an axis of
    /// numbers.
    pub(super) fn sum_differences(&self, axis: usize, at: f64, factors: &[f64]) -> f64 {
        sum_differences(&self.columns[axis][..factors.len()], at, factors)
    }
}

/// The sums whose sum is a sum over candidates, so that it has the same bits for every width of vectors.
const SUMS: usize = 8;

multiversion! {
    fn add_squares(column: &[f64], is_choice: bool, at: f64, weight: f64, sums: &mut [f64]) {
        if is_choice {
            sums.iter_mut().zip(column).for_each(|(sum, other)| *sum += if *other == at { 0.0 } else { weight });
        } else {
            sums.iter_mut().zip(column).for_each(|(sum, other)| *sum += weight * ((other - at) * (other - at)));
        }
    }
}

multiversion! {
    fn sum_squares(column: &[f64], is_choice: bool, at: f64, factors: &[f64]) -> f64 {
        if is_choice {
            sum(column, factors, |other| if other == at { 0.0 } else { 1.0 })
        } else {
            sum(column, factors, |other| (other - at) * (other - at))
        }
    }
}

multiversion! {
    fn sum_differences(column: &[f64], at: f64, factors: &[f64]) -> f64 {
        sum(column, factors, |other| at - other)
    }
}

/// The sum of factors times a function of coordinates.
#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn sum(column: &[f64], factors: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    let mut sums = [0.0; SUMS];
    let (columns, all) = (column.chunks_exact(SUMS), factors.chunks_exact(SUMS));
    let rest = columns.remainder().iter().zip(all.remainder());
    let rest: f64 = rest.map(|(other, factor)| factor * term(*other)).sum();
    for (others, factors) in columns.zip(all) {
        let pairs = sums.iter_mut().zip(others.iter().zip(factors));
        pairs.for_each(|(sum, (other, factor))| *sum += factor * term(*other));
    }
    sums.iter().sum::<f64>() + rest
}
