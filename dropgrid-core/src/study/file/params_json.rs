//! Hyperparameters as JSON, without their Rust type.

use std::{cmp::Ordering, collections::HashMap, fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Number, Value};

use crate::escape::escaped;

/// The number of cells that a table of the study's candidates may have per value in it, and the number that it may
/// always have.
const SPARSE: usize = 16;
const LEAST: usize = 4096;

/// The hyperparameters of a candidate as JSON values, for readers that do not have the Rust type of the model.
///
/// Candidates are ordered by their values, one hyperparameter after the other in declaration order: absent values
/// first, then `false` and `true`, then numbers, then strings, then other values by their JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct ParamsJson {
    names: Arc<[String]>,
    values: Vec<Value>,
}

impl ParamsJson {
    /// Returns the names in declaration order. All candidates of a study have the same names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the values in the order of the names; null if the candidate does not have that hyperparameter.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// Makes the hyperparameters of these candidates. Each gets every name that any of them has.
    ///
    /// # Errors
    /// The number of names, if the candidates have too little in common to belong to one study.
    pub(super) fn of(candidates: Vec<Pairs>) -> Result<Vec<Self>, usize> {
        let (mut names, mut places) = (Vec::new(), HashMap::new());
        for (name, _) in candidates.iter().flat_map(|candidate| &candidate.0) {
            if !places.contains_key(name) {
                places.insert(name.clone(), names.len());
                names.push(name.clone());
            }
        }
        // Absent values take memory, too.
        let pairs: usize = candidates.iter().map(|candidate| candidate.0.len()).sum();
        if names.len().saturating_mul(candidates.len()) > pairs.saturating_mul(SPARSE).saturating_add(LEAST) {
            return Err(names.len());
        }
        let names: Arc<[String]> = names.into();
        let values = |candidate: Pairs| {
            let mut values = vec![Value::Null; names.len()];
            for (name, value) in candidate.0 {
                if let Some(&at) = places.get(&name) {
                    values[at] = value;
                }
            }
            Self { names: Arc::clone(&names), values }
        };
        Ok(candidates.into_iter().map(values).collect())
    }

    /// Compares two candidates for ordering.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let pairs = self.values.iter().zip(&other.values);
        pairs.map(|(a, b)| order(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl fmt::Display for ParamsJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = self.names.iter().zip(&self.values).filter(|(_, value)| !value.is_null());
        for (at, (name, value)) in pairs.enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            let value = match value {
                Value::String(text) => escaped(text),
                value => escaped(&value.to_string()).into_owned().into(),
            };
            write!(f, "{comma}{}: {value}", escaped(name))?;
        }
        Ok(())
    }
}

fn order(a: &Value, b: &Value) -> Ordering {
    let kind = |value: &Value| match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) | Value::Object(_) => 4,
    };
    kind(a).cmp(&kind(b)).then_with(|| match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(x), Value::Number(y)) => numbers(x, y),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (a, b) => a.to_string().cmp(&b.to_string()),
    })
}

/// Compares two numbers. Of equal floating-point values, integers come first, in their exact order.
fn numbers(a: &Number, b: &Number) -> Ordering {
    let rounded = |number: &Number| number.as_f64().unwrap_or(f64::NAN);
    let whole = |number: &Number| number.as_i128();
    rounded(a).total_cmp(&rounded(b)).then_with(|| match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    })
}

/// The names and values of a JSON object, in the order of its text.
#[derive(Clone)]
pub(super) struct Pairs(Vec<(String, Value)>);

impl Pairs {
    /// Adds a value, unless the object already has one with that name.
    pub(super) fn with(mut self, name: &str, value: Value) -> Self {
        if self.0.iter().all(|(other, _)| other != name) {
            self.0.push((name.to_owned(), value));
        }
        self
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of hyperparameters")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> Vec<ParamsJson> {
        ParamsJson::of(texts.iter().map(|text| serde_json::from_str(text).expect("an object")).collect())
            .expect("alike")
    }

    #[test]
    fn names_stand_as_declared_and_missing_values_are_null() {
        let read = read(&[r#"{"width":64,"act":"ReLU"}"#, r#"{"width":8,"act":"Tanh","momentum":0.9}"#]);
        assert_eq!(read[0].names(), ["width", "act", "momentum"]);
        assert_eq!(read[0].values(), [Value::from(64), Value::from("ReLU"), Value::Null]);
        assert_eq!(read[1].to_string(), "width: 8, act: Tanh, momentum: 0.9");
        assert_eq!(read[0].to_string(), "width: 64, act: ReLU");
        assert!(serde_json::from_str::<Pairs>("[1]").is_err());
    }

    #[test]
    fn candidates_are_ordered_by_values_and_not_by_their_texts() {
        let texts = [
            r#"{"x":null}"#,
            r#"{"x":false}"#,
            r#"{"x":-1}"#,
            r#"{"x":0.5}"#,
            r#"{"x":9}"#,
            r#"{"x":10}"#,
            // These are equal as floating-point numbers.
            r#"{"x":9007199254740992}"#,
            r#"{"x":9007199254740993}"#,
            r#"{"x":9007199254740992.0}"#,
            r#"{"x":"9"}"#,
            r#"{"x":{"a":1}}"#,
        ];
        let mut sorted = read(&texts);
        sorted.reverse();
        sorted.sort_by(ParamsJson::order);
        assert_eq!(sorted, read(&texts));
    }

    #[test]
    fn numbers_are_read_with_their_bits() {
        for text in ["0.30000000000000004", "8.671736902893203e-5", "2.2250738585072014e-308"] {
            let read = read(&[&format!("{{\"x\":{text}}}")]);
            let written: f64 = text.parse().expect("a number");
            assert_eq!(read[0].values()[0].as_f64().map(f64::to_bits), Some(written.to_bits()));
        }
    }

    #[test]
    fn candidates_that_have_nothing_in_common_are_none_of_one_study() {
        let candidate = |at: usize| serde_json::from_str(&format!("{{\"x{at}\":1}}")).expect("an object");
        let names = |count: usize| ParamsJson::of((0..count).map(candidate).collect()).map(|read| read.len());
        assert_eq!(names(60), Ok(60));
        assert_eq!(names(9000), Err(9000));
    }
}
