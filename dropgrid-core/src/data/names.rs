//! Names of columns and classes, matched with those that a model was trained on.

use std::collections::HashMap;

use crate::error::{DataError, Error, Result};

/// A name that stands twice among `names`.
pub(super) fn repeated(names: &[String]) -> Option<&String> {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    sorted.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

/// The place among `own` of each of the `learned` names; `None` where both are equal. `kind` says in an error what the
/// names are of.
///
/// # Errors
/// [`DataError::ColumnsDiffer`] where a name is missing or unknown.
pub(super) fn places(learned: &[String], own: &[String], kind: &'static str) -> Result<Option<Vec<usize>>> {
    if learned == own {
        return Ok(None);
    }
    let index: HashMap<&String, usize> = own.iter().enumerate().map(|(place, name)| (name, place)).collect();
    let known: HashMap<&String, usize> = learned.iter().enumerate().map(|(place, name)| (name, place)).collect();
    let missing: Vec<String> = learned.iter().filter(|name| !index.contains_key(name)).cloned().collect();
    let unknown: Vec<String> = own.iter().filter(|name| !known.contains_key(name)).cloned().collect();
    if !missing.is_empty() || !unknown.is_empty() {
        return Err(Error::Data(DataError::ColumnsDiffer { kind, missing, unknown }));
    }
    Ok(Some(learned.iter().map(|name| index[name]).collect()))
}

/// The class numbers of a model that knows the classes by the `learned` names, for `labels` whose classes have the `own`
/// names; `None` where they are the same numbers.
///
/// # Errors
/// [`DataError::ClassNotLearned`] for the first row of a class that the model does not know.
pub(super) fn renumbered(learned: &[String], own: &[String], labels: &[usize]) -> Result<Option<Vec<usize>>> {
    if learned == own {
        return Ok(None);
    }
    let numbers: Vec<Option<usize>> =
        own.iter().map(|name| learned.iter().position(|learned| learned == name)).collect();
    let number = |(index, &label): (usize, &usize)| {
        numbers[label].ok_or_else(|| {
            Error::Data(DataError::ClassNotLearned {
                row: index + 1,
                class: own[label].clone(),
                learned: learned.to_vec(),
            })
        })
    };
    labels.iter().enumerate().map(number).collect::<Result<_>>().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn columns_are_found_by_name() {
        let learned = names(&["age", "income", "height"]);
        assert_eq!(places(&learned, &learned, "columns").expect("equal names"), None);
        let own = names(&["height", "age", "income"]);
        assert_eq!(places(&learned, &own, "columns").expect("the same names"), Some(vec![1, 2, 0]));
        let error = places(&learned, &names(&["age", "wage"]), "columns").expect_err("other names");
        assert_eq!(
            error.to_string(),
            "the columns are not those that the model was trained on: `income`, `height` missing; `wage` not known"
        );
    }

    #[test]
    fn classes_are_found_by_name() {
        let (learned, own) = (names(&["no", "yes"]), names(&["yes", "no"]));
        assert_eq!(renumbered(&learned, &learned, &[0, 1]).expect("equal names"), None);
        assert_eq!(renumbered(&learned, &own, &[0, 1, 1]).expect("the same names"), Some(vec![1, 0, 0]));
        let own = names(&["maybe", "yes"]);
        assert_eq!(renumbered(&learned, &own, &[1, 1]).expect("no row is of the other class"), Some(vec![1, 1]));
        let error = renumbered(&learned, &own, &[1, 0]).expect_err("a class that nobody learned");
        assert_eq!(
            error.to_string(),
            "row 2 is of class `maybe`, but the model was trained on the classes `no`, `yes`"
        );
    }
}
