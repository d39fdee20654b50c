//! Candidates that share one training.

use std::{cmp::Ordering, collections::BTreeMap};

use crate::{
    record::Budget,
    space::{FiniteSpace, Position},
    strategy::{Trial, View},
};

/// The candidates that share one training, and so have records on the same folds.
pub(super) struct Unit {
    /// Their numbers, ascending.
    pub(super) candidates: Vec<u64>,
    /// The best score of the first fold.
    first: f64,
}

/// The units, the best on the first fold first.
pub(super) fn units<S: FiniteSpace>(view: &View<'_, S>) -> Vec<Unit> {
    let mut units: BTreeMap<UnitKey, Unit> = BTreeMap::new();
    let direction = view.metrics[0].direction;
    for trial in view.trials.iter() {
        let record = trial.record(0, Budget::Full);
        let score = record.and_then(|record| record.outcome.as_ref().ok()).map_or(view.error_score, |scores| scores[0]);
        let unit = units.entry(key(view, trial)).or_insert(Unit { candidates: Vec::new(), first: f64::NAN });
        unit.candidates.push(trial.number);
        if unit.first.is_nan() || direction.compare(score, unit.first) == Ordering::Less {
            unit.first = score;
        }
    }
    let mut units: Vec<Unit> = units.into_values().collect();
    units.sort_by(|a, b| {
        let by_score = a.first.is_nan().cmp(&b.first.is_nan()).then(direction.compare(a.first, b.first));
        by_score.then(a.candidates[0].cmp(&b.candidates[0]))
    });
    units
}

/// The places on the axes that a training reads, or the number of a candidate that shares its training with no other.
type UnitKey = Result<Vec<Option<usize>>, u64>;

fn key<S: FiniteSpace>(view: &View<'_, S>, trial: &Trial<S::Params>) -> UnitKey {
    if view.evaluation_only.is_empty() {
        return Err(trial.number);
    }
    let Some(positions) = view.space.positions_of(&trial.params) else { return Err(trial.number) };
    let place = |(axis, position): (usize, &Position)| match position {
        Position::At(place) if !view.evaluation_only.contains(&axis) => Some(*place),
        _ => None,
    };
    Ok(positions.iter().enumerate().map(place).collect())
}
