//! The file of a fitted model, read without its program.

use std::path::Path;

use super::{header::Header, load::contents, predict_csv::check_columns};
use crate::{
    data::Table,
    error::{Error, Result},
    file,
};

/// The description of a fitted model in the file that [`Fitted::save`](super::Fitted::save) wrote, for programs that do
/// not have the model's struct.
///
/// It cannot predict. The file names the layers and holds their tensors, but the code of a layer is Rust, which may be
/// the user's own: a program that has the struct loads the model with [`Fitted::load`](super::Fitted::load).
#[derive(Debug, Clone)]
pub struct ModelFile(Header);

impl ModelFile {
    /// Reads a file, all of whose bytes are checked.
    ///
    /// # Errors
    /// [`FileError::Read`](crate::error::FileError::Read); [`Error::LoadFile`] for a file that is damaged, or not that
    /// of a model.
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

    /// The source of a program that predicts the rows of the CSV file `from` with the model in the file `model`, and
    /// writes them `to` a CSV file: see [`Fitted::predict_csv`](super::Fitted::predict_csv).
    pub fn to_rust(&self, model: impl AsRef<Path>, from: impl AsRef<Path>, to: impl AsRef<Path>) -> String {
        let literal = |path: &Path| format!("{:?}", path.to_string_lossy());
        // A name that is none of Rust comes from a file that nobody should run.
        let is_name = |name: &&str| name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        let name = Some(self.model()).filter(is_name).unwrap_or("YourModel");
        let target = self.target();
        let target = target.as_deref().unwrap_or("Target /* the type of your targets */");
        format!(
            "use dropgrid::prelude::*;\n\
             // The struct that was trained: from your library, or declared here as it is there.\n\
             use my_library::{name};\n\
             \n\
             fn main() -> dropgrid::Result<()> {{\n    \
                 let model = Fitted::<{name}, {target}>::load({})?;\n    \
                 model.predict_csv({}, {})\n\
             }}\n",
            literal(model.as_ref()),
            literal(from.as_ref()),
            literal(to.as_ref()),
        )
    }
}
