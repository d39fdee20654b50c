//! Features from the columns of a table.

use std::{collections::HashSet, sync::Arc};

use super::{
    advice::{literal, setting},
    column::Column,
    faults::Faults,
    kind::Kind,
};
use crate::{
    data::{FeatureKind, Features, numbers::Numbers},
    error::{CellFault, DataError, Error, Result},
};

/// Collects the faults of `columns` as features: cells that are missing or not finite, categories and dates.
pub(super) fn check(columns: &[Column], faults: &mut Faults) {
    for column in columns {
        if column.is_finite() {
            continue;
        }
        if column.categories().is_some() {
            if !column.may_miss {
                faults.add_missing(column, "cell");
            }
            continue;
        }
        let name = literal(column.name());
        let present = (0..column.len()).filter(|&row| !column.is_missing(row));
        let is_number = || {
            let mut settings = HashSet::new();
            let all = present.clone().filter(|&row| column.number(row).is_none()).all(|row| {
                let setting = column.text(row).and_then(|text| setting(column.format(), &text));
                setting.map(|setting| settings.insert(setting)).is_some()
            });
            // Codes such as A1 and B2 would each have another unit.
            all && settings.len() <= 2
        };
        match column.kind() {
            Kind::Category if !is_number() => faults.add(column, CellFault::Category, present, |_| {
                format!(
                    "networks take numbers: make them categories with `Table::as_categories({name})` and prepare \
                     them by a field of the model, or leave the column out with `Table::without({name})`"
                )
            }),
            Kind::Date | Kind::Time => {
                let is_date = column.kind() == Kind::Date;
                let fault = if is_date { CellFault::Date } else { CellFault::Time };
                let since = if is_date { "since 1970" } else { "since midnight" };
                faults.add(column, fault, present, |_| {
                    format!(
                        "take the seconds {since} with `Table::as_seconds({name})`, or leave the column out with \
                         `Table::without({name})`"
                    )
                });
            }
            _ => {
                if !column.may_miss {
                    faults.add_missing(column, "cell");
                }
                faults.add_texts(column);
                let infinite = (0..column.len()).filter(|&row| column.number(row).is_some_and(f64::is_infinite));
                faults.add(column, CellFault::NotFinite, infinite, |text| {
                    format!(
                        "correct the cells, or write `Csv::new().missing({})` if that is a missing value",
                        literal(text)
                    )
                });
            }
        }
    }
}

/// The features in `columns`, which [`check`] found without fault.
///
/// # Errors
/// [`DataError::NoFeatures`], [`DataError::TooLarge`].
pub(super) fn features(columns: Vec<Column>) -> Result<Features> {
    if columns.is_empty() {
        return Err(Error::Data(DataError::NoFeatures));
    }
    let names = columns.iter().map(|column| column.name().to_owned()).collect();
    let kind = |column: &Column| match column.categories() {
        Some(names) => FeatureKind::Category(Arc::clone(names)),
        None => FeatureKind::Number,
    };
    let has_categories = columns.iter().any(|column| column.categories().is_some());
    let kinds = has_categories.then(|| columns.iter().map(kind).collect());
    let lost: Vec<(usize, [usize; 2])> =
        columns.iter().enumerate().filter_map(|(place, column)| Some((place, lost(column)?))).collect();
    let numbers: Vec<Numbers> = columns.into_iter().map(|column| column.numbers()).collect();
    Ok(Features::from_numbers(numbers, names, kinds)?.with_merged(lost))
}

/// The distinct whole numbers that are written in a column, and how many doubles they are, where these are fewer.
fn lost(column: &Column) -> Option<[usize; 2]> {
    if column.kind() != Kind::Number {
        return None;
    }
    let wholes: HashSet<i128> = column.distinct_texts().filter_map(|text| text.parse().ok()).collect();
    let doubles: HashSet<u64> = wholes.iter().map(|&whole| (whole as f64).to_bits()).collect();
    (doubles.len() < wholes.len()).then_some([wholes.len(), doubles.len()])
}
