//! Candidates side by side, one in each lane of a vector.

use std::ops::Range;

use dropgrid_kernel::multiversion;

use super::square::{LANES, Square};

/// A number of each candidate of a panel, of which there are [`LANES`].
pub(super) type Lanes = [f64; LANES];

/// Writes the coordinates of at most [`LANES`] points, axis by axis; a lane without a point repeats the first one.
pub(super) fn gather(points: &[impl AsRef<[f64]>], out: &mut Vec<Lanes>) {
    out.clear();
    let lane = |axis: usize| std::array::from_fn(|lane| points.get(lane).unwrap_or(&points[0]).as_ref()[axis]);
    out.extend((0..points[0].as_ref().len()).map(lane));
}

multiversion! {
    /// The sums over candidates of a number times the covariance.
    pub(super) fn weighted(numbers: &[f64], covariances: &[Lanes]) -> Lanes {
        let mut sums = [[0.0; LANES]; 4];
        let parts = (numbers.chunks_exact(4), covariances.chunks_exact(4));
        for (numbers, lanes) in parts.0.clone().zip(parts.1) {
            for ((sum, number), lanes) in sums.iter_mut().zip(numbers).zip(lanes) {
                add(sum, *number, lanes);
            }
        }
        let rest = parts.0.remainder();
        let mut sum = [0.0; LANES];
        for (number, lanes) in rest.iter().zip(&covariances[numbers.len() - rest.len()..]) {
            add(&mut sum, *number, lanes);
        }
        for part in &sums {
            add(&mut sum, 1.0, part);
        }
        sum
    }
}

multiversion! {
    /// The largest square of a covariance, each times a number.
    pub(super) fn largest_square(numbers: &[f64], covariances: &[Lanes]) -> Lanes {
        let mut most = [0.0; LANES];
        for (number, lanes) in numbers.iter().zip(covariances) {
            most.iter_mut().zip(lanes).for_each(|(most, value)| {
                let square = value * value * number;
                *most = if square > *most { square } else { *most };
            });
        }
        most
    }
}

/// The sums of squares of some rows of a lower triangle times the covariances.
pub(super) fn squares(inverse: &Square, rows: Range<usize>, covariances: &[Lanes]) -> Lanes {
    let (values, room) = inverse.parts();
    sum_squares(values, room, rows.start, rows.end, covariances)
}

/// The rows of a product that are computed at once.
const ROWS: usize = 4;

multiversion! {
    fn sum_squares(values: &[f64], room: usize, from: usize, to: usize, covariances: &[Lanes]) -> Lanes {
        let (mut sum, mut row) = ([0.0; LANES], from);
        while row + ROWS <= to {
            // The numbers behind the diagonal are 0.
            let rows: [&[f64]; ROWS] = std::array::from_fn(|at| &values[(row + at) * room..][..row + ROWS]);
            let mut products = [[0.0; LANES]; ROWS];
            for (at, lanes) in covariances[..row + ROWS].iter().enumerate() {
                products.iter_mut().zip(rows).for_each(|(product, row)| add(product, row[at], lanes));
            }
            for product in &products {
                add_square(&mut sum, product);
            }
            row += ROWS;
        }
        for row in row..to {
            let mut product = [0.0; LANES];
            let numbers = values[row * room..][..=row].iter();
            numbers.zip(covariances).for_each(|(number, lanes)| add(&mut product, *number, lanes));
            add_square(&mut sum, &product);
        }
        sum
    }
}

#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn add(sums: &mut Lanes, number: f64, lanes: &Lanes) {
    sums.iter_mut().zip(lanes).for_each(|(sum, value)| *sum += number * value);
}

#[inline(always)]
#[allow(clippy::inline_always, reason = "runs inside the vectors of its caller")]
fn add_square(sums: &mut Lanes, lanes: &Lanes) {
    sums.iter_mut().zip(lanes).for_each(|(sum, value)| *sum += value * value);
}
