//! The functional analysis of variance of a forest: what hyperparameters do to the score where the candidates are no
//! complete grid.

mod tree;
mod variance;

use rand::Rng;
use serde_json::Value;

use super::{
    EffectMethod, Effects, MainEffect, PairEffect,
    levels::{Levels, Range},
};
use crate::seed::{Purpose, Seed, below};
use variance::Parts;

/// The number of trees.
const TREES: usize = 64;
/// The fewest candidates from which a forest is made.
const FEWEST: usize = 10;
/// More different numbers than these are a range and no list, where the space does not tell.
const LISTED: usize = 16;
/// The ratio of the largest to the least number from which on a range counts in logarithms, where the space does not
/// tell.
const WIDE: f64 = 100.0;
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
    /// An axis that has these values, and the cell of each of them; none of a candidate's lack of it. `None` where
    /// there are not two.
    ///
    /// Values of a list have a cell each, with equal shares. On a range a cell reaches halfway to its neighbours.
    fn of(number: usize, values: &[Value], range: Option<Range>) -> Option<(Self, Vec<Option<usize>>)> {
        let numbers: Vec<Option<f64>> = values.iter().map(Value::as_f64).collect();
        let mut order: Vec<usize> = (0..values.len()).filter(|&at| !values[at].is_null()).collect();
        let are_numbers = order.iter().all(|&at| numbers[at].is_some());
        let range = range.filter(|_| are_numbers);
        let is_listed = range.is_none() && order.len() <= LISTED;
        if order.len() < 2 || !(is_listed || are_numbers) {
            // Of many values without an order each is that of one candidate, and tells nothing of others.
            return None;
        }
        let value = |at: usize| numbers[at].unwrap_or(at as f64);
        if are_numbers {
            order.sort_by(|&a, &b| value(a).total_cmp(&value(b)));
        }
        let ends = (value(*order.first()?), value(*order.last()?));
        // Where the space does not tell.
        let guess = Range { low: ends.0, high: ends.1, log: ends.0 > 0.0 && ends.1 >= WIDE * ends.0 };
        let Range { low, high, log } = range.unwrap_or(guess);
        let scale = |of: f64| if log { libm::log(of) } else { of };
        let place = |(place, &at): (usize, &usize)| if is_listed { place as f64 } else { scale(value(at)) };
        let places: Vec<f64> = order.iter().enumerate().map(place).collect();
        let last = places.len() - 1;
        let (first, end) = (scale(low).min(places[0]), scale(high).max(places[last]));
        let border = |after: usize| f64::midpoint(places[after], places[after + 1]);
        let share = |at: usize| {
            let from = if at == 0 { first } else { border(at - 1) };
            let to = if at == last { end } else { border(at) };
            if is_listed { 1.0 / places.len() as f64 } else { (to - from) / (end - first) }
        };
        let weights: Vec<f64> = (0..places.len()).map(share).collect();
        let mut cells = vec![None; values.len()];
        order.iter().enumerate().for_each(|(place, &at)| cells[at] = Some(place));
        let nearest = |to: f64| {
            let distance = |at: &usize| (places[*at] - to).abs();
            (0..=last).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0)
        };
        let even = |step: usize| places[0] + (places[last] - places[0]) * step as f64 / (SHOWN - 1) as f64;
        let mut shown: Vec<usize> = if is_listed {
            // In the order of the space, which the values have.
            (0..values.len()).filter_map(|at| cells[at]).collect()
        } else {
            (0..SHOWN).map(|step| nearest(even(step))).collect()
        };
        shown.dedup();
        let shown = shown.into_iter().map(|cell| (values[order[cell]].clone(), cell)).collect();
        Some((Self { number, weights, has_order: are_numbers, places, shown }, cells))
    }

    /// A cell by its share, for a candidate that has none.
    fn draw(&self, rng: &mut impl Rng) -> usize {
        // A number in [0, 1) of 53 bits.
        let mut rest = (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        for (cell, weight) in self.weights.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return cell;
            }
        }
        self.weights.len() - 1
    }

    /// The first cell on the right of a split between the cells of two values: nearest to the middle.
    fn border(&self, left: usize, right: usize) -> usize {
        let middle = f64::midpoint(self.places[left], self.places[right]);
        (left + 1..right).find(|&cell| self.places[cell] > middle).unwrap_or(right)
    }
}

/// The effects by a forest of trees, each grown on as many candidates, 1024 at most, drawn with replacement. `None` of
/// fewer than ten candidates, and where the scores are equal.
pub(super) fn effects(levels: &Levels, scores: &[f64]) -> Option<Effects> {
    let count = scores.len();
    if count < FEWEST {
        return None;
    }
    let (mut axes, mut cells) = (Vec::new(), Vec::new());
    for number in 0..levels.names.len() {
        if let Some((axis, cells_of)) = Axis::of(number, &levels.values[number], levels.ranges[number]) {
            axes.push(axis);
            cells.push(levels.candidates.iter().map(|(_, at)| cells_of[at[number]]).collect::<Vec<Option<usize>>>());
        }
    }
    let rounding = super::rounding(scores);
    let mut trees = Vec::new();
    for tree in 0..TREES {
        let mut rng = Seed(0).key(Purpose::Tree).candidate(tree as u64).rng();
        let drawn: Vec<usize> = (0..count.min(MOST)).map(|_| below(&mut rng, count as u64) as usize).collect();
        let mut sample = |at: usize| {
            let known = axes.iter().zip(&cells);
            // A candidate that lacks a hyperparameter is the same with all of its values.
            let cells = known.map(|(axis, of)| of[at].unwrap_or_else(|| axis.draw(&mut rng))).collect();
            Sample { cells, score: scores[at] }
        };
        let samples: Vec<Sample> = drawn.iter().map(|&at| sample(at)).collect();
        trees.push(Parts::of(&axes, &tree::leaves(&axes, &samples, rounding)));
    }
    // A tree without a split has no parts.
    trees.retain(|parts| parts.total > rounding);
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
