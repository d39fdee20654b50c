//! SQLite's errors, as what a person can do about them.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::error::{Error, StudyError};

/// The error of a file that is not as it was written.
pub(super) fn damaged(path: &Path, message: impl Into<String>) -> Error {
    Error::Study(StudyError::Damaged { path: path.to_owned(), message: message.into() })
}

/// The error of a study where SQLite has failed at `doing` something.
pub(super) fn explain(path: &Path, doing: &'static str, error: &rusqlite::Error) -> Error {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};

    let path = path.to_owned();
    let message = error.to_string();
    // A value of a kind that this release never writes there.
    if let FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..) = error {
        return Error::Study(StudyError::Damaged { path, message });
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => Error::Study(StudyError::Foreign { path }),
        Some(ErrorCode::DatabaseCorrupt) => Error::Study(StudyError::Damaged { path, message }),
        Some(ErrorCode::OperationInterrupted) => Error::Study(StudyError::Damaged {
            path,
            message: "reading it takes longer than a file of its size can need".to_owned(),
        }),
        Some(ErrorCode::DiskFull) => Error::Study(StudyError::Store {
            path,
            doing,
            message: "the disk is full; what was finished before is kept: free some space and call again".to_owned(),
        }),
        Some(ErrorCode::SystemIoFailure) => Error::Study(StudyError::Store {
            path,
            doing,
            message: format!(
                "{message}; what was finished before is kept: see whether the disk fails or files may not grow so large \
                 (`ulimit -f`), and call again"
            ),
        }),
        Some(ErrorCode::ReadOnly) => Error::Study(StudyError::Store {
            path,
            doing,
            message: "the file or its folder may not be written, and SQLite needs both; allow it, or name another file"
                .to_owned(),
        }),
        Some(ErrorCode::DatabaseBusy) => Error::Study(StudyError::Store {
            path,
            doing,
            message: "another process has kept it locked for a minute; see whether one hangs, and call again"
                .to_owned(),
        }),
        _ => Error::Study(StudyError::Store { path, doing, message }),
    }
}
