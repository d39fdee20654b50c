//! Tables of some of the columns or rows of a table, or of the same under other names.

use std::sync::Arc;

use super::{Table, column::Column, faults::Faults, kind::Kind};
use crate::{
    data::{names::repeated, numbers::Numbers},
    error::{CellFault, DataError, Error, Result},
};

impl Table {
    /// The table of these columns, in this order, with those that name rows.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`], [`DataError::RepeatedColumn`].
    pub fn select<S: AsRef<str>>(&self, columns: impl IntoIterator<Item = S>) -> Result<Self> {
        let mut places = self.places(columns)?;
        let ids = (0..self.columns.len()).filter(|place| self.columns[*place].is_id && !places.contains(place));
        places.extend(ids.collect::<Vec<_>>());
        Ok(self.with_columns(places.into_iter().map(|place| self.columns[place].clone()).collect()))
    }

    /// The table without these columns.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`], [`DataError::RepeatedColumn`].
    pub fn without<S: AsRef<str>>(&self, columns: impl IntoIterator<Item = S>) -> Result<Self> {
        let places = self.places(columns)?;
        let kept = self.columns.iter().enumerate().filter(|(place, _)| !places.contains(place));
        Ok(self.with_columns(kept.map(|(_, column)| column.clone()).collect()))
    }

    /// The table with other names for columns, given as pairs of the old name and the new one.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`]; [`DataError::RepeatedColumn`] where two columns would have one name.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::Csv;
    /// let table = Csv::new().parse("Sepal.Length,y\n5.1,0\n")?.rename([("Sepal.Length", "sepal_length")])?;
    /// assert_eq!(table.columns()[0].name(), "sepal_length");
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn rename<S: AsRef<str>, R: Into<String>>(&self, names: impl IntoIterator<Item = (S, R)>) -> Result<Self> {
        let mut columns = self.columns.clone();
        for (old, new) in names {
            let place = self.place(old.as_ref())?;
            columns[place] = self.columns[place].clone().named(new.into());
        }
        let names: Vec<String> = columns.iter().map(|column| column.name().to_owned()).collect();
        if let Some(column) = repeated(&names) {
            return Err(Error::Data(DataError::RepeatedColumn { column: column.clone() }));
        }
        Ok(self.with_columns(columns))
    }

    /// The table in which these columns name rows: they are no features, and stay in the table, so that predictions can
    /// be written beside them.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`], [`DataError::RepeatedColumn`].
    pub fn ids<S: AsRef<str>>(&self, columns: impl IntoIterator<Item = S>) -> Result<Self> {
        let mut table = self.clone();
        for place in self.places(columns)? {
            table.columns[place].is_id = true;
        }
        Ok(table)
    }

    /// The table with the seconds since 1970-01-01T00:00:00 UTC in place of the dates in these columns, which are
    /// numbers then. A date without a time is its midnight; a month, a quarter or a week is its first day. In place of
    /// times of day there are the seconds since midnight, in place of spans of time their seconds.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`], [`DataError::RepeatedColumn`]; [`DataError::Cells`] for cells that are not dates.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::Csv;
    /// let table = Csv::new().parse("day,sold\n2021-03-04,7\n2021-03-05,9\n")?.as_seconds(["day"])?;
    /// assert_eq!(table.column("day")?.number(1), Some(1_614_902_400.0));
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn as_seconds<S: AsRef<str>>(&self, columns: impl IntoIterator<Item = S>) -> Result<Self> {
        let mut table = self.clone();
        let mut faults = Faults::default();
        for place in self.places(columns)? {
            let column = &self.columns[place];
            let (format, is_time) = (column.format(), column.kind() == Kind::Time);
            let of = |text: &str| if is_time { format.time(text) } else { format.seconds(text) };
            let seconds = |row: usize| column.text(row).and_then(|text| of(&text));
            let other = (0..self.rows).filter(|&row| !column.is_missing(row) && seconds(row).is_none());
            faults.add(column, CellFault::NotADate, other, |_| {
                "write them as 2021-12-31 or 2021-12-31 23:59:59, or read 31/12/2021 with \
                 `Csv::new().dates(DateOrder::DayFirst)`"
                    .to_owned()
            });
            let numbers: Numbers = (0..self.rows).map(|row| seconds(row).unwrap_or(f64::NAN)).collect();
            table.columns[place] = column.with_numbers(numbers);
        }
        faults.check()?;
        Ok(table)
    }

    /// The table without the rows in which a value is missing, whatever stands in columns that name rows.
    ///
    /// # Errors
    /// [`DataError::EmptyData`] where no row is left.
    pub fn drop_missing(&self) -> Result<Self> {
        self.drop_rows((0..self.columns.len()).filter(|&place| !self.columns[place].is_id).collect())
    }

    /// The table without the rows in which a value of these columns is missing.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`], [`DataError::RepeatedColumn`]; [`DataError::EmptyData`] where no row is left.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::Csv;
    /// let table = Csv::new().parse("a,b,y\n1,NA,0\n2,5,\n3,6,1\n")?;
    /// assert_eq!((table.drop_missing_in(["y"])?.len(), table.drop_missing()?.len()), (2, 1));
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn drop_missing_in<S: AsRef<str>>(&self, columns: impl IntoIterator<Item = S>) -> Result<Self> {
        self.drop_rows(self.places(columns)?)
    }

    /// The table without the rows in which a value of the columns at `places` is missing.
    fn drop_rows(&self, places: Vec<usize>) -> Result<Self> {
        let is_whole = |row: &usize| places.iter().all(|&place| !self.columns[place].is_missing(*row));
        let rows: Vec<usize> = (0..self.rows).filter(is_whole).collect();
        if rows.is_empty() {
            return Err(Error::Data(DataError::EmptyData));
        }
        let lines = self.columns.first().map_or_else(Arc::default, |column| Arc::new(column.lines().select(&rows)));
        let columns = self.columns.iter().map(|column| column.select(&rows, Arc::clone(&lines))).collect();
        Ok(Self { rows: rows.len(), ..self.with_columns(columns) })
    }

    pub(super) fn with_columns(&self, columns: Vec<Column>) -> Self {
        Self { columns, rows: self.rows, path: self.path.clone(), notes: self.notes.clone() }
    }
}
