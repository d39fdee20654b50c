//! The hyperparameters as a picture needs them.

use std::{cmp::Ordering, collections::HashSet, sync::Arc};

use dropgrid_view::{Axis, Domain};
use serde_json::Value;

use crate::{
    report::CandidateScores,
    space::{self, AxisInfo},
};

/// The most different numbers of a hyperparameter that count as a list, where the space does not tell.
const LISTED: usize = 16;
/// The ratio of the largest to the least number from which on a range counts as logarithmic, likewise.
const WIDE: f64 = 100.0;

/// The hyperparameter with the values that the space gives it.
pub(crate) fn axis(info: &AxisInfo) -> Axis {
    let number = |number: f64, whole: bool| if whole { Value::from(number as i64) } else { Value::from(number) };
    let domain = match &info.domain {
        space::Domain::Range { low, high, log, whole } => {
            Domain::Range { low: *low, high: *high, log: *log, whole: *whole }
        }
        space::Domain::Numbers { values, log, whole, .. } => {
            Domain::Levels { values: values.iter().map(|&value| number(value, *whole)).collect(), log: *log }
        }
        space::Domain::Choices(texts) => {
            Domain::Levels { values: texts.iter().map(|text| text.as_str().into()).collect(), log: false }
        }
    };
    Axis { name: info.name.to_owned(), domain }
}

/// The hyperparameters of these candidates. Lists have the values that candidates have, under the names that they have
/// there; ranges and logarithms are those of the space, where it is known.
pub(super) fn axes(candidates: &[Arc<CandidateScores>], declared: &[Axis]) -> Vec<Axis> {
    let fields: Vec<_> = candidates.iter().map(|candidate| candidate.fields()).collect();
    let Some(first) = fields.first() else { return declared.to_vec() };
    let axis = |(at, (name, _)): (usize, &(&str, Value))| {
        let (mut known, mut values) = (HashSet::new(), Vec::new());
        for value in fields.iter().filter_map(|fields| fields.get(at)).map(|(_, value)| value) {
            if !value.is_null() && known.insert(value.to_string()) {
                values.push(value.clone());
            }
        }
        let declared = declared.iter().find(|axis| axis.name == *name).map(|axis| &axis.domain);
        Axis { name: (*name).to_owned(), domain: domain(values, declared) }
    };
    first.iter().enumerate().map(axis).collect()
}

fn domain(mut values: Vec<Value>, declared: Option<&Domain>) -> Domain {
    if let Some(range @ Domain::Range { .. }) = declared {
        return range.clone();
    }
    let numbers: Option<Vec<f64>> = values.iter().map(Value::as_f64).collect();
    let Some(numbers) = numbers else { return Domain::Levels { values, log: false } };
    let by_number = |a: &Value, b: &Value| a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal);
    values.sort_by(by_number);
    if let Some(Domain::Levels { log, .. }) = declared {
        return Domain::Levels { values, log: *log };
    }
    let (low, high) =
        numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &it| (low.min(it), high.max(it)));
    if numbers.len() <= LISTED {
        return Domain::levels(values);
    }
    let whole = values.iter().all(|value| value.is_i64() || value.is_u64());
    Domain::Range { low, high, log: low > 0.0 && high / low >= WIDE, whole }
}
