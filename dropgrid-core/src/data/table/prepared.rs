//! Columns that a network's first fields prepare: categories, and cells that may be missing.

use super::{
    Table,
    advice::literal,
    column::{Cells, Column},
    faults::Faults,
    kind::Kind,
    labels::Coded,
    targets::FromColumns,
};
use crate::{
    data::{CellKind, Features, Row, RowColumn, TypedDataset, names, numbers::Numbers},
    error::{CellFault, DataError, Error, Result},
};

impl Table {
    /// The table in which these columns have categories, whatever they are written as. As features they are the
    /// positions of the categories, which are in the order of the classes that a [target
    /// learns](super::InColumns::learn_names); yes and no in any spelling are `no` and `yes`.
    ///
    /// A network takes them where its first fields prepare them: `#[columns(deck)] deck: OneHot<8>`.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`](crate::error::DataError::UnknownColumn),
    /// [`DataError::RepeatedColumn`](crate::error::DataError::RepeatedColumn).
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::Csv;
    /// let table = Csv::new().parse("sex,age\nmale,22\nfemale,38\n")?.as_categories(["sex"])?;
    /// let features = table.features()?;
    /// assert_eq!(features.categories(0).unwrap(), ["female", "male"]);
    /// assert_eq!(features.values(), [1.0, 22.0, 0.0, 38.0]);
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn as_categories<S: AsRef<str>>(&self, columns: impl IntoIterator<Item = S>) -> Result<Self> {
        let mut table = self.clone();
        for place in self.places(columns)? {
            let column = &self.columns[place];
            if column.kind() == Kind::YesNo {
                // Of two spellings of yes, as `yes` and `Y`, each is the same category.
                let names = vec!["no".to_owned(), "yes".to_owned()];
                table.columns[place] = column.with_categories(names, column.numbers());
                continue;
            }
            let coded = Coded::of(column);
            let (ranks, names) = coded.ranked(|row| !column.is_missing(row));
            let code = |row: usize| if column.is_missing(row) { f64::NAN } else { ranks[coded.rows[row]] as f64 };
            table.columns[place] = column.with_categories(names, (0..self.rows).map(code).collect());
        }
        Ok(table)
    }

    /// The table in which cells of these columns may be missing. As features they are NaN.
    ///
    /// A network takes them where its first fields prepare them: `#[columns(age)] age: (Impute<1>, Standardize<1>)`.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`](crate::error::DataError::UnknownColumn),
    /// [`DataError::RepeatedColumn`](crate::error::DataError::RepeatedColumn).
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::Csv;
    /// let features = Csv::new().parse("age,fare\n22,7.25\nNA,71.28\n")?.allow_missing(["age"])?.features()?;
    /// assert_eq!(features.missing(0), 1);
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn allow_missing<S: AsRef<str>>(&self, columns: impl IntoIterator<Item = S>) -> Result<Self> {
        let mut table = self.clone();
        for place in self.places(columns)? {
            table.columns[place].may_miss = true;
        }
        Ok(table)
    }

    /// The features of rows of the type `R`: its columns by their names, whatever other columns there are.
    ///
    /// A text is the category of that name, a date is its seconds since 1970, of a yes 1 and of a no 0.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`](crate::error::DataError::UnknownColumn) for a column of `R` that is not there;
    /// [`DataError::Cells`](crate::error::DataError::Cells) for cells that are no values of its type, of all columns at
    /// once.
    pub fn features_of<R: Row>(&self) -> Result<Features> {
        let mut faults = Faults::default();
        let table = self.of_rows::<R>(&[], &mut faults)?;
        faults.check()?;
        table.into_features()
    }

    /// The data set of rows of the type `R` and a target: the columns of `R` by their names, and of the others those of
    /// the target.
    ///
    /// # Errors
    /// Those of [`features_of`](Self::features_of) and of [`dataset`](Self::dataset);
    /// [`DataError::ColumnUsedTwice`] where a column of `R` is a target, too: leave its field out by `#[row(skip)]`.
    pub fn dataset_of<R: Row, F: FromColumns>(&self, target: F) -> Result<TypedDataset<R, F::Target>> {
        let mut faults = Faults::default();
        let extra = [target.weight_column(), target.group_column()];
        let others: Vec<&str> =
            target.columns().iter().map(String::as_str).chain(extra.into_iter().flatten()).collect();
        if let Some(column) = others.iter().find(|name| R::COLUMNS.iter().any(|column| column.name == **name)) {
            return Err(Error::Data(DataError::ColumnUsedTwice { column: (*column).to_owned() }));
        }
        let table = self.of_rows::<R>(&others, &mut faults)?;
        let data = faults.merge(table.into_dataset(&target))?;
        faults.check()?;
        // Without faults there are data.
        data.map(TypedDataset::of).ok_or(Error::Data(DataError::EmptyData))
    }

    /// The table of the columns of `R` and of those that are called like the `others`.
    fn of_rows<R: Row>(&self, others: &[&str], faults: &mut Faults) -> Result<Self> {
        let mut columns = Vec::with_capacity(R::COLUMNS.len() + others.len());
        for RowColumn { name, kind, optional, .. } in R::COLUMNS {
            let mut column = self.column(name)?.clone();
            column.is_id = false;
            if let CellKind::Category(names) = kind {
                column = of_category(&column, names, faults);
            } else if let Cells::Texts(_) = column.cells() {
                faults.add_texts(&column);
                column = column.with_numbers(column.numbers());
            }
            if !optional {
                let missing = (0..column.len()).filter(|&row| column.is_missing(row));
                faults.add(&column, CellFault::Missing { of: "cell" }, missing, |_| {
                    let name = literal(name);
                    format!(
                        "make the field of the row an `Option`, fill in the cells, or leave out the rows with \
                         `Table::drop_missing_in({name})`"
                    )
                });
            }
            column.may_miss = true;
            columns.push(column);
        }
        for name in others {
            columns.push(self.column(name)?.clone());
        }
        Ok(self.with_columns(columns))
    }
}

/// The column with the positions of its texts among the names.
fn of_category(column: &Column, known: &[&str], faults: &mut Faults) -> Column {
    let known: Vec<String> = known.iter().map(|&name| name.to_owned()).collect();
    let coded = Coded::of(column);
    let places: Vec<Option<usize>> = coded.texts.iter().map(|text| names::place(&known, text)).collect();
    // A name that is a category is one, also where it would say that the value is missing.
    let place = |row: usize| places[coded.rows[row]];
    let unknown = (0..column.len()).filter(|&row| place(row).is_none() && !column.is_missing(row));
    faults.add(column, CellFault::NotACategory { categories: known.clone() }, unknown, |text| {
        format!(
            "add the category to the enum, or name one by `#[category(rename = {})]`",
            literal(text).trim_matches(['[', ']'])
        )
    });
    let codes: Numbers = (0..column.len()).map(|row| place(row).map_or(f64::NAN, |place| place as f64)).collect();
    column.with_categories(known, codes)
}
