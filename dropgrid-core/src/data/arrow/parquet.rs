//! Parquet files.

use std::{
    fs::File,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use arrow_array::RecordBatchReader;
use arrow_schema::Schema;
use parquet::{
    arrow::{ProjectionMask, arrow_reader::ParquetRecordBatchReaderBuilder},
    basic::Compression,
    errors::ParquetError,
    file::metadata::RowGroupMetaData,
};

use super::GrowingTable;
use crate::{
    data::{Dataset, Features, FromColumns, Table, Target, names::advice},
    error::{DataError, Error, ReadError, Result},
};

/// Rows that are read at a time.
const ROWS: usize = 8192;

/// The settings by which a [Parquet](https://parquet.apache.org/docs/file-format/) file is read into a [`Table`].
///
/// Columns have the kinds that [`Table::from_record_batches`] gives them. Files may be compressed by Snappy, Zstandard
/// or gzip. Only the columns asked for are read.
///
/// Under the feature `parquet`.
///
/// # Examples
/// ```no_run
/// # use dropgrid_core::data::{Parquet, Regression};
/// let table = Parquet::new().without(["photos"]).read("houses.parquet")?;
/// println!("{}", table.describe());
/// let data = table.dataset(Regression::<1>::in_column("price"))?;
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Parquet {
    chosen: Option<Vec<String>>,
    left_out: Vec<String>,
}

impl Parquet {
    /// All columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads these columns alone, in this order.
    pub fn select<S: Into<String>>(self, columns: impl IntoIterator<Item = S>) -> Self {
        Self { chosen: Some(columns.into_iter().map(Into::into).collect()), ..self }
    }

    /// Leaves out these columns.
    pub fn without<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.left_out.extend(columns.into_iter().map(Into::into));
        self
    }

    /// The table in a file.
    ///
    /// # Errors
    /// [`ReadError::File`]; [`ReadError::NotParquet`]; [`DataError::UnknownColumn`] for a column that the file has not;
    /// those of [`Table::from_record_batches`].
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Table> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|source| unread(path, source))?;
        // The reader panics on some damaged pages.
        catch_unwind(AssertUnwindSafe(|| self.table(file, path))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            Err(refused(path, format!("it is damaged: {}", text.unwrap_or("its pages contradict each other"))))
        })
    }

    fn table(&self, file: File, path: &Path) -> Result<Table> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| unreadable(path, error))?;
        let names: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
        let places = self.places(&names, path)?;
        let mut chunks = builder.metadata().row_groups().iter().flat_map(RowGroupMetaData::columns);
        if let Some(codec) = chunks.find_map(|chunk| unknown(chunk.compression())) {
            return Err(refused(path, format!("it is compressed by {codec}: write it with Snappy, Zstandard or gzip")));
        }
        let metadata = builder.schema().metadata().clone();
        let mask = ProjectionMask::roots(builder.parquet_schema(), places);
        let reader = builder.with_projection(mask).with_batch_size(ROWS).build();
        let reader = reader.map_err(|error| unreadable(path, error))?;
        let schema = Schema::new_with_metadata(reader.schema().fields().clone(), metadata);
        let mut table = GrowingTable::new(&schema, |names| {
            format!("leave them out with `Parquet::new().without([{}])`", names.join(", "))
        })?;
        for batch in reader {
            table.push(&batch.map_err(|error| refused(path, error.to_string()))?)?;
        }
        let table = table.finish(Some(path.to_owned()))?;
        match &self.chosen {
            Some(chosen) => table.select(chosen),
            None => Ok(table),
        }
    }

    /// The places of the columns to be read among `names`.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`].
    fn places(&self, names: &[String], path: &Path) -> Result<Vec<usize>> {
        if let Some(column) = self.chosen.iter().flatten().chain(&self.left_out).find(|name| !names.contains(name)) {
            return Err(Error::Data(DataError::UnknownColumn {
                column: column.clone(),
                path: Some(path.to_owned()),
                columns: names.to_vec(),
                advice: advice(column, names),
            }));
        }
        let is_read = |name: &String| {
            self.chosen.as_ref().is_none_or(|chosen| chosen.contains(name)) && !self.left_out.contains(name)
        };
        Ok((0..names.len()).filter(|&place| is_read(&names[place])).collect())
    }
}

fn refused(path: &Path, reason: String) -> Error {
    Error::from(ReadError::NotParquet { path: path.to_owned(), reason })
}

fn unread(path: &Path, source: io::Error) -> Error {
    Error::from(ReadError::File { path: path.to_owned(), source })
}

fn unreadable(path: &Path, error: ParquetError) -> Error {
    match error {
        ParquetError::External(source) => match source.downcast() {
            Ok(source) => unread(path, *source),
            Err(source) => refused(path, source.to_string()),
        },
        error => refused(path, error.to_string()),
    }
}

/// The name of a compression that is not built in.
fn unknown(codec: Compression) -> Option<&'static str> {
    match codec {
        Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) | Compression::ZSTD(_) => None,
        Compression::BROTLI(_) => Some("Brotli"),
        Compression::LZO => Some("LZO"),
        Compression::LZ4 | Compression::LZ4_RAW => Some("LZ4"),
    }
}

impl Table {
    /// The table in a Parquet file, read without settings: see [`Parquet`].
    ///
    /// Under the feature `parquet`.
    ///
    /// # Errors
    /// Those of [`Parquet::read`].
    pub fn from_parquet(path: impl AsRef<Path>) -> Result<Self> {
        Parquet::new().read(path)
    }
}

impl Features {
    /// The features in a Parquet file without targets, read without settings: see [`Parquet`]. Every column is a
    /// feature, but for an index that pandas wrote.
    ///
    /// Under the feature `parquet`.
    ///
    /// # Errors
    /// Those of [`Parquet::read`] and of [`Table::features`].
    pub fn from_parquet(path: impl AsRef<Path>) -> Result<Self> {
        Parquet::new().read(path)?.into_features()
    }
}

impl<T: Target> Dataset<T> {
    /// Data from a Parquet file, read without settings: see [`Parquet`]. `target` names the columns of the target, the
    /// weights and the groups; every other column is a feature, but for an index that pandas wrote.
    ///
    /// Under the feature `parquet`.
    ///
    /// # Errors
    /// Those of [`Parquet::read`] and of [`Table::dataset`].
    pub fn from_parquet(path: impl AsRef<Path>, target: impl FromColumns<Target = T>) -> Result<Self> {
        Parquet::new().read(path)?.into_dataset(&target)
    }
}
