//! Archives of several arrays.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use zip::{ZipArchive, result::ZipError};

use super::NpyArray;
use crate::{
    error::{ArrayFault, Error, ReadError, Result},
    escape::shown,
};

/// The file of named arrays that [`numpy.savez`](https://numpy.org/doc/stable/reference/generated/numpy.savez.html) or
/// `numpy.savez_compressed` wrote.
///
/// Under the feature `npy`.
///
/// # Examples
/// ```no_run
/// # use dropgrid_core::data::{Classes, Dataset, Features, NpzArchive};
/// let archive = NpzArchive::open("digits.npz")?;
/// let features = Features::try_from(&archive.array("x_train")?)?;
/// let data = Dataset::from_features(features, Classes::<10>::try_from(&archive.array("y_train")?)?)?;
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug)]
pub struct NpzArchive {
    path: PathBuf,
    names: Vec<String>,
}

impl NpzArchive {
    /// Opens a `.npz` file.
    ///
    /// # Errors
    /// [`ReadError::File`]; [`ReadError::Array`] for another file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let archive = archive(path)?;
        let names = archive.file_names().map(|file| {
            let file = file.map_err(|error| unreadable(path, error))?;
            Ok(file.strip_suffix(".npy").unwrap_or(&file).to_owned())
        });
        Ok(Self { path: path.to_owned(), names: names.collect::<Result<_>>()? })
    }

    /// The names of the arrays, in the order of the file.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Reads the array of that name.
    ///
    /// # Errors
    /// [`ReadError::Array`] where there is none of that name, and as [`NpyArray::read`]; [`ReadError::File`].
    pub fn array(&self, name: &str) -> Result<NpyArray> {
        let Some(index) = self.names.iter().position(|known| known == name) else {
            return Err(fault(&self.path, Some(name), ArrayFault::Unknown { names: self.names.clone() }));
        };
        let mut bytes = Vec::new();
        let mut archive = archive(&self.path)?;
        let mut file = archive.by_index(index).map_err(|error| unreadable(&self.path, error))?;
        file.read_to_end(&mut bytes).map_err(|error| unreadable(&self.path, ZipError::Io(error)))?;
        NpyArray::parse(&bytes, format!("`{name}` of {}", shown(&self.path)))
    }
}

fn archive(path: &Path) -> Result<ZipArchive<BufReader<File>>> {
    let file = File::open(path).map_err(|source| Error::from(ReadError::File { path: path.to_owned(), source }))?;
    ZipArchive::new(BufReader::new(file)).map_err(|error| unreadable(path, error))
}

fn unreadable(path: &Path, error: ZipError) -> Error {
    match error {
        // A checksum that is wrong comes as one of these kinds, and is a fault of the file.
        ZipError::Io(source) if !matches!(source.kind(), io::ErrorKind::InvalidData | io::ErrorKind::Other) => {
            Error::from(ReadError::File { path: path.to_owned(), source })
        }
        error => fault(path, None, ArrayFault::NotNpz { reason: error.to_string() }),
    }
}

fn fault(path: &Path, name: Option<&str>, fault: ArrayFault) -> Error {
    let path = shown(path);
    let array = name.map_or_else(|| path.clone(), |name| format!("`{name}` of {path}"));
    Error::from(ReadError::Array { array, fault })
}
