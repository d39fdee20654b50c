//! Faults of files.

use std::path::PathBuf;

use super::worded::worded;
use crate::escape::shown;

worded! {
/// The reason why a file cannot be read or written.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// A file could not be read.
    #[error("cannot read {path}: {source}", path = shown(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("cannot write {path}: {source}", path = shown(path))]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The path of a file to be written leads to something that is no file and takes no bytes.
    #[error("cannot write {}: {kind} stands there, expected a file", shown(path))]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// Its kind: a folder, a socket, a disk.
        kind: &'static str,
    },
    /// A file's extension does not say what to write.
    #[error("cannot tell the format of {path} from its extension, expected {expected}", path = shown(path))]
    UnknownExtension {
        /// The file.
        path: PathBuf,
        /// The extensions known.
        expected: String,
    },
}
}
