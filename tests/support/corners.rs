//! Data that is easy to learn.

use dropgrid::prelude::*;

/// Rows of class 0, 1 and 2 in turn, with four features each: noise in [-0.5, 0.5), and `distance` more in the feature
/// of the row's class.
pub(super) fn corners(rows: usize, distance: f32) -> Dataset<Classes<3>> {
    let noise = |row: usize, column: usize| ((row * 37 + column * 101) % 17) as f32 / 17.0 - 0.5;
    let features = (0..rows).map(|row| {
        let mut features = [0, 1, 2, 3].map(|column| noise(row, column));
        features[row % 3] += distance;
        features
    });
    let labels = Classes::new((0..rows).map(|row| row % 3).collect::<Vec<_>>()).expect("labels");
    Dataset::new(features, labels).expect("data")
}
