//! Classes and groups from the cells of a column.

use std::collections::HashMap;

use super::{
    column::{Cells, Column},
    faults::Faults,
    kind::Kind,
};
use crate::{
    data::{
        cell::flag,
        names::{Value, place},
        target::{Names, distinct},
    },
    error::{CellFault, DataError, Error, Result},
};

/// The reading of a class column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Naming {
    /// Each cell is a class number.
    Numbers,
    /// Each cell is one of these names; a class' number is its name's place.
    Given(Vec<String>),
    /// Each cell is a name; classes are numbered in the order of the distinct names.
    Learned,
    /// A column a class, which says yes in the rows of that class.
    OneHot,
}

/// The distinct texts of a column, and the place among them of each row's text.
pub(super) struct Coded {
    pub(super) rows: Vec<usize>,
    pub(super) texts: Vec<String>,
}

impl Coded {
    pub(super) fn of(column: &Column) -> Self {
        match column.cells() {
            Cells::Texts(texts) => Self {
                rows: texts.codes().collect(),
                texts: texts.distinct().iter().map(|text| text.text.to_string()).collect(),
            },
            Cells::Numbers(numbers, missing) => {
                let (mut places, mut texts) = (HashMap::new(), Vec::new());
                let place = |(row, number): (usize, f64)| {
                    // The two zeros are one number.
                    let text = match column.text(row) {
                        None => missing.of(row).to_owned(),
                        Some(name) if column.categories().is_some() => name.into_owned(),
                        Some(_) => (number + 0.0).to_string(),
                    };
                    *places.entry(text).or_insert_with_key(|text| {
                        texts.push(text.clone());
                        texts.len() - 1
                    })
                };
                let rows = numbers.iter().enumerate().map(place).collect();
                Self { rows, texts }
            }
        }
    }

    /// The rank of each distinct text, and a name for each rank: by value where all are numbers, so that 2 comes before
    /// 10 and `7.0` is 7; else as texts. Texts of which no row counts have no rank.
    pub(super) fn ranked(&self, counts: impl Fn(usize) -> bool) -> (Vec<usize>, Vec<String>) {
        let mut is_used = vec![false; self.texts.len()];
        for (row, &text) in self.rows.iter().enumerate() {
            is_used[text] = is_used[text] || counts(row);
        }
        let mut order: Vec<usize> = (0..self.texts.len()).filter(|&text| is_used[text]).collect();
        let value = |text: usize| Some(if is_used[text] { Value::of(&self.texts[text])? } else { Value::Whole(0) });
        let values: Option<Vec<Value>> = (0..self.texts.len()).map(value).collect();
        let is_same = |one: usize, other: usize| values.as_ref().is_some_and(|values| values[one] == values[other]);
        match &values {
            Some(values) => order.sort_by(|&one, &other| values[one].compare(&values[other])),
            None => order.sort_by(|&one, &other| self.texts[one].cmp(&self.texts[other])),
        }
        let (mut ranks, mut names) = (vec![0; self.texts.len()], Vec::<String>::new());
        for (at, &text) in order.iter().enumerate() {
            match at.checked_sub(1).map(|before| order[before]).filter(|&before| is_same(before, text)) {
                None => names.push(self.texts[text].clone()),
                // Spelled in several ways, it has the name of its value.
                Some(_) => {
                    if let (Some(name), Some(Value::Whole(whole))) =
                        (names.last_mut(), values.as_ref().map(|values| values[text]))
                    {
                        *name = whole.to_string();
                    }
                }
            }
            ranks[text] = names.len() - 1;
        }
        (ranks, names)
    }
}

/// The group of each row: its rank among the column's distinct values.
///
/// # Errors
/// [`DataError::Cells`] for cells without a value.
pub(super) fn groups(column: &Column) -> Result<Vec<usize>> {
    let mut faults = Faults::default();
    faults.add_missing(column, "group");
    faults.check()?;
    let coded = Coded::of(column);
    let (ranks, _) = coded.ranked(|_| true);
    Ok(coded.rows.into_iter().map(|code| ranks[code]).collect())
}

/// The class of each row, below `classes`, and the classes' names where they have any.
///
/// # Errors
/// [`DataError::Cells`], [`DataError::ClassCount`], [`DataError::DuplicateClass`].
pub(super) fn labels(naming: &Naming, classes: usize, column: &Column) -> Result<(Vec<usize>, Option<Names>)> {
    let mut faults = Faults::default();
    let coded = Coded::of(column);
    // A name that is given is a class, also one that would say that the value is missing.
    let is_given = |row: usize| match naming {
        Naming::Given(names) => names.contains(&coded.texts[coded.rows[row]]),
        _ => false,
    };
    let missing = (0..column.len()).filter(|&row| column.is_missing(row) && !is_given(row));
    faults.add(column, CellFault::Missing { of: "label" }, missing, |_| {
        format!("fill in the cells, or leave out the rows with `Table::drop_missing_in([{:?}])`", column.name())
    });
    faults.check()?;
    let mut faults = Faults::default();

    let (of_text, names): (Vec<Option<usize>>, Option<Names>) = match naming {
        Naming::Numbers if classes == 2 && column.kind() == Kind::YesNo => yes_no(&coded),
        Naming::Numbers => {
            let class = |text: &String| match Value::of(text)? {
                Value::Whole(whole) => usize::try_from(whole).ok().filter(|&class| class < classes),
                Value::Real(_) => None,
            };
            (coded.texts.iter().map(class).collect(), None)
        }
        Naming::Given(names) => {
            let names = distinct(names.iter().map(String::as_str))?;
            (coded.texts.iter().map(|text| place(&names, text)).collect(), Some(names))
        }
        Naming::Learned | Naming::OneHot => {
            let (ranks, names) = coded.ranked(|_| true);
            if names.len() == classes {
                (ranks.into_iter().map(Some).collect(), Some(names.into()))
            } else if classes == 2 && column.kind() == Kind::YesNo && names.len() > 2 {
                yes_no(&coded)
            } else {
                let column = column.name().to_owned();
                return Err(Error::Data(DataError::ClassCount { column, found: names, classes }));
            }
        }
    };
    let other = (0..column.len()).filter(|&row| of_text[coded.rows[row]].is_none());
    let known = names.as_ref().map_or_else(|| (0..classes).map(|class| class.to_string()).collect(), |it| it.to_vec());
    faults.add(column, CellFault::NotAClass { classes: known }, other, |_| advice(naming, &coded, classes));
    faults.check()?;
    Ok((coded.rows.iter().filter_map(|&code| of_text[code]).collect(), names))
}

/// Class 0 for no and class 1 for yes, by the first spelling of each.
fn yes_no(coded: &Coded) -> (Vec<Option<usize>>, Option<Names>) {
    let classes: Vec<Option<usize>> = coded.texts.iter().map(|text| flag(text).map(usize::from)).collect();
    let name = |class| {
        let spelled = classes.iter().position(|&other| other == Some(class));
        spelled.map_or_else(|| ["no", "yes"][class].to_owned(), |at| coded.texts[at].clone())
    };
    (classes.clone(), Some([name(0), name(1)].into()))
}

/// The advice where labels are none of the classes.
fn advice(naming: &Naming, coded: &Coded, classes: usize) -> String {
    if *naming != Naming::Numbers {
        return "correct the cells, or give `.names([..])` all classes".to_owned();
    }
    let (_, names) = coded.ranked(|_| true);
    if names.len() == classes {
        "write `.learn_names()`, which takes each distinct value as a class".to_owned()
    } else {
        format!(
            "the column has {} distinct values, and class numbers are those below {classes}; names are read by \
             `.names([..])` or `.learn_names()`",
            names.len()
        )
    }
}
