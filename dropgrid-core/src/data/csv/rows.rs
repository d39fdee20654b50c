//! Tables from rows of the user's own type.

use serde::Serialize;

use super::Csv;
use crate::{
    data::Table,
    error::{DataError, Error, ReadError, Result},
};

impl Table {
    /// A table of rows of your own type, whose fields are the columns. Numbers are numbers, `bool` is yes or no, an
    /// enum of names is a category, and `None` is missing. The text of a `String` has the kind that it has in a [CSV
    /// file](Csv), where only an empty text is missing.
    ///
    /// # Errors
    /// [`ReadError::Rows`] where a row is no record of plain fields; [`DataError::EmptyData`] where there are no rows.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::{Binary, Kind, Table};
    /// #[derive(serde::Serialize)]
    /// struct Passenger {
    ///     age: Option<f64>,
    ///     fare: f32,
    ///     alone: bool,
    ///     survived: bool,
    /// }
    ///
    /// let rows = [(Some(22.0), 7.25, true, false), (None, 71.28, false, true), (Some(26.0), 7.92, true, true)];
    /// let rows = rows.map(|(age, fare, alone, survived)| Passenger { age, fare, alone, survived });
    /// let table = Table::from_rows(rows)?;
    /// assert_eq!((table.column("age")?.missing(), table.column("alone")?.kind()), (1, Kind::YesNo));
    /// let data = table.drop_missing_in(["age"])?.dataset(Binary::in_column("survived"))?;
    /// assert_eq!(data.features().names().unwrap(), ["age", "fare", "alone"]);
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn from_rows<R: Serialize>(rows: impl IntoIterator<Item = R>) -> Result<Self> {
        let mut rows = rows.into_iter();
        let first = rows.next().ok_or(Error::Data(DataError::EmptyData))?;
        let told = |row: usize, reason: String| Error::from(ReadError::Rows { row, reason });
        let mut plain = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
        let mut writer = csv::Writer::from_writer(Vec::new());
        plain.serialize(&first).map_err(|error| told(1, error.to_string()))?;
        writer.serialize(&first).map_err(|error| told(1, error.to_string()))?;
        // Writing to memory cannot fail.
        let _ = (plain.flush(), writer.flush());
        if plain.get_ref() == writer.get_ref() {
            return Err(told(1, "its fields have no names; derive `Serialize` on a struct".to_owned()));
        }
        for (index, row) in (2..).zip(rows) {
            writer.serialize(row).map_err(|error| told(index, error.to_string()))?;
        }
        let text = writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        Csv::new().header().delimiter(',').only_missing([""]).parse(&text)
    }
}
