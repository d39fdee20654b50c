//! Model files, read without the model's program.

use std::path::Path;

use super::{header::Header, load::parse_file, predict_csv::check_columns};
use crate::{
    data::Table,
    error::{Error, Result},
    file,
};

/// The description in a model file that [`Fitted::save`](super::Fitted::save) wrote, for programs without the model's
/// struct.
///
/// It cannot predict, since the file has no code of the layers. A program with the struct loads the model with
/// [`Fitted::load`](super::Fitted::load).
#[derive(Debug, Clone)]
pub struct ModelFile(Header);

impl ModelFile {
    /// Reads a file and checks all its bytes.
    ///
    /// # Errors
    /// [`FileError::Read`](crate::error::FileError::Read) if the file cannot be read; [`Error::LoadFile`] if it is
    /// damaged or is not a model file.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let refused = |error| Error::LoadFile { path: path.to_owned(), error };
        Ok(Self(parse_file(&file::read(path)?).map_err(refused)?.0))
    }

    /// The name of the model's struct.
    pub fn model(&self) -> &str {
        &self.0.model
    }

    /// The layers, such as `hidden: (Linear<64, 10>, ReLU)`.
    pub fn layers(&self) -> &[String] {
        &self.0.layers
    }

    /// The type of the targets, such as `Classes<10>`. `None` for a user's type.
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

    /// The names of the training columns, in order. `None` if the training data had no names.
    pub fn columns(&self) -> Option<&[String]> {
        self.0.columns.as_deref()
    }

    /// Checks that a table has the training columns, if they have names.
    ///
    /// # Errors
    /// [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer) if a column is missing.
    pub fn check_table(&self, table: &Table) -> Result<()> {
        self.columns().map_or(Ok(()), |learned| check_columns(learned, table))
    }

    /// Generates the source of a program that predicts the rows of the CSV file `from` with the model file `model` and
    /// writes the CSV file `to`, see [`Fitted::predict_csv`](super::Fitted::predict_csv).
    pub fn to_rust(&self, model: impl AsRef<Path>, from: impl AsRef<Path>, to: impl AsRef<Path>) -> String {
        let literal = |path: &Path| format!("{:?}", path.to_string_lossy());
        // A name that is not a Rust identifier comes from a manipulated file, whose code nobody should run.
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
