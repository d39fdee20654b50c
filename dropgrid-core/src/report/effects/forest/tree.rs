//! A regression tree on cells: each axis is cut into cells, and a split parts them.

use super::{Axis, Sample};

/// The cells of one axis that a node has.
#[derive(Debug, Clone)]
pub(super) enum Cells {
    /// Those from the first to before the last, of an axis with an order.
    Run(usize, usize),
    /// Those whose entry is true, of an axis without one.
    Set(Vec<bool>),
}

impl Cells {
    pub(super) fn has(&self, cell: usize) -> bool {
        match self {
            Self::Run(from, to) => (*from..*to).contains(&cell),
            Self::Set(cells) => cells[cell],
        }
    }
}

/// A leaf: the box of cells that it has, and the mean of its candidates.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) cells: Vec<Cells>,
    pub(super) value: f64,
}

/// The best split of a node so far.
struct Split {
    axis: usize,
    left: Cells,
    right: Cells,
    gain: f64,
}

/// Grows a tree on these candidates, among them some several times, until no leaf can be split: classification and
/// regression trees ([Breiman et al. 1984](https://doi.org/10.1201/9781315139470)) that minimise the sum of squares. A
/// split that lowers it by no more than `rounding` is none.
pub(super) fn leaves(axes: &[Axis], samples: &[Sample], rounding: f64) -> Vec<Leaf> {
    let all = |axis: &Axis| {
        let count = axis.weights.len();
        if axis.has_order { Cells::Run(0, count) } else { Cells::Set(vec![true; count]) }
    };
    let mut open = vec![(axes.iter().map(all).collect::<Vec<Cells>>(), (0..samples.len()).collect::<Vec<usize>>())];
    let mut leaves = Vec::new();
    while let Some((cells, drawn)) = open.pop() {
        let value = drawn.iter().map(|&at| samples[at].score).sum::<f64>() / drawn.len() as f64;
        let split = (0..axes.len())
            .filter_map(|axis| best_split(axis, &axes[axis], &cells[axis], samples, &drawn, value))
            .filter(|split| split.gain > rounding)
            // Of equal ones the first axis.
            .reduce(|best, other| if other.gain > best.gain { other } else { best });
        let Some(Split { axis, left, right, .. }) = split else {
            leaves.push(Leaf { cells, value });
            continue;
        };
        let (in_left, in_right): (Vec<usize>, Vec<usize>) =
            drawn.into_iter().partition(|&at| left.has(samples[at].cells[axis]));
        let mut right_cells = cells.clone();
        right_cells[axis] = right;
        let mut left_cells = cells;
        left_cells[axis] = left;
        open.push((right_cells, in_right));
        open.push((left_cells, in_left));
    }
    leaves
}

/// The split of an axis that lowers the sum of squares most; `None` where none lowers it.
fn best_split(
    number: usize,
    axis: &Axis,
    cells: &Cells,
    samples: &[Sample],
    drawn: &[usize],
    mean: f64,
) -> Option<Split> {
    // Count and sum of the deviations by cell.
    let mut sums = vec![(0_usize, 0.0); axis.weights.len()];
    for &at in drawn {
        let (count, sum) = &mut sums[samples[at].cells[number]];
        *count += 1;
        *sum += samples[at].score - mean;
    }
    let mut seen: Vec<usize> = (0..sums.len()).filter(|&cell| sums[cell].0 > 0).collect();
    if !axis.has_order {
        // The best of all subsets is one of a beginning in this order.
        let mean_of = |cell: usize| sums[cell].1 / sums[cell].0 as f64;
        seen.sort_by(|&a, &b| mean_of(a).total_cmp(&mean_of(b)).then(a.cmp(&b)));
    }
    let (mut left_count, mut left_sum) = (0, 0.0);
    let mut best: Option<(f64, usize)> = None;
    for (place, &cell) in seen.iter().enumerate().take(seen.len().saturating_sub(1)) {
        left_count += sums[cell].0;
        left_sum += sums[cell].1;
        let right_count = drawn.len() - left_count;
        // The deviations sum to 0.
        let gain = left_sum * left_sum * (1.0 / left_count as f64 + 1.0 / right_count as f64);
        if best.is_none_or(|(known, _)| gain > known) {
            best = Some((gain, place));
        }
    }
    let (gain, place) = best.filter(|(gain, _)| *gain > 0.0)?;
    let (left, right) = match cells {
        Cells::Run(from, to) => {
            let border = axis.border(seen[place], seen[place + 1]);
            (Cells::Run(*from, border), Cells::Run(border, *to))
        }
        Cells::Set(of) => {
            let (mut left, mut right) = (of.clone(), of.clone());
            seen[..=place].iter().for_each(|&cell| right[cell] = false);
            // Cells without a candidate go with the later ones.
            (0..of.len()).filter(|cell| !seen[..=place].contains(cell)).for_each(|cell| left[cell] = false);
            (Cells::Set(left), Cells::Set(right))
        }
    };
    Some(Split { axis: number, left, right, gain })
}
