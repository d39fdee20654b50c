//! The functional analysis of variance of a complete grid, which has it exactly.

use std::collections::HashSet;

use super::{EffectMethod, Effects, MainEffect, PairEffect, levels::Levels, rounding};

/// The effects of a complete grid; `None` where the candidates are none.
pub(super) fn effects(levels: &Levels, scores: &[f64]) -> Option<Effects> {
    let cells = levels.values.iter().try_fold(1_usize, |cells, values| cells.checked_mul(values.len()))?;
    let distinct: HashSet<&Vec<usize>> = levels.candidates.iter().map(|(_, cell)| cell).collect();
    if cells != distinct.len() || cells != scores.len() || scores.len() < 2 {
        return None;
    }
    let count = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / count;
    let variance = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / count;
    let share = |part: f64| part / variance;
    if variance <= rounding(scores) {
        return None;
    }
    // The means over all other hyperparameters.
    let marginal = |size: usize, cell: &dyn Fn(&[usize]) -> usize| -> Vec<f64> {
        let mut sums = vec![0.0; size];
        levels.candidates.iter().zip(scores).for_each(|((_, at), score)| sums[cell(at)] += score);
        sums.iter().map(|sum| sum * size as f64 / count).collect()
    };
    let varying: Vec<usize> = (0..levels.names.len()).filter(|&axis| levels.values[axis].len() > 1).collect();
    let main_means: Vec<Vec<f64>> =
        varying.iter().map(|&axis| marginal(levels.values[axis].len(), &|at| at[axis])).collect();
    let squares = |parts: &mut dyn Iterator<Item = f64>, of: usize| parts.map(|it| it * it).sum::<f64>() / of as f64;
    let main = varying.iter().zip(&main_means).map(|(&axis, means)| MainEffect {
        name: levels.names[axis].clone(),
        share: share(squares(&mut means.iter().map(|it| it - mean), means.len())),
        means: levels.values[axis].iter().cloned().zip(means.iter().copied()).collect(),
    });
    let mut pairs = Vec::new();
    for (first, &a) in varying.iter().enumerate() {
        for (second, &b) in varying.iter().enumerate().skip(first + 1) {
            let (of_a, of_b) = (&main_means[first], &main_means[second]);
            let both = marginal(of_a.len() * of_b.len(), &|at| at[a] * of_b.len() + at[b]);
            let part = |(at, value): (usize, &f64)| value - of_a[at / of_b.len()] - of_b[at % of_b.len()] + mean;
            let names = (levels.names[a].clone(), levels.names[b].clone());
            let share = share(squares(&mut both.iter().enumerate().map(part), both.len()));
            pairs.push(PairEffect { names, share });
        }
    }
    Some(Effects { method: EffectMethod::CompleteGrid, variance, main: main.collect(), pairs })
}
