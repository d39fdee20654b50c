//! Names of columns and classes, matched with those that a model was trained on.

use std::{cmp::Ordering, collections::HashMap};

use super::cell::flag;
use crate::{
    error::{DataError, Error, Result},
    escape::escaped,
};

/// A name that stands twice among `names`.
pub(super) fn repeated(names: &[String]) -> Option<&String> {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    sorted.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

/// The advice where no column is called `name`, as the end of a sentence; nothing where nothing is likely.
pub(super) fn advice(name: &str, columns: &[String]) -> String {
    let plain =
        |name: &str| name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let asked: String = plain(name);
    if let Some(near) = columns.iter().find(|column| plain(column) == asked && !asked.is_empty()) {
        return format!(": did you mean `{}`?", escaped(near));
    }
    match columns {
        [only] if only.split_whitespace().any(|word| word == name) => {
            ": if blanks part the columns, write `Csv::new().whitespace()`".to_owned()
        }
        [only] if only.contains(name) && parted(only, name).is_some() => {
            let mark = parted(only, name).unwrap_or_default();
            format!(": if {mark:?} parts the columns, write `Csv::new().delimiter({mark:?})`")
        }
        [only] if only.contains(name) => {
            ": if it holds several columns, write `Csv::new().delimiter(..)` with what parts them".to_owned()
        }
        _ => String::new(),
    }
}

/// The mark that stands before or behind `name` in the one name of a header, and is known to part columns.
fn parted(header: &str, name: &str) -> Option<char> {
    const MARKS: [char; 8] = ['^', '~', ':', '#', '&', '\u{1}', '\u{1e}', '\u{1f}'];
    MARKS.into_iter().find(|&mark| header.split(mark).count() > 1 && header.split(mark).any(|part| part.trim() == name))
}

/// The value of a text that is a number: whole ones exactly, also where they are written as `7.0` or `007`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) enum Value {
    Whole(i128),
    Real(f64),
}

impl Value {
    pub(super) fn of(text: &str) -> Option<Self> {
        /// Beyond it, doubles are not each whole number.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if let Ok(whole) = text.parse() {
            return Some(Self::Whole(whole));
        }
        let is_number = text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.'));
        let real: f64 = text.parse().ok().filter(|real: &f64| is_number && real.is_finite())?;
        Some(if real.fract() == 0.0 && real.abs() < EXACT { Self::Whole(real as i128) } else { Self::Real(real) })
    }

    /// Ascending by value.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Whole(one), Self::Whole(other)) => one.cmp(other),
            _ => self.real().total_cmp(&other.real()),
        }
    }

    fn real(&self) -> f64 {
        match *self {
            Self::Whole(whole) => whole as f64,
            Self::Real(real) => real,
        }
    }
}

/// The place of a name among `names`: of the same text, or of the same number, or of yes and no in another spelling.
pub(super) fn place(names: &[String], name: &str) -> Option<usize> {
    let same = names.iter().position(|other| other == name);
    same.or_else(|| {
        let value = Value::of(name)?;
        names.iter().position(|other| Value::of(other) == Some(value))
    })
    .or_else(|| {
        let said = flag(name)?;
        let flags: Vec<bool> = names.iter().map_while(|other| flag(other)).collect();
        let is_pair = names.len() == 2 && flags.len() == 2 && flags[0] != flags[1];
        flags.iter().position(|&other| other == said).filter(|_| is_pair)
    })
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

/// The class numbers of a model that knows the classes by the `learned` names, for `labels` whose classes have the
/// `own` names; `None` where they are the same numbers.
///
/// # Errors
/// [`DataError::ClassNotLearned`] for the first row of a class that the model does not know.
pub(super) fn renumbered(learned: &[String], own: &[String], labels: &[usize]) -> Result<Option<Vec<usize>>> {
    if learned == own {
        return Ok(None);
    }
    let numbers: Vec<Option<usize>> = own.iter().map(|name| place(learned, name)).collect();
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
    fn numbers_are_names_by_their_value() {
        let texts = ["-3", "-2.5", "007", "7.5", "10", "1e3", "340282366920938463463374607431768211456"];
        let values = texts.map(|text| Value::of(text).expect("a number"));
        assert!(values.is_sorted_by(|one, other| one.compare(other).is_lt()), "{values:?}");
        assert_eq!(Value::of("7.0"), Value::of("007"));
        assert_ne!(Value::of("9007199254740993"), Value::of("9007199254740992"));
        for text in ["", "x", "inf", "nan", "1,5", "7 "] {
            assert_eq!(Value::of(text), None, "{text}");
        }
        let flags = names(&["No", "Yes"]);
        assert_eq!(["yes", "FALSE", "Y", "maybe"].map(|name| place(&flags, name)), [Some(1), Some(0), Some(1), None]);
        let known = names(&["0", "1.0", "yes"]);
        assert_eq!(
            ["1", "0.0", "yes", "Yes", "2"].map(|name| place(&known, name)),
            [Some(1), Some(0), Some(2), None, None]
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
