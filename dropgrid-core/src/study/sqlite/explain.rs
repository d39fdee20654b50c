//! Turns SQLite's errors into errors that say what the user can do.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::error::{Error, Result, StudyError};

/// Returns the error of a damaged file.
pub(super) fn damaged(path: &Path, message: impl Into<String>) -> Error {
    Error::Study(StudyError::Damaged { path: path.to_owned(), message: message.into(), report: None })
}

/// Returns the error of a study where SQLite failed to do `doing`, a verb such as "read".
pub(super) fn explain(path: &Path, doing: &'static str, error: &rusqlite::Error) -> Error {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};

    let message = error.to_string();
    // This release never writes a value of that type there.
    if let FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..) = error {
        return damaged(path, message);
    }
    let message = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => return Error::Study(StudyError::Foreign { path: path.to_owned() }),
        Some(ErrorCode::DatabaseCorrupt) => return damaged(path, message),
        Some(ErrorCode::OperationInterrupted) => {
            return damaged(path, "reading it takes longer than a file of its size can need");
        }
        Some(ErrorCode::DiskFull) => {
            "the disk is full; what was finished before is kept: free some space and call again".to_owned()
        }
        Some(ErrorCode::SystemIoFailure) => format!(
            "{message}; what was finished before is kept: see whether the disk fails or files may not grow so large \
             (`ulimit -f`), and call again"
        ),
        Some(ErrorCode::ReadOnly) => {
            "the file or its folder may not be written, and SQLite needs both; allow it, or name another file"
                .to_owned()
        }
        Some(ErrorCode::DatabaseBusy) => {
            "another process has kept it locked for a minute; see whether one hangs, and call again".to_owned()
        }
        _ => message,
    };
    failed(path, doing, message)
}

/// Returns the error of a study that cannot be read or written.
pub(super) fn failed(path: &Path, doing: &'static str, message: impl Into<String>) -> Error {
    Error::Study(StudyError::Store { path: path.to_owned(), doing, message: message.into(), report: None })
}

/// Returns data that a search can write again; `None` if they are damaged.
///
/// # Errors
/// An error if the file cannot be read.
pub(in crate::study) fn undamaged<R>(read: Result<R>) -> Result<Option<R>> {
    match read {
        Err(Error::Study(StudyError::Damaged { .. })) => Ok(None),
        read => read.map(Some),
    }
}
