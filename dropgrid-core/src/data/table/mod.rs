//! Tables: columns of cells with their kinds, before features and targets are made of them.

mod advice;
mod column;
mod describe;
mod faults;
mod features;
mod kind;
mod labels;
mod lines;
mod missing;
mod prepared;
mod select;
mod targets;
mod texts;

pub(super) use column::Cells;
pub use column::Column;
pub use describe::Description;
pub use kind::Kind;
pub(super) use lines::Lines;
pub(super) use missing::MissingTexts;
pub use targets::{FromColumns, InColumns};
pub(super) use texts::Texts;

use std::path::PathBuf;

use super::{Dataset, Features, names};
use crate::error::{DataError, Error, Result};
use faults::Faults;

/// The columns of a file, each with a kind, from which [`Features`] and data sets are made.
///
/// [`Csv`](super::Csv) reads one. `println!("{}", table.describe())` shows its columns. A table is cheap to clone.
///
/// # Examples
/// ```
/// # use dropgrid_core::data::{Csv, Kind, Regression};
/// let table = Csv::new().parse("id;weight;sold;price\nA7;1,5;yes;200\nB2;;no;150\nC9;2,25;no;180\n")?;
/// assert_eq!(table.column("weight")?.kind(), Kind::Category);
/// let table = Csv::new().decimal_comma().parse("id;weight;sold;price\nA7;1,5;yes;200\nB2;;no;150\nC9;2,25;no;180\n")?;
/// let data = table.ids(["id"])?.drop_missing_in(["weight"])?.dataset(Regression::in_column("price"))?;
/// assert_eq!(data.features().names().unwrap(), ["weight", "sold"]);
/// assert_eq!(data.features().values(), [1.5, 1.0, 2.25, 0.0]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    rows: usize,
    path: Option<PathBuf>,
    notes: Vec<String>,
}

impl Table {
    pub(super) fn new(columns: Vec<Column>, path: Option<PathBuf>, notes: Vec<String>) -> Self {
        Self { rows: columns.first().map_or(0, Column::len), columns, path, notes }
    }

    /// Number of rows.
    #[allow(clippy::len_without_is_empty, reason = "a table has rows")]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// The columns, in the order of the file.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of that name.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`].
    pub fn column(&self, name: &str) -> Result<&Column> {
        self.place(name).map(|place| &self.columns[place])
    }

    /// The columns that name rows and are no features: those of [`ids`](Self::ids), and the index that pandas and R
    /// write.
    pub fn id_columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.is_id)
    }

    /// Sentences on what was read otherwise than it stands in the file, such as an index that is no feature.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The kind, the missing cells, the distinct values and the range of each column, as text of at most 80 columns.
    pub fn describe(&self) -> Description<'_> {
        Description::new(self)
    }

    /// The columns as features: all but those that name rows. Of a yes 1, of a no 0.
    ///
    /// # Errors
    /// [`DataError::Cells`] where cells are missing, not finite or not numbers; [`DataError::NoFeatures`],
    /// [`DataError::TooLarge`].
    pub fn features(&self) -> Result<Features> {
        self.clone().into_features()
    }

    pub(super) fn into_features(mut self) -> Result<Features> {
        let mut faults = Faults::default();
        self.columns.retain(|column| !column.is_id);
        features::check(&self.columns, &mut faults);
        faults.check()?;
        features::features(self.columns)
    }

    /// The data set of this table: `target` names the columns of the target, the weights and the groups, and every
    /// other column that does not name rows is a feature.
    ///
    /// # Errors
    /// Those of [`features`](Self::features) and of the target; [`DataError::UnknownColumn`] and
    /// [`DataError::ColumnUsedTwice`]. Faults of cells are told for all columns at once.
    pub fn dataset<F: FromColumns>(&self, target: F) -> Result<Dataset<F::Target>> {
        self.clone().into_dataset(&target)
    }

    pub(super) fn into_dataset<F: FromColumns>(mut self, target: &F) -> Result<Dataset<F::Target>> {
        let extra = [target.weight_column(), target.group_column()];
        let special = target.columns().iter().map(String::as_str).chain(extra.into_iter().flatten());
        let places = self.places(special).map_err(|error| match error {
            Error::Data(DataError::RepeatedColumn { column }) => Error::Data(DataError::ColumnUsedTwice { column }),
            other => other,
        })?;
        let own: Vec<&Column> = places[..target.columns().len()].iter().map(|&place| &self.columns[place]).collect();
        let mut faults = Faults::default();
        let targets = faults.merge(target.parse(&own))?;
        let mut extra = places[target.columns().len()..].iter().map(|&place| &self.columns[place]);
        let weights = target.weight_column().and_then(|_| extra.next()).map(|it| targets::numbers(it, "weight"));
        let weights = weights.map(|weights| faults.merge(weights)).transpose()?.flatten();
        let groups = target.group_column().and_then(|_| extra.next()).map(labels::groups);
        let groups = groups.map(|groups| faults.merge(groups)).transpose()?.flatten();

        let mut place = 0;
        self.columns.retain(|column| {
            place += 1;
            !column.is_id && !places.contains(&(place - 1))
        });
        features::check(&self.columns, &mut faults);
        faults.check()?;
        let Some(targets) = targets else { return Err(Error::Data(DataError::EmptyData)) };
        self.notes.extend(target.note(&targets));
        let mut data = Dataset::from_features(features::features(self.columns)?, targets)?.with_notes(self.notes);
        if let Some(weights) = weights {
            data = data.with_weights(weights)?;
        }
        match groups {
            Some(groups) => data.with_groups(groups),
            None => Ok(data),
        }
    }

    /// The places of the columns of these names.
    fn places<S: AsRef<str>>(&self, names: impl IntoIterator<Item = S>) -> Result<Vec<usize>> {
        let mut places = Vec::new();
        for name in names {
            let place = self.place(name.as_ref())?;
            if places.contains(&place) {
                return Err(Error::Data(DataError::RepeatedColumn { column: name.as_ref().to_owned() }));
            }
            places.push(place);
        }
        Ok(places)
    }

    fn place(&self, name: &str) -> Result<usize> {
        self.columns.iter().position(|column| column.name() == name).ok_or_else(|| {
            let columns: Vec<String> = self.columns.iter().map(|column| column.name().to_owned()).collect();
            Error::Data(DataError::UnknownColumn {
                column: name.to_owned(),
                path: self.path.clone(),
                advice: names::advice(name, &columns),
                columns,
            })
        })
    }
}
