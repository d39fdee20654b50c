//! Arrow's files and streams.

use std::{
    fs::File,
    io::{BufReader, Seek},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, Schema};

use super::{GrowingTable, lengths};
use crate::{
    data::{Dataset, Features, FromColumns, Table, Target},
    error::{Error, ReadError, Result},
};

/// The first bytes of a file, and those of Feather's first version.
const FILE: &[u8] = b"ARROW1";
const FEATHER_1: &[u8] = b"FEA1";

impl Table {
    /// The table in an [Arrow file or stream](https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format), as
    /// pandas' `to_feather` and Polars' `write_ipc` write them. Columns have the kinds that
    /// [`from_record_batches`](Self::from_record_batches) gives them.
    ///
    /// Under the feature `arrow`. Files compressed by Zstandard are read under the feature `parquet`.
    ///
    /// # Errors
    /// [`ReadError::File`]; [`ReadError::NotArrow`]; those of [`from_record_batches`](Self::from_record_batches).
    pub fn from_arrow(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|source| Error::from(ReadError::File { path: path.to_owned(), source }))?;
        // The reader panics on some damaged batches.
        catch_unwind(AssertUnwindSafe(|| table(file, path))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            Err(refused(path, format!("it is damaged: {}", text.unwrap_or("its batches contradict each other"))))
        })
    }
}

fn table(file: File, path: &Path) -> Result<Table> {
    use std::io::BufRead;

    let unread = |source| Error::from(ReadError::File { path: path.to_owned(), source });
    let mut file = BufReader::new(file);
    let start = file.fill_buf().map_err(unread)?;
    let (is_file, is_old) = (start.starts_with(FILE), start.starts_with(FEATHER_1));
    file.rewind().map_err(unread)?;
    if is_old {
        return Err(refused(path, "it is of Feather's first version: write it with a later pandas".to_owned()));
    }
    lengths::check(&mut file, is_file).map_err(|reason| refused(path, reason))?;
    file.rewind().map_err(unread)?;
    let fault = |error: ArrowError| match error {
        // An error of the decompression is one of the file.
        ArrowError::IoError(_, source) if source.raw_os_error().is_some() => unread(source),
        error => refused(path, error.to_string()),
    };
    if is_file {
        let reader = FileReader::try_new(file, None).map_err(fault)?;
        let schema = reader.schema();
        rows(&schema, reader, path, &fault)
    } else {
        let reader = StreamReader::try_new(file, None).map_err(fault)?;
        let schema = reader.schema();
        rows(&schema, reader, path, &fault)
    }
}

/// The table of all batches.
fn rows(
    schema: &Schema,
    batches: impl Iterator<Item = std::result::Result<RecordBatch, ArrowError>>,
    path: &Path,
    fault: &impl Fn(ArrowError) -> Error,
) -> Result<Table> {
    let mut table = GrowingTable::new(schema, |names| {
        format!(
            "leave them out with what wrote the file, or read its batches with `arrow_ipc` for \
             `Table::from_record_batches`: {}",
            names.join(", ")
        )
    })?;
    for batch in batches {
        table.push(&batch.map_err(fault)?)?;
    }
    table.finish(Some(path.to_owned()))
}

fn refused(path: &Path, reason: String) -> Error {
    Error::from(ReadError::NotArrow { path: path.to_owned(), reason })
}

impl Features {
    /// The features in an Arrow file or stream without targets: see [`Table::from_arrow`]. Every column is a feature,
    /// but for an index that pandas wrote.
    ///
    /// Under the feature `arrow`.
    ///
    /// # Errors
    /// Those of [`Table::from_arrow`] and of [`Table::features`].
    pub fn from_arrow(path: impl AsRef<Path>) -> Result<Self> {
        Table::from_arrow(path)?.into_features()
    }
}

impl<T: Target> Dataset<T> {
    /// Data from an Arrow file or stream: see [`Table::from_arrow`]. `target` names the columns of the target, the
    /// weights and the groups; every other column is a feature, but for an index that pandas wrote.
    ///
    /// Under the feature `arrow`.
    ///
    /// # Errors
    /// Those of [`Table::from_arrow`] and of [`Table::dataset`].
    pub fn from_arrow(path: impl AsRef<Path>, target: impl FromColumns<Target = T>) -> Result<Self> {
        Table::from_arrow(path)?.into_dataset(&target)
    }
}
