//! Scores of a search as a Gaussian process smooths them.

use dropgrid_surrogate::{Dimension, Place};
use serde_json::Value;

use super::model::Model;
use crate::strategy::{
    cube::Point,
    sequential::{Growth, History},
};

/// An axis with no more values has a cell for each of them, whatever their differences.
const FEW: usize = 16;

/// Numbers above 0 of which the largest is so many times the smallest are compared by their logarithms.
const MAGNITUDES: f64 = 100.0;

/// The means of the Gaussian process of a search after the scores of candidates on the folds, higher is better; `None`
/// where no score is finite. `columns` has the values of each hyperparameter, null where a candidate does not have it.
pub(crate) fn smoothed(columns: &[Vec<Value>], folds: Vec<Vec<f64>>, weights: &[f64]) -> Option<Vec<f64>> {
    let (dimensions, coordinates): (Vec<Dimension>, Vec<Vec<Option<f64>>>) =
        columns.iter().map(|column| scale(column)).unzip();
    let point = |at: usize| Point(coordinates.iter().map(|column| column[at]).collect());
    let points = (0..folds.len()).map(point).collect();
    let history = History::new(points, folds, weights);
    let first = |candidates: usize| history.first(candidates);
    let growth = Growth { history: &history, steps: history.len(), first: &first };
    Model::new(&dimensions, growth, &[]).map(|model| model.score_means())
}

/// The scale of a hyperparameter by its values, and their coordinates.
fn scale(column: &[Value]) -> (Dimension, Vec<Option<f64>>) {
    let present: Vec<&Value> = column.iter().filter(|value| !value.is_null()).collect();
    let numbers: Option<Vec<f64>> = present.iter().map(|value| value.as_f64()).collect();
    let Some(mut sorted) = numbers.filter(|numbers| !numbers.is_empty()) else {
        let mut texts: Vec<String> = present.iter().map(ToString::to_string).collect();
        texts.sort();
        texts.dedup();
        let index = |value: &Value| texts.binary_search(&value.to_string()).ok().map(|index| index as f64);
        return (Dimension::Choices(texts.len()), column.iter().map(index).collect());
    };
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    let (low, high) = (sorted[0], sorted[sorted.len() - 1]);
    let dimension = if sorted.len() <= FEW {
        let ranks: Vec<usize> = (0..sorted.len()).collect();
        Dimension::Steps { by_rank: ranks.clone(), ranks }
    } else {
        Dimension::Real { low, high, log: low > 0.0 && high >= MAGNITUDES * low, singles: None }
    };
    let place = |number: f64| match dimension {
        Dimension::Steps { .. } => Place::Index(sorted.partition_point(|other| *other < number)),
        _ => Place::Number(number),
    };
    let coordinates = column.iter().map(|value| dimension.coordinate(place(value.as_f64()?))).collect();
    (dimension, coordinates)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_have_the_scale_that_suits_them() {
        let of = |values: &[Value]| scale(values);
        let (dimension, at) = of(&[json!(64), json!(16), Value::Null, json!(32)]);
        assert_eq!((dimension.count(), at), (Some(3), vec![Some(2.5 / 3.0), Some(0.5 / 3.0), None, Some(0.5)]));
        let (dimension, at) = of(&[json!("b"), json!({ "a": 1 }), json!("b"), Value::Null]);
        assert_eq!((dimension, at), (Dimension::Choices(2), vec![Some(0.0), Some(1.0), Some(0.0), None]));
        let many: Vec<Value> = (0..20).map(|at| json!(10.0_f64.powi(at))).collect();
        let (dimension, at) = of(&many);
        assert!(matches!(dimension, Dimension::Real { log: true, .. }), "{dimension:?}");
        assert!(at[10].is_some_and(|at| (at - 10.0 / 19.0).abs() < 1e-12));
        assert!(matches!(of(&(0..20).map(|at| json!(at)).collect::<Vec<_>>()).0, Dimension::Real { log: false, .. }));
        assert_eq!(of(&[Value::Null, Value::Null]).0, Dimension::Choices(0));
    }

    #[test]
    fn a_lucky_score_is_smoothed_by_its_neighbours() {
        // A parabola with its top at 10, and luck of 0.3 at 17.
        let values: Vec<Value> = (0..21).map(|at| json!(f64::from(at))).collect();
        let score = |at: i32, fold: i32| {
            let wave = 0.05 * f64::from((at * 7 + fold * 5) % 11 - 5) / 5.0;
            -f64::from((at - 10).pow(2)) / 100.0 + wave + if at == 17 { 0.6 } else { 0.0 }
        };
        let folds: Vec<Vec<f64>> = (0..21).map(|at| (0..5).map(|fold| score(at, fold)).collect()).collect();
        let means = smoothed(&[values], folds, &[1.0; 5]).expect("means");
        let best = (0..21).max_by(|&a, &b| means[a].total_cmp(&means[b])).expect("a best one");
        assert!((8..=12).contains(&best), "{best}: {means:?}");
    }
}
