//! Trainings that end by themselves: what is watched, what is scored, how long the winner is trained, and that
//! candidates which differ in nothing else are one training with the bits of separate ones.

mod outcome;
mod together;
mod unseen;

use dropgrid::prelude::*;

use crate::corners;

/// Classes that overlap, some rows of them in the wrong one, so that a network gets worse again.
fn noisy() -> Dataset<Classes<3>> {
    let data = corners::corners(90, 0.4);
    let wrong = |row: usize| row * 7919 % 11 < 3;
    let labels = Classes::new((0..90).map(|row| if wrong(row) { (row + 1) % 3 } else { row % 3 }).collect::<Vec<_>>());
    Dataset::from_features(data.features().clone(), labels.expect("labels")).expect("data")
}

fn recipe() -> Train {
    Train::adam(2e-2).batch_size(16).validation_fraction(0.2)
}
