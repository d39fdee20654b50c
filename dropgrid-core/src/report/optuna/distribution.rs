//! Distributions of hyperparameters, as Optuna writes them.

use std::collections::HashMap;

use dropgrid_view::{Domain, SearchView};
use serde_json::{Value, json};

/// The distribution of a hyperparameter.
#[derive(Debug, Clone)]
pub(super) struct Distribution {
    /// The JSON text, which is the same in every trial.
    pub(super) json: String,
    /// The place of each value among the choices of a categorical one; `None` where numbers stand for themselves.
    choices: Option<HashMap<String, usize>>,
}

impl Distribution {
    /// The distribution of an axis. A list of evenly spaced numbers is stepped, every other list categorical: taken for
    /// a range, a list of two learning rates would weigh more than all that varies between them in Optuna's
    /// [importances](https://optuna.readthedocs.io/en/stable/reference/importance.html).
    pub(super) fn of(view: &SearchView, axis: usize) -> Self {
        let observed = || view.candidates.iter().filter_map(|it| it.params.get(axis)).filter(|value| !value.is_null());
        match &view.axes[axis].domain {
            Domain::Range { low, high, log, whole } => {
                let numbers = || observed().filter_map(Value::as_f64);
                // An earlier search on the same study may have had a wider range.
                let (low, high) = (numbers().fold(*low, f64::min), numbers().fold(*high, f64::max));
                let log = *log && low > 0.0;
                let json = if *whole { int(low, high, 1.0, log) } else { float(low, high, None, log) };
                Self { json, choices: None }
            }
            Domain::Levels { values, .. } => {
                let mut all = values.clone();
                for value in observed() {
                    if !all.contains(value) {
                        all.push(value.clone());
                    }
                }
                stepped(&all).map_or_else(|| categorical(&all), |json| Self { json, choices: None })
            }
        }
    }

    /// The number by which Optuna stores a value.
    pub(super) fn number(&self, value: &Value) -> Option<f64> {
        match &self.choices {
            Some(choices) => choices.get(&value.to_string()).map(|&at| at as f64),
            None => value.as_f64(),
        }
    }
}

fn categorical(values: &[Value]) -> Distribution {
    let choices: HashMap<String, usize> =
        values.iter().enumerate().map(|(at, value)| (value.to_string(), at)).collect();
    // A choice is a scalar.
    let choice = |value: &Value| match value {
        Value::Array(_) | Value::Object(_) => Value::from(value.to_string()),
        scalar => scalar.clone(),
    };
    let all: Vec<Value> = values.iter().map(choice).collect();
    let json = json!({ "name": "CategoricalDistribution", "attributes": { "choices": all } });
    Distribution { json: json.to_string(), choices: Some(choices) }
}

/// The distribution of at least two numbers of which all neighbours have the same difference, and of which the last is
/// whole steps from the first.
fn stepped(values: &[Value]) -> Option<String> {
    let mut numbers: Vec<f64> = values.iter().map(Value::as_f64).collect::<Option<_>>()?;
    numbers.sort_by(f64::total_cmp);
    let (&low, &high) = (numbers.first()?, numbers.last()?);
    let even = (high - low) / (numbers.len() - 1) as f64;
    // As a person would write it: 0.1, and not 0.10000000000000003.
    let step: f64 = format!("{even:.9e}").parse().ok()?;
    let is_even = |(at, number): (usize, &f64)| (low + at as f64 * step - number).abs() <= 1e-9 * step;
    if numbers.len() < 2 || step <= 0.0 || !numbers.iter().enumerate().all(is_even) || !is_multiple(low, high, step) {
        return None;
    }
    let whole = values.iter().all(|value| value.is_i64() || value.is_u64());
    Some(if whole { int(low, high, step, false) } else { float(low, high, Some(step), false) })
}

/// True where `high` is whole steps from `low` in their shortest decimal texts, by which Optuna lowers an end that is
/// not.
fn is_multiple(low: f64, high: f64, step: f64) -> bool {
    let all = [low, high, step].map(decimal);
    let [Some(low), Some(high), Some(step)] = all else { return false };
    let least = low.1.min(high.1).min(step.1);
    let scaled = |(digits, power): (i128, i32)| {
        let factor = 10_i128.checked_pow(u32::try_from(power - least).ok()?)?;
        digits.checked_mul(factor)
    };
    let [Some(low), Some(high), Some(step)] = [low, high, step].map(scaled) else { return false };
    step != 0 && high.checked_sub(low).is_some_and(|range| range % step == 0)
}

/// The digits of a number's shortest decimal text, and the power of ten that they are multiplied by.
fn decimal(number: f64) -> Option<(i128, i32)> {
    let text = format!("{number:e}");
    let (digits, power) = text.split_once('e')?;
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let digits = digits.replace('.', "").parse().ok()?;
    Some((digits, power.parse::<i32>().ok()? - i32::try_from(decimals).ok()?))
}

fn int(low: f64, high: f64, step: f64, log: bool) -> String {
    let [low, high, step] = [low, high, step].map(|number| number as i64);
    json!({ "name": "IntDistribution", "attributes": { "log": log, "step": step, "low": low, "high": high } })
        .to_string()
}

fn float(low: f64, high: f64, step: Option<f64>, log: bool) -> String {
    json!({ "name": "FloatDistribution", "attributes": { "step": step, "low": low, "high": high, "log": log } })
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evenly_spaced_numbers_are_stepped_and_other_lists_categorical() {
        let stepped = |values: &[Value]| stepped(values);
        let ints = stepped(&[json!(16), json!(32), json!(48)]).expect("even");
        assert_eq!(ints, r#"{"attributes":{"high":48,"log":false,"low":16,"step":16},"name":"IntDistribution"}"#);
        let floats = stepped(&[json!(0.1), json!(0.2), json!(0.3)]).expect("even");
        assert!(floats.contains("\"step\":0.1") && floats.contains("FloatDistribution"), "{floats}");
        assert!(stepped(&[json!(0.0), json!(0.1), json!(0.1 + 0.2 - 0.1), json!(0.3)]).is_some());
        // Optuna would lower the end of these.
        assert_eq!(stepped(&[json!(0.1), json!(0.2), json!(0.1 + 0.2)]), None);
        assert_eq!(stepped(&[json!(0.0), json!(2.0 / 3.0), json!(4.0 / 3.0), json!(2.0)]), None);
        assert_eq!(stepped(&[json!(16), json!(32), json!(64)]), None);
        assert_eq!(stepped(&[json!("a"), json!("b")]), None);
        assert_eq!(stepped(&[json!(1)]), None);
        let mixed = categorical(&[json!("ReLU"), json!(true), json!({ "Adam": 1 })]);
        assert!(mixed.json.contains(r#"["ReLU",true,"{\"Adam\":1}"]"#), "{}", mixed.json);
        assert_eq!(mixed.number(&json!({ "Adam": 1 })), Some(2.0));
    }
}
