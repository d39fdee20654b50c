//! The columns of the data that a model takes: declared by its first fields, or by the type of a row.

mod compiled;
mod typed;

pub use compiled::{
    TakesColumns, check_column, check_count, check_numbers, check_rest, check_width, column_name, columns_of,
    positions, width_of,
};
pub use typed::{DataFor, FeaturesFor, RowOf};

use std::borrow::Cow;

use dfdx::{nn::BuildOnDevice, tensor::Cpu};

use super::{Model, types::declared_name};
use crate::{
    data::{Dataset, Features, Target, UNKNOWN},
    error::{DataError, Error, Result},
    nn::{CellKind, Cells, ColumnCells, ColumnLayer},
};

/// The type of a row of a model that does not declare one: it takes data sets whose columns are known when it runs.
#[derive(Debug, Clone, Copy)]
pub enum AnyRow {}

/// The columns that the first fields of a model take.
#[derive(Debug, Clone, Copy)]
#[doc(hidden)]
pub struct ModelColumns {
    /// The names of the columns in the order in which the fields name them first. Columns that no field names follow.
    pub names: &'static [&'static str],
    /// The fields of every architecture.
    pub fields: &'static [ColumnField],
}

impl ModelColumns {
    /// The columns that each field takes, as `sizes: age, fare`; the position stands for a column without a name.
    pub(crate) fn in_words(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for ColumnField { name, positions, .. } in self.fields {
            let column = |&at: &usize| self.names.get(at).map_or_else(|| at.to_string(), |name| format!("{name:?}"));
            let text = format!("{name}: {}", positions.iter().map(column).collect::<Vec<_>>().join(", "));
            if !words.contains(&text) {
                words.push(text);
            }
        }
        words
    }

    /// The number of categories of the column at a position; `None` of a column of numbers.
    pub(crate) fn categories(&self, column: usize) -> Option<usize> {
        let mut fields = self.fields.iter().filter(|field| field.positions.contains(&column));
        fields.find_map(|field| match field.cells(column).kind {
            CellKind::Category(count) => Some(count),
            CellKind::Number | CellKind::Any => None,
        })
    }
}

/// A field that takes columns.
#[derive(Debug, Clone, Copy)]
#[doc(hidden)]
pub struct ColumnField {
    name: &'static str,
    positions: &'static [usize],
    takes: ColumnCells,
    /// The name of the type that was built.
    built: fn() -> String,
}

impl ColumnField {
    /// A field of the declared type `L`, which takes the columns at these positions.
    pub const fn of<L: BuildOnDevice<Cpu, f32>>(name: &'static str, positions: &'static [usize]) -> Self
    where
        L::Built: ColumnLayer<f32, Cpu>,
    {
        let takes = <L::Built as ColumnLayer<f32, Cpu>>::TAKES.checked(positions.len());
        Self { name, positions, takes, built: declared_name::<L::Built> }
    }

    /// The cells that it takes of the column at a position of the model.
    fn cells(&self, column: usize) -> Cells {
        let place = self.positions.iter().position(|&position| position == column);
        place.map_or(Cells::NUMBER, |place| self.takes.of(place))
    }

    /// The field and its layer, as [`layers_of`](super::layers_of) has them.
    fn layer(&self) -> String {
        format!("{}: {}", self.name, (self.built)())
    }
}

/// The data with its columns in the order in which the model takes them.
///
/// # Errors
/// [`DataError::ColumnsOfModel`] and [`DataError::NoNames`] where the columns are not those that the model names.
pub(crate) fn for_model<M: Model, T: Target>(data: &Dataset<T>) -> Result<Cow<'_, Dataset<T>>> {
    let features = data.features();
    let ordered = match M::COLUMNS {
        Some(columns) => features.ordered(order::<M>(columns, features)?.as_deref())?,
        None => Cow::Borrowed(features),
    };
    Ok(match ordered {
        Cow::Borrowed(_) => Cow::Borrowed(data),
        Cow::Owned(features) => Cow::Owned(data.with_features(features)),
    })
}

/// The names of the columns in the model's order; `None` where no field names a column.
fn order<M: Model>(columns: ModelColumns, features: &Features) -> Result<Option<Vec<String>>> {
    if columns.names.is_empty() {
        return Ok(None);
    }
    let names: Vec<String> = columns.names.iter().map(|&name| name.to_owned()).collect();
    let Some(own) = features.names() else {
        return Err(Error::Data(DataError::NoNames { model: M::NAME, names }));
    };
    let missing: Vec<String> = names.iter().filter(|name| !own.contains(name)).cloned().collect();
    let others: Vec<String> = own.iter().filter(|name| !names.contains(name)).cloned().collect();
    let taken = columns.fields.iter().flat_map(|field| field.positions).max().map_or(0, |last| last + 1);
    let has_rest = taken > names.len();
    if !missing.is_empty() || (!has_rest && !others.is_empty()) {
        let unknown = if has_rest { Vec::new() } else { others };
        return Err(Error::Data(DataError::ColumnsOfModel { model: M::NAME, missing, unknown }));
    }
    Ok(Some(names.into_iter().chain(others).collect()))
}

/// Checks that the model takes the cells of every column in the architecture of which `layers` are the layers.
///
/// # Errors
/// [`DataError::NoNames`] where the model names columns and the features do not; [`DataError::NotPrepared`],
/// [`DataError::UnknownCategory`].
pub(crate) fn check<M: Model>(features: &Features, layers: &[String]) -> Result<()> {
    if let Some(columns) = M::COLUMNS.filter(|columns| !columns.names.is_empty() && features.names().is_none()) {
        let names = columns.names.iter().map(|&name| name.to_owned()).collect();
        return Err(Error::Data(DataError::NoNames { model: M::NAME, names }));
    }
    let is_own = |field: &&ColumnField| layers.contains(&field.layer());
    for column in 0..features.width() {
        let fields = M::COLUMNS.map_or(&[][..], |columns| columns.fields);
        let fields = fields.iter().filter(is_own);
        let mut fields = fields.filter(|field| field.positions.contains(&column)).peekable();
        if fields.peek().is_none() {
            fault(features, column, None)?;
        }
        fields.try_for_each(|field| fault(features, column, Some(field)))?;
    }
    Ok(())
}

/// Refuses a column whose cells the field does not take; without a field it is to be numbers.
fn fault(features: &Features, column: usize, field: Option<&ColumnField>) -> Result<()> {
    let takes = field.map_or(Cells::NUMBER, |field| field.cells(column));
    let name = features.column_name(column);
    let refused = |fault: String, advice: String| {
        let advice = match field {
            Some(field) => format!("in the field `{}`, {advice}", field.name),
            None => format!("write a field at the head of the model that prepares it, {advice}"),
        };
        Err(Error::Data(DataError::NotPrepared { column: name.clone(), fault, advice }))
    };
    match (takes.kind, features.categories(column)) {
        (CellKind::Number, Some(names)) => {
            let advice = format!("as `{}OneHot<{}>`", attribute(&name), names.len());
            return refused(format!("has categories, {}, and the network takes numbers", listed(names)), advice);
        }
        (CellKind::Category(count), Some(names)) if names.len() != count => {
            let advice = format!("write {} for {count}", names.len());
            return refused(format!("has {} categories, {}", names.len(), listed(names)), advice);
        }
        (CellKind::Category(_), None) => {
            let advice = "write layers that take numbers, or make it categories with `Table::as_categories` or \
                          `Features::with_categories`";
            return refused("has numbers".to_owned(), advice.to_owned());
        }
        _ => {}
    }
    if let Some(row) = features.first_missing(column).filter(|_| !takes.missing) {
        let advice = if field.is_some() {
            "begin with `Impute<1>`, as in `(Impute<1>, Standardize<1>)`".to_owned()
        } else {
            format!("as `{}Impute<1>`", attribute(&name))
        };
        return refused(format!("lacks a value in row {}", row + 1), advice);
    }
    if let (false, Some(names)) = (takes.unknown, features.categories(column)) {
        let unknown = (0..features.len()).find(|&row| features.row(row)[column].to_bits() == UNKNOWN.to_bits());
        if let Some(row) = unknown {
            return Err(Error::Data(DataError::UnknownCategory { row: row + 1, column: name, known: names.to_vec() }));
        }
    }
    Ok(())
}

/// The beginning of a field that takes the column: `#[columns(age)] age: `.
fn attribute(name: &str) -> String {
    let is_identifier = name.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if is_identifier { format!("#[columns({name})] {name}: ") } else { format!("#[columns({name:?})] column: ") }
}

/// The first names, in quotes.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 4;
    let mut shown: Vec<String> =
        names.iter().take(SHOWN).map(|name| format!("`{}`", crate::escape::escaped(name))).collect();
    if names.len() > SHOWN {
        shown.push("..".to_owned());
    }
    shown.join(", ")
}
