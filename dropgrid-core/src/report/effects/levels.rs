//! The values of the hyperparameters of all finalists.

use std::collections::HashMap;

use dropgrid_view::Domain;
use serde_json::Value;

use crate::report::CvResults;

/// The hyperparameters of the finalists with a finite score.
pub(super) struct Levels {
    pub(super) names: Vec<String>,
    /// The values of each hyperparameter in the order of the space.
    pub(super) values: Vec<Vec<Value>>,
    /// The range of each hyperparameter that is one in the space.
    pub(super) ranges: Vec<Option<Range>>,
    /// For each candidate: its position, and the index of its value of each hyperparameter.
    pub(super) candidates: Vec<(usize, Vec<usize>)>,
}

/// A range of numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
    /// True where the logarithm is even.
    pub(super) log: bool,
}

impl CvResults {
    /// The finalists with a finite score by the values of their hyperparameters.
    pub(super) fn levels(&self) -> Levels {
        let is_scored = |at: &usize| self.candidates()[*at].is_finalist() && self.candidates()[*at].mean(0).is_finite();
        let (mut names, mut values, mut candidates) = (Vec::new(), Vec::<Vec<Value>>::new(), Vec::new());
        let mut known: Vec<HashMap<String, usize>> = Vec::new();
        for number in (0..self.candidates().len()).filter(is_scored) {
            let fields = self.candidates()[number].fields();
            if names.is_empty() {
                names = fields.iter().map(|(name, _)| (*name).to_owned()).collect();
                values.resize(names.len(), Vec::new());
                known.resize(names.len(), HashMap::new());
            }
            let index = |(axis, (_, value)): (usize, (&str, Value))| {
                *known[axis].entry(value.to_string()).or_insert_with(|| {
                    values[axis].push(value);
                    values[axis].len() - 1
                })
            };
            candidates.push((number, fields.into_iter().enumerate().map(index).collect::<Vec<usize>>()));
        }
        let mut ranges = vec![None; names.len()];
        for (axis, values) in values.iter_mut().enumerate() {
            let declared = self.provenance.axes.iter().find(|declared| declared.name == names[axis]);
            let places = in_order_of_space(values, declared.map_or(&[], |declared| declared.domain.values()));
            for (_, at) in &mut candidates {
                at[axis] = places[at[axis]];
            }
            if let Some(&Domain::Range { low, high, log, .. }) = declared.map(|declared| &declared.domain) {
                ranges[axis] = Some(Range { low, high, log });
            }
        }
        Levels { names, values, ranges, candidates }
    }
}

/// Sorts values as the axis has them; those that it does not list come after the others, numbers ascending. A candidate
/// that lacks the hyperparameter comes last. Returns the new place of each value.
fn in_order_of_space(values: &mut Vec<Value>, axis: &[Value]) -> Vec<usize> {
    let listed = |value: &Value| axis.iter().position(|other| are_equal(other, value)).unwrap_or(axis.len());
    let number = |value: &Value| value.as_f64().unwrap_or(f64::INFINITY);
    let mut order: Vec<usize> = (0..values.len()).collect();
    // Stable: other values that are no numbers stay in the order in which candidates have them.
    order.sort_by(|&a, &b| {
        let (a, b) = (&values[a], &values[b]);
        let by_place = a.is_null().cmp(&b.is_null()).then(listed(a).cmp(&listed(b)));
        by_place.then(number(a).total_cmp(&number(b)))
    });
    let mut places = vec![0; values.len()];
    order.iter().enumerate().for_each(|(place, &at)| places[at] = place);
    *values = order.into_iter().map(|at| values[at].clone()).collect();
    places
}

/// True of a value of the space and one of a candidate that are the same. The space has choices by their `Debug` texts,
/// and numbers of single precision in double.
fn are_equal(of_space: &Value, of_candidate: &Value) -> bool {
    match (of_space.as_f64(), of_candidate.as_f64(), of_space.as_str()) {
        (Some(a), Some(b), _) => a == b || a as f32 == b as f32,
        (_, _, Some(text)) => of_candidate.as_str().map_or_else(|| of_candidate.to_string(), str::to_owned) == text,
        _ => of_space == of_candidate,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_stand_in_the_order_of_the_space() {
        let sorted = |values: Value, axis: Value| {
            let mut values: Vec<Value> = serde_json::from_value(values).expect("a list");
            let axis: Vec<Value> = serde_json::from_value(axis).expect("a list");
            let places = in_order_of_space(&mut values, &axis);
            (json!(values), places)
        };
        let tried = json!(["tanh", "elu", null, "relu"]);
        let declared = json!(["relu", "tanh"]);
        assert_eq!(sorted(tried.clone(), declared), (json!(["relu", "tanh", "elu", null]), vec![1, 2, 3, 0]));
        // Of a range, and of a study, whose values are not listed.
        assert_eq!(sorted(json!([0.3, 0.1, 2, null]), json!([])), (json!([0.1, 0.3, 2, null]), vec![1, 0, 2, 3]));
        assert_eq!(sorted(tried, json!([])), (json!(["tanh", "elu", "relu", null]), vec![0, 1, 3, 2]));
        assert_eq!(sorted(json!([16, 64, 32]), json!([64, 32, 16])), (json!([64, 32, 16]), vec![2, 0, 1]));
    }
}
