//! The file of a fitted model, read without its program.

use std::path::Path;

use super::{header::Header, load::contents, predict_csv::check_columns};
use crate::{
    data::Table,
    error::{Error, Result},
    file,
};

/// The description of a fitted model in the file that [`Fitted::save`](super::Fitted::save) wrote, for programs that do not
/// have the model's struct.
///
/// It cannot predict. The file names the layers and holds their tensors, but the code of a layer is Rust, which may be the
/// user's own: a program that has the struct loads the model with [`Fitted::load`](super::Fitted::load).
#[derive(Debug, Clone)]
pub struct ModelFile(Header);

impl ModelFile {
    /// Reads a file, all of whose bytes are checked.
    ///
    /// # Errors
    /// [`FileError::Read`](crate::error::FileError::Read); [`Error::LoadFile`] for a file that is damaged, or not that of a
    /// model.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let refused = |error| Error::LoadFile { path: path.to_owned(), error };
        Ok(Self(contents(&file::read(path)?).map_err(refused)?.0))
    }

    /// The name of the model's struct.
    pub fn model(&self) -> &str {
        &self.0.model
    }

    /// The layers, each as `hidden: (Linear<64, 10>, ReLU)`.
    pub fn layers(&self) -> &[String] {
        &self.0.layers
    }

    /// The type of the targets, as `Classes<10>`; none where it is a type of the user's own.
    pub fn target(&self) -> Option<String> {
        let width: usize = self.0.output.iter().product();
        Some(match self.0.target.as_str() {
            "classes" => format!("Classes<{width}>"),
            "binary" => "Binary".to_owned(),
            "multi-label" => format!("MultiLabel<{width}>"),
            "regression" => format!("Regression<{width}>"),
            _ => return None,
        })
    }

    /// The names of the columns that the model was trained on, in order; none where the data had no names.
    pub fn columns(&self) -> Option<&[String]> {
        self.0.columns.as_deref()
    }

    /// Checks that a table has the columns that the model was trained on, as far as they have names.
    ///
    /// # Errors
    /// [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer).
    pub fn check_table(&self, table: &Table) -> Result<()> {
        self.columns().map_or(Ok(()), |learned| check_columns(learned, table))
    }
}
