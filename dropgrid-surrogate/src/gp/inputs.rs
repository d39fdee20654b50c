//! Candidates as the inputs of a Gaussian process.

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

    /// The coordinates on the axes that vary of a point that has all axes.
    pub fn of_whole(&self, point: Vec<f64>) -> Vec<f64> {
        if self.axes.len() == point.len() { point } else { self.axes.iter().map(|&axis| point[axis]).collect() }
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

    /// The columns of coordinates, and which of them are choices.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&[f64], bool)> {
        self.columns.iter().map(Vec::as_slice).zip(self.dimensions.iter().map(|dimension| dimension.is_choice()))
    }
}
