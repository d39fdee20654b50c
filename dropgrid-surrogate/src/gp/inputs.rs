//! Candidates as the inputs of a Gaussian process.

use super::cholesky::dot;
use crate::Dimension;

/// The coordinates of candidates on the axes that vary, axis by axis.
///
/// Numbers are compared by their squared difference. Choices are equal, or have the squared distance 1. Where a candidate does
/// not have an axis, its number is 1/2 and its choice is one of its own: its other axes say that it does not have it.
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

    /// The squared distances on one axis between a coordinate and the first candidates, added to `sums` at a weight.
    pub fn add_squares(&self, axis: usize, at: f64, weight: f64, sums: &mut [f64]) {
        let column = &self.columns[axis][..sums.len()];
        if self.dimensions[axis].is_choice() {
            sums.iter_mut().zip(column).for_each(|(sum, other)| *sum += if *other == at { 0.0 } else { weight });
        } else {
            sums.iter_mut().zip(column).for_each(|(sum, other)| *sum += weight * ((other - at) * (other - at)));
        }
    }

    /// The sum over the first candidates of a factor times the squared distance on one axis.
    pub fn sum_squares(&self, axis: usize, at: f64, factors: &[f64]) -> f64 {
        let mut squares = vec![0.0; factors.len()];
        self.add_squares(axis, at, 1.0, &mut squares);
        dot(factors, &squares)
    }

    /// The sum over candidates of a factor times the difference of a coordinate to theirs on an axis of numbers.
    pub fn sum_differences(&self, axis: usize, at: f64, factors: &[f64]) -> f64 {
        let differences: Vec<f64> = self.columns[axis][..factors.len()].iter().map(|other| at - other).collect();
        dot(factors, &differences)
    }
}
