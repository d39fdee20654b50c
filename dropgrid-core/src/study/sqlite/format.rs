//! The file's mark, its formats and its tables.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use crate::error::{Error, Result};

/// `drop` in ASCII, at offset 68 of the file: `file` and SQLite's own tools show it.
const APPLICATION_ID: i32 = 0x6472_6f70;
/// The format that this release writes. It reads every one since 1.
pub(super) const FORMAT: i32 = 5;
/// The first format with a legend.
pub(super) const LEGEND: i32 = 2;
/// The first format in which a fit has details.
pub(super) const DETAILS: i32 = 3;

/// The first format in which several fits can have one state.
pub(super) const SHARED: i32 = 4;
/// The first format with end states.
pub(super) const END_STATES: i32 = 5;

/// What each format has more than the one before, from the first one on.
const STEPS: [&str; FORMAT as usize] = [FIRST, SECOND, THIRD, FOURTH, FIFTH];

/// Scores are little-endian bits, so that NaN survives; failures and warnings are JSON.
const FIRST: &str = "
    CREATE TABLE part (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE record (
        params TEXT NOT NULL,
        fold INTEGER NOT NULL,
        scores BLOB,
        train_scores BLOB,
        failure TEXT,
        warnings TEXT NOT NULL,
        fit_nanoseconds INTEGER NOT NULL,
        score_nanoseconds INTEGER NOT NULL,
        PRIMARY KEY (params, fold),
        CHECK ((scores IS NULL) <> (failure IS NULL))
    ) STRICT, WITHOUT ROWID;
";

const SECOND: &str = "CREATE TABLE legend (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;";

/// Details are a JSON object, which may get more fields within a format. A state is large, so its table has row numbers.
/// A process has a row while it works on the study, with a JSON list of the fits that it has claimed, and a number that
/// no other ever has.
const THIRD: &str = "
    ALTER TABLE record ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
    CREATE TABLE checkpoint (
        params TEXT NOT NULL,
        fold INTEGER NOT NULL,
        epochs INTEGER NOT NULL,
        state BLOB NOT NULL,
        PRIMARY KEY (params, fold)
    ) STRICT;
    CREATE TABLE process (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        beats INTEGER NOT NULL,
        lease_milliseconds INTEGER NOT NULL,
        leaving INTEGER NOT NULL,
        fits TEXT NOT NULL
    ) STRICT;
    CREATE TABLE death (
        params TEXT NOT NULL,
        fold INTEGER NOT NULL,
        times INTEGER NOT NULL,
        PRIMARY KEY (params, fold)
    ) STRICT, WITHOUT ROWID;
";

/// A state stands once, and every fit that can go on from it has a row that names it.
const FOURTH: &str = "
    CREATE TABLE state (id INTEGER PRIMARY KEY, epochs INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
    INSERT INTO state (id, epochs, bytes) SELECT rowid, epochs, state FROM checkpoint;
    ALTER TABLE checkpoint RENAME TO earlier;
    CREATE TABLE checkpoint (
        params TEXT NOT NULL,
        fold INTEGER NOT NULL,
        state INTEGER NOT NULL REFERENCES state (id),
        PRIMARY KEY (params, fold)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX checkpoint_of_state ON checkpoint (state);
    INSERT INTO checkpoint (params, fold, state) SELECT params, fold, rowid FROM earlier;
    DROP TABLE earlier;
";

/// What trainings of more epochs go on from.
const FIFTH: &str = "
    CREATE TABLE end_state (
        training TEXT NOT NULL,
        fold INTEGER NOT NULL,
        epochs INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (training, fold, epochs)
    ) STRICT;
";

/// Whether nothing has been written yet.
pub(super) fn is_new(connection: &Connection) -> rusqlite::Result<bool> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(tables == 0 && number(connection, "application_id")? == 0 && number(connection, "user_version")? == 0)
}

/// Makes a new file a study, and a study of an older format one of the newest. Where another process does it at the same
/// moment, one of them finds it done.
pub(super) fn make(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // A new file is of format 0.
    let found = number(&transaction, "user_version")?;
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}

/// The format of a study; an error where the file is none, or of a format that is not known.
pub(super) fn of(path: &Path, connection: &Connection) -> Result<i32> {
    let read = |name| number(connection, name).map_err(|error| explain(path, "read", &error));
    let (id, found) = (read("application_id")?, read("user_version")?);
    if id != APPLICATION_ID {
        return Err(Error::StudyForeign { path: path.to_owned() });
    }
    if !(1..=FORMAT).contains(&found) {
        return Err(Error::StudyFormat { path: path.to_owned(), found, known: FORMAT });
    }
    Ok(found)
}

/// Whether a format lacks something that this release writes.
pub(super) fn is_older(format: i32) -> bool {
    format < FORMAT
}

/// Whether the pages of the file are whole, as far as a quick look tells.
pub(super) fn is_whole(path: &Path, connection: &Connection) -> Result<()> {
    let verdict: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|error| explain(path, "check", &error))?;
    // A header stands before the first fault.
    let fault = verdict.lines().find(|line| !line.starts_with("***")).unwrap_or(&verdict);
    if fault == "ok" { Ok(()) } else { Err(damaged(path, fault)) }
}

fn number(connection: &Connection, pragma: &str) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, pragma, |row| row.get(0))
}

pub(super) fn damaged(path: &Path, message: impl Into<String>) -> Error {
    Error::StudyDamaged { path: path.to_owned(), message: message.into() }
}

/// What SQLite says, as what a person can do about it.
pub(super) fn explain(path: &Path, doing: &'static str, error: &rusqlite::Error) -> Error {
    let path = path.to_owned();
    let message = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => Error::StudyForeign { path },
        Some(ErrorCode::DatabaseCorrupt) => Error::StudyDamaged { path, message },
        Some(ErrorCode::DiskFull) => Error::StudyStore {
            path,
            doing,
            message: "the disk is full; what was finished before is kept: free some space and call again".to_owned(),
        },
        Some(ErrorCode::SystemIoFailure) => Error::StudyStore {
            path,
            doing,
            message: format!(
                "{message}; what was finished before is kept: see whether the disk fails or files may not grow so large \
                 (`ulimit -f`), and call again"
            ),
        },
        Some(ErrorCode::ReadOnly) => Error::StudyStore {
            path,
            doing,
            message: "the file or its folder may not be written, and SQLite needs both; allow it, or name another file"
                .to_owned(),
        },
        Some(ErrorCode::DatabaseBusy) => Error::StudyStore {
            path,
            doing,
            message: "another process has kept it locked for a minute; see whether one hangs, and call again"
                .to_owned(),
        },
        _ => Error::StudyStore { path, doing, message },
    }
}
