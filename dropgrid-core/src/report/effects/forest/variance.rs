//! The functional analysis of variance of one tree.

use super::{
    Axis,
    tree::{Cells, Leaf},
};

/// The variance of a tree over its whole space, and the parts of it.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    pub(super) total: f64,
    /// The part of each axis.
    pub(super) main: Vec<f64>,
    /// The part of each two axes beside their own, the pairs in the order (0, 1), (0, 2), ..., (1, 2), ...
    pub(super) pairs: Vec<f64>,
    /// The mean over all other axes in each cell of each axis.
    pub(super) means: Vec<Vec<f64>>,
}

/// Cells of an axis that no leaf of a tree tells apart: for each cell its segment, and the weight of each segment.
struct Segments {
    of_cell: Vec<usize>,
    weights: Vec<f64>,
}

impl Segments {
    fn of(axis: usize, facts: &Axis, leaves: &[Leaf]) -> Self {
        let count = facts.weights.len();
        let mut begins = vec![!facts.has_order; count];
        begins[0] = true;
        for leaf in leaves {
            if let Cells::Run(from, _) = leaf.cells[axis] {
                begins[from] = true;
            }
        }
        let (mut of_cell, mut weights) = (Vec::with_capacity(count), Vec::new());
        for (begins, weight) in begins.into_iter().zip(&facts.weights) {
            if begins {
                weights.push(0.0);
            }
            let last = weights.len() - 1;
            weights[last] += weight;
            of_cell.push(last);
        }
        Self { of_cell, weights }
    }

    /// The segments of a leaf.
    fn of_leaf(&self, cells: &Cells) -> Vec<usize> {
        let mut segments: Vec<usize> = match cells {
            Cells::Run(from, to) => self.of_cell[*from..*to].to_vec(),
            Cells::Set(of) => (0..of.len()).filter(|&cell| of[cell]).map(|cell| self.of_cell[cell]).collect(),
        };
        segments.dedup();
        segments
    }
}

impl Parts {
    /// The parts of a tree with these leaves: exact, as sums over its boxes
    /// ([Hutter, Hoos and Leyton-Brown 2014](https://proceedings.mlr.press/v32/hutter14.html), algorithm 2).
    pub(super) fn of(axes: &[Axis], leaves: &[Leaf]) -> Self {
        let segments: Vec<Segments> =
            axes.iter().enumerate().map(|(at, axis)| Segments::of(at, axis, leaves)).collect();
        // Of each leaf and axis: its segments, and their weight.
        let boxes: Vec<Vec<(Vec<usize>, f64)>> = leaves
            .iter()
            .map(|leaf| {
                let of_axis = |(cells, of): (&Cells, &Segments)| {
                    let own = of.of_leaf(cells);
                    let weight = own.iter().map(|&segment| of.weights[segment]).sum::<f64>();
                    (own, weight)
                };
                leaf.cells.iter().zip(&segments).map(of_axis).collect()
            })
            .collect();
        let volume = |of: &[(Vec<usize>, f64)], without: &[usize]| -> f64 {
            of.iter().enumerate().filter(|(axis, _)| !without.contains(axis)).map(|(_, (_, weight))| weight).product()
        };
        let all: Vec<f64> = boxes.iter().map(|of| volume(of, &[])).collect();
        let mean: f64 = leaves.iter().zip(&all).map(|(leaf, volume)| leaf.value * volume).sum();
        let total = leaves.iter().zip(&all).map(|(leaf, volume)| (leaf.value - mean).powi(2) * volume).sum();
        let marginal = |axis: usize| {
            let mut sums = vec![0.0; segments[axis].weights.len()];
            for (leaf, of) in leaves.iter().zip(&boxes) {
                let share = leaf.value * volume(of, &[axis]);
                of[axis].0.iter().for_each(|&segment| sums[segment] += share);
            }
            sums
        };
        let marginals: Vec<Vec<f64>> = (0..axes.len()).map(marginal).collect();
        let square = |axis: usize| -> f64 {
            let weights = segments[axis].weights.iter();
            weights.zip(&marginals[axis]).map(|(weight, value)| weight * (value - mean).powi(2)).sum()
        };
        let main = (0..axes.len()).map(square).collect();
        let mut pairs = Vec::new();
        for a in 0..axes.len() {
            for b in a + 1..axes.len() {
                let width = segments[b].weights.len();
                if width == 1 || segments[a].weights.len() == 1 {
                    // The tree has no split of one of them.
                    pairs.push(0.0);
                    continue;
                }
                let mut sums = vec![0.0; segments[a].weights.len() * width];
                for (leaf, of) in leaves.iter().zip(&boxes) {
                    let share = leaf.value * volume(of, &[a, b]);
                    for &in_a in &of[a].0 {
                        of[b].0.iter().for_each(|&in_b| sums[in_a * width + in_b] += share);
                    }
                }
                let part = |(at, value): (usize, &f64)| {
                    let (in_a, in_b) = (at / width, at % width);
                    let beside = value - marginals[a][in_a] - marginals[b][in_b] + mean;
                    segments[a].weights[in_a] * segments[b].weights[in_b] * beside.powi(2)
                };
                pairs.push(sums.iter().enumerate().map(part).sum());
            }
        }
        let means =
            segments.iter().zip(&marginals).map(|(of, values)| of.of_cell.iter().map(|&at| values[at]).collect());
        Self { total, main, pairs, means: means.collect() }
    }
}
