//! Tables of Arrow's record batches and files, and of Parquet files, under the features `arrow` and `parquet`.

mod cells;
mod growing;
mod index;
mod ipc;
mod lengths;
#[cfg(feature = "parquet")]
mod parquet;

#[cfg(feature = "parquet")]
pub use self::parquet::Parquet;

use std::{borrow::Borrow, path::PathBuf, sync::Arc};

use arrow_array::{Array, RecordBatch, new_empty_array};
use arrow_schema::{DataType, Field, Schema};

use super::{
    Column, Table,
    cell::CellFormat,
    names::repeated,
    table::{Cells, Lines},
};
use crate::error::{DataError, Error, ReadError, Result};
use cells::accessor;
use growing::Growing;

impl Table {
    /// The table of [Arrow](https://arrow.apache.org/docs/format/Columnar.html)'s record batches, one below the other.
    ///
    /// | columns | kind |
    /// |---|---|
    /// | whole numbers, floats and decimals of any width | numbers; those beyond 15 digits keep their texts as names of classes and groups |
    /// | truth values | yes/no |
    /// | dates and timestamps | dates; a timestamp with a time zone is in UTC |
    /// | times of day, spans of time | times |
    /// | texts, also as a dictionary | yes/no where all say so, dates where most are, else categories: a text is no number |
    ///
    /// Nulls are missing, and so are NaN and empty texts. An index that pandas wrote is an [id](Self::ids) and no
    /// feature, which a [note](Self::notes) says.
    ///
    /// Under the feature `arrow`. The batches are those of the release 60 of `arrow-array`.
    ///
    /// # Errors
    /// [`ReadError::ColumnTypes`] for nested columns, bytes, and spans of months; [`ReadError::BatchesDiffer`] where
    /// batches have other columns than the first; [`DataError::RepeatedColumn`]; [`DataError::EmptyData`] where there
    /// are no rows.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
    /// # use dropgrid_core::data::{Classes, Table};
    /// let columns: [(&str, ArrayRef); 2] = [
    ///     ("length", Arc::new(Float64Array::from(vec![Some(5.1), None, Some(6.3)]))),
    ///     ("species", Arc::new(StringArray::from(vec!["setosa", "setosa", "virginica"]))),
    /// ];
    /// let table = Table::from_record_batches([RecordBatch::try_from_iter(columns).expect("columns of one length")])?;
    /// let data = table.drop_missing()?.dataset(Classes::<2>::in_column("species").learn_names())?;
    /// assert_eq!((data.features().values(), data.targets().labels()), ([5.1, 6.3].as_slice(), [0, 1].as_slice()));
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn from_record_batches(batches: impl IntoIterator<Item = impl Borrow<RecordBatch>>) -> Result<Self> {
        let mut batches = batches.into_iter().peekable();
        let Some(first) = batches.peek() else { return Err(Error::Data(DataError::EmptyData)) };
        let mut table = GrowingTable::new(first.borrow().schema().as_ref(), |names| {
            format!("leave them out with `RecordBatch::project`, or with what wrote them: {}", names.join(", "))
        })?;
        for batch in batches {
            table.push(batch.borrow())?;
        }
        table.finish(None)
    }
}

/// A table while batches are read.
struct GrowingTable {
    columns: Vec<(Field, Growing)>,
    index: Vec<String>,
    batches: usize,
}

impl GrowingTable {
    /// A table without rows; `advice` says what to write where the columns of these names cannot be read.
    ///
    /// # Errors
    /// [`ReadError::ColumnTypes`], [`DataError::RepeatedColumn`].
    fn new(schema: &Schema, advice: impl FnOnce(&[String]) -> String) -> Result<Self> {
        let is_readable = |ty: &DataType| accessor(new_empty_array(ty).as_ref()).is_some();
        let fields = || schema.fields().iter();
        let nested: Vec<_> = fields().filter(|field| !is_readable(field.data_type())).collect();
        if !nested.is_empty() {
            let names: Vec<String> = nested.iter().map(|field| format!("{:?}", field.name())).collect();
            let columns = nested.iter().map(|field| (field.name().clone(), field.data_type().to_string())).collect();
            return Err(Error::from(ReadError::ColumnTypes { columns, advice: advice(&names) }));
        }
        let names: Vec<String> = fields().map(|field| field.name().clone()).collect();
        if let Some(column) = repeated(&names) {
            return Err(Error::Data(DataError::RepeatedColumn { column: column.clone() }));
        }
        let columns = fields().map(|field| (field.as_ref().clone(), Growing::of(field.data_type()))).collect();
        Ok(Self { columns, index: index::columns(schema), batches: 0 })
    }

    /// Adds the rows of a batch.
    ///
    /// # Errors
    /// [`ReadError::BatchesDiffer`].
    fn push(&mut self, batch: &RecordBatch) -> Result<()> {
        self.batches += 1;
        let schema = batch.schema();
        let is_same = |(one, (other, _)): (&Arc<Field>, &(Field, Growing))| {
            one.name() == other.name() && one.data_type() == other.data_type()
        };
        let fields = schema.fields();
        if fields.len() != self.columns.len() || !fields.iter().zip(&self.columns).all(is_same) {
            let named = |field: &Field| format!("{}: {}", field.name(), field.data_type());
            return Err(Error::from(ReadError::BatchesDiffer {
                batch: self.batches,
                found: fields.iter().map(|field| named(field)).collect(),
                expected: self.columns.iter().map(|(field, _)| named(field)).collect(),
            }));
        }
        for ((_, column), array) in self.columns.iter_mut().zip(batch.columns()) {
            let Some(cell) = accessor(array.as_ref()) else { continue };
            for row in 0..array.len() {
                column.push(cell(row));
            }
        }
        Ok(())
    }

    /// The table of all rows.
    ///
    /// # Errors
    /// [`DataError::EmptyData`].
    fn finish(self, path: Option<PathBuf>) -> Result<Table> {
        let (typed, texts) = (
            Arc::new(CellFormat { only_own_missing: true, ..CellFormat::default() }),
            Arc::new(CellFormat { only_own_missing: true, no_numbers: true, ..CellFormat::default() }),
        );
        let lines = Arc::new(Lines::default());
        let mut notes = Vec::new();
        let columns = self.columns.into_iter().map(|(field, cells)| {
            let format = if growing::is_text(field.data_type()) { &texts } else { &typed };
            let is_index = self.index.contains(field.name());
            let cells: Cells = cells.into();
            let mut column = Column::new(field.name().clone(), cells, Arc::clone(format), Arc::clone(&lines));
            if is_index {
                notes.push(format!("column `{}` is an index that pandas wrote: no feature", column.name()));
                column.mark_id();
            }
            column
        });
        let columns: Vec<Column> = columns.collect();
        if columns.first().is_none_or(|column| column.len() == 0) {
            return Err(Error::Data(DataError::EmptyData));
        }
        Ok(Table::new(columns, path, notes))
    }
}
