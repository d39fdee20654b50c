//! The name of a candidate: the JSON of its values, by which studies and digests know it.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::Params;
use crate::error::{NameError, Result};

/// The JSON of one value of the axis `axis`.
///
/// # Errors
/// [`NameError::Unwritten`].
#[doc(hidden)]
pub fn written<T: Serialize + Debug>(axis: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| {
        let (value, message) = (format!("{value:?}"), error.to_string());
        NameError::Unwritten { axis, value, message }.into()
    })
}

/// Checks that a value of the axis `axis` has one JSON, and that this JSON gives it back: `times` times, since the
/// order of a `HashSet` of two changes every other time.
///
/// # Errors
/// [`NameError::Unwritten`], [`NameError::Unread`], [`NameError::ReadAs`], [`NameError::Unsteady`].
#[doc(hidden)]
pub fn steady<T: Serialize + DeserializeOwned + PartialEq + Debug>(
    axis: &'static str,
    value: &T,
    times: usize,
) -> Result<()> {
    let text = written(axis, value)?;
    // Only the order of parts can change.
    let has_parts = text.contains(['[', '{']) && text.contains(',');
    for _ in 0..if has_parts { times } else { 1 } {
        let again: T = serde_json::from_str(&text).map_err(|error| {
            let (value, text, message) = (format!("{value:?}"), text.clone(), error.to_string());
            NameError::Unread { axis, value, text, message }
        })?;
        if again != *value {
            let (value, again) = (format!("{value:?}"), format!("{again:?}"));
            return Err(NameError::ReadAs { axis, value, text, again }.into());
        }
        let other = written(axis, &again)?;
        if other != text {
            return Err(NameError::Unsteady { axis, text, other }.into());
        }
    }
    Ok(())
}

/// The name of a candidate: a JSON object of its hyperparameters in the order of declaration.
///
/// # Errors
/// [`NameError::Unwritten`].
pub(crate) fn name<P: Params>(params: &P) -> Result<String> {
    let mut name = String::from("{");
    for (axis, text) in P::NAMES.iter().zip(params.texts()?) {
        let comma = if name.len() > 1 { "," } else { "" };
        name = name + comma + "\"" + axis + "\":" + &text;
    }
    Ok(name + "}")
}

/// The candidate with these values by the names of their axes. `None` where they are none of its type.
pub(crate) fn from_names<P: Params>(values: Map<String, Value>) -> Option<P> {
    let mut fields = Map::new();
    // A struct in another comes before its own parts, and is there without hyperparameters, too.
    for inner in P::INNER {
        place(&mut fields, inner, Map::new().into())?;
    }
    for (name, value) in values {
        place(&mut fields, &name, value)?;
    }
    serde_json::from_value(fields.into()).ok()
}

/// Puts a value where its name says.
fn place(fields: &mut Map<String, Value>, name: &str, value: Value) -> Option<()> {
    match name.split_once('.') {
        Some((field, name)) => place(fields.get_mut(field)?.as_object_mut()?, name, value),
        None => {
            fields.insert(name.to_owned(), value);
            Some(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Partly {
        shown: u8,
        #[serde(skip)]
        hidden: u8,
    }

    fn named<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> Result<()> {
        steady("x", value, 64)
    }

    fn refused<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) -> String {
        named(&value).expect_err("no name").to_string()
    }

    #[test]
    fn values_that_json_gives_back_are_names() {
        named(&0.1_f32).expect("a number");
        named(&u128::MAX).expect("a number");
        named(&(0.1 + 0.2, "a \"text\"".to_owned(), Some([1, 2]))).expect("a tuple");
        named(&BTreeSet::from(["b".to_owned(), "a".to_owned()])).expect("a set in order");
        named(&BTreeMap::from([("b".to_owned(), 1), ("a".to_owned(), 2)])).expect("a map in order");
        named(&HashSet::from([1])).expect("one value has one order");
        named(&Partly { shown: 1, hidden: 0 }).expect("the default comes back");
    }

    #[test]
    fn values_that_json_does_not_give_back_are_refused() {
        let map = BTreeMap::from([((1, 2), 3)]);
        let words =
            "axis `x`: {(1, 2): 3} cannot be written as JSON, by which a candidate is known: key must be a string";
        assert_eq!(refused(map), words);
        for value in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            let words =
                format!("axis `x`: {value:?} is null in JSON, by which a candidate is known, and that is not read");
            assert!(refused(value).starts_with(&words), "{}", refused(value));
        }
        let words = "axis `x`: Some(inf) is null in JSON, by which a candidate is known, and that reads as None";
        assert!(refused(Some(f64::INFINITY)).starts_with(words), "{}", refused(Some(f64::INFINITY)));
        let said = refused(Partly { shown: 1, hidden: 2 });
        assert!(said.contains("{\"shown\":1} in JSON") && said.contains("hidden: 0"), "{said}");
    }

    #[test]
    fn values_whose_order_changes_are_refused() {
        for _ in 0..20 {
            assert!(refused(HashSet::from([1, 2])).contains("a `BTreeSet`"), "{}", refused(HashSet::from([1, 2])));
            let map = HashMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
            assert!(refused(map).starts_with("axis `x`: the same value is {"));
        }
    }
}
