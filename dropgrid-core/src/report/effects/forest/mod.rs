//! The functional analysis of variance of a forest: what hyperparameters do to the score where the candidates are no complete
//! grid.

mod tree;
mod variance;

use serde_json::Value;

use super::{EffectMethod, Effects, MainEffect, PairEffect, levels::Levels};
use crate::seed::{Purpose, Seed, below};
use variance::Parts;

/// The number of trees.
const TREES: usize = 64;
/// The fewest candidates from which a forest is made.
const FEWEST: usize = 10;
/// Numbers that differ in more values than these are a range and no list.
const LISTED: usize = 16;
/// The most candidates on which a tree is grown.
const MOST: usize = 1024;
/// The values of a range whose means are given.
const SHOWN: usize = 11;

/// A candidate: its cell on each axis, and its score.
struct Sample {
    cells: Vec<usize>,
    score: f64,
}

/// An axis as a tree sees it: cells, each with its share of the axis.
struct Axis {
    /// The position of the axis among the hyperparameters.
    number: usize,
    /// The share of each cell; the sum is 1.
    weights: Vec<f64>,
    /// True where cells have an order, by which they are split.
    has_order: bool,
    /// The places of the cells' values, ascending, where they have an order.
    places: Vec<f64>,
    /// The values whose means are given, each with its cell.
    shown: Vec<(Value, usize)>,
}

impl Axis {
    /// An axis that has these values, and the cell of each of them. `None` where all are equal.
    ///
    /// Values of a list have a cell each, with equal shares. Of more numbers than that, a cell reaches halfway to its
    /// neighbours, in logarithms where the largest is at least 100 times the smallest. Candidates without the hyperparameter
    /// have a cell of their own, whose share is theirs.
    fn of(number: usize, values: &[Value], candidates: &[usize]) -> Option<(Self, Vec<usize>)> {
        let numbers: Vec<Option<f64>> = values.iter().map(Value::as_f64).collect();
        let present: Vec<usize> = (0..values.len()).filter(|&at| !values[at].is_null()).collect();
        let absent = candidates.iter().filter(|&&at| values[at].is_null()).count() as f64 / candidates.len() as f64;
        let is_listed = present.len() <= LISTED;
        let are_numbers = present.iter().all(|&at| numbers[at].is_some());
        if values.len() < 2 || !(is_listed || are_numbers) {
            // Of many values without an order each is that of one candidate, and tells nothing of others.
            return None;
        }
        let value = |at: usize| numbers[at].unwrap_or(at as f64);
        let mut order = present.clone();
        if are_numbers {
            order.sort_by(|&a, &b| value(a).total_cmp(&value(b)));
        }
        let (least, largest) = (value(*order.first()?), value(*order.last()?));
        let is_log = are_numbers && !is_listed && least > 0.0 && largest >= 100.0 * least;
        let scale = |of: f64| if is_log { of.ln() } else { of };
        let mut places: Vec<f64> = if is_listed {
            (0..order.len()).map(|place| place as f64).collect()
        } else {
            order.iter().map(|&at| scale(value(at))).collect()
        };
        let width = places.last()? - places[0];
        let share = |place: usize| {
            if is_listed {
                return 1.0 / order.len() as f64;
            }
            let halfway = |a: usize, b: usize| f64::midpoint(places[a], places[b]);
            let from = if place == 0 { places[0] } else { halfway(place - 1, place) };
            let to = if place + 1 == places.len() { places[place] } else { halfway(place, place + 1) };
            (to - from) / width
        };
        let mut weights: Vec<f64> = (0..order.len()).map(|place| share(place) * (1.0 - absent)).collect();
        let mut cells = vec![0; values.len()];
        order.iter().enumerate().for_each(|(place, &at)| cells[at] = place);
        let mut shown: Vec<(Value, usize)> = if is_listed {
            present.iter().map(|&at| (values[at].clone(), cells[at])).collect()
        } else {
            let last = order.len() - 1;
            let even = |step: usize| places[0] + width * step as f64 / (SHOWN - 1) as f64;
            let nearest = |to: f64| {
                (0..=last).min_by(|&a, &b| (places[a] - to).abs().total_cmp(&(places[b] - to).abs())).unwrap_or(0)
            };
            let mut cells: Vec<usize> = (0..SHOWN).map(|step| nearest(even(step))).collect();
            cells.dedup();
            cells.into_iter().map(|cell| (values[order[cell]].clone(), cell)).collect()
        };
        if absent > 0.0 {
            // Before the others, so that one split parts it from them.
            weights.insert(0, absent);
            places.insert(0, places[0] - 1.0 - width);
            let is_absent = |at: usize| values[at].is_null();
            (0..values.len()).for_each(|at| cells[at] = if is_absent(at) { 0 } else { cells[at] + 1 });
            shown.iter_mut().for_each(|(_, cell)| *cell += 1);
            shown.push((Value::Null, 0));
        }
        Some((Self { number, weights, has_order: are_numbers, places, shown }, cells))
    }

    /// The first cell on the right of a split between the cells of two values: nearest to the middle.
    fn border(&self, left: usize, right: usize) -> usize {
        let middle = f64::midpoint(self.places[left], self.places[right]);
        (left + 1..right).find(|&cell| self.places[cell] > middle).unwrap_or(right)
    }
}

/// The effects by a forest of trees, each grown on as many candidates, 1024 at most, drawn with replacement. `None` of fewer than ten
/// candidates, and where the scores are equal.
pub(super) fn effects(levels: &Levels, scores: &[f64]) -> Option<Effects> {
    let count = scores.len();
    if count < FEWEST {
        return None;
    }
    let (mut axes, mut cells) = (Vec::new(), Vec::new());
    for number in 0..levels.names.len() {
        let of_candidates: Vec<usize> = levels.candidates.iter().map(|(_, at)| at[number]).collect();
        if let Some((axis, cells_of)) = Axis::of(number, &levels.values[number], &of_candidates) {
            axes.push(axis);
            cells.push(of_candidates.into_iter().map(|at| cells_of[at]).collect::<Vec<usize>>());
        }
    }
    let sample = |at: usize| Sample { cells: cells.iter().map(|of| of[at]).collect(), score: scores[at] };
    let samples: Vec<Sample> = (0..count).map(sample).collect();
    let mut trees = Vec::new();
    for tree in 0..TREES {
        let mut rng = Seed(0).key(Purpose::Tree).candidate(tree as u64).rng();
        let drawn = (0..count.min(MOST)).map(|_| below(&mut rng, count as u64) as usize).collect();
        trees.push(Parts::of(&axes, &tree::leaves(&axes, &samples, drawn)));
    }
    // A tree without a split has no parts.
    trees.retain(|parts| parts.total > 0.0);
    let all = trees.len() as f64;
    if trees.is_empty() {
        return None;
    }
    let share = |part: &dyn Fn(&Parts) -> f64| trees.iter().map(|tree| part(tree) / tree.total).sum::<f64>() / all;
    let main = axes.iter().enumerate().map(|(at, axis)| {
        let mean = |cell: usize| trees.iter().map(|tree| tree.means[at][cell]).sum::<f64>() / all;
        MainEffect {
            name: levels.names[axis.number].clone(),
            share: share(&|parts| parts.main[at]),
            means: axis.shown.iter().map(|(value, cell)| (value.clone(), mean(*cell))).collect(),
        }
    });
    let mut pairs = Vec::new();
    for (first, a) in axes.iter().enumerate() {
        for b in &axes[first + 1..] {
            let at = pairs.len();
            let names = (levels.names[a.number].clone(), levels.names[b.number].clone());
            pairs.push(PairEffect { names, share: share(&|parts| parts.pairs[at]) });
        }
    }
    let mean = scores.iter().sum::<f64>() / count as f64;
    let variance = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / count as f64;
    let method = EffectMethod::Forest { trees: TREES };
    Some(Effects { method, variance, main: main.collect(), pairs })
}
