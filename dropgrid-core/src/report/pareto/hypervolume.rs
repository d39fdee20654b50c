//! The hypervolume of a front.

use super::ranks::dominates;

/// The volume of all points that one of `points` dominates and that dominate the `reference`; lower coordinates are
/// better. Infinite where a point is infinitely good.
///
/// The exclusive volumes of the points are summed, each against those behind it: the algorithm of
/// [While, Bradstreet and Barone 2012](https://doi.org/10.1109/TEVC.2010.2077298).
pub(super) fn hypervolume(points: &[Vec<f64>], reference: &[f64]) -> f64 {
    let is_inside = |point: &&Vec<f64>| point.iter().zip(reference).all(|(value, bound)| value < bound);
    let mut inside = front(points.iter().filter(is_inside).cloned());
    // The first in order limit the others to few points.
    inside.sort_by(|a, b| {
        a.iter().zip(b).map(|(a, b)| b.total_cmp(a)).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    volume(&inside, reference)
}

fn volume(points: &[Vec<f64>], reference: &[f64]) -> f64 {
    let exclusive = |at: usize| {
        let point = &points[at];
        let limited = points[at + 1..].iter().map(|other| other.iter().zip(point).map(|(a, b)| a.max(*b)).collect());
        box_volume(point, reference) - volume(&front(limited), reference)
    };
    (0..points.len()).map(exclusive).sum()
}

fn box_volume(point: &[f64], reference: &[f64]) -> f64 {
    point.iter().zip(reference).map(|(value, bound)| bound - value).product()
}

/// The points that no other dominates, each once.
fn front(points: impl Iterator<Item = Vec<f64>>) -> Vec<Vec<f64>> {
    let mut front: Vec<Vec<f64>> = Vec::new();
    for point in points {
        if front.iter().any(|other| *other == point || dominates(other, &point)) {
            continue;
        }
        front.retain(|other| !dominates(&point, other));
        front.push(point);
    }
    front
}
